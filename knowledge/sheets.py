"""Entries as rows of cells and back: one row an entry, one column a field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge import cells
from knowledge.cells import CellError
from knowledge.entry import Contact, Entry
from knowledge.sheet_columns import COLUMNS, Column

NOT_TEXT = (
    "文字ではなく、数か日付として入っています。セルの書式を「文字列」にして、入力し直してください。"
)
NOT_A_DAY = (
    "日付として読めない数などが入っています。"
    "セルの書式を「文字列」にして、2027-03-31 の形で入力し直してください。"
)
VERSION = "版（変えない）"
"""A last column that is no field: the revision a row was written from, so that an import knows what
was published since."""

CHANGED_MEANWHILE = "書き出したあとに、ほかの人がここを公開しました（今は「{now}」）。新しく書き出して直してください。"
SHOWN_NOW = 100


@dataclass(frozen=True)
class Wrong:
    """A cell that holds no text at all, such as a formula; `message` says what to do.

    `digits` is what stands there where that is a whole number.
    """

    message: str
    digits: str = ""


Value = str | date | Wrong


class RowError(ValueError):
    """A row that is no entry; `problems` are (heading, what to do)."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


def headings() -> list[str]:
    """The first row of a sheet."""
    return [column.heading for column in COLUMNS]


def heading_of(field: str) -> str:
    """The heading of a field as the truth check names it (`contact.phone`, `links.0.url`)."""
    names = (field, field.split(".", maxsplit=1)[0])
    return next((c.heading for name in names for c in COLUMNS if c.field == name), field)


def to_cells(entry: Entry) -> list[str]:
    """An entry as a row."""
    return [column.cell_of(entry) for column in COLUMNS]


def from_cells(
    row: Mapping[str, Value],
    before: Entry | None,
    *,
    is_shift_jis: bool,
    now: Entry | None = None,
) -> Entry:
    """The entry that a row means; a cell nobody touched leaves its field exactly as it is.

    `row` is by heading; a heading that is missing counts as untouched. `before` is what the row
    was written from, `now` what is published today (the same where nothing is given). RowError
    names every cell that cannot be read, or that was changed here and there.
    """
    now = now or before
    problems: list[tuple[str, str]] = []
    values: dict[str, Any] = {}
    for column in COLUMNS:
        try:
            cell = row.get(column.heading)
            if (
                before is not None
                and now is not None
                and _is_kept(column, cell, before, is_shift_jis)
            ):
                values[column.field] = column.value_of(now)
                continue
            values[column.field] = _value(column, cell)
            _check_meanwhile(column, values[column.field], before, now)
        except CellError as error:
            problems.append((column.heading, str(error)))
    if problems:
        raise RowError(problems)
    contact = Contact(**{n: values.pop(f"contact.{n}") for n in ("department", "phone", "hours")})
    return Entry(contact=contact, **values)


def differences(before: Entry | None, after: Entry) -> list[tuple[str, str, str]]:
    """(heading, text before, text after) of each field that is not the same."""
    found = []
    for column in COLUMNS:
        old = column.value_of(before) if before else None
        new = column.value_of(after)
        if old != new and (before or new):
            found.append((column.heading, column.write(old) if before else "", column.write(new)))
    return found


def _check_meanwhile(column: Column, value: Any, before: Entry | None, now: Entry | None) -> None:
    """CellError when the field became something else since the row was written, here and there."""
    if before is None or now is None or column.value_of(now) in (column.value_of(before), value):
        return
    shown = column.write(column.value_of(now))
    short = shown if len(shown) <= SHOWN_NOW else f"{shown[:SHOWN_NOW]}…"
    raise CellError(CHANGED_MEANWHILE.format(now=short))


def _value(column: Column, cell: Value | None) -> Any:
    if isinstance(cell, Wrong):
        raise CellError(NOT_A_DAY if column.is_day and cell.message == NOT_TEXT else cell.message)
    if isinstance(cell, date) and not column.is_day:
        raise CellError(NOT_TEXT)
    text = cell.isoformat() if isinstance(cell, date) else cells.plain(cell or "").strip()
    if column.is_needed and not text:
        raise CellError("空です。入力してください。")
    letter = cells.unwanted(text)
    if letter:
        raise CellError(f"見えない文字（{letter}）が入っています。消してください。")
    too_long = column.too_long(len(text))
    if too_long:
        raise CellError(too_long)
    return column.read(text)


def _is_kept(column: Column, cell: Value | None, before: Entry, is_shift_jis: bool) -> bool:  # noqa: FBT001 - handed on from from_cells, where it is named
    if not isinstance(cell, str):
        return cell is None
    shown, found = (cells.plain(text).rstrip() for text in (column.cell_of(before), cell))
    return found == shown or (is_shift_jis and found == cells.through_shift_jis(shown))
