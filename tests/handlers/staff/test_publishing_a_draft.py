"""From the form to the page of the change: what may go there, and what it was begun from."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.staff import changes
from handlers.staff.changes import Proposed
from handlers.staff.desk import Desk
from knowledge import entries
from knowledge.entry import Entry
from knowledge.records import jobs, store
from knowledge.records.accounts import Person
from tests.handlers.staff.conftest import PASSWORD, ClientAs, StaffClient
from tests.handlers.staff.writing import opened


def saved_and_removed(desk: Desk, publisher: StaffClient) -> Entry:
    """An entry that somebody has a draft of, and that an older release does not have."""
    stored = desk.kb.stored("bulky-waste")
    assert stored is not None
    entry = replace(stored.entry, id="short-lived", title="短いあいだの項目")
    entry = replace(entry, phrasings=tuple(f"{each}、短く" for each in entry.phrasings))
    desk.kb.save(entry, "試験", 0)
    url = "/staff/entries/short-lived/edit"
    publisher.post(url, **{**opened(publisher, url), "action": "save"})
    with desk.kb.writing() as db:
        rest = [row for row in entries.rows(db) if row.id != entry.id]
        entries.replace_all(db, rest, 0, "公開 太郎")
    return entry


def test_a_draft_outlives_the_entry_it_was_begun_from(client_as: ClientAs, desk: Desk) -> None:
    publisher, url = client_as("publisher"), "/staff/entries/short-lived/edit"
    entry = saved_and_removed(desk, publisher)

    answer = publisher.post(url, **{**opened(publisher, url), "action": "publish"})

    with store.reading(desk.records) as connection:
        job = jobs.get(connection, answer.headers["Location"].rpartition("/")[2])
    assert job is not None
    assert (job.kind, changes.proposed_in(job)) == ("new", (Proposed(entry, 0),))


def test_what_is_over_already_is_not_published_in_silence(client_as: ClientAs, desk: Desk) -> None:
    publisher, url = client_as("publisher"), "/staff/entries/waste-sorting/edit"
    typed = {**opened(publisher, url), "valid_until": str(desk.today() - timedelta(days=1))}

    answer = publisher.post(url, **{**typed, "action": "publish"})

    page = publisher.get(answer.headers["Location"]).text
    assert "この日は過ぎているので、公開しても市民には見えません" in page


@pytest.mark.parametrize("deep", ["[" * 100_000, "1", '[["only one"]]'])
def test_what_comes_around_through_the_page_is_only_data(
    client_as: ClientAs, people: dict[str, Person], deep: str
) -> None:
    nobody, editor = client_as(""), client_as("editor")
    typed = {"account": people["viewer"].account, "password": PASSWORD, "kept": deep}

    resumed = nobody.post("/staff/sign-in", 200, **typed)
    merged = editor.post("/staff/entries/waste-sorting/merge", 400, mine=deep, theirs=deep)

    assert "続きを開く" in resumed.text
    assert merged.status_code == 400
