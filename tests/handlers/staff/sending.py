"""Sends sheets in as the page's form does, and has them read as a worker would."""

import io
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from bot import parts
from knowledge import seed
from tests.handlers.staff.conftest import StaffClient
from tests.handlers.staff.files import an_xlsx, cells_of
from tests.handlers.staff.proposals import work_off

LIBRARY = next(entry for entry in seed.load().entries if entry.id == "library")
PAGE = "/staff/import"


def send(
    client: StaffClient, content: bytes, name: str = "a.xlsx", status: int = 303, **more: Any
) -> TestResponse:
    """Send a file as the page's form does."""
    return client.post(PAGE, status, file=(io.BytesIO(content), name), **more)


def send_large(client: StaffClient, content: bytes, url: str = PAGE) -> TestResponse:
    """A large file, encoded in memory: the test client leaves its own temporary file open."""
    file = FileStorage(io.BytesIO(content), "a.xlsx")
    boundary, body = encode_multipart({"csrf_token": client.token(), "file": file})
    content_type = f"multipart/form-data; boundary={boundary}"
    return client.client.post(url, data=body, content_type=content_type)


def sent(client: StaffClient, content: bytes, name: str = "a.xlsx", **more: Any) -> str:
    """The address of the page that shows what a file would change, once it is read."""
    address = send(client, content, name, **more).location
    desk = parts.of(client.client.application).desk()
    work_off(desk, address.rsplit("/", 1)[1])
    return address


def a_new_summary(summary: str = "図書館の時間をお知らせします。") -> bytes:
    """A workbook that changes one cell of one entry."""
    return an_xlsx([cells_of(LIBRARY, 結論=summary)])
