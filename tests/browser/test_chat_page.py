"""The chat page in a real Chromium, against a real server and a tiny bot that answers over HTTP."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.bot.simulator.chatpage import (
    Asked,
    bubbles,
    font_size,
    sideways_scroll,
    the_input,
    user_bubbles,
    write,
)
from tests.bot.simulator.fakebot import GREETING, HTML, FakeBot


@pytest.fixture
def chat(page: Page, address: str) -> Iterator[Page]:
    """The page, greeted by the bot; at the end nothing may have gone wrong in the console."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text))
    page.goto(address)
    expect(bubbles(page)).to_have_text([GREETING["text"]])
    yield page
    unexpected = [line for line in complaints if "ERR_CONNECTION_REFUSED" not in line]
    assert unexpected == []


def test_the_first_opening_adds_the_bot_as_a_friend(chat: Page, bot: FakeBot) -> None:
    expect(chat).to_have_title("長崎市（この画面はテスト用です）")
    expect(chat.get_by_role("heading", level=1)).to_have_text("長崎市（この画面はテスト用です）")
    assert bot.kinds() == ["follow"]


def test_a_reload_keeps_the_conversation_and_greets_no_second_time(
    chat: Page, bot: FakeBot
) -> None:
    write(chat, "こんにちは")
    expect(bubbles(chat)).to_have_count(3)

    chat.reload()

    expect(bubbles(chat)).to_have_text([GREETING["text"], "こんにちは", "「こんにちは」ですね。"])
    assert bot.kinds() == ["follow", "text"]


def test_typing_shows_the_bubble_and_the_answer(chat: Page) -> None:
    write(chat, "ごみ")

    expect(user_bubbles(chat)).to_have_text(["ごみ"])
    expect(bubbles(chat).last).to_contain_text("ごみの案内です")
    expect(chat.locator(".flex-bubble")).to_have_count(1)
    expect(the_input(chat)).to_have_value("")
    expect(the_input(chat)).to_be_focused()


def test_typed_text_reaches_the_bot_exactly(chat: Page, bot: FakeBot) -> None:
    the_input(chat).fill("  一行目 𠮷🍎👨‍👩‍👧‍👦")
    the_input(chat).press("Shift+Enter")
    chat.keyboard.insert_text("二行目  ")
    the_input(chat).press("Enter")

    expect(bubbles(chat)).to_have_count(3)
    assert bot.texts() == ["  一行目 𠮷🍎👨‍👩‍👧‍👦\n二行目  "]


@pytest.mark.parametrize("text", ["", " 　\n"], ids=["empty", "blank"])
def test_nothing_to_say_sends_nothing(chat: Page, bot: FakeBot, text: str) -> None:
    write(chat, text)
    write(chat, "次")

    expect(bubbles(chat)).to_have_count(3)
    assert bot.texts() == ["次"]


def test_enter_while_an_ime_composes_sends_nothing(chat: Page, bot: FakeBot) -> None:
    the_input(chat).fill("ごみ")
    the_input(chat).dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(the_input(chat)).to_have_value("ごみ")

    the_input(chat).press("Enter")

    expect(user_bubbles(chat)).to_have_text(["ごみ"])
    assert bot.texts() == ["ごみ"]


def test_a_flex_button_sends_a_postback_and_shows_its_text(chat: Page, bot: FakeBot) -> None:
    write(chat, "ごみ")

    chat.get_by_role("button", name="粗大ごみ").click()

    expect(user_bubbles(chat).last).to_have_text("粗大ごみを見る")
    expect(bubbles(chat).last).to_have_text("粗大ごみの案内です。")
    assert bot.events[-1]["postback"] == {"data": "a=1"}


def test_an_uri_button_is_a_link_and_tel_stays_on_the_page(chat: Page) -> None:
    write(chat, "ごみ")

    home = chat.get_by_role("link", name="ホームページ")
    expect(home).to_have_attribute("href", "https://www.city.nagasaki.lg.jp/")
    expect(home).to_have_attribute("rel", "noopener noreferrer")
    expect(chat.get_by_role("link", name="電話する")).to_have_attribute("href", "tel:0958228888")


def test_addresses_and_phone_numbers_in_text_are_links(chat: Page) -> None:
    write(chat, "リンク")

    links = bubbles(chat).last.get_by_role("link")
    expect(links).to_have_text(["https://www.city.nagasaki.lg.jp/", "095-822-8888"])
    expect(links.last).to_have_attribute("href", "tel:0958228888")


def test_quick_replies_vanish_after_the_next_message(chat: Page, bot: FakeBot) -> None:
    write(chat, "ごみ")
    pills = chat.get_by_role("group", name="返信の候補")
    expect(pills.get_by_role("button")).to_have_text(["家庭ごみ", "資源ごみ"])

    pills.get_by_role("button", name="資源ごみ").click()

    expect(pills).to_be_hidden()
    expect(user_bubbles(chat).last).to_have_text("資源ごみ")
    assert bot.texts() == ["ごみ", "資源ごみ"]


def test_a_date_is_picked_and_sent_as_a_postback(chat: Page, bot: FakeBot) -> None:
    write(chat, "日")
    chat.get_by_role("button", name="選ぶ").click()
    expect(chat.get_by_label("日時を選んでください")).to_have_value("2026-11-22")

    chat.get_by_role("dialog").get_by_role("button", name="送信").click()

    expect(bubbles(chat).last).to_have_text("粗大ごみの案内です。")
    assert bot.events[-1]["postback"] == {"data": "day", "params": {"date": "2026-11-22"}}


def test_a_place_is_a_card_with_a_link_to_the_map(chat: Page) -> None:
    write(chat, "場所")
    expect(chat.locator(".place")).to_contain_text("市役所")
    href = "https://www.google.com/maps?q=32.75,129.87"
    expect(chat.get_by_role("link", name="地図を開く")).to_have_attribute("href", href)


def test_a_carousel_scrolls_inside_the_page(chat: Page) -> None:
    write(chat, "候補")
    cards = chat.locator(".flex-carousel")
    expect(cards.locator(".flex-bubble")).to_have_count(4)
    assert cards.evaluate("node => node.scrollWidth > node.clientWidth")
    assert sideways_scroll(chat) == 0


def test_dots_show_while_the_bot_works(chat: Page, bot: FakeBot) -> None:
    dots = chat.locator("#loading")
    bot.working.clear()
    write(chat, "ごみ")
    expect(dots).to_be_visible()

    bot.working.set()

    expect(chat.locator(".flex-bubble")).to_have_count(1)
    expect(dots).to_be_hidden()


def test_line_for_pc_shows_no_quick_replies(chat: Page) -> None:
    write(chat, "ごみ")
    pills = chat.get_by_role("group", name="返信の候補")
    expect(pills).to_be_visible()

    chat.get_by_role("button", name="PC版の表示").click()
    expect(pills).to_be_hidden()

    chat.get_by_role("button", name="PC版の表示").click()
    expect(pills).to_be_visible()


def test_the_text_size_changes_bubbles_and_only_scaling_flex(chat: Page) -> None:
    write(chat, "ごみ")
    scaling = chat.get_by_text("大きくなる文字", exact=True)
    fixed = chat.get_by_text("大きくならない文字", exact=True)
    expect(scaling).to_be_visible()
    assert [font_size(bubbles(chat).first), font_size(scaling), font_size(fixed)] == [16, 16, 16]

    chat.get_by_label("特大", exact=True).check()

    expect(chat.locator("html")).to_have_attribute("data-text-size", "huge")
    assert font_size(bubbles(chat).first) > 22
    assert font_size(scaling) > 22
    assert font_size(fixed) == 16


@pytest.mark.parametrize("size", ["普通", "特大"])
def test_a_narrow_phone_has_no_sideways_scroll(chat: Page, size: str) -> None:
    chat.set_viewport_size({"width": 360, "height": 640})
    chat.get_by_label(size, exact=True).check()

    write(chat, "ごみ")
    write(chat, "あ" * 300 + "w" * 300)

    expect(bubbles(chat).last).to_contain_text("ですね")
    assert sideways_scroll(chat) == 0
    assert chat.locator("#scroll").evaluate("node => node.scrollWidth - node.clientWidth") == 0


def test_html_in_a_message_is_inert(chat: Page) -> None:
    write(chat, "HTML")

    expect(bubbles(chat).last).to_have_text(HTML)
    expect(chat.locator(".flex-text")).to_have_text([HTML])
    expect(chat.locator("#log").locator("img, b")).to_have_count(0)
    expect(chat).to_have_title("長崎市（この画面はテスト用です）")


@pytest.mark.parametrize("word", ["メニュー", "使い方", "よくある質問"])
def test_the_menu_sends_its_words(chat: Page, bot: FakeBot, word: str) -> None:
    chat.get_by_role("group", name="メニュー").get_by_role("button", name=word).click()

    expect(user_bubbles(chat)).to_have_text([word])
    expect(the_input(chat)).to_be_focused()
    assert bot.texts() == [word]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("スタンプ", "sticker"),
        ("写真", "image"),
        ("音声", "audio"),
        ("位置情報", "location"),
        ("友だち追加", "follow"),
    ],
)
def test_other_things_than_text_can_be_sent(
    chat: Page, bot: FakeBot, label: str, kind: str
) -> None:
    chat.get_by_role("button", name=label, exact=True).click()

    expect(chat.locator("#log .row.bot")).to_have_count(2)
    assert bot.kinds() == ["follow", kind]


def test_a_question_in_the_address_waits_in_the_input(page: Page, address: str) -> None:
    page.goto(f"{address}?q=ごみの日")

    expect(the_input(page)).to_have_value("ごみの日")
    expect(bubbles(page)).to_have_text([GREETING["text"]])


def test_without_a_server_a_line_says_so_and_the_text_stays(chat: Page) -> None:
    chat.route("**/send", lambda route: route.abort("connectionrefused"))

    write(chat, "大事な質問")

    expect(chat.get_by_role("alert")).to_contain_text("送信できませんでした")
    expect(the_input(chat)).to_have_value("大事な質問")
    chat.unroute("**/send")
    the_input(chat).press("Enter")
    expect(bubbles(chat).last).to_have_text("「大事な質問」ですね。")
    expect(chat.get_by_role("alert")).to_be_hidden()


def test_losing_the_server_is_told_until_it_is_back(chat: Page) -> None:
    chat.route("**/messages?*", lambda route: route.abort("connectionrefused"))
    expect(chat.get_by_role("alert")).to_contain_text("サーバーにつながりません")

    chat.unroute("**/messages?*")

    expect(chat.get_by_role("alert")).to_be_hidden()


def test_the_timeline_is_a_polite_log_and_its_links_are_reached_by_keyboard(chat: Page) -> None:
    log = chat.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    write(chat, "ごみ")
    button = chat.get_by_role("button", name="粗大ごみ")

    button.focus()
    button.press("Enter")

    expect(bubbles(chat).last).to_have_text("粗大ごみの案内です。")
    expect(the_input(chat)).to_be_focused()


def test_only_the_page_itself_is_asked(chat: Page, address: str) -> None:
    asked = Asked()
    chat.on("request", asked.note)

    write(chat, "ごみ")
    expect(chat.locator(".flex-bubble")).to_have_count(1)

    assert asked.urls
    assert [url for url in asked.urls if not url.startswith(address)] == []
