"""Hostile text in a real Chromium: nothing of it runs, and no long word pushes a page aside."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests import localbot
from tests.browser.staffdesk import (
    DESK,
    PASSWORD,
    PHONE,
    ZOOMED,
    empty_tab,
    sideways_scroll,
)
from tests.handlers.staff import hostile
from tests.handlers.staff.asking import key_of
from tests.handlers.staff.conftest import StaffClient
from tests.localbot import LocalBot

SHOWN = (hostile.LONG, hostile.TEXTS[1])
"""The questions whose pages are opened here: the longest word, and markup."""


bot = localbot.at_rest


staff = hostile.staff


@pytest.fixture(scope="module")
def pages(bot: LocalBot, staff: StaffClient) -> list[str]:
    """Every page with something hostile on it that can be opened."""
    places = hostile.arrange(bot, staff)
    places |= {"key": [key_of(text) for text in SHOWN], "event_id": places["event_id"][:2]}
    everything = f"look=all&state=all&month={bot.parts.desk().today():%Y-%m}"
    asked = [
        f"{address}?{everything}"
        for rule in hostile.rules(bot.app)
        for address in hostile.addresses(rule, places)
    ]
    answers = {url: staff.client.get(url) for url in asked}
    shown = [u for u, a in answers.items() if (a.status_code, a.mimetype) == (200, "text/html")]
    history = staff.get(f"/staff/entries/{hostile.PUBLISHED}/history").text
    return [*shown, unescape(re.findall(r'href="([^"]+/history/compare[^"]+)"', history)[0])]


@pytest.fixture
def tab(browser: Browser, bot: LocalBot, staff: StaffClient) -> Iterator[Page]:
    """Their tab; its console must stay silent."""
    assert staff.person is not None
    with empty_tab(browser, bot) as opened:
        opened.goto("/staff/sign-in")
        opened.get_by_label("メールアドレス").fill(staff.person.account)
        opened.get_by_label("パスワード").fill(PASSWORD)
        opened.get_by_role("button", name="ログインする").click()
        expect(opened.get_by_role("heading", level=1)).to_have_text("はじめに")
        yield opened


def sticking_out(tab: Page, url: str) -> list[str]:
    """By how much a page can be pushed to the side: on a phone, at 200 % zoom, on a desk."""
    tab.goto(url)
    found = []
    for size in (PHONE, ZOOMED, DESK):
        tab.set_viewport_size(size)
        found += [f"{url} at {size['width']}: {by}" for by in [sideways_scroll(tab)] if by]
    return found


def test_nothing_runs_and_nothing_sticks_out(pages: list[str], tab: Page) -> None:
    ran: list[str] = []

    def note(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", note)

    found = [fault for url in pages for fault in sticking_out(tab, url)]

    assert found == []
    assert ran == []
