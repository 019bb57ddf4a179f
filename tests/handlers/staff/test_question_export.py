"""Exports of questions: what few people asked stays here, and nothing in them is a formula."""

import csv
import io

import openpyxl
import pytest

from handlers.staff import question_export
from handlers.staff.desk import Desk
from knowledge.records import questions, store
from tests.handlers.staff.asking import ask
from tests.handlers.staff.conftest import ClientAs


@pytest.fixture(autouse=True)
def log(desk: Desk) -> None:
    """What four people asked, and what two did."""
    with store.writing(desk.records) as connection:
        connection.execute(questions.question_table.delete())
    for person in "abcd":
        ask(desk, "=灯籠流しの\u202e場所", person=person)
    for person in "ab":
        ask(desk, "山田さんのこと", person=person)


def cells_of_csv(content: bytes) -> list[list[str]]:
    """What a spreadsheet reads."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_group_of_few_people_is_withheld_and_counted(client_as: ClientAs) -> None:
    content = client_as("publisher").get("/staff/questions/export.csv").data

    rows = cells_of_csv(content)
    assert len(rows) == 3
    assert "山田" not in str(rows)
    assert "1組" in rows[2][0]


def test_no_cell_is_a_formula_in_csv(client_as: ClientAs) -> None:
    content = client_as("publisher").get("/staff/questions/export.csv").data

    assert cells_of_csv(content)[1][0] == "'=灯籠流しの場所"


def test_no_cell_is_a_formula_in_excel(client_as: ClientAs) -> None:
    content = client_as("publisher").get("/staff/questions/export.xlsx").data

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("'=灯籠流しの場所", "s")


@pytest.mark.parametrize("text", ["=1+1", "  @x", "＝1", "-1", "+1", "\t=1"])
def test_what_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert question_export.inert(text).startswith("'")


def test_an_export_has_the_filters_of_the_page(client_as: ClientAs) -> None:
    content = client_as("publisher").get("/staff/questions/export.csv?decision=choose").data

    assert len(cells_of_csv(content)) == 1


def test_only_publishers_take_questions_away(client_as: ClientAs) -> None:
    client_as("editor").get("/staff/questions/export.csv", status=403)


def test_another_kind_of_file_is_not_found(client_as: ClientAs) -> None:
    client_as("publisher").get("/staff/questions/export.pdf", status=404)
