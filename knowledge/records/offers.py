"""Remember what each chat may choose from by number or words, for a day, under a keyed hash."""

import json
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Engine, String, Table, Text, delete, select

from knowledge.records.store import insert, metadata

LIFETIME_SECONDS = 24 * 60 * 60
"""Someone who types slowly, or comes back in the evening, may still answer with a number."""

offer_table = Table(
    "offer",
    metadata,
    Column("chat_key", String(64), primary_key=True),
    Column("offered_at", BigInteger, nullable=False),
    Column("event_id", String(128), nullable=False),
    Column("options", Text, nullable=False),
)


@dataclass(frozen=True)
class Option:
    """One thing a citizen may choose: the words on its button, and the command behind them."""

    label: str
    command: str


@dataclass(frozen=True)
class Offer:
    """What a chat may choose from, and the event it was the answer to."""

    event_id: str = ""
    options: tuple[Option, ...] = ()


def remember(engine: Engine, chat_key: str, offer: Offer, now: float) -> None:
    """Replace what a chat may choose from."""
    values = {
        "chat_key": chat_key,
        "event_id": offer.event_id,
        "offered_at": int(now * 1000),
        "options": json.dumps([[o.label, o.command] for o in offer.options], ensure_ascii=False),
    }
    statement = insert(engine, offer_table).values(values)
    statement = statement.on_conflict_do_update(index_elements=["chat_key"], set_=values)
    with engine.begin() as connection:
        connection.execute(statement)


def recall(engine: Engine, chat_key: str, now: float) -> Offer:
    """What a chat may choose from; nothing when it was offered over a day ago."""
    statement = select(offer_table.c.event_id, offer_table.c.options).where(
        offer_table.c.chat_key == chat_key,
        offer_table.c.offered_at > int((now - LIFETIME_SECONDS) * 1000),
    )
    with engine.connect() as connection:
        stored = connection.execute(statement).first()
    if stored is None:
        return Offer()
    return Offer(stored.event_id, tuple(Option(*option) for option in json.loads(stored.options)))


def forget(engine: Engine, chat_key: str) -> None:
    """Erase a chat."""
    with engine.begin() as connection:
        connection.execute(delete(offer_table).where(offer_table.c.chat_key == chat_key))


def purge(engine: Engine, now: float) -> int:
    """Erase what is too old to be chosen from; returns how many chats."""
    limit = int((now - LIFETIME_SECONDS) * 1000)
    with engine.begin() as connection:
        return connection.execute(
            delete(offer_table).where(offer_table.c.offered_at <= limit)
        ).rowcount
