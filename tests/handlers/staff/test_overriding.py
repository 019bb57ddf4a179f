"""Publishing although nobody knows that it is better: only with a mark of its own, and told in the trail."""

from handlers.staff import changes
from handlers.staff.changes import Outcome, Wish
from handlers.staff.desk import Desk
from knowledge.records import jobs
from knowledge.records.accounts import Person
from tests.handlers.staff.proposals import (
    FALLS,
    REASON,
    compared,
    found,
    reworded,
    stored,
    trail,
)


def test_a_comparison_that_broke_is_published_with_a_mark_only(
    desk: Desk, people: dict[str, Person]
) -> None:
    publisher = people["publisher"]
    job = compared(desk, publisher, [reworded(desk, "library", "比べられない。")], result=None)

    refused = changes.commit(desk, publisher, job, Wish(REASON))
    before = stored(desk, "library").entry.summary
    outcome = changes.commit(desk, publisher, job, Wish(REASON, overrides=True))

    assert (refused, outcome) == (Outcome.BLOCKED, Outcome.PUBLISHED)
    assert before != "比べられない。" == stored(desk, "library").entry.summary


def test_what_fell_stands_in_the_trail_of_whoever_published_all_the_same(
    desk: Desk, people: dict[str, Person]
) -> None:
    publisher = people["publisher"]
    job = compared(desk, publisher, [reworded(desk, "passport", "悪くなる。")], FALLS)

    changes.commit(desk, publisher, job, Wish(REASON, overrides=True))

    detail = trail(desk, "passport")[0].detail
    assert detail["overrides"] is True
    assert [(one["name"], one["before"], one["after"]) for one in detail["fallen"]] == [
        ("right_first", 40, 38)
    ]


def test_a_broken_comparison_is_still_one_after_an_attempt_that_came_too_late(
    desk: Desk, people: dict[str, Person]
) -> None:
    publisher = people["publisher"]
    late = compared(desk, publisher, [reworded(desk, "water", "遅い案内。")], result=None)
    first = compared(desk, publisher, [reworded(desk, "water", "早い案内。")])
    changes.commit(desk, publisher, first, Wish(REASON))

    outcome = changes.commit(desk, publisher, late, Wish(REASON, overrides=True))

    assert outcome is Outcome.STALE
    assert found(desk, late.job_id).state == jobs.FAILED
