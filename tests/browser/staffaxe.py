"""What keeps somebody from reading a page of the staff's desk: axe's grave findings, and sideways scrolling."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.staffdesk import DESK, PHONE, ZOOMED, sideways_scroll, tab_of
from tests.handlers.staff.asking import ask, key_of
from tests.localbot import LocalBot

GRAVE = ("serious", "critical")
ASKED = "アザラシの置物ば引き取ってほしか"
GROUP = f"/staff/questions/groups/{key_of(ASKED)}"


@pytest.fixture(scope="module")
def bot(at_rest: LocalBot) -> LocalBot:
    """A bot at rest that was asked something."""
    ask(at_rest.parts.desk(), ASKED)
    return at_rest


@pytest.fixture(scope="module")
def tab(browser: Browser, bot: LocalBot) -> Iterator[Page]:
    """The tab of somebody who may do everything."""
    with tab_of(browser, bot, "admin") as opened:
        yield opened


def faults(tab: Page, path: str) -> list[str]:
    """What is wrong with a page that opens by its address."""
    answer = tab.goto(path)
    assert answer is not None
    assert answer.status == 200
    return faults_here(tab)


def faults_here(tab: Page) -> list[str]:
    """What is wrong with the page that is shown: on a desk, on a phone, and at 200 %."""
    found = [fault for size in (DESK, PHONE) for fault in _faults_at(tab, size)]
    tab.set_viewport_size(ZOOMED)
    found += _sticking_out(tab)
    tab.set_viewport_size(DESK)
    return found


def faults_now(tab: Page) -> list[str]:
    """What is wrong with the page that is shown, at the size at which it is shown."""
    violations = Axe().run(tab).response["violations"]
    grave = [
        f"{_width(tab)}: {one['id']} {node['target']}"
        for one in violations
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]
    return grave + _sticking_out(tab)


def _faults_at(tab: Page, size: ViewportSize) -> list[str]:
    tab.set_viewport_size(size)
    return faults_now(tab)


def _sticking_out(tab: Page) -> list[str]:
    return [f"{_width(tab)}: {by} pixels stick out" for by in [sideways_scroll(tab)] if by]


def _width(tab: Page) -> int:
    return int(tab.evaluate("innerWidth"))
