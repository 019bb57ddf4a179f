"""Write entries to Excel and CSV, and read what staff send back, formulas never evaluated."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import chain, repeat
from operator import is_
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from openpyxl.cell.read_only import EMPTY_CELL  # type: ignore[import-untyped]  # it has no types
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]  # as above

from handlers.staff import archive_limits, downloads, one_sheet, twin_sheets
from handlers.staff.downloads import Sheet
from handlers.staff.upload_errors import UploadError
from knowledge import sheets
from knowledge.entry import Entry
from knowledge.sheet_changes import Place, Problem, Row, Table, is_empty
from knowledge.sheet_columns import COLUMNS
from knowledge.sheets import NOT_TEXT, Value, Wrong

MAX_ROWS = 10_000
MAX_COLUMNS = 100
MAX_COMMAS = 1_000_000
"""In one line of a CSV."""
LAST_ROW = 1_048_576
"""Of any sheet in Excel; a file that names a later row is not to be followed there."""

ENTRIES_SHEET = "項目"
HELP_SHEET = "説明"
CSV_SHEET = "CSV"
SHIFT_JIS_CODE = "cp932"
_ISO_2022_JP = (b"\x1b$B", b"\x1b$@")
"""Begin Japanese in the code of old mails, which looks like ASCII."""
_PIECE = 1024 * 1024

FORMULA = "式が入っています。計算しません。式を消して、結果の文字を入力してください。"
BROKEN_CELL = "エラー（#REF! など）が入っています。正しい文字を入力してください。"
MERGED = "結合したセル（{}）があります。結合を解いて、一つの行に一つの項目を書いてください。"
TOO_MANY_ROWS = f"{MAX_ROWS:,}行を超えています。いくつかのファイルに分けてください。"
TOO_MANY_COLUMNS = f"列が{MAX_COLUMNS}を超えています。書き出したファイルの列だけにしてください。"
NO_HEADING_HERE = "見出しのない列（{}列）に文字があります。この列は読まずに進みます。"
EMPTY = "ファイルが空です。"
WRONG_KIND = "Excel（.xlsx）か CSV（.csv）のファイルを選んでください。"
NOT_CSV = "名前は .csv ですが、中身は CSV ではありません。Excelなら .xlsx の名前で送ってください。"
NO_ENCODING = "文字の種類が分かりません。「CSV UTF-8（コンマ区切り）」で保存し直してください。"
BAD_QUOTES = 'CSVとして読めません（{}行目のあたり）。引用符（"）の数を確かめてください。'
SHIFT_JIS = (
    "Shift_JIS（古い文字の種類）で読みました。変わった文字があるかもしれません（絵文字、外国の文字、〜 など）。"
    "下の違いを確かめてください。"
)

_MERGED_RANGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?ref=\"([A-Z0-9:]{1,30})\"")
_WIDTHS = {"くわしい説明": 60, "言い回し": 40, "結論": 40, "出典": 60, "リンク": 50}

OnRow = Callable[[], None]
NO_REVISIONS: Mapping[str, int] = MappingProxyType({})
NOTHING: OnRow = lambda: None  # noqa: E731 - a name for doing nothing


def write_csv(entries: Iterable[Entry], revisions: Mapping[str, int] = NO_REVISIONS) -> bytes:
    """UTF-8 with a byte order mark, so that Excel takes it for what it is.

    `revisions` are the entries' own, by id; an import of the file then keeps what came after them.
    """
    return downloads.to_csv(chain([_headings()], _rows(entries, revisions)))


def write_xlsx(entries: Iterable[Entry], revisions: Mapping[str, int] = NO_REVISIONS) -> bytes:
    """A workbook: the entries with their revisions, and a sheet that explains each column."""
    widths = [_WIDTHS.get(heading, 18) for heading in _headings()]
    rows = chain([_headings()], _rows(entries, revisions))
    helps = [
        [c.heading, "必ず" if c.is_needed else "なくてもよい", c.help, c.example] for c in COLUMNS
    ]
    help_rows = [["列", "必要か", "書き方", "例"], *helps]
    return downloads.to_xlsx(
        [
            Sheet(ENTRIES_SHEET, rows, widths, "B2"),
            Sheet(HELP_SHEET, help_rows, [18, 14, 70, 70], "B2"),
        ]
    )


def _headings() -> list[str]:
    return [*sheets.headings(), sheets.VERSION]


def _rows(entries: Iterable[Entry], revisions: Mapping[str, int]) -> Iterator[list[str]]:
    for entry in entries:
        yield [*sheets.to_cells(entry), str(revisions.get(entry.id, ""))]


def examine(name: str, data: bytes) -> None:
    """Raise UploadError for what shows at once: a wrong kind, a broken or dangerous archive."""
    if _kind(name, data) == ".xlsx":
        archive_limits.examine(data)
    else:
        _encoding(data)


def read(name: str, data: bytes, on_row: OnRow = NOTHING) -> Table:
    """The table of an uploaded file; raises UploadError when it cannot be read at all.

    `on_row` is called after every row and while the file is opened, and may take its time.
    """
    is_csv = _kind(name, data) == ".csv"
    return _read_csv(data, on_row) if is_csv else _read_xlsx(data, on_row)


def _kind(name: str, data: bytes) -> str:
    ending = PurePath(name.lower()).suffix
    if not data:
        raise UploadError(EMPTY)
    if ending == ".xls":
        raise UploadError(archive_limits.OLD_OR_LOCKED)
    if ending in (".xlsm", ".xltm", ".xlsb", ".xlam"):
        raise UploadError(archive_limits.MACROS)
    if ending not in (".csv", ".xlsx"):
        raise UploadError(WRONG_KIND)
    if ending == ".csv" and data.startswith((b"PK\x03\x04", archive_limits.OLD_OFFICE)):
        raise UploadError(NOT_CSV)
    return ending


def _read_csv(data: bytes, on_row: OnRow) -> Table:
    encoding = _encoding(data)
    is_shift_jis = encoding == SHIFT_JIS_CODE
    text = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    reader = csv.reader(_lines(text), strict=True)
    values = ([_csv_value(cell) for cell in row[: MAX_COLUMNS + 1]] for row in reader)
    rows = enumerate(values, start=1)
    try:
        table = _table(CSV_SHEET, _told(rows, on_row), [])
    except csv.Error as error:
        raise UploadError(BAD_QUOTES.format(reader.line_num)) from error
    notes = (Problem(Place(CSV_SHEET), SHIFT_JIS, blocks=False),) if is_shift_jis else ()
    return Table(
        CSV_SHEET,
        table.heading_row,
        table.headings,
        table.rows,
        (*notes, *table.problems),
        is_shift_jis,
    )


def _encoding(data: bytes) -> str:
    """Tried in pieces: as one text, a single emoji makes four bytes of each of its letters."""
    is_other = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if is_other or any(mark in data for mark in (b"\0", *_ISO_2022_JP)):
        raise UploadError(NO_ENCODING)
    for encoding in ("utf-8-sig", SHIFT_JIS_CODE):
        pieces = (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))
        try:
            for _ in codecs.iterdecode(pieces, encoding):
                pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise UploadError(NO_ENCODING)


def _lines(text: Iterable[str]) -> Iterator[str]:
    """Of commas alone, one line could make a list of millions."""
    for line in text:
        if line.count(",") > MAX_COMMAS:
            raise UploadError(TOO_MANY_COLUMNS)
        yield line


def _csv_value(text: str) -> Value:
    return Wrong(FORMULA) if text.startswith("=") else text


def _read_xlsx(data: bytes, on_row: OnRow) -> Table:
    archive_limits.examine(data)
    try:
        book = one_sheet.open_book(data, ENTRIES_SHEET, on_row)
        try:
            return _read_sheet(book, on_row)
        finally:
            book.close()
    except UploadError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken file provokes
        raise UploadError(archive_limits.NOT_A_WORKBOOK) from error


def _read_sheet(book: Any, on_row: OnRow) -> Table:
    if not book.worksheets:
        raise UploadError(EMPTY)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    problems = [Problem(Place(sheet.title), MERGED.format(area)) for area in _merged(book, sheet)]
    problems += twin_sheets.problems(book, sheet, on_row)
    rows = sheet.iter_rows(max_row=LAST_ROW, max_col=MAX_COLUMNS + 1)
    values = (
        (number, [_xlsx_value(cell) for cell in row])
        for number, row in enumerate(rows, start=1)
        if not all(map(is_, row, repeat(EMPTY_CELL)))  # in C: a million of them may be empty
    )
    return _table(sheet.title, _told(values, on_row), problems)


def _merged(book: Any, sheet: Any) -> list[str]:
    """Merged areas; openpyxl tells them only when it loads the whole sheet into memory."""
    xml = book._archive.read(sheet._worksheet_path)  # noqa: SLF001 - as said above
    return [area.decode("ascii") for area in _MERGED_RANGE.findall(xml)[:20]]


def _xlsx_value(cell: Any) -> Value:
    value, kind = cell.value, cell.data_type
    if value is None or value == "":
        return ""
    if kind == "f":
        return Wrong(FORMULA)
    if kind == "e":
        return Wrong(BROKEN_CELL)
    if isinstance(value, datetime):
        return value.date()
    digits = str(value) if isinstance(value, int) else ""
    return value if isinstance(value, str | date) else Wrong(NOT_TEXT, digits)


def _told(
    rows: Iterable[tuple[int, list[Value]]], on_row: OnRow
) -> Iterator[tuple[int, list[Value]]]:
    for row in rows:
        if row[0] > LAST_ROW:
            raise UploadError(TOO_MANY_ROWS)
        on_row()
        yield row


def _table(sheet: str, rows: Iterator[tuple[int, list[Value]]], problems: list[Problem]) -> Table:
    """The first row that holds anything has the headings; empty rows are passed over."""
    filled = ((n, values) for n, values in rows if not all(map(is_empty, values)))
    first, heading_values = next(filled, (0, []))
    if not heading_values:
        raise UploadError(EMPTY)
    headings = [value.strip() if isinstance(value, str) else "" for value in heading_values]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MAX_COLUMNS:
        raise UploadError(TOO_MANY_COLUMNS)
    width = len(headings)
    nameless = [place for place, heading in enumerate(headings) if not heading]
    unread: dict[int, int] = {}
    found: list[Row] = []
    for number, values in filled:
        if len(found) == MAX_ROWS:
            raise UploadError(TOO_MANY_ROWS)
        padded = (*values[:width], *[""] * (width - len(values)))
        found.append(Row(number, padded))
        for place in (*nameless, *range(width, len(values))):
            if place < len(values) and not is_empty(values[place]):
                unread.setdefault(place, number)
    problems += [_unread(sheet, place, number) for place, number in sorted(unread.items())]
    return Table(sheet, first, tuple(headings), tuple(found), tuple(problems))


def _unread(sheet: str, place: int, row: int) -> Problem:
    message = NO_HEADING_HERE.format(get_column_letter(place + 1))
    return Problem(Place(sheet, row), message, blocks=False)
