"""Keep what was asked, without who asked it: the log that staff learn from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Engine, Float, Index, Integer, String, Table, Text, func

from knowledge.records.store import insert, metadata

question_table = Table(
    "question",
    metadata,
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


@dataclass(frozen=True)
class Question:
    """One question as it is kept: redacted text, what was decided and shown, by which engine.

    `chat_key` is the monthly keyed hash; `shown` holds entry ids with their scores, in order.
    """

    event_id: str
    asked_at: float
    chat_key: str
    redacted: str
    normalised: str
    decision: str
    shown: Sequence[tuple[str, float]]
    engine: str
    revision: int
    milliseconds: float


def keep(engine: Engine, question: Question) -> None:
    """Write a question once, however often a worker tries."""
    values = {
        **vars(question),
        "asked_at": int(question.asked_at * 1000),
        "shown": json.dumps(list(question.shown)),
    }
    statement = insert(engine, question_table).values(values)
    with engine.begin() as connection:
        connection.execute(statement.on_conflict_do_nothing(index_elements=["event_id"]))


def note_next_step(engine: Engine, event_id: str, step: str, now: float) -> None:
    """Note what the citizen did after the answer, one step after the other.

    A choice, どれでもない, はい, いいえ, a reason: as the commands behind them, parted by spaces.
    """
    steps = func.coalesce(question_table.c.next_steps + " ", "") + step.replace(" ", "")
    statement = (
        question_table.update()
        .where(question_table.c.event_id == event_id)
        .values(next_steps=steps, next_at=int(now * 1000))
    )
    with engine.begin() as connection:
        connection.execute(statement)


def forget(engine: Engine, chat_key: str) -> None:
    """Unlink this month's questions from the citizen who left; the questions stay as counts."""
    statement = (
        question_table.update().where(question_table.c.chat_key == chat_key).values(chat_key="")
    )
    with engine.begin() as connection:
        connection.execute(statement)
