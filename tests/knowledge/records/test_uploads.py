"""A sheet that was sent in is kept for one person, for a day, for one confirmation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from knowledge.records import desk_tables, jobs, store, uploads
from knowledge.records.jobs import Job
from tests import servers

NOW = 1_795_000_000.0
REQUEST = {"file": "項目.xlsx", "content": "UEsDBA=="}
RESULT = {"changed": [], "proposed": [{"seen_revision": 3}]}


def a_sheet(upload_id: str, person_id: str) -> Job:
    """What somebody sends."""
    return Job(upload_id, uploads.KIND, REQUEST, person_id)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """An open transaction on fresh records, in which two people have sent a file."""
    engine = store.open_store(servers.records_url(tmp_path))
    with store.writing(engine) as connection:
        uploads.send(connection, a_sheet("first", "mine"), NOW)
        uploads.send(connection, a_sheet("other", "theirs"), NOW)
        yield connection
    engine.dispose()


def read(connection: Connection, upload_id: str) -> None:
    """Have a worker read it."""
    job = jobs.get(connection, upload_id)
    assert job is not None
    taken = jobs.take(connection, job, NOW)
    assert taken is not None
    assert uploads.finish(connection, taken, jobs.DONE, RESULT, NOW)


def test_only_the_person_who_sent_it_finds_it(connection: Connection) -> None:
    mine = uploads.get(connection, "first", "mine", NOW)

    assert mine is not None
    assert mine.request == REQUEST
    assert uploads.get(connection, "first", "theirs", NOW) is None
    assert uploads.glance(connection, "first", "theirs", NOW) is None


def test_it_waits_for_a_worker_who_leaves_the_result_without_the_file(
    connection: Connection,
) -> None:
    waiting = jobs.waiting(connection, NOW)

    read(connection, "first")

    found = uploads.get(connection, "first", "mine", NOW)
    assert waiting is not None
    assert waiting.job_id == "first"
    assert found is not None
    proposed = {"proposed": RESULT["proposed"]}
    assert (found.state, found.request, found.result) == (jobs.DONE, proposed, {"changed": []})


def test_the_page_does_not_read_all_that_is_proposed(connection: Connection) -> None:
    read(connection, "first")

    seen = uploads.see(connection, "first", "mine", NOW)

    assert seen is not None
    assert (seen.request, seen.result) == ({}, {"changed": []})
    assert uploads.see(connection, "first", "theirs", NOW) is None


def test_it_is_taken_once_and_only_when_it_was_read(connection: Connection) -> None:
    early = uploads.take(connection, "first", "mine", NOW)
    read(connection, "first")

    assert not early
    assert not uploads.take(connection, "first", "theirs", NOW)
    assert uploads.take(connection, "first", "mine", NOW)
    assert not uploads.take(connection, "first", "mine", NOW)


def test_a_new_file_takes_the_place_of_the_persons_last(connection: Connection) -> None:
    uploads.send(connection, a_sheet("second", "mine"), NOW + 1)

    assert uploads.get(connection, "first", "mine", NOW + 1) is None
    assert uploads.get(connection, "other", "theirs", NOW + 1) is not None


def test_it_is_gone_after_a_day(connection: Connection) -> None:
    read(connection, "first")
    tomorrow = NOW + uploads.KEPT_SECONDS + 1

    assert uploads.get(connection, "first", "mine", tomorrow) is None
    assert not uploads.take(connection, "first", "mine", tomorrow)


def test_no_change_is_made_of_somebody_elses_job(connection: Connection) -> None:
    jobs.add(connection, Job("change", "publish", {}, "mine"), NOW)
    connection.execute(desk_tables.job_table.update().values(state=jobs.DONE))

    assert uploads.get(connection, "change", "mine", NOW) is None
    assert not uploads.take(connection, "change", "mine", NOW)
