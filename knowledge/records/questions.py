"""Keep what was asked, without who asked it: the log that staff learn from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    func,
)

from knowledge.records import unsent
from knowledge.records.store import Insert, insert_for, metadata

OTHER_PLACE, OUTSIDE, NO_QUESTION = "other_place", "outside", "no_question"
DECLINED = (OTHER_PLACE, OUTSIDE, NO_QUESTION)
"""Why nothing was given, with nothing amiss: another town's matter, a topic marked as not ours,
or nothing but marks or personal data."""

_NO_TEXT = {"redacted": "", "normalised": ""}

question_table = Table(
    "question",
    metadata,
    Column("event_id", String(128), primary_key=True),
    Column("asked_at", BigInteger, nullable=False),
    Column("chat_key", String(64), nullable=False),
    Column("message_id", String(64)),
    Column("redacted", Text, nullable=False),
    Column("normalised", Text, nullable=False),
    Column("decision", String(16), nullable=False),
    Column("shown", Text, nullable=False),
    Column("engine", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("milliseconds", Float, nullable=False),
    Column("next_steps", Text),
    Column("next_at", BigInteger),
    Column("chance", Float),
    Column("reason", String(16)),
    Index("question_asked_at", "asked_at"),
    Index("question_message", "message_id"),
    Index("question_chat", "chat_key"),
)


@dataclass(frozen=True)
class Question:
    """One question as it is kept: redacted text, what was decided and shown, by which engine.

    `chat_key` is the monthly keyed hash, `message_id` LINE's; `shown` holds entry ids with their
    scores within this question, in order. `chance` is how likely what was decided on is right;
    `reason` is why nothing was looked up, where that was meant so (one of DECLINED).
    """

    event_id: str
    asked_at: float
    chat_key: str
    message_id: str
    redacted: str
    normalised: str
    decision: str
    shown: Sequence[tuple[str, float]]
    engine: str
    revision: int
    milliseconds: float
    chance: float | None = None
    reason: str = ""


def keep(connection: Connection, question: Question) -> None:
    """Write a question once, however often a worker tries; without its text if it was taken back."""
    values = {
        **vars(question),
        "message_id": question.message_id or None,
        "reason": question.reason or None,
        "asked_at": int(question.asked_at * 1000),
        "shown": json.dumps(list(question.shown)),
    }
    if unsent.is_remembered(connection, question.message_id):
        values |= _NO_TEXT
    connection.execute(_keep(connection.dialect.name), values)


@cache
def _keep(dialect: str) -> Insert:
    return insert_for(dialect, question_table).on_conflict_do_nothing(index_elements=["event_id"])


def note_next_step(connection: Connection, event_id: str, step: str, now: float) -> None:
    """Note what the citizen did after the answer, one step after the other.

    A choice, どれでもない, はい, いいえ, a reason: as the commands behind them, parted by spaces.
    """
    steps = func.coalesce(question_table.c.next_steps + " ", "") + step.replace(" ", "")
    statement = (
        question_table.update()
        .where(question_table.c.event_id == event_id)
        .values(next_steps=steps, next_at=int(now * 1000))
    )
    connection.execute(statement)


def take_back(connection: Connection, message_id: str) -> None:
    """Erase the text of a message its writer took back; that something was asked stays counted."""
    statement = question_table.update().where(question_table.c.message_id == message_id)
    connection.execute(statement.values(_NO_TEXT))


def forget(connection: Connection, chat_keys: Sequence[str]) -> None:
    """Unlink the questions of a citizen who left; the questions stay as counts."""
    statement = question_table.update().where(question_table.c.chat_key.in_(chat_keys))
    connection.execute(statement.values(chat_key=""))
