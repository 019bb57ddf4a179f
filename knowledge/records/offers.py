"""Remember what each chat may choose from by number or words, for a day, under a keyed hash."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    String,
    Table,
    Text,
    bindparam,
    delete,
    select,
)

from knowledge.records.store import Insert, insert_for, metadata, writing

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


def remember(connection: Connection, chat_key: str, offer: Offer, now: float) -> None:
    """Replace what a chat may choose from."""
    values = {
        "chat_key": chat_key,
        "event_id": offer.event_id,
        "offered_at": int(now * 1000),
        "options": json.dumps([[o.label, o.command] for o in offer.options], ensure_ascii=False),
    }
    connection.execute(_remember(connection.dialect.name), values)


@cache
def _remember(dialect: str) -> Insert:
    statement = insert_for(dialect, offer_table)
    new = {name: statement.excluded[name] for name in ("event_id", "offered_at", "options")}
    return statement.on_conflict_do_update(index_elements=["chat_key"], set_=new)


def recall(connection: Connection, chat_key: str, now: float) -> Offer:
    """What a chat may choose from; nothing when it was offered over a day ago."""
    limit = int((now - LIFETIME_SECONDS) * 1000)
    stored = connection.execute(_RECALL, {"chat_key": chat_key, "limit": limit}).first()
    if stored is None:
        return Offer()
    return Offer(stored.event_id, tuple(Option(*option) for option in json.loads(stored.options)))


_RECALL = select(offer_table.c.event_id, offer_table.c.options).where(
    offer_table.c.chat_key == bindparam("chat_key"), offer_table.c.offered_at > bindparam("limit")
)


def forget(connection: Connection, chat_keys: Sequence[str]) -> None:
    """Erase the chats of a citizen."""
    connection.execute(delete(offer_table).where(offer_table.c.chat_key.in_(chat_keys)))


def purge(engine: Engine, now: float) -> int:
    """Erase what is too old to be chosen from; returns how many chats."""
    limit = int((now - LIFETIME_SECONDS) * 1000)
    with writing(engine) as connection:
        return connection.execute(
            delete(offer_table).where(offer_table.c.offered_at <= limit)
        ).rowcount
