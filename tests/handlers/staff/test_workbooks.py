"""Excel and CSV files: written harmlessly, read carefully, hostile ones refused in words."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest

from handlers.staff import archive_limits, workbooks
from handlers.staff.upload_errors import UploadError
from knowledge import phones, plan, seed, sheet_changes, sheets, truth
from knowledge.entries import Stored
from knowledge.entry import CATEGORIES
from knowledge.sheet_changes import Outcome, Today
from tests.builders import DAY, an_entry
from tests.handlers.staff.files import a_csv, an_xlsx, cells_of, member, with_members

CATALOG = seed.load().entries
SHEET_FILE = "xl/worksheets/sheet1.xml"
FORMULAS = ("=1+1", "+81", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "＋1", "－1", "＠a", "'=1")


def outcome_of(name: str, content: bytes, *known: object, may_add: bool = False) -> Outcome:
    """What a file would change in a knowledge base of some entries."""
    stored = [Stored(entry, 7) for entry in known or (an_entry(),)]
    table = workbooks.read(name, content)
    return sheet_changes.compare(table, Today(stored, plan.rows(), DAY, may_add))


def messages(outcome: Outcome) -> list[tuple[int, str, str]]:
    """What blocks, with its place."""
    return [(p.place.row, p.place.column, p.message) for p in outcome.problems if p.blocks]


@pytest.mark.parametrize(
    ("name", "write"), [("a.csv", workbooks.write_csv), ("a.xlsx", workbooks.write_xlsx)]
)
def test_the_whole_catalog_comes_back_without_a_difference(name, write) -> None:
    content = write(CATALOG)

    outcome = outcome_of(name, content, *CATALOG)

    assert (outcome.changed, outcome.unchanged, outcome.problems) == ((), 86, ())


@pytest.mark.parametrize("text", FORMULAS)
def test_no_exported_cell_is_a_formula(text: str) -> None:
    entry = an_entry(title=text)

    book = openpyxl.load_workbook(io.BytesIO(workbooks.write_xlsx([entry])))
    rows = list(csv.reader(io.StringIO(workbooks.write_csv([entry]).decode("utf-8-sig"))))

    assert (book["項目"]["B2"].value, book["項目"]["B2"].data_type) == (f"'{text}", "s")
    assert rows[1][1] == f"'{text}"


def test_a_second_sheet_explains_every_column() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbooks.write_xlsx([])))

    explained = [row[0].value for row in book["説明"].iter_rows(min_row=2)]

    assert explained == sheets.headings()


def test_a_csv_begins_with_the_mark_that_excel_needs() -> None:
    assert workbooks.write_csv([]).startswith(b"\xef\xbb\xbf")


def test_a_changed_phrasing_is_found_with_its_revision() -> None:
    content = an_xlsx([cells_of(言い回し="ソファを捨てたい\nたんすの処分\nベッドの処分")])

    outcome = outcome_of("a.xlsx", content)

    assert [(c.entry.phrasings[-1], c.seen_revision, c.row) for c in outcome.changed] == [
        ("ベッドの処分", 7, 2)
    ]


def test_dates_may_be_dates_of_excel() -> None:
    time = datetime(2027, 4, 1)  # noqa: DTZ001 - Excel knows no time zones
    content = an_xlsx([cells_of(見直す日=time, 公開を終える日=date(2027, 5, 1))])

    changed = outcome_of("a.xlsx", content).changed[0].entry

    assert (changed.review_by, changed.valid_until) == (date(2027, 4, 1), date(2027, 5, 1))


def test_every_mistake_of_a_file_is_told_with_its_place() -> None:
    good, bad = cells_of(), cells_of(分野="ごみ", 題名="=1+1", 電話番号=958228888, 見直す日="来年")
    headings = [*sheets.headings()[:-1], "メモ"]

    outcome = outcome_of("a.xlsx", an_xlsx([good, bad, cells_of(an_entry(id="other"))], headings))

    assert messages(outcome)[:7] == [
        (1, "出典", sheet_changes.MISSING),
        (3, "ID", "2行目と同じIDです。どちらか一行にしてください。"),
        (3, "題名", workbooks.FORMULA),
        (
            3,
            "分野",
            "「ごみ」は使えません。次から選んでください：" + "／".join(CATEGORIES),
        ),
        (3, "電話番号", sheets.NOT_TEXT),
        (3, "見直す日", "日付は 2026-11-22 か 2026年11月22日 のように書いてください。"),
        (4, "ID", sheet_changes.UNKNOWN_ID),
    ]
    assert next(p.place.column for p in outcome.problems if not p.blocks) == "メモ"


def test_a_formula_is_never_evaluated_even_with_a_stored_result() -> None:
    book = an_xlsx([cells_of(題名="=1+1")])
    xml = member(book, SHEET_FILE).replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>")

    outcome = outcome_of("a.xlsx", with_members(book, {SHEET_FILE: xml}))

    assert messages(outcome) == [(2, "題名", workbooks.FORMULA)]


def test_merged_cells_are_named() -> None:
    content = an_xlsx([cells_of()], touch=lambda sheet: sheet.merge_cells("B2:C2"))

    assert (0, "", workbooks.MERGED.format("B2:C2")) in messages(outcome_of("a.xlsx", content))


def test_a_formula_in_a_csv_is_refused() -> None:
    outcome = outcome_of("a.csv", a_csv([cells_of(題名="=cmd|' /C calc'!A0")]))

    assert messages(outcome) == [(2, "題名", workbooks.FORMULA)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_csv_is_read_in_the_encodings_of_an_office(encoding: str) -> None:
    outcome = outcome_of("a.csv", a_csv([cells_of(題名="大きなごみ")], encoding))

    assert [one.entry.title for one in outcome.changed] == ["大きなごみ"]
    notes = [p.message for p in outcome.problems if p.message == workbooks.SHIFT_JIS]
    assert len(notes) == (encoding == "cp932")


def test_a_new_id_is_a_mistake_unless_new_entries_are_wanted() -> None:
    content = an_xlsx([cells_of(an_entry(id="brand-new"))])

    refused = outcome_of("a.xlsx", content)
    taken = outcome_of("a.xlsx", content, may_add=True)

    assert messages(refused) == [(2, "ID", sheet_changes.UNKNOWN_ID)]
    assert [(one.entry.id, one.seen_revision) for one in taken.changed] == [("brand-new", 0)]


def test_an_invented_number_blocks_but_an_old_problem_does_not() -> None:
    known = an_entry(body="手数料は300円です。")
    content = an_xlsx([cells_of(known, 結論="手数料は500円です。")])

    outcome = outcome_of("a.xlsx", content, known)

    assert (2, "結論", f"金額「500円」{truth.UNPROVED}。") in messages(outcome)
    assert f"金額「300円」{truth.UNPROVED}（前からあります）" in [
        p.message for p in outcome.problems if not p.blocks
    ]


def test_a_wrong_telephone_number_is_told_at_its_own_cell() -> None:
    content = an_xlsx([cells_of(電話番号="電話 095-829-1414")])

    found = [told for told in messages(outcome_of("a.xlsx", content)) if "電話番号" in told[1]]

    assert found == [(2, "電話番号", f"{phones.NOT_ONE}。")]


def test_the_words_of_a_retired_row_are_read() -> None:
    content = an_xlsx([cells_of(状態="取り下げ")])

    assert outcome_of("a.xlsx", content).changed[0].entry.state == "retired"


def test_headings_alone_are_said_to_be_alone() -> None:
    assert messages(outcome_of("a.xlsx", an_xlsx([]))) == [(0, "", sheet_changes.NO_ROWS)]


def test_a_sheet_of_something_else_is_recognised() -> None:
    outcome = outcome_of("a.xlsx", an_xlsx([["山田", 3]], headings=["名前", "数"]))

    assert messages(outcome) == [(1, "", sheet_changes.NO_HEADING)]


def test_empty_rows_between_and_below_do_not_count() -> None:
    content = an_xlsx([[], cells_of(), [" "]], touch=lambda sheet: sheet.cell(9000, 1, " "))

    assert outcome_of("a.xlsx", content).unchanged == 1


BOOK = an_xlsx([cells_of()])
DTD = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"", workbooks.EMPTY),
        ("a.csv", b"\n\n", workbooks.EMPTY),
        ("a.xlsx", an_xlsx([], headings=[]), workbooks.EMPTY),
        ("a.xls", archive_limits.OLD_OFFICE, archive_limits.OLD_OR_LOCKED),
        ("a.xlsx", archive_limits.OLD_OFFICE + b"EncryptedPackage", archive_limits.OLD_OR_LOCKED),
        ("a.xlsm", BOOK, archive_limits.MACROS),
        ("a.xlsx", with_members(BOOK, {"xl/vbaProject.bin": b"x"}), archive_limits.MACROS),
        ("a.pdf", b"%PDF-1.7", workbooks.WRONG_KIND),
        ("a", BOOK, workbooks.WRONG_KIND),
        ("a.csv", BOOK, workbooks.NOT_CSV),
        ("a.xlsx", a_csv([]), archive_limits.NOT_A_WORKBOOK),
        ("a.xlsx", BOOK[: len(BOOK) // 2], archive_limits.NOT_A_WORKBOOK),
        ("a.xlsx", with_members(BOOK, {SHEET_FILE: b"<a>"}), archive_limits.NOT_A_WORKBOOK),
        ("a.xlsx", with_members(BOOK, {SHEET_FILE: DTD}), archive_limits.ENTITIES),
        ("a.xlsx", with_members(BOOK, {"xl/sharedStrings.xml": DTD}), archive_limits.ENTITIES),
        ("a.csv", a_csv([cells_of()]) + b"\0", workbooks.NO_ENCODING),
        ("a.csv", a_csv([cells_of()], "utf-16"), workbooks.NO_ENCODING),
        ("a.csv", b"\x81\xff\x00", workbooks.NO_ENCODING),
        ("a.csv", a_csv([cells_of()], "iso2022_jp"), workbooks.NO_ENCODING),
        ("a.csv", b"," * 1_000_001, workbooks.TOO_MANY_COLUMNS),
        ("a.csv", a_csv([]) + b'"open', workbooks.BAD_QUOTES.format(2)),
        (
            "a.xlsx",
            an_xlsx([], headings=[f"列{n}" for n in range(300)]),
            workbooks.TOO_MANY_COLUMNS,
        ),
        ("a.csv", a_csv([["a"]] * 10_001), workbooks.TOO_MANY_ROWS),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_words(
    name: str, content: bytes, words: str
) -> None:
    with pytest.raises(UploadError) as caught:
        workbooks.read(name, content)

    assert str(caught.value) == words


@pytest.mark.parametrize(
    "members",
    [
        {"xl/media/a.bin": b"\0" * (archive_limits.MAX_UNPACKED + 1)},
        {f"xl/media/{n}": b"\0" * 1_100_000 for n in range(40)},
        {f"xl/media/{n}": b"" for n in range(archive_limits.MAX_MEMBERS + 1)},
    ],
    ids=["more than 120 MB", "packed too densely", "too many files"],
)
def test_a_zip_bomb_is_refused_before_it_unpacks(members: dict[str, bytes]) -> None:
    bomb = with_members(BOOK, members)

    with pytest.raises(UploadError) as caught:
        workbooks.read("a.xlsx", bomb)

    assert str(caught.value) == archive_limits.TOO_BIG_INSIDE


def test_an_encrypted_member_is_refused() -> None:
    locked = bytearray(BOOK)
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        start = archive.start_dir
    locked[start + 8] |= 1

    with pytest.raises(UploadError) as caught:
        workbooks.read("a.xlsx", bytes(locked))

    assert str(caught.value) == archive_limits.LOCKED


def test_a_row_that_claims_to_be_very_far_down_costs_nothing() -> None:
    xml = member(BOOK, SHEET_FILE).replace(b'<row r="2"', b'<row r="999999999"')

    outcome = outcome_of("a.xlsx", with_members(BOOK, {SHEET_FILE: xml}))

    assert messages(outcome) == [(0, "", sheet_changes.NO_ROWS)]


def test_ten_thousand_rows_are_read() -> None:
    content = a_csv([cells_of(replace(an_entry(), id=f"e-{n}")) for n in range(10_000)])

    table = workbooks.read("a.csv", content)

    assert len(table.rows) == 10_000


def test_what_stands_under_no_heading_is_told_and_not_read() -> None:
    headings = [*sheets.headings(), "", "メモ"]
    rows = [[*cells_of(), "", ""], [*cells_of(ID="other"), "大事なこと", "", "はみ出した"]]

    table = workbooks.read("a.xlsx", an_xlsx(rows, headings))

    told = [(p.place.row, p.message[:11], p.blocks) for p in table.problems]
    assert told == [(3, "見出しのない列（V列）", False), (3, "見出しのない列（X列）", False)]
