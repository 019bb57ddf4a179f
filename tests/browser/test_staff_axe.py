"""Every page of the staff's desk in a real Chromium: readable by all, on a desk and on a phone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.staffdesk import BY, DESK, PHONE, empty_tab, sideways_scroll, tab_of
from tests.handlers.staff.asking import ask, key_of
from tests.handlers.staff.proposals import FALLS, compared, reworded
from tests.localbot import LocalBot

ASKED = "アザラシの置物ば引き取ってほしか"
ENTRY = "/staff/entries/smartphone-salon"
GROUP = f"/staff/questions/groups/{key_of(ASKED)}"
WITHOUT_ID = (
    "/staff/",
    "/staff/account",
    "/staff/password",
    "/staff/people",
    "/staff/entries",
    "/staff/entries/new",
    "/staff/try",
    "/staff/links",
    "/staff/import",
    "/staff/export",
    "/staff/questions",
    "/staff/questions/outside",
    "/staff/dashboard",
    "/staff/report",
)
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
)
NOT_PAGES = {"/staff/export/file", "/staff/report.xlsx"}
SIGNED_OUT = {"/staff/sign-in"}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBot]:
    """A bot that was asked something; its chores rest, so that a change stays as a test left it."""
    running = LocalBot(tmp_path_factory.mktemp("axe"))
    running.worker._chores.stop()
    ask(running.parts.desk(), ASKED)
    yield running
    running.close()


@pytest.fixture(scope="module")
def tab(browser: Browser, bot: LocalBot) -> Iterator[Page]:
    """The tab of somebody who may open every page."""
    with tab_of(browser, bot, "admin") as opened:
        yield opened


def faults(tab: Page, path: str) -> list[str]:
    """What axe finds grave on a page, and what sticks out of it, at both widths."""
    answer = tab.goto(path)
    assert answer is not None
    assert answer.status == 200
    return [f"{size['width']}: {fault}" for size in (DESK, PHONE) for fault in _at(tab, size)]


def _at(tab: Page, size: ViewportSize) -> list[str]:
    tab.set_viewport_size(size)
    violations = Axe().run(tab).response["violations"]
    grave = [
        f"{one['id']} {node['target']}"
        for one in violations
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
    return grave + [f"{over} pixels stick out" for over in [sideways_scroll(tab)] if over]


@pytest.mark.parametrize("path", [*WITHOUT_ID, *WITH_ID])
def test_a_page_can_be_read_by_all(tab: Page, path: str) -> None:
    assert faults(tab, path) == []


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


def test_no_page_is_forgotten(bot: LocalBot) -> None:
    rules = [rule for rule in bot.app.url_map.iter_rules() if rule.rule.startswith("/staff/")]

    pages = {rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments}

    assert pages == {*WITHOUT_ID, *NOT_PAGES, *SIGNED_OUT}
