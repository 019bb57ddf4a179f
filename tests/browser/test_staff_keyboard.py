"""The staff's desk by keyboard alone: sign in, find an entry, change it, save it."""

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from handlers.staff import people_pages
from knowledge.records import drafts, store
from knowledge.records.accounts import Person
from tests.browser.staffdesk import BY, PASSWORD, choose_password, empty_tab
from tests.localbot import LocalBot

ACCOUNT = "keyboard@example.jp"
ENTRY = "smartphone-salon"
ADDED = "見学だけでもどうぞ。"
MOST_STEPS = 150
"""More steps than any page of the way has places to stop at."""

IS_HERE = "it => it === document.activeElement"
IS_SEEN = """() => {
  const it = document.activeElement
  const style = getComputedStyle(it)
  const box = it.getBoundingClientRect()
  const ring = style.outlineStyle === 'solid' && style.outlineWidth === '3px'
  return ring && style.outlineColor === 'rgb(179, 92, 0)' && box.width > 1 && box.height > 1
}"""
"""Whether the place one has come to is on the page and has the site's dark ring around it."""


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBot]:
    """A bot with somebody who writes."""
    running = LocalBot(tmp_path_factory.mktemp("keyboard"))
    yield running
    running.close()


@pytest.fixture
def tab(browser: Browser, bot: LocalBot) -> Iterator[Page]:
    """A tab at the door, for somebody who has a password."""
    person = Person(secrets.token_hex(16), ACCOUNT, "鍵盤 花子", "editor")
    link = people_pages.invite(bot.parts.desk(), BY, person)
    with empty_tab(browser, bot) as opened:
        choose_password(opened, link)
        opened.context.clear_cookies()
        opened.goto("/staff/sign-in")
        yield opened


def tab_to(tab: Page, wanted: Locator) -> None:
    """Press Tab until something is reached; every place on the way must show that one is there."""
    for _ in range(MOST_STEPS):
        tab.keyboard.press("Tab")
        assert tab.evaluate(IS_SEEN), tab.evaluate("document.activeElement.outerHTML")
        if wanted.evaluate(IS_HERE):
            return
    raise AssertionError("not reached by Tab")


def enter(tab: Page) -> None:
    """Press Enter, and wait for the page it leads to."""
    with tab.expect_navigation():
        tab.keyboard.press("Enter")


def test_a_draft_is_written_without_a_mouse(bot: LocalBot, tab: Page) -> None:
    tab_to(tab, tab.get_by_label("メールアドレス"))
    tab.keyboard.type(ACCOUNT)
    tab_to(tab, tab.get_by_label("パスワード"))
    tab.keyboard.type(PASSWORD)
    enter(tab)
    expect(tab.get_by_role("heading", level=1)).to_have_text("はじめに")

    tab_to(tab, tab.get_by_role("link", name="項目", exact=True).first)
    enter(tab)
    tab_to(tab, tab.get_by_label("言葉で探す"))
    tab.keyboard.type("スマホ")
    enter(tab)
    tab_to(tab, tab.locator(f'a[href="/staff/entries/{ENTRY}"]'))
    enter(tab)
    tab_to(tab, tab.get_by_role("link", name="直す", exact=True))
    enter(tab)
    tab_to(tab, tab.get_by_label("結論（120字まで）"))
    tab.keyboard.press("End")
    tab.keyboard.type(ADDED)
    tab_to(tab, tab.get_by_role("button", name="下書きを保存する").last)
    enter(tab)

    expect(tab.get_by_text("下書きを保存しました。")).to_be_visible()
    with store.reading(bot.parts.records) as connection:
        draft = drafts.get(connection, ENTRY)
    assert draft is not None
    assert ADDED in draft.document["summary"]
