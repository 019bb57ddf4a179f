"""Staff in a real browser: each joins through an invitation and has a browser profile of their own."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect

from handlers.staff import people_pages
from knowledge.records.accounts import Person
from tests.handlers.staff.conftest import BY, PASSWORD
from tests.localbot import LocalBot

DESK = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
ZOOMED = ViewportSize(width=640, height=450)
"""The desk's screen at 200 %: everything twice as large is half as much room."""

REFUSED = re.compile(r"responded with a status of (400|401|403|404|409|413|422)")
IN_FORCE_WITHIN_SECONDS = 60.0


@contextmanager
def empty_tab(browser: Browser, bot: LocalBot, size: ViewportSize = DESK) -> Iterator[Page]:
    """A tab of nobody yet, in a profile of its own; its console must stay silent.

    Nothing fades in it: where no frame is drawn for some seconds, what fades in is not there yet.
    """
    complaints: list[str] = []
    context = browser.new_context(
        viewport=size, locale="ja-JP", base_url=bot.url, reduced_motion="reduce"
    )
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda line: complaints.extend(_grave(line)))
    yield context.new_page()
    context.close()
    assert complaints == [], complaints


def _grave(line: ConsoleMessage) -> list[str]:
    """What the browser found wrong; its hints do not count, nor that the bot refused something."""
    url = line.location["url"]
    is_refused_page = "/static/" not in url and REFUSED.search(line.text)
    is_grave = line.type in ("error", "warning") and not is_refused_page
    return [f"{url}: {line.text}"] if is_grave else []


@contextmanager
def tab_of(browser: Browser, bot: LocalBot, role: str, size: ViewportSize = DESK) -> Iterator[Page]:
    """The tab of a new colleague who has just joined."""
    account = f"{role}-{secrets.token_hex(4)}@example.jp"
    person = Person(secrets.token_hex(16), account, f"{role}の人", role)
    link = people_pages.invite(bot.parts.desk(), BY, person)
    with empty_tab(browser, bot, size) as tab:
        choose_password(tab, link)
        yield tab


def choose_password(tab: Page, link: str) -> None:
    """Follow an invitation; whoever does is signed in."""
    tab.goto(link)
    tab.get_by_label("新しいパスワード", exact=True).fill(PASSWORD)
    tab.get_by_label("新しいパスワード（もう一度）").fill(PASSWORD)
    tab.get_by_role("button", name="このパスワードにする").click()
    expect(tab.get_by_role("status")).to_contain_text("ログインしています")


def until_in_force(bot: LocalBot) -> None:
    """Wait for the index of what was just published; the bot answers with the old one meanwhile."""
    desk = bot.parts.desk()
    deadline = time.monotonic() + IN_FORCE_WITHIN_SECONDS
    while desk.kb.snapshot(desk.today()).revision != desk.kb.revision:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def sideways_scroll(tab: Page) -> int:
    """How many pixels the page could be pushed to the side."""
    return int(
        tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )
