"""A citizen and the whole bot: the real chat page in a real Chromium, real webhooks, real answers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from handlers.line import words
from tests.localbot import LocalBot


@pytest.fixture
def chat(page: Page, local_bot: LocalBot) -> Iterator[Page]:
    """The chat page, greeted by the bot; at the end nothing may have gone wrong in the console."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text))
    local_bot.stub.reset()
    page.goto(f"{local_bot.url}/simulator/")
    expect(said(page)).to_have_count(1)
    yield page
    assert complaints == []


def said(chat: Page) -> Locator:
    """The bot's texts."""
    return chat.locator("#log .row.bot .bubble")


def cards(chat: Page) -> Locator:
    return chat.locator("#log .flex-bubble")


def write(chat: Page, text: str) -> None:
    chat.get_by_label("メッセージ", exact=True).fill(text)
    chat.get_by_role("button", name="送信").click()


def sideways_scroll(chat: Page) -> int:
    """How many pixels page and conversation could be pushed to the side."""
    return int(
        chat.evaluate(
            """[document.documentElement, document.getElementById("scroll")]
               .map((node) => node.scrollWidth - node.clientWidth)
               .reduce((one, other) => one + other)"""
        )
    )


def test_a_citizen_is_greeted_and_told_what_to_know(chat: Page) -> None:
    greeting = said(chat).first

    expect(greeting).to_contain_text("友だち追加ありがとうございます。")
    expect(greeting).to_contain_text("個人情報は送らないでください")
    expect(greeting).to_contain_text("119番")
    expect(greeting).to_contain_text(words.CALL_CENTRE_PHONE)


def test_a_citizen_asks_for_help_with_the_smartphone_and_gets_the_salon(chat: Page) -> None:
    write(chat, "スマホの使い方ば教えてほしか")

    expect(said(chat).last).to_contain_text("【スマホサロン】")
    expect(cards(chat).last).to_contain_text("スマホサロン")
    expect(chat.locator("#log .row.user")).to_contain_text(["スマホの使い方ば教えてほしか"])


def test_a_citizen_taps_easy_japanese_and_answers_with_a_number(chat: Page) -> None:
    write(chat, "スマホの使い方ば教えてほしか")
    expect(said(chat).last).to_contain_text("【スマホサロン】")

    cards(chat).last.get_by_role("button", name="やさしい日本語").click()
    expect(said(chat).last).to_contain_text("【スマホサロン】やさしい日本語")
    expect(chat.locator("#log .row.user").last).to_contain_text("やさしい日本語")

    write(chat, "１")
    expect(said(chat).last).to_contain_text("担当：")


def test_a_citizen_calls_by_a_tap_on_the_card(chat: Page) -> None:
    write(chat, "スマホの使い方ば教えてほしか")

    call = cards(chat).last.get_by_role("link", name=words.LABEL_CALL_CENTRE)

    expect(call).to_have_attribute("href", f"tel:{words.CALL_CENTRE_PHONE}")


def test_the_menu_button_below_leads_to_the_categories(chat: Page) -> None:
    chat.get_by_role("group", name="メニュー").get_by_role("button", name="メニュー").click()

    expect(said(chat).last).to_contain_text(words.MENU)
    expect(cards(chat).last.get_by_role("button", name="ごみ・くらし")).to_be_visible()


@pytest.mark.parametrize("size", ["普通", "特大"])
def test_a_narrow_phone_has_no_sideways_scroll(chat: Page, size: str) -> None:
    chat.set_viewport_size({"width": 360, "height": 640})
    chat.get_by_label(size, exact=True).check()

    write(chat, "スマホの使い方ば教えてほしか")
    expect(cards(chat).last).to_contain_text("スマホサロン")

    assert sideways_scroll(chat) == 0


def test_the_home_page_leads_to_the_chat(page: Page, local_bot: LocalBot) -> None:
    page.goto(local_bot.url)

    page.get_by_role("link", name="チャットを試す").click()

    expect(said(page).first).to_contain_text("友だち追加ありがとうございます。")


def test_the_home_page_has_no_sideways_scroll_on_a_narrow_phone(
    page: Page, local_bot: LocalBot
) -> None:
    page.set_viewport_size({"width": 360, "height": 640})

    page.goto(local_bot.url)

    root = page.locator("html")
    assert root.evaluate("node => node.scrollWidth - node.clientWidth") == 0
