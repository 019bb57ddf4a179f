"""People copy sheets and write titles above them: what is then not read is told."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from handlers.staff import twin_sheets, workbooks
from knowledge import plan, sheet_changes
from knowledge.entries import Stored
from knowledge.sheet_changes import Outcome, Today
from tests.builders import DAY, an_entry
from tests.handlers.staff.files import a_csv, an_xlsx, cells_of


def outcome_of(content: bytes, name: str = "a.xlsx") -> Outcome:
    """What a file would change in a knowledge base of one entry."""
    today = Today([Stored(an_entry(), 7)], plan.rows(), DAY)
    return sheet_changes.compare(workbooks.read(name, content), today)


def touched(touch: Callable[[Any], None]) -> bytes:
    """This site's own export, after somebody has worked on it."""
    book = openpyxl.load_workbook(io.BytesIO(workbooks.write_xlsx([an_entry()])))
    touch(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def copied(book: Any, title: str = "項目 (2)") -> Any:
    """A copy of the sheet, as Excel makes it."""
    sheet = book.copy_worksheet(book["項目"])
    sheet.title = title
    return sheet


def hidden(book: Any) -> None:
    """A copy that nobody sees, and nobody edits."""
    copied(book).sheet_state = "hidden"


def listed(book: Any) -> None:
    """A list that somebody keeps beside the entries."""
    book.create_sheet("担当").append(["ID", "題名", "見る人"])


def entitled(book: Any) -> None:
    """The copy is the one with a title."""
    copied(book, "控え").insert_rows(1)
    book["控え"]["A1"] = "令和8年度 見直し表"


@pytest.mark.parametrize(("touch", "title"), [(copied, "項目 (2)"), (entitled, "控え")])
def test_a_second_sheet_of_entries_is_told(touch: Callable[[Any], None], title: str) -> None:
    outcome = outcome_of(touched(touch))

    told = [problem.message for problem in outcome.problems]
    assert told == [twin_sheets.TWIN.format("項目", title)]
    assert outcome.is_blocked


@pytest.mark.parametrize("touch", [hidden, listed])
def test_any_other_sheet_is_left_alone(touch: Callable[[Any], None]) -> None:
    outcome = outcome_of(touched(touch))

    assert (outcome.unchanged, outcome.problems) == (1, ())


@pytest.mark.parametrize("above", [1, 4])
def test_a_title_above_the_headings_is_told_and_nothing_else(above: int) -> None:
    def entitle(sheet: Any) -> None:
        sheet.insert_rows(1, amount=above)
        sheet["A1"] = "令和8年度 見直し表"

    outcome = outcome_of(an_xlsx([cells_of()], touch=entitle))

    told = [(problem.place.row, problem.message) for problem in outcome.problems]
    assert told == [(above + 1, sheet_changes.NOT_FIRST)]
    assert outcome.is_blocked


def test_a_title_in_a_csv_is_told() -> None:
    content = "\ufeff見直し表\r\n".encode() + a_csv([cells_of()], "utf-8")

    outcome = outcome_of(content, "a.csv")

    assert [problem.message for problem in outcome.problems] == [sheet_changes.NOT_FIRST]


def test_the_sheet_that_explains_the_columns_is_not_taken_for_a_title() -> None:
    content = touched(lambda book: book.remove(book["項目"]))

    outcome = outcome_of(content)

    assert [p.message for p in outcome.problems if p.blocks] == [sheet_changes.NO_HEADING]
