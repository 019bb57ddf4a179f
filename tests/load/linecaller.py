"""Calls the stand-in for LINE as a bot would, over a real socket."""

import http.client
import json
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.load.stub_control import Stub

REPLY = "/v2/bot/message/reply"
LOADING = "/v2/bot/chat/loading/start"
BEARER = {"Authorization": "Bearer fictional"}


@dataclass(frozen=True)
class Seen:
    """What came back, and after how long."""

    status: int
    body: bytes
    seconds: float

    @property
    def message(self) -> str:
        """LINE's word on an error."""
        return str(json.loads(self.body).get("message", ""))


def call(
    stub: Stub,
    path: str,
    body: bytes,
    headers: dict[str, str] | None = None,
    timeout: float = 5,
) -> Seen:
    """One POST; http.client's and the socket's errors are the caller's to see."""
    started = time.monotonic()
    with connected(stub, timeout) as connection:
        connection.request("POST", path, body, BEARER if headers is None else headers)
        response = connection.getresponse()
        return Seen(response.status, response.read(), time.monotonic() - started)


def connected(stub: Stub, timeout: float = 5) -> closing[http.client.HTTPConnection]:
    """A connection to the stand-in, for one block."""
    return closing(http.client.HTTPConnection(urlsplit(stub.url).netloc, timeout=timeout))


def reply(stub: Stub, token: str, *texts: str, timeout: float = 5) -> Seen:
    """Answer with these texts."""
    return call(stub, REPLY, as_body(token, *texts), timeout=timeout)


def as_body(token: str, *texts: str) -> bytes:
    """A reply as JSON; one text by default."""
    messages = [{"type": "text", "text": text} for text in texts or ("はい",)]
    return json.dumps({"replyToken": token, "messages": messages}).encode()


def issued(seconds_ago: float = 0, number: int = 0) -> str:
    """A reply token as the driver issues them."""
    return f"rt-{int((time.time() - seconds_ago) * 1000)}-{number}"


def accepted(stub: Stub) -> list[str]:
    """The tokens of the replies LINE took."""
    return [str(row["token"]) for row in replies(stub) if row["accepted"]]


def replies(stub: Stub) -> list[dict[str, Any]]:
    """The reply calls in the stand-in's ledger."""
    return [row for row in stub.calls() if row["endpoint"] == "reply"]
