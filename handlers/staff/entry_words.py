"""An entry's dates, plan rows and sources in words that tell a clerk what to look at."""

import re
from dataclasses import dataclass
from datetime import date

from knowledge import plan
from knowledge.entry import CONFIDENCE_WORDS, Entry, Source

MARKS = {"◇": "検討", "△": "一部で実施", "○": "実施", "●": "拡充して実施"}
"""The plan's marks; what they mean for a citizen on a day says `plan.status`."""

NO_MARKS = "計画の印が読み取れません。"

STALE_AFTER_DAYS = 365
UNSURE = {
    "third_party": "市の発表ではありません。市のページで確かめてください。",
    "inferred": "ほかの事実からの推測です。市のページで確かめてください。",
}
NO_DATE = "いつの情報か分かりません。変わっていないか確かめてください。"
OLD = "1年以上前の情報です。変わっていないか確かめてください。"

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True)
class PlanLine:
    """A row of the plan beside an entry: its marks by year, and what is said of it today."""

    row_id: str
    name: str
    marks: tuple[tuple[str, str], ...]
    said: str


@dataclass(frozen=True)
class SourceLine:
    """A source, what kind it is, and why it may no longer be right."""

    source: Source
    kind: str
    risk: str


def plan_lines(entry: Entry, day: date) -> list[PlanLine]:
    """The rows of the plan that an entry is about; one the plan does not have says so."""
    return [_plan_line(row_id, entry, day) for row_id in entry.plan]


def source_lines(entry: Entry, day: date) -> list[SourceLine]:
    """The sources of an entry."""
    return [
        SourceLine(source, CONFIDENCE_WORDS[source.confidence], risk(source, day))
        for source in entry.sources
    ]


def risk(source: Source, day: date) -> str:
    """Why a source may no longer be right, in a sentence; empty where nothing speaks against it."""
    if source.confidence in UNSURE:
        return UNSURE[source.confidence]
    if source.confidence == "seed":
        return ""  # the plan is what it was when it was made; plan.status says what that means now
    written = _day_in(source.date or "")
    if written is None:
        return NO_DATE
    return OLD if (day - written).days > STALE_AFTER_DAYS else ""


def day_words(day: date) -> str:
    """2027-03-31 → 2027年3月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def left_words(until: date, day: date) -> str:
    """How far away a date is, or how long past."""
    days = (until - day).days
    if days < 0:
        return f"{-days}日過ぎています"
    return f"あと{days}日" if days else "今日まで"


def _plan_line(row_id: str, entry: Entry, day: date) -> PlanLine:
    row = plan.rows().get(row_id)
    if row is None:
        return PlanLine(row_id, "計画にない事業です", (), "")
    marks = tuple(
        (f"令和{year[1:]}年度", f"{mark} {MARKS[mark]}" if mark in MARKS else NO_MARKS)
        for year, mark in (row.marks or {}).items()
    )
    return PlanLine(row_id, row.name, marks, plan.status(row.marks, day, entry.available).text)


def _day_in(written: str) -> date | None:
    """The last day that a date means: staff also write 2025-02頃 and 2026."""
    found = _DAY.search(written)
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        return date(year, month or 12, day or 28)
    except ValueError:
        return None
