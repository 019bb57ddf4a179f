"""A records database as the program made it before there were versions."""

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
)
from sqlalchemy.engine import make_url

old = MetaData()

old_event = Table(
    "event",
    old,
    Column("event_id", String(128), primary_key=True),
    Column("received_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("outcome", String(32)),
    Index("event_unfinished", "finished_at", "received_at"),
)

old_offer = Table(
    "offer",
    old,
    Column("chat_key", String(64), primary_key=True),
    Column("offered_at", BigInteger, nullable=False),
    Column("event_id", String(128), nullable=False),
    Column("options", Text, nullable=False),
)

old_question = Table(
    "question",
    old,
    Column("event_id", String(128), primary_key=True),
    Column("asked_at", BigInteger, nullable=False),
    Column("chat_key", String(64), nullable=False),
    Column("redacted", Text, nullable=False),
    Column("normalised", Text, nullable=False),
    Column("decision", String(16), nullable=False),
    Column("shown", Text, nullable=False),
    Column("engine", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("milliseconds", Float, nullable=False),
    Column("next_steps", Text),
    Column("next_at", BigInteger),
    Index("question_asked_at", "asked_at"),
)

EVENTS = [
    {"event_id": "01KDONE", "received_at": 1000, "finished_at": 1500, "outcome": "done"},
    {"event_id": "01KLOST", "received_at": 2000, "finished_at": None, "outcome": None},
]
OFFER = {"chat_key": "chat-1", "offered_at": 1400, "event_id": "01KDONE", "options": "[]"}
QUESTION = {
    "event_id": "01KDONE", "asked_at": 1000, "chat_key": "chat-1", "redacted": "ごみの日は？",
    "normalised": "ごみの日は", "decision": "answer", "shown": "[]", "engine": "lexical",
    "revision": 3, "milliseconds": 4.5, "next_steps": "solved", "next_at": 1900,
}  # fmt: skip


def make(url: str) -> None:
    """Create the old tables with a few rows."""
    engine = plain(url)
    old.create_all(engine)
    with engine.begin() as connection:
        connection.execute(old_event.insert(), EVENTS)
        connection.execute(old_offer.insert(), OFFER)
        connection.execute(old_question.insert(), QUESTION)
    engine.dispose()


def plain(url: str) -> Engine:
    """An engine that does nothing on its own."""
    where = make_url(url)
    is_sqlite = where.drivername == "sqlite"
    return create_engine(where if is_sqlite else where.set(drivername="postgresql+psycopg"))
