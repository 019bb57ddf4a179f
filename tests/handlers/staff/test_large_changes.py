"""A change of thousands of entries: pages show the first of them, and open no others."""

from dataclasses import replace

import pytest

from handlers.staff import changes, packing
from handlers.staff.changes import Change, Outcome, Proposed, Wish
from handlers.staff.desk import Desk
from knowledge.entries import Stored
from knowledge.records import jobs, store
from knowledge.records.accounts import Person
from knowledge.records.jobs import Job
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.proposals import REASON, compared, found, settled, trail

SPOILT = "not packed by us"


def whole_catalog(desk: Desk) -> list[Proposed]:
    """Every entry with another summary."""
    every = desk.kb.all_entries()
    return [Proposed(replace(one.entry, summary="直しました。"), one.revision) for one in every]


def spoilt(desk: Desk, job: Job) -> Job:
    """The same job with what is packed away no longer readable: whoever opens it fails."""
    with store.writing(desk.records) as connection:
        packs = [SPOILT] * len(job.request["packed"])
        request = {**job.request, "packed": packs}
        changed = jobs.move(connection, job, job.state, request, desk.clock())
    assert changed is not None
    return changed


def test_a_page_opens_only_the_entries_it_shows(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    every = whole_catalog(desk)
    job = spoilt(desk, compared(desk, people["publisher"], every))

    page = client_as("publisher").get(f"/staff/changes/{job.job_id}").text

    assert page.count("<details") == packing.AT_HAND
    assert f"ほかに{len(every) - packing.AT_HAND}項目あります。" in page


def test_all_entries_are_published_and_the_page_lists_the_first(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    every = whole_catalog(desk)
    job = compared(desk, people["publisher"], every)

    outcome = changes.commit(desk, people["publisher"], job, Wish(REASON))
    page = client_as("editor").get(f"/staff/changes/{job.job_id}")

    assert outcome is Outcome.PUBLISHED
    assert {one.entry.summary for one in desk.kb.all_entries()} == {"直しました。"}
    assert trail(desk, every[-1].entry.id)[0].reason == REASON
    assert page.text.count('<li><a href="/staff/entries/') == packing.AT_HAND
    assert f"ほか{len(every) - packing.AT_HAND}項目" in page.text


def test_a_stale_entry_is_found_wherever_it_is_packed(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    every = whole_catalog(desk)
    job = compared(desk, people["publisher"], every)
    last = every[-1]
    desk.kb.save(replace(last.entry, summary="先に公開しました。"), "x", last.seen_revision)

    page = client_as("publisher").get(f"/staff/changes/{job.job_id}").text

    assert "先にほかの人が公開しました" in page
    assert "先に公開しました。" in page
    assert page.count("<details") == 1


@pytest.mark.parametrize("count", [0, 1, 50, 51, 86, 100, 101])
def test_what_is_packed_comes_out_as_it_was(count: int) -> None:
    documents = [
        {"entry": {"id": f"e{number}", "title": f"題{number}"}, "seen_revision": number}
        for number in range(count)
    ]

    request = packing.packed(documents)

    assert packing.unpacked(request) == documents
    assert packing.at_hand(request) == documents[:50]
    assert packing.some(request, {"e0", "e99"}) == [*documents[:1], *documents[99:100]]
    assert [revision for _, revision, _ in packing.seen(request)] == list(range(count))


def test_a_job_of_an_earlier_version_is_read_as_well() -> None:
    documents = [
        {"entry": {"id": f"e{number}", "title": "題"}, "seen_revision": 7} for number in range(60)
    ]

    request = {"proposed": documents}

    assert packing.unpacked(request) == documents
    assert packing.at_hand(request) == documents[:50]
    assert packing.some(request, {"e59"}) == documents[59:]
    assert packing.seen(request)[59] == ("e59", 7, "題")


def begun(desk: Desk, person: Person, now: Stored) -> str:
    """A change of one entry that waits to be compared."""
    one = Proposed(replace(now.entry, summary="直しました。"), now.revision)
    return changes.begin(desk, person, Change("publish", "ある変更", (one,)))


def test_a_reason_outlives_a_comparison_that_somebody_began_meanwhile(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    publisher, now = client_as("publisher"), desk.kb.all_entries()[0]
    job_id = begun(desk, people["publisher"], now)
    settled(desk, job_id)
    client_as("editor").post(f"/staff/changes/{job_id}/again")

    publisher.post(f"/staff/changes/{job_id}/commit", reason="時間をかけて書いた理由")
    settled(desk, job_id)
    page = publisher.get(f"/staff/changes/{job_id}").text

    assert "時間をかけて書いた理由</textarea>" in page
    assert desk.kb.stored(now.entry.id) == now


def test_a_reason_kept_takes_no_job_away_from_its_worker(
    desk: Desk, people: dict[str, Person]
) -> None:
    job_id = begun(desk, people["publisher"], desk.kb.all_entries()[0])
    with store.writing(desk.records) as connection:
        waiting = jobs.get(connection, job_id)
        held = jobs.take(connection, waiting, desk.clock()) if waiting else None
    assert held is not None

    changes.keep_reason(desk, job_id, REASON)
    with store.writing(desk.records) as connection:
        is_finished = jobs.finish(connection, held, jobs.FAILED, {}, desk.clock())

    assert is_finished
    assert found(desk, job_id).request["reason"] == REASON


def test_a_reason_that_comes_late_changes_nothing_that_is_settled(
    desk: Desk, people: dict[str, Person]
) -> None:
    job = compared(desk, people["publisher"], whole_catalog(desk)[:1])
    changes.commit(desk, people["publisher"], job, Wish(REASON))

    changes.keep_reason(desk, job.job_id, "あとから")

    assert "reason" not in found(desk, job.job_id).request
    assert found(desk, job.job_id).request["wish"]["reason"] == REASON
