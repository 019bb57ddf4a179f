"""The inbox: every event LINE delivered, claimed by one worker at a time, finished exactly once.

An event is unfinished until `finished_at` is set. Its chat is answered in order: the oldest
unfinished event is claimed first, and none while another one of the chat is in work.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import cache
from typing import TypeAlias

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Engine,
    String,
    Update,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)

from knowledge.records.event_table import Arrival, Claimed, event_table
from knowledge.records.store import Insert, insert, insert_for, writing
from knowledge.records.unsent import unsent_table

LEASE_SECONDS = 15.0
"""Longer than any answer takes (two LINE calls of 3 s and a pause), so nobody answers in parallel."""

LOST_SECONDS = 3.0
"""An event that waits this long may have lost its place in the queue (OPS.md §1.5)."""

REQUEUE_SECONDS = 10.0

SKEW_SECONDS = 60.0
"""How far the clocks of two machines may differ. What lies further in the future was written before
a clock was set back."""

DELIVERY_SECONDS = 0.5
"""The messages of one delivery are dated a millisecond apart, all less than this."""

SPOKEN = ("message", "postback")
"""The kinds of events that people cause by writing or pressing a button."""


Time: TypeAlias = int | BindParameter[int]


def store(connection: Connection, arrivals: Iterable[Arrival], now: float) -> list[str]:
    """Write what is new; returns the ids that wait for an answer.

    Also those written before and still untouched: the process may have died before it queued them.
    """
    return [
        arrival.event_id
        for place, arrival in enumerate(arrivals)
        # a millisecond each, so that the messages of one delivery keep their order
        if _is_waiting(connection, arrival, now + place / 1000)
    ]


def _is_waiting(connection: Connection, arrival: Arrival, now: float) -> bool:
    values = {**vars(arrival), "message_id": arrival.message_id or None, "now": _ms(now)}
    if connection.execute(_insert(connection.dialect.name), values).rowcount == 1:
        return True
    status = status_of(connection, arrival.event_id)
    if status is None:  # its message was taken back before it came: keep the id, never the text
        finished = {"event_id": arrival.event_id, "received_at": _ms(now), "status": "unsent"}
        statement = insert(connection, event_table).on_conflict_do_nothing(
            index_elements=["event_id"]
        )
        connection.execute(statement, {**finished, "finished_at": _ms(now)})
    return status == "received"


def status_of(connection: Connection, event_id: str) -> str | None:
    """How far an event is, or how it ended; None for one never seen."""
    return connection.execute(_STATUS, {"event_id": event_id}).scalar()


@cache
def _insert(dialect: str) -> Insert:
    """Nothing is written for a known event, nor for a message that was taken back."""
    given = {
        name: bindparam(name, type_=event_table.c[name].type)
        for name in ("event_id", "chat_key", "message_id", "kind", "sent_at", "body")
    }
    now = bindparam("now", type_=BigInteger)
    columns = {**given, "received_at": now, "queued_at": now, "status": literal("received")}
    row = select(*columns.values()).where(
        ~exists().where(unsent_table.c.message_id == given["message_id"])
    )
    statement = insert_for(dialect, event_table).from_select(list(columns), row)
    return statement.on_conflict_do_nothing(index_elements=["event_id"])


def claim(connection: Connection, event_id: str, now: float) -> Claimed | None:
    """The oldest unfinished event of this event's chat, for this caller alone.

    None when the chat has nothing left, or another worker is at it: that one goes on with the rest.
    """
    return _claimed(connection, _CLAIM, {"wanted": event_id}, now)


def claim_next(connection: Connection, chat_key: str, now: float) -> Claimed | None:
    """The chat's next event, for the worker that has just finished one of it."""
    return _claimed(connection, _CLAIM_NEXT, {"wanted": chat_key}, now)


def _claimed(
    connection: Connection, statement: Update, wanted: dict[str, str], now: float
) -> Claimed | None:
    times = {
        "now": _ms(now),
        "lease": _ms(now + LEASE_SECONDS),
        "horizon": _ms(now + SKEW_SECONDS),
    }
    row = connection.execute(statement, {**wanted, **times}).mappings().first()
    if row is None:
        return None
    return Claimed(**{**row, "received_at": row["received_at"] / 1000})


def _is_free(now: Time, horizon: Time) -> ColumnElement[bool]:
    """Nobody holds the event, nor is it put back. A lease beyond the horizon holds nobody up."""
    until = event_table.c.lease_until
    return or_(until.is_(None), until < now, until > horizon)


def _is_past(column: ColumnElement[int], time: float, now: float) -> ColumnElement[bool]:
    """What lies beyond the horizon happened before a clock was set back."""
    return or_(column < _ms(time), column > _ms(now + SKEW_SECONDS))


def _claim_statement(chat: ColumnElement[str]) -> Update:
    """One statement, so that it is atomic on SQLite; PostgreSQL looks at the row again after a wait."""
    oldest, busy = (event_table.alias(name) for name in ("oldest", "busy"))
    now, horizon = (bindparam(name, type_=BigInteger) for name in ("now", "horizon"))
    first = (
        select(oldest.c.event_id)
        .where(oldest.c.chat_key == chat, oldest.c.finished_at.is_(None))
        .order_by(oldest.c.sent_at, oldest.c.received_at, oldest.c.event_id)
        .limit(1)
    )
    others = exists().where(
        busy.c.chat_key == chat,
        busy.c.finished_at.is_(None),
        busy.c.lease_until.between(now, horizon),
    )
    columns = event_table.c
    return (
        update(event_table)
        .where(
            columns.event_id == first.scalar_subquery(),
            columns.finished_at.is_(None),
            _is_free(now, horizon),
            ~others,
        )
        .values(status="processing", lease_until=bindparam("lease"), attempts=columns.attempts + 1)
        .returning(*(columns[field.name] for field in fields(Claimed)))
    )


_WANTED = event_table.alias("wanted")
_CLAIM = _claim_statement(
    select(_WANTED.c.chat_key).where(_WANTED.c.event_id == bindparam("wanted")).scalar_subquery()
)
_CLAIM_NEXT = _claim_statement(bindparam("wanted", type_=String))
_STATUS = select(event_table.c.status).where(event_table.c.event_id == bindparam("event_id"))
_FINISH = (
    update(event_table)
    .where(event_table.c.event_id == bindparam("id"), event_table.c.finished_at.is_(None))
    .values(status=bindparam("status"), finished_at=bindparam("now"), body=None, lease_until=None)
)
_RECENT = select(func.count()).where(
    event_table.c.chat_key == bindparam("chat_key"),
    event_table.c.received_at > bindparam("since"),
    event_table.c.received_at <= bindparam("until"),
    event_table.c.kind.in_(SPOKEN),
    event_table.c.finished_at.is_not(None),
)


def finish(connection: Connection, event_id: str, status: str, now: float) -> None:
    """Note how an event ended, and blank its body; the first word counts."""
    connection.execute(_FINISH, {"id": event_id, "status": status, "now": _ms(now)})


def postpone(connection: Connection, event_id: str, until: float) -> None:
    """Put an event back: nobody takes it, nor its chat's later ones, before then."""
    statement = (
        update(event_table)
        .where(event_table.c.event_id == event_id, event_table.c.finished_at.is_(None))
        .values(status="received", lease_until=_ms(until), queued_at=0)
    )
    connection.execute(statement)


def overdue(engine: Engine, now: float) -> list[str]:
    """Unfinished events that nobody works on and that may have lost their place in the queue.

    Each is given to one caller, who must queue it again; after a while to the next.
    """
    statement = (
        update(event_table)
        .where(
            event_table.c.status.in_(("received", "processing")),
            _is_past(event_table.c.received_at, now - LOST_SECONDS, now),
            _is_free(_ms(now), _ms(now + SKEW_SECONDS)),
            _is_past(event_table.c.queued_at, now - REQUEUE_SECONDS, now),
        )
        .values(queued_at=_ms(now))
        .returning(event_table.c.event_id, event_table.c.received_at)
    )
    with writing(engine) as connection:
        rows = connection.execute(statement).all()
    return [row.event_id for row in sorted(rows, key=lambda row: row.received_at)]


def expire(engine: Engine, before: float, now: float) -> int:
    """End all events received before a time that nobody works on; returns how many."""
    statement = (
        update(event_table)
        .where(
            event_table.c.status.in_(("received", "processing")),
            event_table.c.received_at < _ms(before),
            _is_free(_ms(now), _ms(now + SKEW_SECONDS)),
        )
        .values(status="expired", finished_at=_ms(now), body=None, lease_until=None)
    )
    with writing(engine) as connection:
        return connection.execute(statement).rowcount


def recent(connection: Connection, chat_key: str, seconds: float, until: float) -> int:
    """How many messages of a chat have ended that came in the seconds up to a time, or then."""
    times = {"since": _ms(until - seconds), "until": _ms(until + DELIVERY_SECONDS)}
    return connection.execute(_RECENT, {"chat_key": chat_key, **times}).scalar_one()


def has_ended(
    connection: Connection, chat_key: str, statuses: Sequence[str], since: float, kind: str = ""
) -> bool:
    """True when an event of the chat (of that kind) that came since a time ended in one of these."""
    statement = select(event_table.c.event_id).where(
        event_table.c.chat_key == chat_key,
        event_table.c.status.in_(statuses),
        event_table.c.received_at >= _ms(since),
        event_table.c.kind == kind if kind else true(),
    )
    return connection.execute(statement.limit(1)).first() is not None


def take_back(connection: Connection, message_id: str, now: float) -> None:
    """Drop a message that waits for its answer; its text is gone."""
    statement = (
        update(event_table)
        .where(event_table.c.message_id == message_id, event_table.c.finished_at.is_(None))
        .values(status="unsent", finished_at=_ms(now), body=None, lease_until=None)
    )
    connection.execute(statement)


def forget(connection: Connection, chat_keys: Sequence[str]) -> None:
    """Unlink a citizen's finished events from each other; their ids stay against replays."""
    statement = (
        update(event_table)
        .where(event_table.c.chat_key.in_(chat_keys), event_table.c.finished_at.is_not(None))
        .values(chat_key="", message_id=None)
    )
    connection.execute(statement)


def oldest_unfinished(engine: Engine, since: float) -> float | None:
    """When the oldest event still in work was received; None when all are done; in seconds.

    Events from before `since` were lost with the process that had them: their tokens are long dead.
    """
    statement = select(func.min(event_table.c.received_at)).where(
        event_table.c.status.in_(("received", "processing")),
        event_table.c.received_at >= _ms(since),
    )
    with engine.connect() as connection:
        received_at = connection.execute(statement).scalar()
    return None if received_at is None else received_at / 1000


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
