"""Events on their way into the inbox; every detail may be overridden."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Engine

from knowledge.records import inbox
from knowledge.records.event_table import event_table
from knowledge.records.inbox import Arrival, Claimed
from tests.knowledge.records import on

NOW = 1_800_000_000.0


def an_arrival(event_id: str = "event-1", **changes: Any) -> Arrival:
    """A sealed message of one citizen."""
    arrival = Arrival(
        event_id=event_id,
        chat_key="chat-1",
        message_id=f"message-of-{event_id}"[:64],
        kind="message",
        sent_at=int(NOW * 1000),
        body=b"sealed",
    )
    return replace(arrival, **changes)


def store(records: Engine, *arrivals: Arrival, now: float = NOW) -> list[str]:
    """Store events of one delivery; the ids that wait for an answer."""
    return on(records, inbox.store, arrivals, now)


def claim(records: Engine, event_id: str = "event-1", now: float = NOW) -> str | None:
    """The id of what a worker gets for an id from the queue."""
    claimed: Claimed | None = on(records, inbox.claim, event_id, now)
    return claimed.event_id if claimed else None


def claim_next(records: Engine, chat_key: str = "chat-1", now: float = NOW) -> str | None:
    """The id of what a worker gets next of a chat."""
    claimed: Claimed | None = on(records, inbox.claim_next, chat_key, now)
    return claimed.event_id if claimed else None


def finish(
    records: Engine, event_id: str = "event-1", status: str = "done", now: float = NOW
) -> None:
    """Note how an event ended."""
    on(records, inbox.finish, event_id, status, now)


def row(records: Engine, event_id: str = "event-1") -> dict[str, Any]:
    """What stands in the inbox about an event."""
    statement = event_table.select().where(event_table.c.event_id == event_id)
    with records.connect() as connection:
        return dict(connection.execute(statement).one()._mapping)
