"""The figures of the dashboard and of the report: who sees what, and what stays here."""

import io
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import openpyxl
import pytest

from handlers.staff import charts, dashboard_pages, overview
from handlers.staff.desk import Desk
from handlers.staff.overview import Period
from knowledge.records import questions, store
from tests.handlers.staff.asking import ask
from tests.handlers.staff.conftest import ClientAs

FORMULA = "=cmd|' /C calc'!A0 とは"
SCRIPT = "<script>alert(1)</script>とは"
IN_MAY = Period(date(2026, 5, 31), date(2026, 5, 31)).window().until - 1
IN_JUNE = Period(date(2026, 6, 1), date(2026, 6, 1)).window().since
"""The last moment of one month and the first of the next; pages keep a count for a minute."""


@pytest.fixture(autouse=True)
def log(desk: Desk) -> None:
    """Each test begins with an empty log."""
    with store.writing(desk.records) as connection:
        connection.execute(questions.question_table.delete())


def cells(page: str) -> list[str]:
    """The rows of the page's tables as text."""
    found = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def tables_now(desk: Desk, least_people: int = 1) -> dict[str, list[tuple[str, ...]]]:
    """The rows of the last days by the title of their table."""
    period = Period(desk.today() - timedelta(days=2), desk.today())
    found = overview.tables(desk, overview.count(desk, period), least_people)
    return {table.title: list(table.rows) for table in found}


def test_the_dashboard_tells_how_questions_were_answered(desk: Desk, client_as: ClientAs) -> None:
    entry = desk.kb.public_entries(desk.today())[0]
    ask(desk, "ごみの日", person="a", decision="answer", shown=[(entry.id, 1.2)], step="solved:x")
    ask(desk, SCRIPT, person="b")

    page = client_as("viewer").get(f"/staff/dashboard?from={desk.today() - timedelta(days=1)}").text

    rows = cells(page)
    assert "尋ねた人 2人" in rows
    assert "答えた 1 50.0％" in rows
    assert "はい（解決した） 1" in rows
    assert f"{entry.title} 1" in rows
    assert "&lt;script&gt;alert(1)&lt;/script&gt;とは" in page


def test_the_plans_figures_are_told_as_the_plans(client_as: ClientAs) -> None:
    page = client_as("viewer").get("/staff/dashboard?to=2026-01-01").text

    for value in ("10.1％", "11％", "17.1％", "20％", "79.2％", "85.0％", "長崎市DX推進計画"):
        assert value in page
    assert "この案内が数えたものではありません" in page


@pytest.mark.parametrize("query", ["from=x&to=y", "from=9999-12-31&to=0001-01-01", "to=2026-13-40"])
def test_days_that_make_no_sense_still_give_a_page(client_as: ClientAs, query: str) -> None:
    page = client_as("viewer").get(f"/staff/dashboard?{query}").text

    assert "尋ねた人" in page


def test_an_entry_that_came_up_is_no_longer_among_those_never_asked(desk: Desk) -> None:
    entry = min(desk.kb.public_entries(desk.today()), key=lambda e: e.title)
    before = tables_now(desk)["一度も尋ねられていない項目"]

    ask(desk, "何か", decision="choose", shown=[(entry.id, 0.5)])

    after = tables_now(desk)["一度も尋ねられていない項目"]
    assert (before[0][0], entry.title in [row[0] for row in after]) == (entry.title, False)


@pytest.mark.parametrize("name", ["hours", "weekdays"])
def test_a_chart_is_a_drawing_that_runs_nothing(client_as: ClientAs, name: str) -> None:
    response = client_as("viewer").get(f"/staff/dashboard/chart/{name}.svg")

    tags = {node.tag.rpartition("}")[2] for node in ElementTree.fromstring(response.data).iter()}
    assert response.mimetype == "image/svg+xml"
    assert "script" not in tags
    assert "rect" in tags
    assert response.headers["Content-Security-Policy"] == charts.POLICY


def test_every_chart_has_words_and_its_numbers_in_a_table(client_as: ClientAs) -> None:
    page = client_as("viewer").get("/staff/dashboard").text

    alternatives = re.findall(r'<img class="chart"[^>]* alt="([^"]+)"', page)
    assert [text.partition("ごと")[0] for text in alternatives] == ["時間帯", "曜日"]
    assert "月曜 0" in cells(page)


def test_an_unknown_chart_is_not_found(client_as: ClientAs) -> None:
    client_as("viewer").get("/staff/dashboard/chart/people.svg", 404)


def test_the_report_withholds_what_fewer_than_three_people_asked(
    desk: Desk, client_as: ClientAs
) -> None:
    for person in "abc":
        ask(desk, "みんなの質問", person=person, asked_at=IN_MAY)
    for person in "ab":
        ask(desk, "ふたりの質問", person=person, asked_at=IN_MAY)

    page = client_as("viewer").get("/staff/report?month=2026-05").text

    assert "みんなの質問 3人 3" in cells(page)
    assert "ふたりの質問" not in page
    assert "尋ねた人 3人" in cells(page)


def test_the_workbook_tells_the_same_and_no_cell_is_a_formula(
    desk: Desk, client_as: ClientAs
) -> None:
    for person in "abc":
        ask(desk, FORMULA, person=person, asked_at=IN_JUNE)

    response = client_as("viewer").get("/staff/report.xlsx?month=2026-06")

    book = openpyxl.load_workbook(io.BytesIO(response.data))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert f"'{FORMULA}" in [cell.value for cell in found]
    assert {cell.data_type for cell in found} == {"s"}
    assert "尋ねた人" in [cell.value for cell in found]


def test_the_report_is_of_the_last_whole_month_unless_told(desk: Desk, client_as: ClientAs) -> None:
    last = desk.today().replace(day=1) - timedelta(days=1)

    page = client_as("viewer").get("/staff/report").text

    assert f"{last.year}年{last.month}月{last.day}日まで" in page


def test_no_more_days_are_counted_than_a_page_can_count_in_time(client_as: ClientAs) -> None:
    page = client_as("viewer").get("/staff/dashboard?from=2000-01-01&to=2026-05-31").text

    first = date(2026, 5, 31) - timedelta(days=dashboard_pages.MAX_DAYS)
    days = re.findall(r'type="date"[^>]* value="([^"]+)"', page)
    assert days == [first.isoformat(), "2026-05-31"]


@pytest.mark.parametrize("top", [0, 1, 4, 5, 7, 11, 4_001])
def test_beside_a_chart_stand_a_few_whole_numbers_up_to_its_highest_bar(top: int) -> None:
    axis = charts.bars(["月", "火"], [top, 0]).decode().partition('class="axis x"')[0]

    steps = [int(found.replace(",", "")) for found in re.findall(r"<title>([\d,]+)</title>", axis)]
    assert steps[0] == 0
    assert steps[-1] >= top
    assert len(steps) <= 5
