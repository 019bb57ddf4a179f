"""Hostile text in every page and every export: it is shown as text, and does nothing."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from html import unescape
from urllib.parse import urlsplit

import openpyxl
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests import localbot
from tests.handlers.staff import hostile, hygiene
from tests.handlers.staff.conftest import StaffClient
from tests.handlers.staff.files import SHEETS
from tests.handlers.staff.hostile import NAME, SHORT, TEXTS, Places
from tests.localbot import LocalBot

ARGUMENTS = (
    *("query", "words", "find", "title", "phrasing", "entry", "only", "owner", "category", "how"),
    *("state", "since", "until", "month", "from", "to", "page", "before", "after", "next", "look"),
    *("decision", "draft", "format", "checked", "person", "action"),
)
"""What addresses of the site ask by; each may hold anything."""


CSV = "/staff/export/file?format=csv"
NEVER_SHOWN = {"staff.sign_in_code", "staff.opened_again"}
"""Comes only between the password and the code, and holds nobody's text; only leads to another."""


bot = localbot.at_rest


@pytest.fixture(scope="module")
def app(bot: LocalBot) -> Flask:
    """The app of that bot."""
    return bot.app


staff = hostile.staff


@pytest.fixture(scope="module")
def places(bot: LocalBot, staff: StaffClient) -> Places:
    """Where the hostile texts stand."""
    return hostile.arrange(bot, staff)


@pytest.fixture(scope="module")
def everything(bot: LocalBot) -> str:
    """Asks the queue for every question, and the report for this month."""
    return f"look=all&state=all&month={bot.parts.desk().today():%Y-%m}"


def links(answers: Mapping[str, TestResponse]) -> set[str]:
    """The same pages with other questions, such as two versions to compare: one step on from these."""
    paths = {urlsplit(url).path for url in answers}
    found = {
        unescape(url)
        for answer in answers.values()
        if answer.mimetype == "text/html"
        for url in re.findall(r'href="(/staff/[^"]+)"', answer.text)
    }
    return {url for url in found if urlsplit(url).path in paths} - set(answers)


def opens(url: str, answers: Mapping[str, TestResponse]) -> bool:
    """True when the page of an address was seen, whatever it was asked."""
    path = urlsplit(url).path
    return any(a.status_code == 200 for u, a in answers.items() if urlsplit(u).path == path)


def faults(answer: TestResponse) -> list[str]:
    """What is wrong with a page, a picture or an export."""
    if answer.mimetype == "text/html":
        problems = hygiene.problems(answer.text) if answer.text else []
        return problems + hostile.came_through(answer.text)
    if answer.mimetype in (SHEETS, "text/csv"):
        return [f"formula {cell[:40]!r}" for cell in cells(answer) if hostile.is_formula(cell)]
    return hostile.came_through(answer.text)


def cells(answer: TestResponse) -> list[str]:
    """The texts of an export; a number is no formula."""
    if answer.mimetype == "text/csv":
        return [c for row in csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))) for c in row]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    every = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    return ["=" if cell.data_type == "f" else str(cell.value or "") for cell in every]


def harmless(found: Iterable[str]) -> list[str]:
    """The cells that would be formulas without the apostrophe before them."""
    return [cell for cell in found if cell.startswith("'") and hostile.is_formula(cell[1:])]


def test_no_page_and_no_export_lets_anything_hostile_through(
    app: Flask, staff: StaffClient, places: Places, everything: str
) -> None:
    asked = {
        f"{address}?{everything}": rule.endpoint
        for rule in hostile.rules(app)
        for address in hostile.addresses(rule, places)
    }

    answers = {url: staff.client.get(url) for url in asked}
    linked = {url: staff.client.get(url) for url in links(answers) | {CSV}}

    every = answers | linked
    shown = {end for url, end in asked.items() if opens(url, every)}
    assert {url: faults(answer) for url, answer in every.items() if faults(answer)} == {}
    assert set(asked.values()) - shown == NEVER_SHOWN


@pytest.mark.parametrize("text", [NAME, SHORT])
def test_nothing_hostile_in_an_address_comes_through(
    app: Flask, staff: StaffClient, places: Places, text: str
) -> None:
    first = {name: values[:1] for name, values in places.items()}
    asked = [address for rule in hostile.rules(app) for address in hostile.addresses(rule, first)]

    query = dict.fromkeys(ARGUMENTS, text)
    answers = {address: staff.client.get(address, query_string=query) for address in asked}

    assert [url for url, answer in answers.items() if answer.status_code >= 500] == []
    assert {url: faults(answer) for url, answer in answers.items() if faults(answer)} == {}


@pytest.mark.parametrize("knowledge", ["published", "drafts"])
def test_what_is_tried_is_shown_as_text(staff: StaffClient, places: Places, knowledge: str) -> None:
    found = {
        text[:20]: faults(staff.post("/staff/try", 200, text=text, knowledge=knowledge))
        for text in TEXTS
        if "\0" not in text
    }

    assert [problem for problems in found.values() for problem in problems] == []


def test_hostile_questions_are_in_the_queue_as_they_were_asked(
    staff: StaffClient, places: Places, everything: str
) -> None:
    page = staff.get(f"/staff/questions?{everything}").text

    assert len(places["key"]) >= len(TEXTS) - 3  # some differ only in what a search does not see
    assert "&lt;script&gt;alert(7)&lt;/script&gt;" in page
    assert "みぎから〔202E〕ひだり〔2066〕へ" in page


@pytest.mark.parametrize("export", ["/staff/export/file?a=b", CSV, "/staff/report.xlsx?a=b"])
def test_an_export_holds_what_looks_like_a_formula_as_text(
    staff: StaffClient, places: Places, everything: str, export: str
) -> None:
    answer = staff.get(f"{export}&{everything.replace('state=all', '')}")

    assert harmless(cells(answer)) != []
    assert faults(answer) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_of_questions_holds_what_looks_like_a_formula_as_text(
    staff: StaffClient, places: Places, everything: str, kind: str
) -> None:
    answer = staff.post(f"/staff/questions/export.{kind}?{everything}", 200)

    assert harmless(cells(answer)) != []
    assert faults(answer) == []
