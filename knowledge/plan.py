"""Say honestly what 長崎市DX推進計画 tells of a service on a given day: a plan is no proof of use."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import cache
from pathlib import Path

from knowledge.entry import Available

JST = timezone(timedelta(hours=9), "JST")
"""Japan has no summer time, so a fixed offset is exact and needs no time zone database."""

FIRST_YEAR, LAST_YEAR = 7, 9
"""The plan covers Reiwa 7 to 9 (fiscal years, April to March)."""

ROWS_FILE = Path(__file__).with_name("plan_rows.json")
ASK_DEPARTMENT = "最新の状況は担当課へお尋ねください。"


class StatusKind(StrEnum):
    """What can honestly be said of a plan row on a day."""

    AVAILABLE = "available"
    STUDYING = "studying"
    PARTLY = "partly"
    PLANNED = "planned"
    EXPANDING = "expanding"
    NOT_TOLD = "not_told"
    BEFORE_PLAN = "before_plan"
    UNCONFIRMED = "unconfirmed"


_MARK_KINDS = {
    "◇": (StatusKind.STUDYING, "検討中"),
    "△": (StatusKind.PARTLY, "一部で実施（計画）"),
    "○": (StatusKind.PLANNED, "実施（計画）"),
    "●": (StatusKind.EXPANDING, "拡充して実施（計画）"),
}


@dataclass(frozen=True)
class PlanRow:
    """One 個別事業 of the plan; `marks` maps "R7", "R8", "R9" to a mark, None where unreadable."""

    id: str
    name: str
    summary: str
    departments: tuple[str, ...]
    marks: Mapping[str, str | None] | None

    @property
    def text(self) -> str:
        """Everything the plan says in words, for checking facts against."""
        return " ".join((self.name, self.summary, *self.departments))


@dataclass(frozen=True)
class Status:
    """What to say: a kind for machines, a sentence for citizens."""

    kind: StatusKind
    text: str

    @property
    def needs_staff(self) -> bool:
        """True when the plan has run out and staff must look again."""
        return self.kind is StatusKind.UNCONFIRMED


def today(now: datetime | None = None) -> date:
    """The date in Japan."""
    return (now or datetime.now(tz=JST)).astimezone(JST).date()


def midnight(day: date) -> float:
    """When a day begins in Japan, in seconds since 1970."""
    return datetime.combine(day, time(), JST).timestamp()


def fiscal_year(day: date) -> int:
    """The Reiwa fiscal year (April to March) of a day: 2026-03-31 → 7, 2026-04-01 → 8."""
    return day.year - 2018 - (day.month < 4)


def status(
    marks: Mapping[str, str | None] | None, day: date, available: Available | None
) -> Status:
    """The honest status on a day (DESIGN.md, "Honest status").

    An official proof that the service is in use beats the plan from its first day on.
    """
    if available is not None and available.since <= day:
        since = f"{available.since.year}年{available.since.month}月"
        return Status(StatusKind.AVAILABLE, f"利用できます（{since}の市の公表で確認）。")
    year = fiscal_year(day)
    if year > LAST_YEAR:
        return Status(
            StatusKind.UNCONFIRMED,
            f"確認中です。計画の期間（令和{FIRST_YEAR}〜{LAST_YEAR}年度）が終わっています。{ASK_DEPARTMENT}",
        )
    if year < FIRST_YEAR:
        return Status(
            StatusKind.BEFORE_PLAN,
            f"計画の期間（令和{FIRST_YEAR}〜{LAST_YEAR}年度）より前のため、計画からは分かりません。{ASK_DEPARTMENT}",
        )
    mark = _mark_of(marks, year)
    if mark is None:
        return Status(
            StatusKind.NOT_TOLD, f"令和{year}年度の状況は、計画からは分かりません。{ASK_DEPARTMENT}"
        )
    kind, words = _MARK_KINDS[mark]
    return Status(kind, f"令和{year}年度の市の計画では「{words}」です。{ASK_DEPARTMENT}")


@cache
def rows() -> Mapping[str, PlanRow]:
    """All 117 rows of the plan by id; read from the file once, as it never changes."""
    data = json.loads(ROWS_FILE.read_text(encoding="utf-8"))
    return {
        row["id"]: PlanRow(
            id=row["id"],
            name=row["name"],
            summary=row["summary"],
            departments=tuple(row["departments"]),
            marks=row["marks"],
        )
        for row in data["rows"]
    }


def _mark_of(marks: Mapping[str, str | None] | None, year: int) -> str | None:
    """The year's mark; None unless all three are known, as one missing mark makes all doubtful."""
    years = [f"R{number}" for number in range(FIRST_YEAR, LAST_YEAR + 1)]
    if marks is None or any(marks.get(key) not in _MARK_KINDS for key in years):
        return None
    return marks[f"R{year}"]
