"""Files that staff take away: rows as Excel or CSV, and the answer that carries one."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import openpyxl  # type: ignore[import-untyped]  # the library has no types
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]  # as above
from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]  # as above
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]  # as above
from werkzeug.wrappers import Response

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_BOLD, _WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True)
class Number:
    """A number as people read it and, for a workbook, as one can reckon with it."""

    value: float
    text: str
    form: str = "#,##0"

    def __str__(self) -> str:
        return self.text


Row: TypeAlias = Sequence[str | Number]


@dataclass(frozen=True)
class Sheet:
    """Rows, the headings first, their texts neutral; texts wrap in the columns that have a width."""

    title: str
    rows: Iterable[Row]
    widths: Sequence[int] = ()
    first_to_scroll: str | None = None


def to_csv(rows: Iterable[Row]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel takes it for what it is."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def to_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """A workbook."""
    book = openpyxl.Workbook(write_only=True)
    for one in sheets:
        sheet = book.create_sheet(one.title)
        sheet.freeze_panes = one.first_to_scroll
        for number, width in enumerate(one.widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        for number, row in enumerate(one.rows):
            cells = [_cell(sheet, value) for value in row]
            for cell in cells[: len(one.widths)]:
                cell.alignment = _WRAPPED
            for cell in cells if number == 0 else ():
                cell.font = _BOLD
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def answer(content: bytes, name: str, kind: str) -> Response:
    """The file as one to keep, which no proxy keeps."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "Cache-Control": "no-store",
    }
    return Response(content, headers=headers, content_type=TYPES[kind])


def _cell(sheet: Any, value: str | Number) -> Any:
    """Text is text whatever it looks like, and stays text when somebody types in it."""
    if isinstance(value, Number):
        cell = WriteOnlyCell(sheet, value.value)
        cell.number_format = value.form
        return cell
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    cell.number_format = "@"
    return cell
