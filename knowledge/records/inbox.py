"""Remember which events of LINE were taken in, so that each is handled once."""

from sqlalchemy import BigInteger, Column, Engine, Index, String, Table, func, select

from knowledge.records.store import insert, metadata

event_table = Table(
    "event",
    metadata,
    Column("event_id", String(128), primary_key=True),
    Column("received_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("outcome", String(32)),
    Index("event_unfinished", "finished_at", "received_at"),
)


def take(engine: Engine, event_id: str, now: float) -> bool:
    """True for exactly one caller per event id, in whatever process; `now` in seconds."""
    statement = (
        insert(engine, event_table)
        .values(event_id=event_id, received_at=int(now * 1000))
        .on_conflict_do_nothing(index_elements=["event_id"])
    )
    with engine.begin() as connection:
        return connection.execute(statement).rowcount == 1


def finish(engine: Engine, event_id: str, outcome: str, now: float) -> None:
    """Note how an event ended."""
    statement = (
        event_table.update()
        .where(event_table.c.event_id == event_id)
        .values(finished_at=int(now * 1000), outcome=outcome)
    )
    with engine.begin() as connection:
        connection.execute(statement)


def oldest_unfinished(engine: Engine, since: float) -> float | None:
    """When the oldest event still in work was received; None when all are done; in seconds.

    Events from before `since` were lost with the process that had them: their tokens are long dead.
    """
    statement = select(func.min(event_table.c.received_at)).where(
        event_table.c.finished_at.is_(None), event_table.c.received_at >= int(since * 1000)
    )
    with engine.connect() as connection:
        received_at = connection.execute(statement).scalar()
    return None if received_at is None else received_at / 1000
