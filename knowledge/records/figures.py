"""Count what was asked within a time: how much, when, how answered, how fast, never by whom."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Integer, case, cast, func, literal_column, select

from knowledge.records.questions import question_table

HOUR_MS = 60 * 60 * 1000
JAPAN_MS = 9 * HOUR_MS
EPOCH_WEEKDAY = 3
"""1 January 1970 was a Thursday; Monday is 0."""

REASONS = ("wrong", "old", "hard", "still")
ANSWERED, OFFERED, NOT_FOUND = "answer", "choose", "none"
DECLINED = "declined"
"""Counted beside the decisions: nothing was given, and that is as it should be."""

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


class Unanswered(NamedTuple):
    """A wording for which nothing was found, one way it was typed, how often and by how many."""

    normalised: str
    typed: str
    times: int
    people: int


@dataclass(frozen=True)
class Speed:
    """Milliseconds within which half, and 95 of 100, of the questions were worked out."""

    p50: int
    p95: int


@dataclass(frozen=True)
class Figures:
    """All counts of a window; `shown` by entry: (answered with it first, offered it first)."""

    people: int
    amounts: Amounts
    feedback: Feedback
    shown: Mapping[str, tuple[int, int]]
    unanswered: tuple[Unanswered, ...]
    speed: Speed


def of_window(connection: Connection, window: Window) -> Figures:
    """Everything the dashboard and the report tell."""
    return Figures(
        people(connection, window),
        amounts(connection, window),
        feedback(connection, window),
        shown(connection, window),
        unanswered(connection, window),
        speed(connection, window),
    )


def decisions(connection: Connection, window: Window) -> dict[str, int]:
    """Questions by decision, for whoever needs no more."""
    counted = select(_DECIDED, func.count()).where(_within(window)).group_by(_DECIDED)
    return {row[0]: row[1] for row in connection.execute(counted)}


def people(connection: Connection, window: Window) -> int:
    """How many asked. Nobody is known from one month to the next, so each month counts anew."""
    known = func.count(_c.chat_key.distinct())
    found = connection.execute(select(known).where(_within(window), _c.chat_key != ""))
    return int(found.scalar_one())


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


def shown(connection: Connection, window: Window) -> dict[str, tuple[int, int]]:
    """How often each entry came first: in an answer, and among choices."""
    first = _first_shown(connection).label("first")
    counted = select(first, _c.decision, func.count()).where(
        _within(window), _c.decision.in_((ANSWERED, OFFERED)), _c.shown != "[]"
    )
    found: dict[str, tuple[int, int]] = {}
    for entry_id, decision, count in connection.execute(counted.group_by(first, _c.decision)):
        answered, offered = found.get(entry_id, (0, 0))
        is_answer = decision == ANSWERED
        found[entry_id] = (answered + count, offered) if is_answer else (answered, offered + count)
    return found


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
    """Half and 95 of 100, to a millisecond; zeros when nothing was asked."""
    whole = cast(_c.milliseconds, Integer).label("whole")
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


def _first_shown(connection: Connection) -> ColumnElement[Any]:
    """The id out of `[["id", 1.2], …`; stores differ in what they call the place of a letter."""
    place = func.strpos if connection.dialect.name == "postgresql" else func.instr
    return func.substr(_c.shown, 4, place(_c.shown, '",') - 4)
