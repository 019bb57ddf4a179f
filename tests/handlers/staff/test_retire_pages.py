"""Retiring an entry: with a successor, citizens find by the old words what takes its place."""

from dataclasses import replace

import pytest

from handlers.staff import changes
from handlers.staff.changes import Proposed
from handlers.staff.desk import Desk
from knowledge.proposed import ProposedKnowledge
from knowledge.records.jobs import Job
from knowledge.text import compare_key
from tests.builders import an_entry
from tests.handlers.staff.conftest import ClientAs, StaffClient
from tests.handlers.staff.proposals import job_at

RETIRE = "/staff/entries/bulky-waste/retire"


def retired(client: StaffClient, desk: Desk, successor: str) -> tuple[Job, dict[str, Proposed]]:
    """Send the form; the job that was begun and what it proposes."""
    stored = desk.kb.stored("bulky-waste")
    assert stored is not None
    answer = client.post(RETIRE, successor=successor, seen_revision=stored.revision)
    job = job_at(desk, answer.headers["Location"])
    return job, {one.entry.id: one for one in changes.proposed_in(job)}


def test_an_entry_is_retired_alone_with_its_wordings(client_as: ClientAs, desk: Desk) -> None:
    before = desk.kb.stored("bulky-waste")

    job, proposed = retired(client_as("publisher"), desk, "")

    assert before is not None
    assert job.kind == "retire"
    assert proposed == {
        "bulky-waste": Proposed(replace(before.entry, state="retired"), before.revision)
    }
    assert desk.kb.stored("bulky-waste") == before


def test_a_successor_takes_over_the_wordings_and_the_title(client_as: ClientAs, desk: Desk) -> None:
    old, new = desk.kb.stored("bulky-waste"), desk.kb.stored("library")

    job, proposed = retired(client_as("publisher"), desk, "library")

    assert old is not None
    assert new is not None
    follows, gone = proposed["library"].entry, proposed["bulky-waste"].entry
    keys = [compare_key(wording) for wording in follows.phrasings]
    assert set(follows.phrasings) >= {*new.entry.phrasings, *old.entry.phrasings, old.entry.title}
    assert len(keys) == len(set(keys))
    assert (gone.state, gone.phrasings, gone.related[0]) == ("retired", (), "library")
    assert "引き継ぐ" in job.request["title"]


def test_what_led_on_to_the_retired_entry_leads_on_to_its_successor(
    client_as: ClientAs, desk: Desk
) -> None:
    led = {s.entry.id for s in desk.kb.all_entries() if "bulky-waste" in s.entry.related}

    _, proposed = retired(client_as("publisher"), desk, "library")

    others = {entry_id: proposed[entry_id].entry.related for entry_id in led - {"library"}}
    assert others
    assert all("library" in r and "bulky-waste" not in r for r in others.values())
    assert all(len(r) == len(set(r)) for r in others.values())


def test_citizens_find_the_successor_by_the_old_words(client_as: ClientAs, desk: Desk) -> None:
    _, proposed = retired(client_as("publisher"), desk, "library")
    after = ProposedKnowledge(desk.kb, [one.entry for one in proposed.values()], desk.today())

    found = after.find("いらないソファを捨てたい", desk.today())

    assert [match.entry_id for match in found.matches] == ["library"]


@pytest.mark.parametrize("successor", ["bulky-waste", "never-was", "<script>"])
def test_only_another_public_entry_may_follow(
    client_as: ClientAs, desk: Desk, successor: str
) -> None:
    stored = desk.kb.stored("bulky-waste")
    assert stored is not None

    page = client_as("publisher").post(
        RETIRE, 422, successor=successor, seen_revision=stored.revision
    )

    assert "引き継ぐ項目を選び直してください" in page.text
    assert "<script>" not in page.text


def test_an_entry_that_changed_meanwhile_is_looked_at_again(client_as: ClientAs) -> None:
    page = client_as("publisher").post(RETIRE, 409, successor="", seen_revision="0")

    assert "ほかの人がこの項目を変えました" in page.text


def test_an_entry_that_is_not_public_cannot_be_retired(client_as: ClientAs, desk: Desk) -> None:
    desk.kb.save(an_entry(id="gone-already", state="retired"), "試験", 0)

    answer = client_as("publisher").get("/staff/entries/gone-already/retire", status=303)

    assert answer.headers["Location"].endswith("/staff/entries/gone-already")


def test_an_editor_cannot_retire(client_as: ClientAs) -> None:
    client_as("editor").get(RETIRE, status=403)
    answer = client_as("editor").post(RETIRE, 403, successor="", seen_revision="1")

    assert answer.status_code == 403
