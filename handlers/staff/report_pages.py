"""The report of a month: a page to print, and the same as a workbook."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from handlers.staff import downloads, guard, overview
from handlers.staff.desk import Desk
from handlers.staff.downloads import Row, Sheet
from handlers.staff.overview import Period, Table
from handlers.staff.question_export import inert_row
from knowledge.records import settings, store
from knowledge.records.figures import Figures
from knowledge.remembered import Remembered

KEPT_SECONDS = 60.0
"""The page and its workbook are of one counting."""

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/report` and `/staff/report.xlsx`."""
    counted: Remembered[Figures] = Remembered(KEPT_SECONDS, desk.clock)
    _add_page(blueprint, desk, counted)
    _add_workbook(blueprint, desk, counted)


def _add_page(blueprint: Blueprint, desk: Desk, counted: Remembered[Figures]) -> None:
    @blueprint.get("/report")
    @guard.needs("viewer")
    def report() -> str:
        period = _month(request.args.get("month", ""), desk.today())
        return render_template(
            "staff/report.html",
            period=period,
            heading=_heading(period, desk.today()),
            month=f"{period.since:%Y-%m}",
            tables=_tables(desk, period, counted),
        )


def _add_workbook(blueprint: Blueprint, desk: Desk, counted: Remembered[Figures]) -> None:
    @blueprint.get("/report.xlsx")
    @guard.needs("viewer")
    def report_workbook() -> Response:
        period = _month(request.args.get("month", ""), desk.today())
        heading = _heading(period, desk.today())
        content = workbook(heading, _tables(desk, period, counted))
        return downloads.answer(content, f"report-{period.since:%Y-%m}", "xlsx")


def workbook(heading: str, tables: Sequence[Table]) -> bytes:
    """A sheet for each table: numbers to reckon with, text that is never taken for a formula."""
    return downloads.to_xlsx(Sheet(table.title, _rows(heading, table), [50]) for table in tables)


def _rows(heading: str, table: Table) -> list[Row]:
    rows = ((table.title, heading), (table.note,), table.headings, *table.rows)
    return [inert_row(row) for row in (rows if table.rows else (*rows, (table.empty,)))]


def _heading(period: Period, today: date) -> str:
    """The month, and whether more is to come."""
    if period.since > today:
        return f"{period}（まだ始まっていない月です）"
    if period.until >= today:
        return f"{period}（{today.month}月{today.day}日までの数です）"
    return str(period)


def _tables(desk: Desk, period: Period, counted: Remembered[Figures]) -> list[Table]:
    """What few people asked stays here: a report is printed and handed on."""
    found = counted.get(period, lambda: overview.count(desk, period))
    with store.reading(desk.records) as connection:
        least = settings.get(connection).small_group
    return overview.tables(desk, found, least)


def _month(text: str, today: date) -> Period:
    """The month of the address, otherwise the last whole one."""
    found = _MONTH.fullmatch(text)
    last = today.replace(day=1) - timedelta(days=1)
    year, month = (int(found[1]), int(found[2])) if found else (last.year, last.month)
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
