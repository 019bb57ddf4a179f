"""Each event of LINE is taken once, whatever the number of processes and restarts."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from knowledge.records import inbox, store
from tests.knowledge.processes import at_once

NOW = 1_800_000_000.0
IDS = [f"01KEVENT{number:04d}" for number in range(400)]


def take_all(url: str, ids: Sequence[str]) -> list[str]:
    """Try to take every event, in whatever process; the ids that were got."""
    engine = store.open_store(url)
    taken = [event_id for event_id in ids if inbox.take(engine, event_id, NOW)]
    engine.dispose()
    return taken


def test_an_event_is_taken_once(records: Engine) -> None:
    first = inbox.take(records, "event-1", NOW)

    again = inbox.take(records, "event-1", NOW + 60)

    assert (first, again) == (True, False)


def test_another_event_is_taken_too(records: Engine) -> None:
    inbox.take(records, "event-1", NOW)

    taken = inbox.take(records, "event-2", NOW)

    assert taken


@pytest.mark.parametrize("event_id", ["", "𠮷", "'; DROP TABLE event; --", "x" * 128])
def test_an_odd_event_id_is_taken_once(records: Engine, event_id: str) -> None:
    first = inbox.take(records, event_id, NOW)

    again = inbox.take(records, event_id, NOW)

    assert (first, again) == (True, False)


def test_an_event_stays_taken_after_it_is_finished(records: Engine) -> None:
    inbox.take(records, "event-1", NOW)
    inbox.finish(records, "event-1", "replied", NOW + 1)

    again = inbox.take(records, "event-1", NOW + 2)

    assert not again


def test_an_event_stays_taken_after_a_restart(records_url: str) -> None:
    before = take_all(records_url, IDS[:3])

    after = take_all(records_url, IDS[:4])

    assert before == IDS[:3]
    assert after == IDS[3:4]


def test_four_processes_take_each_event_once_between_them(
    records: Engine, records_url: str
) -> None:
    orders = [IDS, IDS[::-1], IDS[200:] + IDS[:200], IDS]

    taken = at_once(take_all, [(records_url, order) for order in orders])

    assert sorted(event_id for each in taken for event_id in each) == IDS


def test_four_processes_may_open_one_new_database_at_once(records_url: str) -> None:
    taken = at_once(take_all, [(records_url, IDS[:1])] * 4)

    assert sorted(taken) == [[], [], [], IDS[:1]]


def test_nothing_is_unfinished_in_an_empty_inbox(records: Engine) -> None:
    found = inbox.oldest_unfinished(records, NOW - 60)

    assert found is None


def test_the_oldest_unfinished_event_is_told_by_when_it_came(records: Engine) -> None:
    inbox.take(records, "event-2", NOW + 5)
    inbox.take(records, "event-1", NOW + 0.25)
    inbox.take(records, "event-3", NOW + 9)

    found = inbox.oldest_unfinished(records, NOW - 60)

    assert found == NOW + 0.25


def test_a_finished_event_is_no_longer_unfinished(records: Engine) -> None:
    inbox.take(records, "event-1", NOW)
    inbox.take(records, "event-2", NOW + 5)

    inbox.finish(records, "event-1", "replied", NOW + 6)

    assert inbox.oldest_unfinished(records, NOW - 60) == NOW + 5


def test_when_all_are_finished_nothing_is_unfinished(records: Engine) -> None:
    inbox.take(records, "event-1", NOW)

    inbox.finish(records, "event-1", "failed", NOW + 1)

    assert inbox.oldest_unfinished(records, NOW - 60) is None


def test_taking_an_event_again_does_not_make_it_younger(records: Engine) -> None:
    inbox.take(records, "event-1", NOW)

    inbox.take(records, "event-1", NOW + 60)

    assert inbox.oldest_unfinished(records, NOW - 60) == NOW


def test_an_event_keeps_how_and_when_it_ended(records: Engine) -> None:
    inbox.take(records, "event-1", NOW)
    inbox.finish(records, "event-1", "replied", NOW + 1.5)

    with records.connect() as connection:
        rows = connection.execute(inbox.event_table.select()).all()

    start = int(NOW * 1000)
    assert [tuple(row) for row in rows] == [("event-1", start, start + 1500, "replied")]


def test_finishing_an_unknown_event_is_harmless(records: Engine) -> None:
    inbox.take(records, "event-1", NOW)

    inbox.finish(records, "event-2", "replied", NOW + 1)

    assert inbox.oldest_unfinished(records, NOW - 60) == NOW


def test_an_event_lost_long_ago_alarms_nobody_any_more(records: Engine) -> None:
    inbox.take(records, "event-lost", NOW)

    assert inbox.oldest_unfinished(records, NOW - 1) == NOW
    assert inbox.oldest_unfinished(records, NOW + 600) is None
