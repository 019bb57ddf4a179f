"""Every page of the staff's desk in a real Chromium: readable by all, on a desk and on a phone."""

import pytest
from playwright.sync_api import Browser, Page

from tests import localbot
from tests.browser import staffaxe
from tests.browser.staffaxe import ASKED, GROUP, faults
from tests.browser.staffdesk import BY, empty_tab
from tests.handlers.staff.asking import ask
from tests.handlers.staff.proposals import FALLS, compared, reworded
from tests.localbot import LocalBot

ENTRY = "/staff/entries/smartphone-salon"
WITH_ID = (
    ENTRY,
    f"{ENTRY}/history",
    f"{ENTRY}/edit",
    f"{ENTRY}/edit?checked=1",
    f"{ENTRY}/preview",
    f"{ENTRY}/retire",
    GROUP,
    f"{GROUP}/teach",
    f"{GROUP}/teach/bulky-waste",
    f"{GROUP}/outside",
    "/staff/questions?look=all&state=all",
    "/staff/settings/small_group",
    "/staff/settings/code_needed",
)
NOT_PAGES = {"/staff/export/file", "/staff/report.xlsx"}
BEFORE_SIGN_IN = {"/staff/sign-in", "/staff/sign-in/code"}


at_rest, bot, tab = localbot.at_rest, staffaxe.bot, staffaxe.tab


def test_every_page_with_an_address_of_its_own_can_be_read_by_all(tab: Page, bot: LocalBot) -> None:
    pages = {
        rule.rule
        for rule in bot.app.url_map.iter_rules()
        if rule.rule.startswith("/staff/") and "GET" in (rule.methods or ()) and not rule.arguments
    }

    found = {path: faults(tab, path) for path in sorted(pages - NOT_PAGES - BEFORE_SIGN_IN)}

    assert {path: problems for path, problems in found.items() if problems} == {}


@pytest.mark.parametrize("path", WITH_ID)
def test_a_page_about_something_can_be_read_by_all(tab: Page, path: str) -> None:
    assert faults(tab, path) == []


def test_a_single_question_can_be_read_by_all(tab: Page, bot: LocalBot) -> None:
    event_id = ask(bot.parts.desk(), ASKED, step="unsolved")

    assert faults(tab, f"/staff/questions/asked/{event_id}") == []


def test_a_change_that_makes_answers_worse_can_be_read_by_all(tab: Page, bot: LocalBot) -> None:
    desk = bot.parts.desk()
    proposed = reworded(desk, "library", "図書館の時間をお知らせします。")
    job = compared(desk, BY, [proposed], FALLS)

    found = faults(tab, f"/staff/changes/{job.job_id}")

    assert tab.get_by_label("それでも公開します").count() == 1
    assert found == []


def test_the_door_can_be_read_by_all(browser: Browser, bot: LocalBot) -> None:
    with empty_tab(browser, bot) as nobody:
        assert faults(nobody, "/staff/sign-in") == []
