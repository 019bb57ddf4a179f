"""Take the groups of questions away as CSV or Excel; what few people asked stays here."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from handlers.staff import downloads, guard, question_queue, question_words
from handlers.staff.desk import Desk
from handlers.staff.downloads import TYPES, Number, Row, Sheet
from handlers.staff.filters import clock_time
from handlers.staff.question_pages import filters_of
from handlers.staff.question_queue import Filters, Group
from knowledge import cells, wording
from knowledge.records import audit, settings, store
from knowledge.records.audit import Act

HEADINGS = (
    "質問の例", "ほかの言い方", "尋ねた人数", "回数", "この週", "前の週", "最後に尋ねられた時",
    "結果", "状態",
)  # fmt: skip
WITHHELD = "（{count}組は、尋ねた人が{least}人より少ないので、書き出していません）"
NO_WORDING = "（どの言い方も、尋ねた人が{least}人より少ないので、書き出していません）"
MAX_CELL = 1000


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/questions/export`."""

    @blueprint.post("/questions/export.<kind>")
    @guard.needs("publisher")
    def export_questions(kind: str) -> Response:
        if kind not in TYPES:
            abort(404)
        filters = filters_of(desk)
        queue = question_queue.load(desk, filters, guard.me().person_id)
        with store.writing(desk.records) as connection:
            least = settings.get(connection).small_group
            count = len(_told(queue.groups, least))
            act = Act("export_questions", kind, detail=_noted(filters, count))
            audit.note(connection, guard.me(), act, desk.clock())
        rows = table(queue.groups, least)
        is_csv = kind == "csv"
        content = downloads.to_csv(rows) if is_csv else downloads.to_xlsx([Sheet("質問", rows)])
        return downloads.answer(content, f"questions-{filters.since}-{filters.until}", kind)


def table(groups: Sequence[Group], least: int) -> list[Row]:
    """The rows of an export: headings, the groups enough people asked about, and what is missing.

    What fewer people than `least` asked stays here: one wording may tell who it was.
    """
    told = _told(groups, least)
    rows: list[Row] = [HEADINGS, *(inert_row(_row(group, least)) for group in told)]
    if len(told) < len(groups):
        rows.append([WITHHELD.format(count=len(groups) - len(told), least=least)])
    return rows


def inert_row(row: Row) -> Row:
    """The same with every text inert."""
    return [inert(value) if isinstance(value, str) else value for value in row]


def inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, without marks nobody sees."""
    seen = "\n".join(map(wording.clean, text[:MAX_CELL].splitlines()))
    return cells.neutral(seen)


def _told(groups: Sequence[Group], least: int) -> list[Group]:
    return [group for group in groups if group.people >= least]


def _noted(filters: Filters, rows: int) -> dict[str, Any]:
    """What the trail, which nobody erases, keeps of an export: not the words that were looked for."""
    asked = {name: value for name, value in filters.query().items() if name != "words"}
    return {**asked, "has_words": bool(filters.words), "rows": rows}


def _row(group: Group, least: int) -> Row:
    told = [wording.typed for wording in group.wordings if wording.people >= least]
    counts = (group.people, group.times, group.this_week, group.week_before)
    first, *others = told or [NO_WORDING.format(least=least)]
    return [
        first,
        "\n".join(others),
        *(Number(n, str(n)) for n in counts),
        clock_time(group.last_at),
        question_words.marks(group.marks),
        question_words.STATES.get(group.review.state, group.review.state),
    ]
