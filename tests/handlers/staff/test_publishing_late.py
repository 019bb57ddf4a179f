"""Between the comparison and the publication others publish and write: nothing of theirs is passed by."""

from dataclasses import replace

import pytest

from handlers.staff import changes, publishing
from handlers.staff.changes import Outcome, Wish
from handlers.staff.desk import Desk
from knowledge import entry as entry_module
from knowledge import history, releases
from knowledge.records import drafts, jobs, store
from knowledge.records.accounts import Person
from knowledge.records.drafts import Draft
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.filled import fields
from tests.handlers.staff.proposals import (
    REASON,
    compared,
    found,
    reworded,
    settled,
    stored,
    trail,
    work_off,
)


def publish(desk: Desk, person: Person, entry_id: str, summary: str) -> None:
    """Another change, compared and published at once."""
    job = compared(desk, person, [reworded(desk, entry_id, summary)])
    assert changes.commit(desk, person, job, Wish("先に")) is Outcome.PUBLISHED


@pytest.mark.parametrize("wish", [Wish(REASON), Wish(REASON, overrides=True)])
def test_a_comparison_with_what_is_no_longer_public_publishes_nothing(
    desk: Desk, people: dict[str, Person], wish: Wish
) -> None:
    job = compared(desk, people["publisher"], [reworded(desk, "library", "調べたときの案内。")])
    publish(desk, people["publisher"], "passport", "別の項目。")

    outcome = changes.commit(desk, people["publisher"], job, wish)

    assert outcome is Outcome.OUTDATED
    assert found(desk, job.job_id).state == jobs.DONE
    assert stored(desk, "library").entry.summary != "調べたときの案内。"


def test_who_comes_too_late_is_offered_to_compare_again_and_keeps_the_reason(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    job = compared(desk, people["publisher"], [reworded(desk, "library", "もう一度の案内。")])
    publish(desk, people["publisher"], "passport", "また別の項目。")
    publisher, url = client_as("publisher"), f"/staff/changes/{job.job_id}"

    publisher.post(f"{url}/commit", reason=REASON)
    told = publisher.get(url).text
    publisher.post(f"{url}/again")
    settled(desk, job.job_id)
    ready = publisher.get(url).text
    publisher.post(f"{url}/commit", reason=REASON)

    assert "調べたあとに公開が変わりました。もう一度調べてください。" in told
    assert f"{url}/again" in told
    assert f"{url}/commit" not in told
    assert str(fields(ready, "/commit")["reason"]).strip() == REASON
    assert stored(desk, "library").entry.summary == "もう一度の案内。"


def test_a_real_comparison_may_be_published(desk: Desk, people: dict[str, Person]) -> None:
    change = changes.Change("publish", "図書館", (reworded(desk, "library", "本当の比較。"),))
    job_id = changes.begin(desk, people["publisher"], change)

    work_off(desk, job_id)
    outcome = changes.commit(
        desk, people["publisher"], found(desk, job_id), Wish(REASON, overrides=True)
    )

    assert outcome is Outcome.PUBLISHED


def test_what_a_colleague_wrote_after_the_first_comparison_outlives_the_second(
    desk: Desk, people: dict[str, Person]
) -> None:
    text = reworded(desk, "library", "先に比べた案内。")
    job = compared(desk, people["publisher"], [text])
    document = entry_module.to_data(replace(text.entry, summary="あとから書いた案内。"))
    draft = Draft("library", 0, text.seen_revision, document, "同僚", desk.clock() + 1)
    with store.writing(desk.records) as connection:
        drafts.put(connection, draft, 0)

    later = replace(desk, clock=lambda: desk.clock() + 60)
    changes.begin_again(later, job)
    again = settled(later, job.job_id)
    changes.commit(later, people["publisher"], again, Wish(REASON))

    with store.reading(desk.records) as connection:
        left = drafts.get(connection, "library")
    assert left is not None
    assert left.document["summary"] == "あとから書いた案内。"


def test_a_publication_broken_off_is_noted_although_another_followed(
    desk: Desk, people: dict[str, Person]
) -> None:
    person, text = people["publisher"], reworded(desk, "kokuho", "停電の前。")
    job = compared(desk, person, [text])
    wish = {"person_id": person.person_id, "reason": REASON, "overrides": False}
    with store.writing(desk.records) as connection:
        request = {**job.request, "wish": wish}
        held = jobs.move(connection, job, jobs.PUBLISHING, request, desk.clock())
    assert held is not None
    with releases.editing(desk.kb, desk.records, person.name, desk.clock):
        desk.kb.save(text.entry, person.name, text.seen_revision)
    first = history.versions(desk.kb, "kokuho")[0].mark
    publish(desk, people["publisher"], "kokuho", "そのあと。")

    publishing.recover(desk, held)

    deed = trail(desk, "kokuho")[0]
    assert found(desk, job.job_id).state == jobs.PUBLISHED
    assert (deed.reason, deed.detail["text"]) == (REASON, first)
