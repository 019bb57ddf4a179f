"""Find in the log the questions that staff should look at, newest first, and nothing about who asked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    not_,
    or_,
    select,
)

from knowledge.records.questions import DECLINED, question_table
from knowledge.text import either_kana, normalise

Condition: TypeAlias = ColumnElement[bool]

UNSURE_BELOW = 0.97
"""An answer that is right with less likelihood is looked at: of the repository's 440 answered
questions 14 %, and 8 of the 12 wrong ones among them."""

NEEDED, EVERYTHING = "needed", "all"
UNSOLVED, NONE_OF_THESE, UNSURE = "unsolved", "none_of_these", "unsure"
"""What may be looked at: all that needs it, one kind of it, or everything."""

MAX_WORDS = 100
_ESCAPE = "!"

MAY_NEED_A_LOOK = ("", "answer", "choose", "none")
"""The other decisions, and the reasons to decline, are as they should be."""

_question = question_table.c


@dataclass(frozen=True)
class Search:
    """Which questions: asked from one time (in seconds) until before another, and how answered.

    `decision` may also be a reason to decline. `look` leaves out what was answered and not
    complained about; what cannot need a look is found whatever it says. `meaning` tells whether
    the engine compared meanings, too (None: either).
    """

    since: float
    until: float
    words: str = ""
    decision: str = ""
    meaning: bool | None = None
    look: str = NEEDED
    unsure_below: float = UNSURE_BELOW


class Asked(NamedTuple):
    """One asking: the normalised wording and the one typed, the month's hash of who, and when.

    `mark` is what speaks for a look at it: what the citizen did, else how it was decided.
    """

    event_id: str
    normalised: str
    redacted: str
    person: str
    at: int
    shown: str
    mark: str


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
    chance: float | None
    reason: str


def newest(connection: Connection, search: Search, limit: int) -> list[Asked]:
    """The newest askings that a search finds; those whose text was erased are not among them."""
    statement = select(
        _question.event_id,
        _question.normalised,
        _question.redacted,
        _question.chat_key,
        _question.asked_at,
        _question.shown,
        _mark(search).label("mark"),
    ).where(*_conditions(search))
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


def _conditions(search: Search) -> list[Condition]:
    found: list[Condition] = [
        _question.asked_at >= int(search.since * 1000),
        _question.asked_at < int(search.until * 1000),
        _question.normalised != "",
    ]
    if search.decision in MAY_NEED_A_LOOK and search.look != EVERYTHING:
        found.append(_needs_a_look(search))
    if search.decision in DECLINED:
        found.append(_question.reason == search.decision)
    elif search.decision:
        found += [_question.decision == search.decision, _question.reason.is_(None)]
    if search.meaning is not None:
        means = _question.engine.startswith("lexical+", autoescape=True)
        found.append(means if search.meaning else not_(means))
    return found + _holding(search.words)


def _holding(words: str) -> list[Condition]:
    """Every word must stand somewhere, in either kana; marks, which the log leaves out, find nothing."""
    wanted = normalise(words[:MAX_WORDS]).split()
    if words.strip() and not wanted:
        return [false()]
    return [or_(*map(_contains, sorted(either_kana(word)))) for word in wanted]


def _contains(word: str) -> Condition:
    return _question.normalised.contains(word, autoescape=True, escape=_ESCAPE)


def _needs_a_look(search: Search) -> Condition:
    """Not answered, nothing chosen of what was offered, no help, or answered without being sure."""
    kinds = {
        UNSOLVED: _did("unsolved:"),
        NONE_OF_THESE: _did("none_of_these"),
        UNSURE: _is_unsure(search),
    }
    if search.look in kinds:
        return kinds[search.look]
    return or_(
        and_(_question.decision == "none", _question.reason.is_(None)),
        and_(_question.decision == "choose", not_(_did("entry:"))),
        *kinds.values(),
    )


def _mark(search: Search) -> ColumnElement[str]:
    """How an asking went, in one word."""
    return case(
        (_did("unsolved:"), UNSOLVED),
        (_did("none_of_these"), NONE_OF_THESE),
        (_is_unsure(search), UNSURE),
        else_=func.coalesce(_question.reason, _question.decision),
    )


def _is_unsure(search: Search) -> Condition:
    return and_(_question.decision == "answer", _question.chance < search.unsure_below)


def _did(step: str) -> Condition:
    return func.coalesce(_question.next_steps, "").contains(step)


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
            chance=row.chance,
            reason=row.reason or "",
        )
        for row in rows
    ]
