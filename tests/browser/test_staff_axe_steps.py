"""Pages that come only after something was done, in a real Chromium: readable by all."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from handlers.staff import import_pages
from knowledge import seed
from tests import localbot
from tests.browser import staffaxe
from tests.browser.staffaxe import faults_here
from tests.browser.staffdesk import BY, tab_of, until_in_force
from tests.handlers.staff.files import SHEETS, an_xlsx, cells_of
from tests.handlers.staff.proposals import compared, reworded, work_off
from tests.localbot import LocalBot

EDIT = "/staff/entries/smartphone-salon/edit"
LIBRARY = "/staff/entries/library"
MORE_THAN_FITS = import_pages.MAX_FILE_BYTES + 1_000_000


bot, tab = localbot.at_rest, staffaxe.tab


def save(tab: Page, title: str) -> None:
    """Change the title of the entry that is open, and save the draft."""
    tab.get_by_label("題名", exact=True).fill(title)
    tab.get_by_role("button", name="下書きを保存する").first.click()


def send(tab: Page, file: FilePayload | Path) -> None:
    """Send a file of entries."""
    tab.goto("/staff/import")
    tab.locator("input[type=file]").set_input_files(file)
    tab.get_by_role("button", name="確かめる").click()


def is_headed(tab: Page, heading: str) -> None:
    """Wait for a page by its heading."""
    expect(tab.get_by_role("heading", level=1)).to_have_text(heading)


def test_a_change_that_was_published_and_its_two_versions(tab: Page, bot: LocalBot) -> None:
    desk = bot.parts.desk()
    job = compared(desk, BY, [reworded(desk, "library", "図書館の時間をお知らせします。")])

    tab.goto(f"/staff/changes/{job.job_id}")
    tab.get_by_label("公開する理由").fill("短くするため")
    tab.get_by_role("button", name="公開する", exact=True).click()
    is_headed(tab, "公開しました")
    done = faults_here(tab)
    until_in_force(bot)
    tab.goto(f"{LIBRARY}/history")
    tab.get_by_role("button", name="二つの版をくらべる").click()
    expect(tab.get_by_role("link", name="履歴へ戻る")).to_be_visible()

    assert done == []
    assert faults_here(tab) == []


def test_a_change_that_another_overtook(tab: Page, bot: LocalBot) -> None:
    desk = bot.parts.desk()
    late = compared(desk, BY, [reworded(desk, "bulky-waste", "電話で申し込みます。")])
    first = compared(desk, BY, [reworded(desk, "bulky-waste", "まず電話をします。")])
    tab.goto(f"/staff/changes/{first.job_id}")
    tab.get_by_label("公開する理由").fill("先に直すため")
    tab.get_by_role("button", name="公開する", exact=True).click()
    is_headed(tab, "公開しました")

    tab.goto(f"/staff/changes/{late.job_id}")

    is_headed(tab, "先にほかの人が公開しました")
    assert faults_here(tab) == []


def test_two_texts_of_one_entry_and_throwing_a_draft_away(
    browser: Browser, tab: Page, bot: LocalBot
) -> None:
    tab.goto(EDIT)
    with tab_of(browser, bot, "editor") as colleague:
        colleague.goto(EDIT)
        save(colleague, "相手の題名")

    save(tab, "自分の題名")
    is_headed(tab, "二つの文を見くらべる")
    two_texts = faults_here(tab)
    tab.goto(EDIT.replace("/edit", "/discard"))
    is_headed(tab, "下書きを捨てますか")

    assert two_texts == []
    assert faults_here(tab) == []


def test_a_file_that_is_read_and_has_mistakes(tab: Page, bot: LocalBot) -> None:
    entries = seed.load().entries[:2]
    mistakes = [{"分野": "本"}, {"題名": "=1+1"}]
    rows = [cells_of(e, **wrong) for e, wrong in zip(entries, mistakes, strict=True)]

    content = an_xlsx([*rows, cells_of(seed.load().entries[2], 結論="短くしました。")])
    send(tab, FilePayload(name="直し.xlsx", mimeType=SHEETS, buffer=content))

    is_headed(tab, "ファイルを読んでいます")
    reading = faults_here(tab)
    work_off(bot.parts.desk(), tab.url.rpartition("/")[2])
    tab.reload()
    is_headed(tab, "取り込む前の確認")

    assert reading == []
    assert faults_here(tab) == []


def test_a_file_that_is_too_large(tab: Page, tmp_path: Path) -> None:
    file = tmp_path / "直し.xlsx"
    file.write_bytes(b"a" * MORE_THAN_FITS)

    send(tab, file)

    is_headed(tab, "大きすぎて受け取れません")
    assert faults_here(tab) == []


def test_an_invitation_once_more(browser: Browser, tab: Page, bot: LocalBot) -> None:
    with tab_of(browser, bot, "viewer"):
        tab.goto("/staff/people")
        tab.get_by_role("button", name="招待し直す").first.click()

    is_headed(tab, "招待のリンク")
    assert faults_here(tab) == []


@pytest.mark.parametrize("button", ["役割を変える", "止める"])
def test_the_reason_for_what_is_done_to_a_colleague(
    browser: Browser, tab: Page, bot: LocalBot, button: str
) -> None:
    with tab_of(browser, bot, "viewer"):
        tab.goto("/staff/people")
        tab.get_by_role("link", name=button).first.click()
    expect(tab.get_by_label("理由")).to_be_visible()
    opened = faults_here(tab)

    tab.get_by_role("button", name=button, exact=True).click()
    expect(tab.get_by_text("入力してください。")).to_be_visible()

    assert opened == []
    assert faults_here(tab) == []


def test_a_form_that_has_expired(tab: Page) -> None:
    tab.goto("/staff/account")
    button = tab.get_by_role("button", name="すべての場所でログアウトする")
    button.evaluate("it => { it.form.csrf_token.value = 'of an earlier session' }")

    button.click()

    is_headed(tab, "送れませんでした")
    assert faults_here(tab) == []
