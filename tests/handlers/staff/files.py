"""Spreadsheets as staff, Excel or somebody hostile would make them."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl

from knowledge import sheets
from knowledge.entry import Entry
from tests.builders import an_entry

Sheet = Any
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def cells_of(entry: Entry | None = None, **changes: Any) -> list[Any]:
    """A row, with the cells of some headings replaced."""
    row = dict(zip(sheets.headings(), sheets.to_cells(entry or an_entry()), strict=True))
    return list({**row, **changes}.values())


def an_xlsx(
    rows: Sequence[Sequence[Any]],
    headings: Sequence[Any] | None = None,
    touch: Callable[[Sheet], None] | None = None,
) -> bytes:
    """A workbook made by openpyxl; `touch` may do to the sheet what people do in Excel."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "項目"
    sheet.append(sheets.headings() if headings is None else headings)
    for row in rows:
        sheet.append(row)
    if touch:
        touch(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_csv(rows: Sequence[Sequence[str]], encoding: str = "utf-8-sig") -> bytes:
    """A CSV file with the headings."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([sheets.headings(), *rows])
    return out.getvalue().encode(encoding)


def with_members(workbook: bytes, members: Mapping[str, bytes]) -> bytes:
    """The workbook with some of its files replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in members:
                new.writestr(name, old.read(name))
        for name, content in members.items():
            new.writestr(name, content)
    return out.getvalue()


def member(workbook: bytes, name: str) -> bytes:
    """One file of a workbook."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read(name)
