"""Take the groups of questions away as CSV or Excel; what few people asked stays here."""

import csv
import io
from collections.abc import Iterable, Sequence

import openpyxl  # type: ignore[import-untyped]  # the library has no types
from flask import Blueprint, abort
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]  # as above
from werkzeug.wrappers import Response

from handlers.staff import guard, question_queue, question_words
from handlers.staff.desk import Desk
from handlers.staff.filters import clock_time
from handlers.staff.question_pages import filters_of
from handlers.staff.question_queue import Group
from knowledge import cells, wording

SMALL_GROUP = 3
"""A group that fewer people asked about is not exported: one wording may tell who it was."""

HEADINGS = (
    "質問の例", "ほかの言い方", "尋ねた人数", "回数", "この週", "前の週", "最後に尋ねられた時", "状態",
)  # fmt: skip
WITHHELD = "（{count}組は、尋ねた人が{least}人より少ないので、書き出していません）"
MAX_CELL = 1000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/questions/export`."""

    @blueprint.get("/questions/export.<kind>")
    @guard.needs("publisher")
    def export_questions(kind: str) -> Response:
        if kind not in TYPES:
            abort(404)
        filters = filters_of(desk)
        queue = question_queue.load(desk, filters, guard.me().person_id)
        rows = table(queue.groups)
        content = to_csv(rows) if kind == "csv" else to_xlsx(rows)
        name = f"questions-{filters.since}-{filters.until}.{kind}"
        response = Response(content, content_type=TYPES[kind])
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Cache-Control"] = "no-store"
        return response


def table(groups: Iterable[Group]) -> list[list[str]]:
    """The rows of an export: headings, the groups enough people asked about, and what is missing."""
    found = list(groups)
    told = [group for group in found if group.people >= SMALL_GROUP]
    rows = [list(HEADINGS), *map(_row, told)]
    if len(told) < len(found):
        rows.append([WITHHELD.format(count=len(found) - len(told), least=SMALL_GROUP)])
    return rows


def to_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    text = io.StringIO()
    csv.writer(text).writerows([map(inert, row) for row in rows])
    return text.getvalue().encode("utf-8-sig", "replace")


def to_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of one sheet, all of it text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("質問")
    for row in rows:
        written = [WriteOnlyCell(sheet, inert(text)) for text in row]
        for cell in written:
            cell.data_type = "s"
        sheet.append(written)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, without marks nobody sees."""
    seen = "\n".join(map(wording.clean, text[:MAX_CELL].splitlines()))
    return cells.neutral(seen)


def _row(group: Group) -> list[str]:
    first, *others = group.wordings
    known = [w.typed for w in others if len({a.person for a in w.askings}) >= SMALL_GROUP]
    return [
        first.typed,
        "\n".join(known),
        str(group.people),
        str(group.times),
        str(group.this_week),
        str(group.week_before),
        clock_time(group.last_at),
        question_words.STATES.get(group.review.state, group.review.state),
    ]
