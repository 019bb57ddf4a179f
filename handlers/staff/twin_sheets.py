"""Find a second sheet of entries in a workbook, such as a copy that somebody works on by mistake."""

from collections.abc import Callable, Iterator
from typing import Any

from openpyxl.reader.workbook import WorkbookParser  # type: ignore[import-untyped]  # it has no types
from openpyxl.worksheet._read_only import (  # type: ignore[import-untyped]  # as above
    ReadOnlyWorksheet,
)

from knowledge import sheets
from knowledge.sheet_changes import Place, Problem

WORKBOOK = "xl/workbook.xml"
LAST_ROW_LOOKED_AT = 5
MAX_COLUMNS = 100

TWIN = "見出しのあるシートが二つあります（{}、{}）。使わないほうを消してください。"

OnRead = Callable[[], None]


def problems(book: Any, own: Any, on_read: OnRead) -> list[Problem]:
    """What to say when another sheet that people see has the headings of entries, too.

    `book` has only its `own` sheet open; of the others the first rows are read. `on_read` is called
    before each, and may take its time.
    """
    for title, path in _others(book, own):
        on_read()
        sheet = ReadOnlyWorksheet(book, title, path, own._shared_strings)  # noqa: SLF001 - one_sheet opens no other
        if any(map(_are_headings, _first_rows(sheet))):
            return [Problem(Place(own.title), TWIN.format(own.title, title))]
    return []


def _others(book: Any, own: Any) -> Iterator[tuple[str, str]]:
    """(title, file) of each; a workbook may name the same file a thousand times."""
    archive = book._archive  # noqa: SLF001 - as above
    files = set(archive.namelist())
    seen = {own._worksheet_path}  # noqa: SLF001 - as above
    parser = WorkbookParser(archive, WORKBOOK, keep_links=False)
    parser.parse()
    for sheet, part in parser.find_sheets():
        is_sheet = part.target in files and "chartsheet" not in part.Type
        if is_sheet and part.target not in seen and sheet.state == "visible":
            seen.add(part.target)
            yield sheet.name, part.target


def _first_rows(sheet: Any) -> Iterator[set[str]]:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=LAST_ROW_LOOKED_AT, max_col=MAX_COLUMNS, values_only=True)
    for row in rows:
        yield {value.strip() for value in row if isinstance(value, str)}


def _are_headings(texts: set[str]) -> bool:
    """At least half of them: a list of IDs that somebody keeps beside the entries is no copy."""
    known = sheets.headings()
    return "ID" in texts and 2 * len(texts.intersection(known)) >= len(known)
