"""A member of staff sets up a code in a real Chromium, and signs in with it."""

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.staffaxe import faults, faults_here
from tests.browser.staffdesk import PASSWORD, tab_of
from tests.localbot import LocalBot

OWN_PAGE = "/staff/account/code"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBot]:
    """A bot of this module's own."""
    running = LocalBot(tmp_path_factory.mktemp("code"))
    yield running
    running.close()


def account_of(tab: Page) -> str:
    """What the person signs in with."""
    tab.goto("/staff/account")
    return tab.locator("dd").nth(1).inner_text()


def test_a_code_is_set_up_and_opens_the_door(browser: Browser, bot: LocalBot) -> None:
    with tab_of(browser, bot, "publisher") as tab:
        account, found = account_of(tab), faults(tab, OWN_PAGE)
        tab.get_by_role("button", name="確認コードを使い始める").click()
        picture = tab.get_by_alt_text("アプリで読み取る二次元コード")
        assert picture.evaluate("image => image.naturalWidth") > 100
        app = pyotp.TOTP(tab.locator("#key").inner_text().replace(" ", ""))
        found += faults_here(tab)
        tab.get_by_label("アプリに出た6けたの数字").fill(app.now())
        tab.get_by_role("button", name="確認コードを使う").click()
        paper = tab.locator("#codes code").first.inner_text()
        found += faults_here(tab) + faults(tab, OWN_PAGE)

        tab.get_by_role("button", name="ログアウト").click()
        tab.get_by_label("メールアドレス").fill(account)
        tab.get_by_label("パスワード").fill(PASSWORD)
        tab.get_by_role("button", name="ログインする").click()
        found += faults_here(tab)
        tab.get_by_label("確認コード").fill(paper)
        tab.get_by_role("button", name="ログインする").click()

        expect(tab.get_by_role("status")).to_contain_text("残りは9個です")
        assert found == []
