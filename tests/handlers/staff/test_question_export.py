"""Exports of questions: what few people asked stays here, and nothing in them is a formula."""

import csv
import io

import openpyxl
import pytest

from handlers.staff import question_export
from handlers.staff.desk import Desk
from knowledge.records import audit, questions, settings, store
from knowledge.records.reviews import Hand
from tests.handlers.staff.asking import ask
from tests.handlers.staff.conftest import ClientAs


@pytest.fixture(autouse=True)
def log(desk: Desk) -> None:
    """What four people asked, and what two did."""
    with store.writing(desk.records) as connection:
        connection.execute(questions.question_table.delete())
        connection.execute(settings.setting_table.delete())
    for person in "abcd":
        ask(desk, "=灯籠流しの\u202e場所", person=person)
    for person in "ab":
        ask(desk, "山田さんのこと", person=person)


def cells_of_csv(content: bytes) -> list[list[str]]:
    """What a spreadsheet reads."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_group_of_few_people_is_withheld_and_counted(client_as: ClientAs) -> None:
    content = client_as("publisher").post("/staff/questions/export.csv", 200).data

    rows = cells_of_csv(content)
    assert len(rows) == 3
    assert "山田" not in str(rows)
    assert "1組" in rows[2][0]


def test_no_cell_is_a_formula_in_csv(client_as: ClientAs) -> None:
    content = client_as("publisher").post("/staff/questions/export.csv", 200).data

    assert cells_of_csv(content)[1][0] == "'=灯籠流しの場所"


def test_no_cell_is_a_formula_in_excel(client_as: ClientAs) -> None:
    content = client_as("publisher").post("/staff/questions/export.xlsx", 200).data

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("'=灯籠流しの場所", "s")


def test_counts_in_excel_are_numbers(client_as: ClientAs) -> None:
    content = client_as("publisher").post("/staff/questions/export.xlsx", 200).data

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    counts = [sheet.cell(2, column) for column in range(3, 7)]
    assert [(cell.value, cell.data_type) for cell in counts] == [
        (4, "n"), (4, "n"), (4, "n"), (0, "n"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "  @x", "＝1", "-1", "+1", "\t=1"])
def test_what_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert question_export.inert(text).startswith("'")


def test_an_export_has_the_filters_of_the_page(client_as: ClientAs) -> None:
    content = client_as("publisher").post("/staff/questions/export.csv?decision=choose", 200).data

    assert len(cells_of_csv(content)) == 1


def test_only_publishers_take_questions_away(client_as: ClientAs) -> None:
    client_as("editor").post("/staff/questions/export.csv", 403)


def test_the_buttons_of_the_page_export_and_opening_an_address_does_not(
    client_as: ClientAs,
) -> None:
    browser = client_as("publisher")

    page = browser.get("/staff/questions").text

    assert '<form method="post" action="/staff/questions/export.csv?' in page
    browser.get("/staff/questions/export.csv", status=405)


def test_an_export_is_noted_without_the_words_looked_for(desk: Desk, client_as: ClientAs) -> None:
    client_as("publisher").post("/staff/questions/export.csv?words=灯籠流し&state=all", 200)

    with store.reading(desk.records) as connection:
        (deed,) = audit.trail(connection, limit=1)
    assert (deed.action, deed.subject, deed.person_name) == (
        "export_questions",
        "csv",
        "publisherの人",
    )
    assert (deed.detail["state"], deed.detail["rows"], deed.detail["has_words"]) == ("all", 1, True)
    assert "灯籠" not in str(deed)


def test_how_few_people_are_too_few_is_set_by_the_city(desk: Desk, client_as: ClientAs) -> None:
    with store.writing(desk.records) as connection:
        settings.put(connection, "small_group", 2, Hand("試験", 0.0))

    content = client_as("publisher").post("/staff/questions/export.csv", 200).data

    assert [row[2] for row in cells_of_csv(content)] == ["尋ねた人数", "4", "2"]


def test_another_kind_of_file_is_not_found(client_as: ClientAs) -> None:
    client_as("publisher").post("/staff/questions/export.pdf", 404)


def test_a_wording_that_few_people_used_is_withheld_also_when_it_stands_first(
    desk: Desk, client_as: ClientAs
) -> None:
    with store.writing(desk.records) as connection:
        connection.execute(questions.question_table.delete())
    for person, ending in zip("abc", ["", "は", "か"], strict=True):
        ask(desk, f"諏訪神社のとなりの青い屋根の家のねこの登録の方法{ending}", person=person)

    content = client_as("publisher").post("/staff/questions/export.csv", 200).data

    (row,) = cells_of_csv(content)[1:]
    assert "青い屋根" not in str(row)
    assert "どの言い方も、尋ねた人が3人より少ない" in row[0]
    assert row[2] == "3"
