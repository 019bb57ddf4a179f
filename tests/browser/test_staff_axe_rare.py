"""Pages that few people ever meet, in a real Chromium: readable by all, too."""

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from knowledge.records import accounts, store
from tests import localbot
from tests.browser import staffaxe
from tests.browser.staffaxe import GROUP, faults_here
from tests.browser.staffdesk import BY, PASSWORD, empty_tab, tab_of
from tests.handlers.staff.proposals import compared, reworded, work_off
from tests.localbot import LocalBot

UNCLOSED = FilePayload(name="直し.csv", mimeType="text/csv", buffer=b'ID\n"open')


at_rest, bot, tab = localbot.at_rest, staffaxe.bot, staffaxe.tab


def faults_of(tab: Page, heading: str) -> list[str]:
    """What is wrong with the page of that heading, once it is there."""
    expect(tab.get_by_role("heading", level=1)).to_have_text(heading)
    return faults_here(tab)


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/staff/import/none", "この確認はもうありません"),
        ("/staff/invitation/none", "このリンクは使えません"),
        ("/staff/entries?words=%00", "受け取れない文字があります"),
        ("/staff/nowhere", "ページが見つかりません"),
    ],
)
def test_what_is_not_there(tab: Page, path: str, heading: str) -> None:
    tab.goto(path)

    assert faults_of(tab, heading) == []


def test_what_the_role_does_not_allow(browser: Browser, bot: LocalBot) -> None:
    with tab_of(browser, bot, "viewer") as viewer:
        viewer.goto("/staff/people")

        assert faults_of(viewer, "開けないページです") == []


def test_a_file_that_cannot_be_read(tab: Page, bot: LocalBot) -> None:
    tab.goto("/staff/import")
    tab.locator("input[type=file]").set_input_files(UNCLOSED)
    tab.get_by_role("button", name="確かめる").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("ファイルを読んでいます")
    work_off(bot.parts.desk(), tab.url.rpartition("/")[2])

    tab.reload()

    assert faults_of(tab, "ファイルを読めませんでした") == []


def test_a_change_that_was_given_up(tab: Page, bot: LocalBot) -> None:
    desk = bot.parts.desk()
    job = compared(desk, BY, [reworded(desk, "library", "図書館の時間をお知らせします。")])
    tab.goto(f"/staff/changes/{job.job_id}")

    tab.get_by_role("button", name="この変更をやめる").click()

    assert faults_of(tab, "この変更はやめました") == []


def test_an_entry_that_is_only_a_draft(tab: Page) -> None:
    tab.goto("/staff/entries/new")
    tab.get_by_label("題名", exact=True).fill("あざらしの置物")
    tab.get_by_label("言い回し").fill("アザラシの置物")
    tab.get_by_role("button", name="書き始める").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("「あざらしの置物」を書く")

    tab.goto(tab.url.partition("/edit")[0])

    assert faults_of(tab, "あざらしの置物") == []


def test_a_text_that_waits_while_somebody_signs_in_again(browser: Browser, bot: LocalBot) -> None:
    with tab_of(browser, bot, "editor") as editor:
        editor.goto("/staff/account")
        account = editor.locator("dd").nth(1).inner_text()
        editor.goto(GROUP)
        editor.get_by_label("コメントを書く").fill("あ")
        editor.context.clear_cookies()
        editor.get_by_role("button", name="コメントを残す").click()

        again = faults_of(editor, "もう一度ログイン")
        editor.get_by_label("メールアドレス").fill(account)
        editor.get_by_label("パスワード").fill(PASSWORD)
        editor.get_by_role("button", name="ログインして続ける").click()
        back = faults_of(editor, "続きを書く")
        editor.get_by_role("button", name="続きを開く").click()

        assert again == []
        assert back == []
        assert faults_of(editor, "コメントの続き") == []


def test_a_text_of_somebody_whose_role_was_lowered(browser: Browser, bot: LocalBot) -> None:
    with tab_of(browser, bot, "editor") as editor:
        editor.goto("/staff/account")
        account = editor.locator("dd").nth(1).inner_text()
        editor.goto(GROUP)
        editor.get_by_label("コメントを書く").fill("なくしてはいけない文")
        with store.writing(bot.parts.records) as connection:
            person = accounts.find(connection, account)
            assert person is not None
            accounts.change(connection, person.person_id, role="viewer")

        editor.get_by_role("button", name="コメントを残す").click()

        assert faults_of(editor, "この操作はできません") == []
        expect(editor.get_by_label("書いていた文")).to_have_value("なくしてはいけない文")


def test_a_password_that_was_wrong(browser: Browser, bot: LocalBot) -> None:
    with empty_tab(browser, bot) as nobody:
        nobody.goto("/staff/sign-in")
        nobody.get_by_label("メールアドレス").fill("nobody@example.jp")
        nobody.get_by_label("パスワード").fill("not the password")
        nobody.get_by_role("button", name="ログインする").click()

        expect(nobody.get_by_text("メールアドレスかパスワードが違います。")).to_be_visible()
        assert faults_here(nobody) == []
