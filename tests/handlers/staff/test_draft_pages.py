"""Writing on an entry through the real pages: saving, rows, an ended session, throwing away."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from handlers.staff.desk import Desk
from knowledge import entry as entry_module
from knowledge.records import accounts, audit, store
from tests.handlers.staff import hygiene, writing
from tests.handlers.staff.conftest import PASSWORD, ClientAs, StaffClient
from tests.handlers.staff.filled import fields
from tests.handlers.staff.writing import EDIT, draft_of, forget_drafts, opened, save, title_of

AUTOSAVE = "/staff/entries/smartphone-salon/autosave"


no_drafts = writing.no_drafts


def end_sessions(desk: Desk, client: StaffClient) -> None:
    assert client.person is not None
    with store.writing(desk.records) as connection:
        accounts.close_sessions(connection, client.person.person_id)


def signed_in_again(client: StaffClient, page: str, password: str) -> TestResponse:
    assert client.person is not None
    kept = fields(page, "/sign-in") or fields(page, "")
    typed = {**kept, "account": client.person.account, "password": password}
    return client.client.post("/staff/sign-in", data=typed)


def test_a_saved_draft_leaves_the_published_text_as_it_is(desk: Desk, client_as: ClientAs) -> None:
    editor = client_as("editor")

    save(editor, opened(editor), title="スマホの教室")

    assert title_of(desk) == "スマホの教室"
    assert desk.kb.stored("smartphone-salon").entry.title == "スマホサロン"  # type: ignore[union-attr]


def test_saving_the_form_untouched_changes_nothing_of_the_text(
    desk: Desk, client_as: ClientAs
) -> None:
    editor, url = client_as("editor"), "/staff/entries/building-permit/edit"
    published = entry_module.to_data(desk.kb.stored("building-permit").entry)  # type: ignore[union-attr]

    editor.post(url, **{**opened(editor, url), "action": "save"})

    assert draft_of(desk, "building-permit").document == published  # type: ignore[union-attr]


def test_a_saved_draft_is_in_the_trail(desk: Desk, client_as: ClientAs) -> None:
    editor = client_as("editor")

    save(editor, opened(editor), title="スマホの教室")

    with store.reading(desk.records) as connection:
        deed = audit.trail(connection, "smartphone-salon", 1)[0]
    assert (deed.action, deed.person_name) == ("save_draft", "editorの人")


def test_an_unfinished_text_is_saved_and_says_beside_each_field_what_is_missing(
    client_as: ClientAs,
) -> None:
    editor = client_as("editor")
    answer = editor.post(
        EDIT, **{**opened(editor), "action": "save", "title": "", "review_by": "来年の春"}
    )

    page = editor.get(answer.headers["Location"]).text

    assert 'value="来年の春"' in page
    assert '<a href="#title">題名</a>：書いてください。' in page
    assert 'id="review_by-error"' in page


def test_a_row_is_added_without_losing_what_was_typed(desk: Desk, client_as: ClientAs) -> None:
    editor = client_as("editor")
    typed = {**opened(editor), "title": "書きかけ", "action": "add-links"}

    page = editor.post(EDIT, 200, **typed).text

    assert 'value="書きかけ"' in page
    assert "links-0-url" in fields(page)
    assert draft_of(desk) is None


@pytest.mark.parametrize("number", ["²", "９", "-1", "9" * 30, ""])
def test_a_row_number_that_no_page_of_ours_writes_adds_no_row(
    desk: Desk, client_as: ClientAs, number: str
) -> None:
    editor = client_as("editor")

    save(editor, {**opened(editor), f"links-{number}-label": "手で書いた行"}, title="題名")

    draft = draft_of(desk)
    assert draft is not None
    assert draft.document["links"] == []


def test_a_row_in_the_middle_is_removed_and_the_others_stay(client_as: ClientAs) -> None:
    editor = client_as("editor")
    typed = opened(editor)

    page = editor.post(EDIT, 200, **{**typed, "action": "remove-sources-1"}).text

    left = fields(page)
    assert left["sources-0-value"] == typed["sources-0-value"]
    assert left["sources-1-value"] == typed["sources-2-value"]
    assert "sources-3-value" not in left


def test_a_text_whose_session_has_ended_comes_back_after_signing_in(
    desk: Desk, client_as: ClientAs
) -> None:
    editor = client_as("editor")
    typed = {**opened(editor), "title": "時間のかかった題名", "action": "save"}
    end_sessions(desk, editor)

    sign_in = editor.client.post(EDIT, data=typed).text
    resume = signed_in_again(editor, sign_in, PASSWORD).text
    page = editor.client.post(EDIT, data={**fields(resume), "action": "resume"}).text

    assert hygiene.problems(sign_in) == hygiene.problems(resume) == hygiene.problems(page) == []
    assert 'value="時間のかかった題名"' in page
    assert "まだ保存していません" in page
    assert draft_of(desk) is None


def test_a_wrong_password_does_not_lose_the_text(desk: Desk, client_as: ClientAs) -> None:
    editor = client_as("editor")
    typed = {**opened(editor), "title": "時間のかかった題名", "action": "save"}
    end_sessions(desk, editor)
    sign_in = editor.client.post(EDIT, data=typed).text

    again = signed_in_again(editor, sign_in, "違うパスワード")
    resume = signed_in_again(editor, again.text, PASSWORD).text

    assert again.status_code == 401
    assert fields(resume)["title"] == "時間のかかった題名"


def test_a_text_comes_back_also_when_another_tab_noticed_the_end_first(
    desk: Desk, client_as: ClientAs
) -> None:
    editor = client_as("editor")
    typed = {**opened(editor), "title": "時間のかかった題名", "action": "save"}
    end_sessions(desk, editor)
    editor.client.get("/staff/")

    sign_in = editor.client.post(EDIT, data=typed).text
    resume = signed_in_again(editor, sign_in, PASSWORD).text

    assert fields(resume)["title"] == "時間のかかった題名"


def test_a_form_of_an_earlier_session_comes_back_with_a_good_token(
    app: Flask, client_as: ClientAs
) -> None:
    editor = client_as("editor")
    typed = {**opened(editor), "title": "前のログインの題名", "action": "save"}

    answer = editor.client.post(EDIT, data={**typed, "csrf_token": "old"})
    page = editor.client.post(EDIT, data={**fields(answer.text), "action": "resume"}).text

    assert 'value="前のログインの題名"' in page


def test_what_another_site_sends_is_not_carried_through_the_sign_in(app: Flask) -> None:
    browser = app.test_client()

    answer = browser.post(
        EDIT, data={"title": "よその題名"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 400
    assert "よその題名" not in answer.text


def test_a_text_saves_itself_and_tells_when(desk: Desk, client_as: ClientAs) -> None:
    editor = client_as("editor")

    answer = editor.post(AUTOSAVE, 200, **{**opened(editor), "title": "自動の題名"}).json

    assert re.fullmatch(r"下書きを保存しました \d+時\d\d分", answer["message"])  # type: ignore[index]
    assert answer["version"] == draft_of(desk).version  # type: ignore[index,union-attr]
    assert title_of(desk) == "自動の題名"


def test_an_automatic_save_does_not_write_over_a_colleague(desk: Desk, client_as: ClientAs) -> None:
    first, second = client_as("editor"), client_as("publisher")
    first_typed, second_typed = opened(first), opened(second)
    save(first, first_typed, title="一人目の題名")

    answer = second.post(AUTOSAVE, 409, **{**second_typed, "title": "二人目の題名"}).json

    assert answer["message"].startswith("editorの人 さんがこの項目を保存したため")  # type: ignore[index]
    assert title_of(desk) == "一人目の題名"


def test_a_draft_is_thrown_away_only_after_asking(desk: Desk, client_as: ClientAs) -> None:
    editor = client_as("editor")
    save(editor, opened(editor), title="捨てる題名")

    asked = editor.get("/staff/entries/smartphone-salon/discard").text
    still_there = title_of(desk)
    version = re.findall(r'name="seen_version" value="(\d+)"', asked)[0]
    editor.post("/staff/entries/smartphone-salon/discard", seen_version=version)

    assert still_there == "捨てる題名"
    assert draft_of(desk) is None


def test_a_draft_that_a_colleague_went_on_with_is_not_thrown_away(
    desk: Desk, client_as: ClientAs
) -> None:
    editor = client_as("editor")
    save(editor, opened(editor), title="捨てる題名")

    editor.post("/staff/entries/smartphone-salon/discard", seen_version="1")

    assert title_of(desk) == "捨てる題名"


def test_what_is_typed_is_kept_when_a_colleague_throws_the_draft_away(
    desk: Desk, client_as: ClientAs
) -> None:
    editor = client_as("editor")
    save(editor, opened(editor), title="捨てられる題名")
    typed = opened(editor)
    forget_drafts(desk)

    save(editor, typed, title="まだ書いていた題名")

    assert title_of(desk) == "まだ書いていた題名"
