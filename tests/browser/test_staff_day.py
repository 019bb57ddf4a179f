"""A day at the staff's desk in a real Chromium, on a desk and on a phone: what they do there reaches
the citizens, and every page of it can be read by all."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from knowledge import seed
from tests.browser.staffaxe import faults_now
from tests.browser.staffdesk import DESK, PHONE, choose_password, empty_tab, tab_of, until_in_force
from tests.handlers.staff.files import an_xlsx, cells_of
from tests.localbot import LocalBot

EDIT = "/staff/entries/smartphone-salon/edit"
WRITING = "「スマホサロン」を書く"
ADDED = "見学だけでもどうぞ。"
ODD = "アザラシの置物ば引き取ってほしか"
REPLAYED_WITHIN = 50_000
"""Milliseconds for asking a thousand questions again, on a machine busy with other tests."""


@pytest.fixture(scope="module", params=[DESK, PHONE], ids=["desk", "phone"])
def size(request: pytest.FixtureRequest) -> ViewportSize:
    """What everybody works on this day."""
    chosen: ViewportSize = request.param
    return chosen


@pytest.fixture(scope="module")
def bot(size: ViewportSize, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBot]:
    """The whole bot of a day of that size."""
    running = LocalBot(tmp_path_factory.mktemp(f"day-{size['width']}"))
    yield running
    running.close()


@pytest.fixture
def admin(browser: Browser, bot: LocalBot, size: ViewportSize) -> Iterator[Page]:
    """The tab of somebody who looks after the staff."""
    with tab_of(browser, bot, "admin", size) as tab:
        yield tab


@pytest.fixture
def publisher(browser: Browser, bot: LocalBot, size: ViewportSize) -> Iterator[Page]:
    """The tab of somebody who publishes."""
    with tab_of(browser, bot, "publisher", size) as tab:
        yield tab


@pytest.fixture
def editor(browser: Browser, bot: LocalBot, size: ViewportSize) -> Iterator[Page]:
    """The tab of somebody who writes."""
    with tab_of(browser, bot, "editor", size) as tab:
        yield tab


def read(tab: Page, heading: str) -> None:
    """Wait for a page by its heading, and see that everybody can read it."""
    expect(tab.get_by_role("heading", level=1)).to_have_text(heading, timeout=REPLAYED_WITHIN)
    assert faults_now(tab) == []


def rows(tab: Page) -> list[list[str]]:
    """The cells of the first table's body."""
    found = tab.locator("table").first.locator("tbody tr").all()
    return [row.locator("th, td").all_inner_texts() for row in found]


def publish(bot: LocalBot, tab: Page, reason: str) -> None:
    """Wait until a change has been compared, publish it, and wait until the bot answers with it."""
    tab.get_by_label("公開する理由").fill(reason, timeout=REPLAYED_WITHIN)
    read(tab, "公開する前に確かめる")
    tab.get_by_role("button", name="公開する", exact=True).click()
    read(tab, "公開しました")
    until_in_force(bot)


def test_an_invited_editor_chooses_a_password_and_is_in(
    browser: Browser, bot: LocalBot, admin: Page, size: ViewportSize
) -> None:
    admin.goto("/staff/people")
    read(admin, "職員")
    admin.get_by_label("名前", exact=True).fill("長崎 花子")
    admin.get_by_label("メールアドレス").fill("hanako@example.jp")
    admin.get_by_label("役割", exact=True).select_option("editor")
    admin.get_by_role("button", name="招待する", exact=True).click()
    link = admin.locator("#link").inner_text()
    read(admin, "職員")

    with empty_tab(browser, bot, size) as hanako:
        hanako.goto(link)
        read(hanako, "パスワードを決める")
        choose_password(hanako, link)

        read(hanako, "はじめに")
        expect(hanako.get_by_role("link", name="長崎 花子（書く人）")).to_be_visible()
        expect(hanako.get_by_role("link", name="職員", exact=True)).to_have_count(0)


def test_what_an_editor_writes_and_a_publisher_publishes_is_what_citizens_read(
    bot: LocalBot, editor: Page, publisher: Page
) -> None:
    editor.goto(EDIT)
    read(editor, WRITING)
    summary = editor.get_by_label("結論（120字まで）")
    summary.fill(summary.input_value() + ADDED)
    editor.get_by_role("button", name="下書きを保存する").first.click()
    expect(editor.get_by_text("下書きを保存しました。")).to_be_visible()
    read(editor, WRITING)

    publisher.goto(EDIT)
    publisher.get_by_role("button", name="公開へ進む").click()
    publish(bot, publisher, "見学できるようになったため")

    answer = bot.chat().says("スマホの使い方ば教えてほしか")
    assert ADDED in answer[0]["text"]


def test_three_mistakes_in_a_file_are_shown_with_row_and_column(publisher: Page) -> None:
    entries = seed.load().entries[:3]
    mistakes = [{"分野": "本"}, {"見直す日": "来年"}, {"題名": "=1+1"}]
    sheet = an_xlsx([cells_of(e, **wrong) for e, wrong in zip(entries, mistakes, strict=True)])

    publisher.goto("/staff/import")
    read(publisher, "取り込み・書き出し")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    file = FilePayload(name="直し.xlsx", mimeType=kind, buffer=sheet)
    publisher.locator("input[type=file]").set_input_files(file)
    publisher.get_by_role("button", name="確かめる").click()

    read(publisher, "取り込む前の確認")
    expect(publisher.get_by_role("alert")).to_contain_text("直すところが3か所あります")
    places = [row[1].split()[-2:] for row in rows(publisher)]
    assert places == [["2行目", "分野"], ["3行目", "見直す日"], ["4行目", "題名"]]


def test_a_question_nobody_could_answer_is_taught_to_an_entry(
    bot: LocalBot, publisher: Page
) -> None:
    bot.chat().says(ODD)

    publisher.goto("/staff/questions")
    read(publisher, "市民の質問")
    publisher.get_by_role("link", name=ODD).click()
    read(publisher, "似た質問の組")
    publisher.get_by_role("link", name="今ある項目に教える").click()
    read(publisher, "どの項目に教えますか")
    publisher.get_by_label("項目の名前や言葉").fill("粗大ごみ")
    publisher.get_by_role("button", name="探す").click()
    publisher.locator('a[href*="/teach/bulky-waste"]').first.click()
    read(publisher, "足す言い方を選ぶ")
    publisher.get_by_role("button", name="どの答えが変わるかを見る").click()
    publish(bot, publisher, "尋ねられたため")

    answer = bot.chat().says(ODD)
    assert "【粗大ごみ" in answer[0]["text"]


def test_the_dashboard_counts_what_was_asked(bot: LocalBot, publisher: Page) -> None:
    bot.chat().says("スマホの使い方ば教えてほしか")

    publisher.goto("/staff/dashboard")

    read(publisher, "ようす")
    figures = {row[0]: row[1] for row in rows(publisher)}
    assert int(figures["質問"]) >= 1
    assert int(figures["答えた"]) >= 1
