"""Tombstones of messages their writers took back, also when that news comes before the message."""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    String,
    Table,
    bindparam,
    delete,
    select,
)

from knowledge.records.store import insert, metadata, writing

unsent_table = Table(
    "unsent",
    metadata,
    Column("message_id", String(64), primary_key=True),
    Column("unsent_at", BigInteger, nullable=False),
)


def remember(connection: Connection, message_id: str, now: float) -> None:
    """Write the tombstone; again is fine."""
    statement = insert(connection, unsent_table).values(
        message_id=message_id, unsent_at=int(now * 1000)
    )
    connection.execute(statement.on_conflict_do_nothing(index_elements=["message_id"]))


def is_remembered(connection: Connection, message_id: str) -> bool:
    """True when the message was taken back."""
    return connection.execute(_FIND, {"message_id": message_id}).first() is not None


_FIND = select(unsent_table.c.message_id).where(
    unsent_table.c.message_id == bindparam("message_id")
)


def purge(engine: Engine, before: float) -> int:
    """Drop tombstones from before a time in seconds; returns how many."""
    with writing(engine) as connection:
        limit = int(before * 1000)
        return connection.execute(
            delete(unsent_table).where(unsent_table.c.unsent_at < limit)
        ).rowcount
