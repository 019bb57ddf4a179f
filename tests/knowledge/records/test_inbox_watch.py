"""The inbox forgets nothing: what lies about is found again, and a monitor sees how old it is."""

import pytest
from sqlalchemy import Engine

from knowledge.records import inbox
from knowledge.records.inbox import LEASE_SECONDS, LOST_SECONDS, REQUEUE_SECONDS
from tests.knowledge.records import on
from tests.knowledge.records.arrivals import NOW, an_arrival, claim, finish, row, store

LONG_AGO = NOW - 60


def test_what_waits_for_long_may_be_lost_from_the_queue_once_in_a_while(records: Engine) -> None:
    store(records, an_arrival())

    moments = (0, LOST_SECONDS, REQUEUE_SECONDS + 1, REQUEUE_SECONDS + 2, 2 * REQUEUE_SECONDS + 2)
    found = [inbox.overdue(records, NOW + seconds) for seconds in moments]

    assert found == [[], [], ["event-1"], [], ["event-1"]]


def test_the_lost_come_back_oldest_first(records: Engine) -> None:
    store(records, an_arrival("event-2"), now=NOW + 1)
    store(records, an_arrival("event-1"), now=NOW)
    store(records, an_arrival("event-3"), now=NOW + 2)

    found = inbox.overdue(records, NOW + 60)

    assert found == ["event-1", "event-2", "event-3"]


def test_what_is_in_work_is_not_lost_until_its_lease_ends(records: Engine) -> None:
    store(records, an_arrival())
    claim(records, now=NOW + 5)

    found = [inbox.overdue(records, NOW + 5 + LEASE_SECONDS + late) for late in (-1, 1)]

    assert found == [[], ["event-1"]]


def test_what_has_ended_is_never_lost(records: Engine) -> None:
    store(records, an_arrival())
    finish(records, status="failed")

    assert inbox.overdue(records, NOW + 3600) == []


def test_a_postponed_event_is_brought_back_as_soon_as_its_time_has_come(records: Engine) -> None:
    store(records, an_arrival())
    claim(records)
    on(records, inbox.postpone, "event-1", NOW + LOST_SECONDS)

    found = [inbox.overdue(records, NOW + LOST_SECONDS + late) for late in (0, 0.1)]

    assert found == [[], ["event-1"]]


def test_nothing_is_unfinished_in_an_empty_inbox(records: Engine) -> None:
    assert inbox.oldest_unfinished(records, LONG_AGO) is None


def test_the_oldest_unfinished_event_is_told_by_when_it_came(records: Engine) -> None:
    store(records, an_arrival("event-2"), now=NOW + 5)
    store(records, an_arrival("event-1", sent_at=9), now=NOW + 0.25)

    found = inbox.oldest_unfinished(records, LONG_AGO)

    assert found == NOW + 0.25


def test_an_event_in_work_is_still_unfinished(records: Engine) -> None:
    store(records, an_arrival())
    claim(records)

    assert inbox.oldest_unfinished(records, LONG_AGO) == NOW


def test_when_all_have_ended_nothing_is_unfinished(records: Engine) -> None:
    store(records, an_arrival())
    finish(records, status="failed")

    assert inbox.oldest_unfinished(records, LONG_AGO) is None


def test_an_event_lost_long_ago_alarms_nobody_any_more(records: Engine) -> None:
    store(records, an_arrival())

    assert inbox.oldest_unfinished(records, NOW - 1) == NOW
    assert inbox.oldest_unfinished(records, NOW + 600) is None


def test_what_a_chat_sent_lately_is_counted_for_that_chat_alone(records: Engine) -> None:
    for second in (0, 30, 60, 61):
        store(records, an_arrival(f"event-{second}"), now=NOW + second)
        finish(records, f"event-{second}", now=NOW + second)
    store(records, an_arrival("elsewhere", chat_key="chat-2"), now=NOW + 30)

    count = on(records, inbox.recent, "chat-1", 60, NOW + 60)

    assert count == 2


@pytest.mark.parametrize(
    ("chat_key", "statuses", "since", "kind"),
    [
        pytest.param("chat-1", ["slowed", "done"], NOW, "", id="one-of-several"),
        pytest.param("chat-1", ["done"], NOW - 60, "message", id="of-that-kind"),
    ],
)
def test_it_is_known_that_something_of_a_chat_has_ended_so(
    records: Engine, chat_key: str, statuses: list[str], since: float, kind: str
) -> None:
    store(records, an_arrival())
    finish(records, status="done")

    assert on(records, inbox.has_ended, chat_key, statuses, since, kind)


@pytest.mark.parametrize(
    ("chat_key", "statuses", "since", "kind"),
    [
        pytest.param("chat-1", ["done"], NOW, "follow", id="another-kind"),
        pytest.param("chat-1", ["done"], NOW + 0.001, "", id="longer-ago"),
        pytest.param("chat-1", ["slowed"], NOW, "", id="otherwise"),
        pytest.param("chat-2", ["done"], NOW, "", id="another-chat"),
    ],
)
def test_what_ended_otherwise_or_elsewhere_or_earlier_does_not_count(
    records: Engine, chat_key: str, statuses: list[str], since: float, kind: str
) -> None:
    store(records, an_arrival())
    finish(records, status="done")

    assert not on(records, inbox.has_ended, chat_key, statuses, since, kind)


def test_a_forgotten_citizens_finished_events_belong_to_nobody_and_are_not_answered_again(
    records: Engine,
) -> None:
    store(records, an_arrival("event-1"), an_arrival("event-2", chat_key="chat-2"))
    finish(records, "event-1")
    finish(records, "event-2")

    on(records, inbox.forget, ["chat-1", "chat-of-last-month"])

    assert (row(records, "event-1")["chat_key"], row(records, "event-1")["message_id"]) == (
        "",
        None,
    )
    assert row(records, "event-2")["chat_key"] == "chat-2"
    assert store(records, an_arrival("event-1")) == []


def test_a_forgotten_citizens_waiting_events_are_still_answered(records: Engine) -> None:
    store(records, an_arrival())

    on(records, inbox.forget, ["chat-1"])

    assert claim(records) == "event-1"
