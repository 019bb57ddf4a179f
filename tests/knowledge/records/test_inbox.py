"""Each event is stored once, and claimed by one worker at a time, in the order of its chat."""

import pytest
from sqlalchemy import Engine

from knowledge.records import inbox
from knowledge.records.inbox import LEASE_SECONDS
from tests.knowledge.records import on
from tests.knowledge.records.arrivals import (
    NOW,
    an_arrival,
    claim,
    claim_next,
    finish,
    row,
    store,
)


def test_a_new_event_waits_for_an_answer(records: Engine) -> None:
    waiting = store(records, an_arrival())

    assert waiting == ["event-1"]
    assert row(records)["status"] == "received"


def test_the_events_of_a_delivery_wait_in_its_order(records: Engine) -> None:
    waiting = store(records, an_arrival("event-2"), an_arrival("event-1"))

    assert waiting == ["event-2", "event-1"]


@pytest.mark.parametrize("event_id", ["", "𠮷", "'; DROP TABLE event; --", "x" * 128])
def test_an_odd_event_id_is_claimed_once(records: Engine, event_id: str) -> None:
    store(records, an_arrival(event_id))

    claims = [claim(records, event_id), claim(records, event_id)]

    assert claims == [event_id, None]


def test_an_event_redelivered_before_it_was_claimed_waits_again(records: Engine) -> None:
    """The process may have been killed between storing and queueing it."""
    store(records, an_arrival())

    waiting = store(records, an_arrival(), now=NOW + 30)

    assert waiting == ["event-1"]


def test_a_redelivery_does_not_make_an_event_younger(records: Engine) -> None:
    store(records, an_arrival())

    store(records, an_arrival(), now=NOW + 30)

    assert row(records)["received_at"] == int(NOW * 1000)


def test_an_event_redelivered_while_it_is_in_work_does_not_wait_again(records: Engine) -> None:
    store(records, an_arrival())
    claim(records)

    waiting = store(records, an_arrival())

    assert waiting == []


@pytest.mark.parametrize("status", ["done", "expired", "token_rejected", "unknown", "failed"])
def test_an_event_redelivered_after_its_end_does_not_wait_again(
    records: Engine, status: str
) -> None:
    store(records, an_arrival())
    claim(records)
    finish(records, status=status)

    waiting = store(records, an_arrival(), now=NOW + 3600)

    assert waiting == []
    assert (row(records)["status"], row(records)["body"]) == (status, None)


def test_an_event_in_work_is_claimed_by_nobody_else(records: Engine) -> None:
    store(records, an_arrival())
    claim(records)

    again = claim(records, now=NOW + LEASE_SECONDS - 1)

    assert again is None


def test_an_event_whose_worker_died_goes_to_the_next_when_the_lease_ends(records: Engine) -> None:
    store(records, an_arrival())
    claim(records)

    with records.begin() as connection:
        second = inbox.claim(connection, "event-1", NOW + LEASE_SECONDS + 0.1)

    assert second is not None
    assert (second.event_id, second.attempts, second.body) == ("event-1", 2, b"sealed")


def test_a_claim_tells_when_the_event_was_received_by_our_clock(records: Engine) -> None:
    store(records, an_arrival(sent_at=5), now=NOW + 0.25)

    with records.begin() as connection:
        claimed = inbox.claim(connection, "event-1", NOW + 9)

    assert claimed is not None
    assert (claimed.received_at, claimed.chat_key) == (NOW + 0.25, "chat-1")


def test_an_unknown_event_is_claimed_by_nobody(records: Engine) -> None:
    store(records, an_arrival())

    assert claim(records, "event-2") is None


def test_a_finished_event_is_claimed_by_nobody(records: Engine) -> None:
    store(records, an_arrival())
    finish(records)

    assert claim(records, now=NOW + 60) is None


def test_whatever_id_the_queue_brings_the_oldest_of_the_chat_comes_first(records: Engine) -> None:
    start = int(NOW * 1000)
    store(records, an_arrival("later", sent_at=start), an_arrival("sooner", sent_at=start - 1))

    first = claim(records, "later")

    assert first == "sooner"


def test_events_sent_in_the_same_moment_come_in_the_order_they_were_received(
    records: Engine,
) -> None:
    store(records, an_arrival("event-2"), now=NOW)
    store(records, an_arrival("event-1"), now=NOW + 1)

    first = claim(records, "event-1", NOW + 2)

    assert first == "event-2"


def test_while_one_event_of_a_chat_is_in_work_its_others_wait(records: Engine) -> None:
    store(records, an_arrival("event-1"), an_arrival("event-2"))
    claim(records, "event-1")

    found = [claim(records, "event-2"), claim_next(records)]

    assert found == [None, None]


def test_an_older_event_that_comes_late_waits_for_the_one_in_work(records: Engine) -> None:
    store(records, an_arrival("event-1"))
    claim(records, "event-1")
    store(records, an_arrival("older", sent_at=1))

    found = claim(records, "older")

    assert found is None


def test_a_chat_in_work_does_not_hold_up_another(records: Engine) -> None:
    store(records, an_arrival("event-1"), an_arrival("event-2", chat_key="chat-2"))
    claim(records, "event-1")

    found = claim(records, "event-2")

    assert found == "event-2"


def test_whoever_finishes_an_event_gets_the_next_of_the_chat_until_none_is_left(
    records: Engine,
) -> None:
    store(records, an_arrival("event-1"), an_arrival("event-2"))
    store(records, an_arrival("elsewhere", chat_key="chat-2"))
    claim(records, "event-1")

    finish(records, "event-1")
    second = claim_next(records)
    finish(records, "event-2")
    third = claim_next(records)

    assert (second, third) == ("event-2", None)


def test_a_finished_event_keeps_how_and_when_it_ended_and_nothing_that_was_said(
    records: Engine,
) -> None:
    store(records, an_arrival())
    claim(records)

    finish(records, status="done", now=NOW + 1.5)

    kept = row(records)
    assert (kept["status"], kept["finished_at"]) == ("done", int((NOW + 1.5) * 1000))
    assert (kept["body"], kept["lease_until"]) == (None, None)


def test_the_first_word_on_how_an_event_ended_counts(records: Engine) -> None:
    store(records, an_arrival())
    finish(records, status="done", now=NOW + 1)

    finish(records, status="failed", now=NOW + 2)

    assert (row(records)["status"], row(records)["finished_at"]) == (
        "done",
        int((NOW + 1) * 1000),
    )


def test_finishing_an_unknown_event_is_harmless(records: Engine) -> None:
    store(records, an_arrival())

    finish(records, "event-2")

    assert row(records)["status"] == "received"


def test_a_postponed_event_holds_up_its_chat_until_its_time_and_then_goes_first(
    records: Engine,
) -> None:
    store(records, an_arrival("event-1"), an_arrival("event-2"))
    claim(records, "event-1")
    on(records, inbox.postpone, "event-1", NOW + 3)

    found = [claim(records, "event-2", NOW + 2), claim(records, "event-2", NOW + 4)]

    assert found == [None, "event-1"]


def test_what_has_ended_is_not_postponed(records: Engine) -> None:
    store(records, an_arrival())
    finish(records)

    on(records, inbox.postpone, "event-1", NOW + 3)

    assert row(records)["status"] == "done"
