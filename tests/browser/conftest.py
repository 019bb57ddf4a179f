"""A real Chromium for the browser tests, and pages of phone size in it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.bot.simulator.fakebot import FakeBot, serving

expect.set_options(timeout=30_000)  # what is expected comes, on a machine that stalls a bit later

CHROMIUM: Final = "/usr/bin/chromium"
CHROMIUM_ARGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without it these tests are skipped, except in CI, where they fail."""
    if not Path(CHROMIUM).exists():
        reason = f"{CHROMIUM} is not installed (apt-get install chromium)"
        in_ci = os.environ.get("CI")  # noqa: TID251 - a switch of the tests, not of the bot
        pytest.fail(reason) if in_ci else pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own for each test, the size of a phone."""
    opened = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab."""
    return context.new_page()


@pytest.fixture
def bot() -> FakeBot:
    """A tiny bot for tests of the chat page alone."""
    return FakeBot()


@pytest.fixture
def address(bot: FakeBot) -> Iterator[str]:
    """Where the tiny bot's chat page is served."""
    with serving(bot) as served_at:
        yield served_at
