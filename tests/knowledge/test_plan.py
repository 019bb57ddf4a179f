"""The plan's marks and a date give an honest status, never more than the plan or a proof says."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from knowledge import plan
from knowledge.entry import Available
from knowledge.plan import StatusKind
from tests.builders import a_plan_row

MARKS = [
    pytest.param("◇", StatusKind.STUDYING, "「検討中」", id="studied"),
    pytest.param("△", StatusKind.PARTLY, "「一部で実施（計画）」", id="partly"),
    pytest.param("○", StatusKind.PLANNED, "「実施（計画）」", id="planned"),
    pytest.param("●", StatusKind.EXPANDING, "「拡充して実施（計画）」", id="expanding"),
]
EVERY_MARK = ["◇", "△", "○", "●"]
DAYS_OF_THE_PLAN = [
    pytest.param(7, date(2025, 4, 1), id="R7-first-day"),
    pytest.param(7, date(2025, 12, 31), id="R7-new-years-eve"),
    pytest.param(7, date(2026, 1, 1), id="R7-new-year"),
    pytest.param(7, date(2026, 3, 31), id="R7-last-day"),
    pytest.param(8, date(2026, 4, 1), id="R8-first-day"),
    pytest.param(8, date(2026, 11, 22), id="R8-autumn"),
    pytest.param(8, date(2027, 3, 31), id="R8-last-day"),
    pytest.param(9, date(2027, 4, 1), id="R9-first-day"),
    pytest.param(9, date(2028, 2, 29), id="R9-leap-day"),
    pytest.param(9, date(2028, 3, 31), id="R9-last-day"),
]
BEFORE_THE_PLAN = [
    pytest.param(date(2025, 3, 31), id="the-day-before"),
    pytest.param(date(2022, 3, 1), id="years-before"),
]
AFTER_THE_PLAN = [
    pytest.param(date(2028, 4, 1), id="the-day-after"),
    pytest.param(date(2031, 1, 1), id="years-after"),
]
INCOMPLETE = [
    pytest.param(None, id="no-marks"),
    pytest.param({}, id="empty"),
    pytest.param({"R7": "◇", "R8": "○"}, id="R9-missing"),
    pytest.param({"R8": "○", "R9": "○"}, id="R7-missing"),
    pytest.param({"R7": "○", "R8": None, "R9": "●"}, id="R8-unreadable"),
    pytest.param({"R7": "○", "R8": "○", "R9": "?"}, id="unknown-mark"),
    pytest.param({"R7": None, "R8": None, "R9": None}, id="all-unreadable"),
]
EVERY_YEAR_USABLE = {"R7": "○", "R8": "○", "R9": "●"}


def marks_with(year: int, mark: str) -> dict[str, str]:
    """A row whose other years bear another mark, so that reading the wrong year shows."""
    other = "○" if mark == "◇" else "◇"
    return {"R7": other, "R8": other, "R9": other, f"R{year}": mark}


@pytest.mark.parametrize(("mark", "kind", "words"), MARKS)
@pytest.mark.parametrize(("year", "day"), DAYS_OF_THE_PLAN)
def test_a_mark_tells_the_status_of_its_fiscal_year(
    mark: str, kind: StatusKind, words: str, year: int, day: date
) -> None:
    row = a_plan_row(marks=marks_with(year, mark))

    status = plan.status(row.marks, day, None)

    assert status.kind is kind
    assert status.text == f"令和{year}年度の市の計画では{words}です。{plan.ASK_DEPARTMENT}"
    assert not status.needs_staff


@pytest.mark.parametrize("mark", EVERY_MARK)
@pytest.mark.parametrize("day", BEFORE_THE_PLAN)
def test_before_the_plan_its_marks_tell_nothing(mark: str, day: date) -> None:
    marks = dict.fromkeys(("R7", "R8", "R9"), mark)

    status = plan.status(marks, day, None)

    assert status.kind is StatusKind.BEFORE_PLAN
    assert status.text.endswith(plan.ASK_DEPARTMENT)
    assert not status.needs_staff


@pytest.mark.parametrize("mark", EVERY_MARK)
@pytest.mark.parametrize("day", AFTER_THE_PLAN)
def test_after_the_plan_the_status_waits_for_staff(mark: str, day: date) -> None:
    marks = dict.fromkeys(("R7", "R8", "R9"), mark)

    status = plan.status(marks, day, None)

    assert status.kind is StatusKind.UNCONFIRMED
    assert status.text.startswith("確認中です。")
    assert status.text.endswith(plan.ASK_DEPARTMENT)
    assert status.needs_staff


@pytest.mark.parametrize("marks", INCOMPLETE)
@pytest.mark.parametrize(("year", "day"), DAYS_OF_THE_PLAN)
def test_incomplete_marks_tell_that_the_plan_does_not_tell(
    marks: dict[str, str | None] | None, year: int, day: date
) -> None:
    row = a_plan_row(marks=marks)

    status = plan.status(row.marks, day, None)

    assert status.kind is StatusKind.NOT_TOLD
    expected = f"令和{year}年度の状況は、計画からは分かりません。{plan.ASK_DEPARTMENT}"
    assert status.text == expected


@pytest.mark.parametrize("marks", INCOMPLETE)
@pytest.mark.parametrize("day", AFTER_THE_PLAN)
def test_incomplete_marks_also_wait_for_staff_after_the_plan(
    marks: dict[str, str | None] | None, day: date
) -> None:
    row = a_plan_row(marks=marks)

    status = plan.status(row.marks, day, None)

    assert status.kind is StatusKind.UNCONFIRMED


@pytest.mark.parametrize("mark", EVERY_MARK)
@pytest.mark.parametrize(
    "day", [*(day.values[1] for day in DAYS_OF_THE_PLAN), date(2020, 1, 1), date(2030, 1, 1)]
)
def test_a_plan_alone_never_makes_a_service_usable(mark: str, day: date) -> None:
    marks = dict.fromkeys(("R7", "R8", "R9"), mark)

    status = plan.status(marks, day, None)

    assert status.kind is not StatusKind.AVAILABLE
    assert "利用でき" not in status.text


@pytest.mark.parametrize("mark", EVERY_MARK)
@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2026, 1, 18), id="its-first-day"),
        pytest.param(date(2026, 11, 22), id="later-in-the-plan"),
        pytest.param(date(2030, 1, 1), id="after-the-plan"),
    ],
)
def test_an_official_proof_beats_every_mark_from_its_day_on(mark: str, day: date) -> None:
    proof = Available(since=date(2026, 1, 18), source="https://www.city.nagasaki.lg.jp/")

    status = plan.status(dict.fromkeys(("R7", "R8", "R9"), mark), day, proof)

    assert status.kind is StatusKind.AVAILABLE
    assert status.text == "利用できます（2026年1月の市の公表で確認）。"
    assert not status.needs_staff


@pytest.mark.parametrize("marks", [*INCOMPLETE, pytest.param(EVERY_YEAR_USABLE, id="complete")])
def test_an_official_proof_counts_before_the_plan_too(
    marks: dict[str, str | None] | None,
) -> None:
    proof = Available(since=date(2024, 1, 1), source="https://www.city.nagasaki.lg.jp/")

    status = plan.status(marks, date(2024, 6, 1), proof)

    assert status.kind is StatusKind.AVAILABLE


@pytest.mark.parametrize(("mark", "kind", "words"), MARKS)
def test_a_proof_that_begins_tomorrow_proves_nothing_today(
    mark: str, kind: StatusKind, words: str
) -> None:
    proof = Available(since=date(2026, 1, 18), source="https://www.city.nagasaki.lg.jp/")

    status = plan.status(marks_with(7, mark), date(2026, 1, 17), proof)

    assert status.kind is kind
    assert words in status.text
    assert "利用でき" not in status.text


@pytest.mark.parametrize(
    ("day", "year"),
    [
        pytest.param(date(2019, 5, 1), 1, id="first-day-of-reiwa"),
        pytest.param(date(2025, 3, 31), 6, id="last-day-of-R6"),
        pytest.param(date(2025, 4, 1), 7, id="first-day-of-R7"),
        pytest.param(date(2026, 3, 31), 7, id="last-day-of-R7"),
        pytest.param(date(2026, 4, 1), 8, id="first-day-of-R8"),
        pytest.param(date(2028, 4, 1), 10, id="first-day-of-R10"),
    ],
)
def test_a_fiscal_year_begins_on_the_first_of_april(day: date, year: int) -> None:
    found = plan.fiscal_year(day)

    assert found == year


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 15, 0, 0, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 4, 1, 0, 0, 0, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 4, 1, 0, 0, 0, tzinfo=plan.JST), date(2026, 4, 1)),
        (datetime(2026, 4, 1, 0, 30, tzinfo=timezone(timedelta(hours=14))), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 10, 0, tzinfo=timezone(timedelta(hours=-8))), date(2026, 4, 1)),
    ],
    ids=["second-before", "japanese-midnight", "utc-midnight", "jst", "far-east", "far-west"],
)
def test_today_is_the_date_in_japan(now: datetime, day: date) -> None:
    found = plan.today(now)

    assert found == day


def test_today_needs_no_clock_handed_in() -> None:
    before = datetime.now(tz=plan.JST).date()

    today = plan.today()

    assert before <= today <= datetime.now(tz=plan.JST).date()


def test_the_plan_has_117_rows_and_15_of_them_bear_no_marks() -> None:
    rows = plan.rows()

    without_marks = [row for row in rows.values() if row.marks is None]

    assert len(rows) == 117
    assert len(without_marks) == 15


def test_every_marked_row_says_all_three_years() -> None:
    marked = [row for row in plan.rows().values() if row.marks is not None]

    said = {(tuple(row.marks), set(row.marks.values()) <= set(EVERY_MARK)) for row in marked}

    assert said == {(("R7", "R8", "R9"), True)}


def test_the_rows_are_those_of_the_city_s_plan(shared_data: Path) -> None:
    source = json.loads((shared_data / "plan.json").read_text(encoding="utf-8"))
    expected = {r["id"]: None if r["ambiguous"] else r["status"] for r in source["rows"]}

    found = {row.id: row.marks for row in plan.rows().values()}

    assert found == expected
