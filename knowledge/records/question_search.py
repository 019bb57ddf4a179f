"""Find in the log the questions that staff should look at, newest first, and nothing about who asked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Float,
    Select,
    and_,
    cast,
    false,
    func,
    not_,
    or_,
    select,
)

from knowledge.records.questions import question_table
from knowledge.text import normalise

Condition: TypeAlias = ColumnElement[bool]

LOW_SCORE = 0.9
"""Of the first entry shown. An answer's is 1 or more unless the evidence for it was weak."""

MAX_WORDS = 100
_ESCAPE = "!"

_question = question_table.c


@dataclass(frozen=True)
class Search:
    """Which questions: asked from one time (in seconds) until before another, and how answered.

    `needs_a_look` leaves out what was answered and not complained about; `meaning` tells whether
    the engine compared meanings, too (None: either).
    """

    since: float
    until: float
    words: str = ""
    decision: str = ""
    meaning: bool | None = None
    needs_a_look: bool = True


class Asked(NamedTuple):
    """One asking: the normalised wording and the one typed, the month's hash of who, and when."""

    event_id: str
    normalised: str
    redacted: str
    person: str
    at: int
    shown: str


@dataclass(frozen=True)
class Kept:
    """All that is stored of a question but who asked it; times in seconds, steps as commands."""

    event_id: str
    asked_at: float
    redacted: str
    normalised: str
    decision: str
    shown: tuple[tuple[str, float], ...]
    steps: tuple[str, ...]
    next_at: float | None
    engine: str
    revision: int
    milliseconds: float


def newest(connection: Connection, search: Search, limit: int) -> list[Asked]:
    """The newest askings that a search finds; those whose text was erased are not among them."""
    statement = select(
        _question.event_id,
        _question.normalised,
        _question.redacted,
        _question.chat_key,
        _question.asked_at,
        _question.shown,
    ).where(*_conditions(connection, search))
    rows = connection.execute(statement.order_by(_question.asked_at.desc()).limit(limit))
    return [Asked._make(row) for row in rows]


def those(connection: Connection, event_ids: Sequence[str]) -> list[Kept]:
    """What is stored of some questions, newest first."""
    statement = select(question_table).where(_question.event_id.in_(event_ids))
    return _kept(connection, statement)


def one(connection: Connection, event_id: str) -> Kept | None:
    """What is stored of one question."""
    found = those(connection, [event_id])
    return found[0] if found else None


def top_ids(shown: str) -> list[str]:
    """The entries of a question's `shown`, in order."""
    return [entry_id for entry_id, _ in json.loads(shown)]


def _conditions(connection: Connection, search: Search) -> list[Condition]:
    found: list[Condition] = [
        _question.asked_at >= int(search.since * 1000),
        _question.asked_at < int(search.until * 1000),
        _question.normalised != "",
    ]
    if search.needs_a_look:
        found.append(_needs_a_look(connection))
    if search.decision:
        found.append(_question.decision == search.decision)
    if search.meaning is not None:
        means = _question.engine.startswith("lexical+", autoescape=True)
        found.append(means if search.meaning else not_(means))
    return found + _holding(search.words)


def _holding(words: str) -> list[Condition]:
    """Every word must stand somewhere; nothing is found by marks alone, which the log leaves out."""
    wanted = normalise(words[:MAX_WORDS]).split()
    if words.strip() and not wanted:
        return [false()]
    return [_question.normalised.contains(word, autoescape=True, escape=_ESCAPE) for word in wanted]


def _needs_a_look(connection: Connection) -> Condition:
    """Not answered, nothing chosen of what was offered, no help, or shown on weak evidence."""
    steps = func.coalesce(_question.next_steps, "")
    nothing_chosen = or_(steps.contains("none_of_these"), not_(steps.contains("entry:")))
    return or_(
        _question.decision == "none",
        and_(_question.decision == "choose", nothing_chosen),
        steps.contains("unsolved:"),
        and_(_question.decision == "answer", _top_score(connection) < LOW_SCORE),
    )


def _top_score(connection: Connection) -> ColumnElement[Any]:
    if connection.dialect.name == "postgresql":
        score: ColumnElement[Any] = cast(_question.shown, JSON)[(0, 1)].as_float()
        return score
    return cast(func.json_extract(_question.shown, "$[0][1]"), Float)


def _kept(connection: Connection, statement: Select[Any]) -> list[Kept]:
    rows = connection.execute(statement.order_by(_question.asked_at.desc(), _question.event_id))
    return [
        Kept(
            event_id=row.event_id,
            asked_at=row.asked_at / 1000,
            redacted=row.redacted,
            normalised=row.normalised,
            decision=row.decision,
            shown=tuple((entry_id, score) for entry_id, score in json.loads(row.shown)),
            steps=tuple((row.next_steps or "").split()),
            next_at=None if row.next_at is None else row.next_at / 1000,
            engine=row.engine,
            revision=row.revision,
            milliseconds=row.milliseconds,
        )
        for row in rows
    ]
