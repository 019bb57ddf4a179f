"""A small workbook may hold a mountain: it is refused in words, and what is taken is read in pieces."""

import base64
import os
import time
from collections.abc import Callable

import pytest

from handlers.staff import archive_limits, sheet_limits, workbooks
from handlers.staff.upload_errors import UploadError
from knowledge import sheets
from tests.handlers.staff.files import an_xlsx, cells_of, member, with_members

BOOK = an_xlsx([cells_of()])
SHEET, STYLES, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"
STRINGS, TYPES = archive_limits.STRINGS, "[Content_Types].xml"
SECONDS = 60
"""Of the processor; what took time by the square of its length took an hour."""


def noise(size: int) -> bytes:
    """A comment that cannot be packed, so that what stands beside it is not too dense."""
    words = base64.b16encode(os.urandom(50_000))
    return b"".join(b"<!--%s-->" % words for _ in range(1 + size // 10_000_000))


def inside(name: str, before: bytes, xml: bytes) -> bytes:
    """The workbook with something put into one of its files."""
    old = member(BOOK, name)
    assert before in old
    return with_members(BOOK, {name: old.replace(before, noise(len(xml)) + xml + before)})


def rows(xml: bytes) -> bytes:
    return inside(SHEET, b"</sheetData>", xml)


def texts(xml: bytes) -> bytes:
    """The workbook with texts that its cells may share, as Excel writes it."""
    types = member(BOOK, TYPES).replace(
        b"</Types>",
        b'<Override PartName="/%s" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.sharedStrings+xml"/></Types>' % STRINGS.encode(),
    )
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = b'<sst xmlns="%s">%s%s</sst>' % (space, noise(len(xml)), xml)
    return with_members(BOOK, {TYPES: types, STRINGS: content})


def refusal(content: bytes) -> str:
    with pytest.raises(UploadError) as caught:
        workbooks.read("a.xlsx", content)
    return str(caught.value)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: rows(b"<row/>" * 4_000_000), sheet_limits.TOO_MANY_CELLS),
        (lambda: rows(b"<row>" + b"<c/>" * 200_001 + b"</row>"), sheet_limits.TOO_MANY_CELLS),
        (lambda: rows(b"<row>" + b"<c a='' b=''/>" * 70_000 + b"</row>"), sheet_limits.TOO_MANY_CELLS),
        (lambda: rows(b"<row/><hyperlink/>" * 200_001), sheet_limits.TOO_MANY_CELLS),
        (lambda: rows(b"<row>" * 200 + b"</row>" * 200), sheet_limits.NOT_A_WORKBOOK),
        (lambda: rows(b'<row><c r="AAAAAAAAAA2"/></row>'), sheet_limits.NOT_A_WORKBOOK),
        (
            lambda: rows(b'<row><c><f t="shared" si="0">' + b"A1+" * 9_000 + b"A1</f></c>"
                         + b'<c><f t="shared" si="0"/></c>' * 1_000 + b"</row>"),
            sheet_limits.TOO_MANY_CELLS,
        ),
        (lambda: rows(b"<row><c><v>" + b"9" * 400_000 + b"</v></c></row>"), archive_limits.TOO_LONG_INSIDE),
        (lambda: rows(b"<!--" + b"<mergeCell " * 40_000 + b"-->"), archive_limits.TOO_LONG_INSIDE),
        (lambda: texts(b"<si/>" * 2_000_001), sheet_limits.TOO_MANY_CELLS),
        (lambda: inside(STYLES, b"</cellXfs>", b"<xf/>" * 200_001), archive_limits.TOO_MANY_STYLES),
        (
            lambda: inside(STYLES, b"<fonts", b'<x formatCode="' + b"[" * 4_000 + b'"/>'),
            archive_limits.TOO_MANY_STYLES,
        ),
        (lambda: inside(WORKBOOK, b"<calcPr", b"<x/>" * 200_001), archive_limits.TOO_MANY_STYLES),
        (
            lambda: with_members(BOOK, {"xl/other.dat": noise(0) + b"<a>" * 200_001}),
            archive_limits.TOO_MANY_STYLES,
        ),
        (
            lambda: with_members(BOOK, {"x.bin": os.urandom(50_000), SHEET: b"<row/>" * 900_000}),
            archive_limits.TOO_BIG_INSIDE,
        ),
        (
            lambda: with_members(BOOK, {STRINGS: b'<?xml version="1.0" encoding="utf-7"?><sst/>'}),
            archive_limits.NOT_A_WORKBOOK,
        ),
    ],
    ids=[
        "rows", "cells in a row", "attributes in a row", "links", "rows in rows", "reference",
        "shared formulas", "number", "comment", "texts", "styles", "format", "names", "other name",
        "dense beside noise", "other encoding",
    ],
)  # fmt: skip
def test_what_would_cost_far_too_much_is_refused(build: Callable[[], bytes], words: str) -> None:
    assert refusal(build()) == words


def a_text(letters: int, last: str) -> bytes:
    return f"<si><t>{'a' * letters}{last}</t></si>".encode()


def test_a_text_is_as_large_as_its_widest_letter_makes_it() -> None:
    letters = sheet_limits.MAX_TEXT_MEMORY // 4

    sheet_limits.check(b"<sst>" + a_text(letters, "a") + b"</sst>")
    sheet_limits.check(b"<sst>" + a_text(letters, "a") + a_text(1, "😀") + b"</sst>")
    with pytest.raises(UploadError, match=sheet_limits.TOO_MUCH_TEXT):
        sheet_limits.check(b"<sst>" + a_text(letters, "😀") + b"</sst>")


def test_a_sheet_of_what_looks_like_merged_cells_is_searched_in_time() -> None:
    comment = b"<!--" + b"<mergeCell " * 20_000 + b"-->"
    begun = time.process_time()

    table = workbooks.read("a.xlsx", rows(comment * 100))

    assert len(table.rows) == 1
    assert time.process_time() - begun < SECONDS


def test_as_many_full_rows_as_are_taken_are_far_from_the_limit() -> None:
    xml = member(
        an_xlsx([cells_of(**dict.fromkeys(sheets.headings(), "https://a.jp/?b=c"))]), SHEET
    )

    marks = workbooks.MAX_ROWS * (xml.count(b"<") + xml.count(b"=")) // 2

    assert marks < 0.7 * archive_limits.MAX_SHEET_MARKS


def test_citizens_go_first_also_while_the_texts_of_a_workbook_are_read() -> None:
    told: list[None] = []

    workbooks.read("a.xlsx", texts(b"<si><t>a</t></si>" * 20_000), lambda: told.append(None))

    assert len(told) > 20


def test_a_sheet_that_is_named_a_thousand_times_is_read_once() -> None:
    names = b'<sheet name="a" sheetId="9" r:id="rId1"/>' * 1_000
    namespace = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    book = member(BOOK, WORKBOOK).replace(b"</sheets>", names + b"</sheets>")
    content = with_members(BOOK, {WORKBOOK: book.replace(b"<sheets>", b"<sheets %s>" % namespace)})
    told: list[None] = []

    table = workbooks.read("a.xlsx", content, lambda: told.append(None))

    assert table.sheet == workbooks.ENTRIES_SHEET
    assert len(told) < 100
