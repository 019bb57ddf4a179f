"""A publisher who is stopped while the trail is written: each entry has its line once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from handlers.staff import publishing
from handlers.staff.changes import Proposed
from handlers.staff.desk import Desk
from knowledge import releases
from knowledge.records import audit, jobs, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Act
from knowledge.records.jobs import Job
from tests.handlers.staff.proposals import REASON, compared, found, reworded, stored

SEVERAL = ("library", "passport", "water", "kokuho")


def published_but_not_noted(desk: Desk, person: Person, proposed: Sequence[Proposed]) -> Job:
    """An import whose texts are public, and whose publisher was stopped right after."""
    job = compared(desk, person, proposed)
    wish = {"person_id": person.person_id, "reason": REASON, "overrides": False}
    with store.writing(desk.records) as connection:
        request = {**job.request, "wish": wish}
        held = jobs.move(connection, job, jobs.PUBLISHING, request, desk.clock())
    assert held is not None
    with releases.editing(desk.kb, desk.records, person.name, desk.clock):
        for one in proposed:
            desk.kb.save(one.entry, person.name, one.seen_revision)
    return held


def lines_of(desk: Desk, job: Job) -> Counter[str]:
    """How many lines a job has about each entry."""
    with store.reading(desk.records) as connection:
        deeds = audit.trail(connection, limit=5000)
    return Counter(deed.subject for deed in deeds if deed.detail.get("job") == job.job_id)


@pytest.mark.parametrize("before", [0, 1, 3, 4])
def test_what_was_noted_before_the_kill_is_not_noted_again(
    desk: Desk, people: dict[str, Person], before: int
) -> None:
    proposed = [reworded(desk, entry_id, f"停電{before}。") for entry_id in SEVERAL]
    job = published_but_not_noted(desk, people["publisher"], proposed)
    with store.writing(desk.records) as connection:
        for entry_id in SEVERAL[:before]:
            act = Act("import", entry_id, REASON, {"job": job.job_id})
            audit.note(connection, people["publisher"], act, desk.clock())

    publishing.recover(desk, job)

    assert lines_of(desk, job) == dict.fromkeys(SEVERAL, 1)
    assert found(desk, job.job_id).state == jobs.PUBLISHED


def test_who_was_only_slow_writes_nothing_once_another_has_taken_over(
    desk: Desk, people: dict[str, Person]
) -> None:
    model = stored(desk, "library").entry
    many = [
        Proposed(replace(model, id=f"many-{number}"), 0) for number in range(publishing.AT_ONCE + 1)
    ]
    job = published_but_not_noted(desk, people["publisher"], many)
    with store.writing(desk.records) as connection:
        taken = jobs.take(connection, job, desk.clock())

    publishing.recover(desk, job)
    by_the_slow = lines_of(desk, job)
    assert taken is not None
    publishing.recover(desk, taken)

    assert by_the_slow == {}
    assert set(lines_of(desk, job).values()) == {1}
    assert len(lines_of(desk, job)) == len(many)
