"""The figures of the dashboard and of the report: who sees what, and what stays here."""

import io
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import openpyxl
import pytest

from handlers.staff import charts, overview, values
from handlers.staff.desk import Desk
from handlers.staff.overview import Period
from knowledge.records import questions, store
from tests.handlers.staff.asking import ask
from tests.handlers.staff.conftest import ClientAs

FORMULA = "=cmd|' /C calc'!A0 とは"
SCRIPT = "<script>alert(1)</script>とは"
IN_JANUARY = Period(date(2026, 1, 5), date(2026, 1, 5)).window().since
IN_MARCH = Period(date(2026, 3, 31), date(2026, 3, 31)).window().since
IN_APRIL = Period(date(2026, 4, 30), date(2026, 4, 30)).window().since
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


def tables_now(desk: Desk) -> dict[str, list[list[str]]]:
    """The rows of the last days, as they are read, by the title of their table."""
    period = Period(desk.today() - timedelta(days=2), desk.today())
    found = overview.tables(desk, overview.count(desk, period))
    return {table.title: [[str(cell) for cell in row] for row in table.rows] for table in found}


def test_the_dashboard_tells_how_questions_were_answered(desk: Desk, client_as: ClientAs) -> None:
    entry = desk.kb.public_entries(desk.today())[0]
    ask(desk, "ごみの日", person="a", decision="answer", shown=[(entry.id, 1.2)], step="solved:x")
    ask(desk, SCRIPT, person="b")

    page = client_as("viewer").get(f"/staff/dashboard?from={desk.today() - timedelta(days=1)}").text

    rows = cells(page)
    assert "尋ねた人 2人" in rows
    assert "答えた 1 50.0％" in rows
    assert "はい（解決した） 1" in rows
    assert "サービスについての質問のうち、見つからなかった割合 50.0％" in rows
    assert f"{entry.title} 1 0" in rows
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


def test_an_entry_that_was_chosen_or_came_second_has_been_asked(desk: Desk) -> None:
    first, second, third = desk.kb.public_entries(desk.today())[:3]
    ask(desk, "何か", decision="choose", shown=[(first.id, 0.5)], step=f"entry:{second.id}")
    ask(desk, "二つ", decision="answer", shown=[(second.id, 1.2), (third.id, 1.1)])

    told = tables_now(desk)

    never = {row[0] for row in told["一度も尋ねられていない項目"]}
    assert told["よく答えた項目"] == [[second.title, "1", "1"], [third.title, "1", "0"]]
    assert never.isdisjoint({first.title, second.title, third.title})


def test_people_whose_mark_is_erased_are_told_to_be_missing(desk: Desk) -> None:
    ask(desk, "ひとつ", person="a")
    ask(desk, "ふたつ", chat_key="")

    counted, *_ = overview.tables(desk, overview.count(desk, Period(desk.today(), desk.today())))

    assert str(counted.rows[0][1]) == "1人以上"
    assert overview.FADED_NOTE in counted.note


@pytest.mark.parametrize("name", ["hours", "weekdays"])
def test_a_chart_is_a_drawing_that_runs_nothing(client_as: ClientAs, name: str) -> None:
    response = client_as("viewer").get(f"/staff/dashboard/chart/{name}.svg")

    tags = {node.tag.rpartition("}")[2] for node in ElementTree.fromstring(response.data).iter()}
    assert response.mimetype == "image/svg+xml"
    assert "script" not in tags
    assert "rect" in tags
    assert response.headers["Content-Security-Policy"] == charts.POLICY


def test_an_empty_log_has_neither_times_nor_charts(client_as: ClientAs) -> None:
    page = client_as("viewer").get("/staff/dashboard?from=2024-01-01&to=2024-01-31").text

    assert "答えるまでの時間（半分の質問） ―" in cells(page)
    assert "ミリ秒以内" not in page
    assert "<img" not in page
    assert page.count("<p>ありません。</p>") >= 4


def test_every_chart_has_words_and_its_numbers_in_a_table(desk: Desk, client_as: ClientAs) -> None:
    ask(desk, "何か", asked_at=IN_JANUARY)

    page = client_as("viewer").get("/staff/dashboard?from=2026-01-05&to=2026-01-11").text

    alternatives = re.findall(r'<img class="chart"[^>]* alt="([^"]+)"', page)
    assert [text.partition("ごと")[0] for text in alternatives] == ["時間帯", "曜日"]
    assert {"月曜 1", "火曜 0"} < {*cells(page)}


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
    assert {cell.data_type for cell in found} == {"s", "n"}
    assert {type(cell.value) for cell in found if cell.data_type == "n"} <= {int, float}


def test_one_can_reckon_with_the_figures_of_the_workbook(desk: Desk, client_as: ClientAs) -> None:
    for person, decision in (("a", "none"), ("b", "answer"), ("b", "answer"), ("b", "choose")):
        ask(desk, "何か", person=person, decision=decision, asked_at=IN_APRIL)

    response = client_as("viewer").get("/staff/report.xlsx?month=2026-04")

    sheet = openpyxl.load_workbook(io.BytesIO(response.data))["質問と答え"]
    rows = {row[0].value: row[1:3] for row in sheet.iter_rows(min_row=4)}
    assert [(c.value, c.number_format) for c in rows["答えた"]] == [(2, "#,##0"), (0.5, "0.0%")]
    assert (rows["尋ねた人"][0].value, rows["尋ねた人"][0].number_format) == (2, '#,##0"人"')


def test_the_report_of_a_month_that_is_not_over_says_so(desk: Desk, client_as: ClientAs) -> None:
    today = desk.today()
    browser = client_as("viewer")

    running = browser.get(f"/staff/report?month={today:%Y-%m}").text
    coming = browser.get(f"/staff/report?month={today.year + 1}-12").text
    over = browser.get("/staff/report?month=2026-02").text

    assert f"（{today.month}月{today.day}日までの数です）" in running
    assert "（まだ始まっていない月です）" in coming
    assert "までの数です" not in over


def test_a_report_that_withholds_every_wording_says_that_there_is_none_to_tell(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, "ひとりの質問", asked_at=IN_MARCH)

    page = client_as("viewer").get("/staff/report?month=2026-03").text

    assert "載せる言葉はありません。" in page


def test_the_report_is_of_the_last_whole_month_unless_told(desk: Desk, client_as: ClientAs) -> None:
    last = desk.today().replace(day=1) - timedelta(days=1)

    page = client_as("viewer").get("/staff/report").text

    assert f"{last.year}年{last.month}月{last.day}日まで" in page


def test_no_more_days_are_counted_than_a_page_can_count_in_time(client_as: ClientAs) -> None:
    page = client_as("viewer").get("/staff/dashboard?from=2000-01-01&to=2026-05-31").text

    first = date(2026, 5, 31) - timedelta(days=values.MAX_DAYS)
    days = re.findall(r'type="date"[^>]* value="([^"]+)"', page)
    assert days == [first.isoformat(), "2026-05-31"]


@pytest.mark.parametrize("top", [0, 1, 4, 5, 7, 11, 4_001])
def test_beside_a_chart_stand_a_few_whole_numbers_up_to_its_highest_bar(top: int) -> None:
    axis = charts.bars(["月", "火"], [top, 0]).decode().partition('class="axis x"')[0]

    steps = [int(found.replace(",", "")) for found in re.findall(r"<title>([\d,]+)</title>", axis)]
    assert steps[0] == 0
    assert steps[-1] >= top
    assert len(steps) <= 5
