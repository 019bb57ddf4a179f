"""What a citizen takes back is erased where it stands, and not let in when it comes later."""

from sqlalchemy import Engine

from knowledge.records import inbox, unsent
from tests.knowledge.records import on
from tests.knowledge.records.arrivals import NOW, an_arrival, claim, finish, row, store


def test_a_message_is_remembered_as_taken_back_and_no_other(records: Engine) -> None:
    on(records, unsent.remember, "message-1", NOW)

    found = [on(records, unsent.is_remembered, name) for name in ("message-1", "message-2", "")]

    assert found == [True, False, False]


def test_a_message_may_be_taken_back_twice(records: Engine) -> None:
    on(records, unsent.remember, "message-1", NOW)

    on(records, unsent.remember, "message-1", NOW + 60)

    assert on(records, unsent.is_remembered, "message-1")


def test_a_waiting_message_that_is_taken_back_loses_its_body_and_is_claimed_by_nobody(
    records: Engine,
) -> None:
    store(records, an_arrival(message_id="message-1"))

    on(records, inbox.take_back, "message-1", NOW + 1)

    assert (row(records)["status"], row(records)["body"]) == ("unsent", None)
    assert claim(records, now=NOW + 60) is None


def test_a_message_taken_back_does_not_hold_up_the_next_of_its_chat(records: Engine) -> None:
    store(records, an_arrival("event-1", message_id="message-1"), an_arrival("event-2"))

    on(records, inbox.take_back, "message-1", NOW + 1)

    assert claim(records, "event-2", NOW + 2) == "event-2"


def test_a_message_taken_back_while_it_is_answered_ends_as_unsent(records: Engine) -> None:
    store(records, an_arrival(message_id="message-1"))
    claim(records)

    on(records, inbox.take_back, "message-1", NOW + 1)
    finish(records, status="done", now=NOW + 2)

    assert (row(records)["status"], row(records)["body"]) == ("unsent", None)


def test_an_answered_message_that_is_taken_back_stays_answered(records: Engine) -> None:
    store(records, an_arrival(message_id="message-1"))
    finish(records)

    on(records, inbox.take_back, "message-1", NOW + 60)

    assert row(records)["status"] == "done"


def test_a_message_that_comes_after_it_was_taken_back_is_not_stored_nor_answered(
    records: Engine,
) -> None:
    on(records, unsent.remember, "message-1", NOW)

    waiting = store(records, an_arrival(message_id="message-1"), an_arrival("event-2"))

    assert waiting == ["event-2"]
    kept = row(records)
    assert (kept["status"], kept["body"], kept["chat_key"]) == ("unsent", None, "")


def test_it_is_not_answered_either_when_it_is_delivered_again(records: Engine) -> None:
    on(records, unsent.remember, "message-1", NOW)
    store(records, an_arrival(message_id="message-1"))

    assert store(records, an_arrival(message_id="message-1")) == []


def test_events_without_a_message_have_nothing_to_take_back(records: Engine) -> None:
    on(records, unsent.remember, "", NOW)

    waiting = store(records, an_arrival(message_id=""))

    assert waiting == ["event-1"]


def test_a_purge_drops_the_older_tombstones_and_tells_how_many(records: Engine) -> None:
    on(records, unsent.remember, "message-1", NOW)
    on(records, unsent.remember, "message-2", NOW + 10)

    purged = unsent.purge(records, NOW + 5)

    assert purged == 1
    assert not on(records, unsent.is_remembered, "message-1")
    assert on(records, unsent.is_remembered, "message-2")
