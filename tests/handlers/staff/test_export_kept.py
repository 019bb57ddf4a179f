"""A file is written once for the same entries, and anew as soon as one of them has changed."""

from dataclasses import replace

import pytest

from handlers.staff.desk import Desk
from tests.handlers.staff.conftest import ClientAs

FILE = "/staff/export/file?format=csv"


@pytest.mark.parametrize("query", ["", "&state=public"])
def test_a_file_holds_what_was_published_a_moment_ago(
    desk: Desk, client_as: ClientAs, query: str
) -> None:
    client, summary = client_as("viewer"), f"図書館の新しい要約です{len(query)}。"
    client.get(FILE + query)
    stored = desk.kb.stored("library")
    assert stored is not None

    desk.kb.save(replace(stored.entry, summary=summary), "somebody", stored.revision)
    file = client.get(FILE + query).data.decode("utf-8-sig")

    assert summary in file


def test_other_choices_and_kinds_are_other_files(client_as: ClientAs) -> None:
    client = client_as("viewer")

    files = {
        client.get(f"/staff/export/file?format={kind}&query={words}").data
        for kind in ("csv", "xlsx")
        for words in ("図書館", "粗大ごみ")
    }

    assert len(files) == 4
