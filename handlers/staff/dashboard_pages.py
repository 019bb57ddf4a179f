"""How the guide is used: a page of figures with its charts."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from handlers.staff import charts, guard, overview, values
from handlers.staff.desk import Desk
from handlers.staff.downloads import Number
from handlers.staff.overview import Period, Table
from knowledge.records.figures import Figures
from knowledge.remembered import Remembered

KEPT_SECONDS = 60.0
"""A month of 80,000 questions takes half a second to count; page and charts share one counting."""

CHARTS: dict[str, Callable[[Figures], Table]] = {
    "hours": overview.hours,
    "weekdays": overview.weekdays,
}


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/dashboard` and its charts."""
    counted: Remembered[Figures] = Remembered(KEPT_SECONDS, desk.clock)
    _add_page(blueprint, desk, counted)
    _add_chart(blueprint, desk, counted)


def _add_page(blueprint: Blueprint, desk: Desk, counted: Remembered[Figures]) -> None:
    @blueprint.get("/dashboard")
    @guard.needs("viewer")
    def dashboard() -> str:
        period = _period(desk.today())
        found = counted.get(period, lambda: overview.count(desk, period))
        return render_template(
            "staff/dashboard.html", period=period, tables=overview.tables(desk, found)
        )


def _add_chart(blueprint: Blueprint, desk: Desk, counted: Remembered[Figures]) -> None:
    @blueprint.get("/dashboard/chart/<name>.svg")
    @guard.needs("viewer")
    def dashboard_chart(name: str) -> Response:
        if name not in CHARTS:
            abort(404)
        period = _period(desk.today())
        found = counted.get(period, lambda: overview.count(desk, period))
        return drawing(CHARTS[name](found))


def drawing(table: Table) -> Response:
    """The chart of a table whose second cells are counts."""
    labels = [str(row[0]).removesuffix("時").removesuffix("曜") for row in table.rows]
    values = [int(row[1].value) for row in table.rows if isinstance(row[1], Number)]
    response = Response(charts.bars(labels, values), mimetype=charts.MEDIA_TYPE)
    response.headers["Content-Security-Policy"] = charts.POLICY
    return response


def _period(today: date) -> Period:
    """The days of the address."""
    return Period(*values.days(request.args.get("from", ""), request.args.get("to", ""), today))
