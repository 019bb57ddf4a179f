"""Count what was asked within a time: how much, when, how answered, how fast, never by whom."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
)

from knowledge.records.question_search import top_ids
from knowledge.records.questions import question_table

HOUR_MS = 60 * 60 * 1000
JAPAN_MS = 9 * HOUR_MS
EPOCH_WEEKDAY = 3
"""1 January 1970 was a Thursday; Monday is 0."""

REASONS = ("wrong", "old", "hard", "still")
ANSWERED, OFFERED, NOT_FOUND = "answer", "choose", "none"
DECLINED = "declined"
"""Counted beside the decisions: nothing was given, and that is as it should be."""

OF_SERVICES = (ANSWERED, OFFERED, NOT_FOUND)
"""Greetings, emergencies and what was declined are no questions about a service."""

_ANOTHER = "], ["
"""In a `shown` that holds more than one entry."""

_c = question_table.c
_DECIDED = case((_c.reason.is_not(None), literal_column(f"'{DECLINED}'")), else_=_c.decision)


@dataclass(frozen=True)
class Window:
    """From one time until before another, in seconds since 1970."""

    since: float
    until: float


@dataclass(frozen=True)
class Amounts:
    """Questions by decision, by hour of the day and by weekday from Monday, in Japan's time."""

    decisions: Mapping[str, int]
    hours: tuple[int, ...]
    weekdays: tuple[int, ...]

    @property
    def questions(self) -> int:
        """All of them."""
        return sum(self.decisions.values())


@dataclass(frozen=True)
class Feedback:
    """What citizens did after an answer: counts of questions, each counted once for each."""

    solved: int
    unsolved: int
    chosen: int
    none_of_these: int
    reasons: Mapping[str, int]


class Asked(NamedTuple):
    """How often an entry was given as an answer, was the first of choices, and was chosen."""

    answered: int
    offered: int
    chosen: int


class Unanswered(NamedTuple):
    """A wording for which nothing was found, one way it was typed, how often and by how many."""

    normalised: str
    typed: str
    times: int
    people: int


@dataclass(frozen=True)
class Speed:
    """Milliseconds, rounded up, within which half, and 95 of 100, of the questions were worked out."""

    p50: int
    p95: int


@dataclass(frozen=True)
class Figures:
    """All counts of a window; `nameless` are questions that no longer tell one person from others."""

    people: int
    nameless: int
    amounts: Amounts
    feedback: Feedback
    asked: Mapping[str, Asked]
    unanswered: tuple[Unanswered, ...]
    speed: Speed


def of_window(connection: Connection, window: Window) -> Figures:
    """Everything the dashboard and the report tell."""
    return Figures(
        *people(connection, window),
        amounts(connection, window),
        feedback(connection, window),
        asked(connection, window),
        unanswered(connection, window),
        speed(connection, window),
    )


def decisions(connection: Connection, window: Window) -> dict[str, int]:
    """Questions by decision, for whoever needs no more."""
    counted = select(_DECIDED, func.count()).where(_within(window)).group_by(_DECIDED)
    return {row[0]: row[1] for row in connection.execute(counted)}


def people(connection: Connection, window: Window) -> tuple[int, int]:
    """How many asked, and the questions that have lost the mark of who it was.

    Nobody is known from one month to the next, so each month counts anew.
    """
    each = select(_c.chat_key, func.count().label("times")).where(_within(window))
    mark, times = each.group_by(_c.chat_key).subquery().c
    lost = func.coalesce(func.sum(case((mark == "", times), else_=0)), 0)
    known, nameless = connection.execute(select(func.count(func.nullif(mark, "")), lost)).one()
    return int(known), int(nameless)


def of_services(decided: Mapping[str, int]) -> tuple[int, int]:
    """Of the questions about a service: those for which nothing was found, and all."""
    return decided.get(NOT_FOUND, 0), sum(decided.get(name, 0) for name in OF_SERVICES)


def amounts(connection: Connection, window: Window) -> Amounts:
    """Counts by decision, hour and weekday, from one walk through the window."""
    hour = ((_c.asked_at + JAPAN_MS) // HOUR_MS).label("hour")
    counted = select(hour, _DECIDED, func.count()).where(_within(window))
    by_decision: Counter[str] = Counter()
    hours, weekdays = [0] * 24, [0] * 7
    for number, decision, count in connection.execute(counted.group_by(hour, _DECIDED)):
        by_decision[decision] += count
        hours[number % 24] += count
        weekdays[(number // 24 + EPOCH_WEEKDAY) % 7] += count
    return Amounts(by_decision, tuple(hours), tuple(weekdays))


def feedback(connection: Connection, window: Window) -> Feedback:
    """What was chosen after the answers."""
    marks = ("solved:", "unsolved:", "entry:", "none_of_these", *(f"reason:{r}" for r in REASONS))
    sums = [func.coalesce(func.sum(case((_has_step(mark), 1), else_=0)), 0) for mark in marks]
    counted = select(*sums).where(_within(window), _c.next_steps.is_not(None))
    solved, unsolved, chosen, none, *reasons = map(int, connection.execute(counted).one())
    return Feedback(solved, unsolved, chosen, none, dict(zip(REASONS, reasons, strict=True)))


def asked(connection: Connection, window: Window) -> dict[str, Asked]:
    """How often each entry came up, those that never did left out."""
    answered, offered = _given(connection, window)
    chosen = _chosen(connection, window)
    ids = answered.keys() | offered.keys() | chosen.keys()
    return {one: Asked(answered[one], offered[one], chosen[one]) for one in ids}


def unanswered(connection: Connection, window: Window, limit: int = 200) -> tuple[Unanswered, ...]:
    """The wordings for which nothing was found, those of most people first."""
    asking = func.count(func.nullif(_c.chat_key, "").distinct()).label("people")
    times = func.count().label("times")
    counted = (
        select(_c.normalised, func.min(_c.redacted), times, asking)
        .where(_within(window), _DECIDED == NOT_FOUND, _c.normalised != "")
        .group_by(_c.normalised)
        .order_by(asking.desc(), times.desc(), _c.normalised)
        .limit(limit)
    )
    return tuple(Unanswered._make(row) for row in connection.execute(counted))


def speed(connection: Connection, window: Window) -> Speed:
    """Half and 95 of 100; zeros when nothing was asked."""
    near = cast(_c.milliseconds, Integer)  # cut by SQLite, rounded by PostgreSQL
    whole = case((near < _c.milliseconds, near + 1), else_=near).label("whole")
    counted = select(whole, func.count()).where(_within(window)).group_by(whole).order_by(whole)
    histogram = [(int(value), int(count)) for value, count in connection.execute(counted)]
    return Speed(_share(histogram, 0.5), _share(histogram, 0.95))


def _share(histogram: list[tuple[int, int]], share: float) -> int:
    wanted, seen = share * sum(count for _, count in histogram), 0
    for value, count in histogram:
        seen += count
        if seen >= wanted:
            return value
    return 0


def _within(window: Window) -> ColumnElement[bool]:
    return _c.asked_at.between(int(window.since * 1000), int(window.until * 1000) - 1)


def _has_step(mark: str) -> ColumnElement[bool]:
    """Steps are parted by spaces; `solved` is also the end of `unsolved`."""
    steps: ColumnElement[str] = " " + _c.next_steps
    return steps.contains(f" {mark}", autoescape=True)


def _given(connection: Connection, window: Window) -> tuple[Counter[str], Counter[str]]:
    """The entries of answers, and those that came first among choices.

    Few answers hold more than one entry: only those come whole, the others as the entry's id.
    """
    is_several = and_(_c.decision == ANSWERED, _c.shown.contains(_ANOTHER, autoescape=True))
    came = case((is_several, _c.shown), else_=_first_shown(connection)).label("came")
    counted = select(came, _c.decision, func.count()).where(
        _within(window), _c.decision.in_((ANSWERED, OFFERED)), _c.shown != "[]"
    )
    answered: Counter[str] = Counter()
    offered: Counter[str] = Counter()
    for one, decision, count in connection.execute(counted.group_by(came, _c.decision)):
        for entry_id in {*top_ids(one)} if _ANOTHER in one else (one,):
            (answered if decision == ANSWERED else offered)[entry_id] += count
    return answered, offered


def _chosen(connection: Connection, window: Window) -> Counter[str]:
    """Entries picked by hand, once for a question; the full text of an answer is no new choice."""
    answer = case((_c.decision == ANSWERED, _c.shown), else_="[]").label("answer")
    counted = select(answer, _c.next_steps, func.count()).where(
        _within(window), _c.next_steps.is_not(None), _has_step("entry:")
    )
    found: Counter[str] = Counter()
    for kept, steps, count in connection.execute(counted.group_by(answer, _c.next_steps)):
        picked = {s.split(":")[1] for s in steps.split() if s.startswith("entry:")}
        for entry_id in picked.difference(top_ids(kept)):
            found[entry_id] += count
    return found


def _first_shown(connection: Connection) -> ColumnElement[Any]:
    """The id out of `[["id", 1.2], …`; stores differ in what they call the place of a letter."""
    place = func.strpos if connection.dialect.name == "postgresql" else func.instr
    return func.substr(_c.shown, 4, place(_c.shown, '",') - 4)
