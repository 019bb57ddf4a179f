"""What a sheet would change is kept for one person, for a day, for one confirmation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from knowledge.records import jobs, store, uploads
from tests import servers

NOW = 1_795_000_000.0
DATA = {"file": "項目.xlsx"}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """An open transaction on fresh records, in which two people have sent a file."""
    engine = store.open_store(servers.records_url(tmp_path))
    with store.writing(engine) as connection:
        uploads.hold(connection, "first", "mine", DATA, NOW)
        uploads.hold(connection, "other", "theirs", DATA, NOW)
        yield connection
    engine.dispose()


def test_only_the_person_who_sent_it_finds_it(connection: Connection) -> None:
    assert uploads.get(connection, "first", "mine", NOW) == DATA
    assert uploads.get(connection, "first", "theirs", NOW) is None


def test_it_is_taken_once(connection: Connection) -> None:
    assert uploads.take(connection, "first", "theirs", NOW) is None
    assert uploads.take(connection, "first", "mine", NOW) == DATA
    assert uploads.take(connection, "first", "mine", NOW) is None


def test_a_new_file_takes_the_place_of_the_persons_last(connection: Connection) -> None:
    uploads.hold(connection, "second", "mine", DATA, NOW + 1)

    assert uploads.get(connection, "first", "mine", NOW + 1) is None
    assert uploads.get(connection, "other", "theirs", NOW + 1) == DATA


def test_it_is_gone_after_a_day(connection: Connection) -> None:
    tomorrow = NOW + uploads.KEPT_SECONDS + 1

    assert uploads.get(connection, "first", "mine", tomorrow) is None


def test_no_worker_takes_it_for_a_job(connection: Connection) -> None:
    assert jobs.waiting(connection, NOW + 60) is None
