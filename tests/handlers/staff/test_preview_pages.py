"""An entry looks on the staff's site as LINE would show it."""

from dataclasses import replace
from typing import Any

import pytest

from handlers.line import answers, shapes
from handlers.line.reply import Chat
from handlers.staff import line_view, preview_pages
from handlers.staff.desk import Desk
from knowledge import entry as entry_module
from knowledge.entry import Entry
from knowledge.records import drafts, store
from knowledge.records.drafts import Draft
from tests.handlers.staff.conftest import ClientAs, StaffClient
from tests.handlers.staff.hygiene import Page

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{7*7}}\u202e'


def bulky_waste(desk: Desk) -> Entry:
    """An entry of the catalog that has an easy version."""
    found = desk.kb.entry("bulky-waste", desk.today())
    assert found is not None
    return found


def keep_draft(desk: Desk, entry_id: str, **fields: Any) -> None:
    """Begin a draft in place of the one before."""
    draft = Draft(entry_id, 0, 0, {"id": entry_id, **fields}, "試験", desk.clock())
    with store.writing(desk.records) as connection:
        drafts.remove(connection, entry_id)
        drafts.put(connection, draft, 0)


def send(browser: StaffClient, document: Any, **headers: str) -> Any:
    """Ask for the preview of what is not saved."""
    return browser.client.post("/staff/preview", json=document, headers=headers)


def test_the_preview_shows_the_very_messages(desk: Desk, client_as: ClientAs) -> None:
    entry = bulky_waste(desk)
    text, card = answers.answer(entry, Chat(desk.kb, desk.today())).messages

    shown = Page(client_as("viewer").get("/staff/entries/bulky-waste/preview").text).text

    labels = [button["action"]["label"] for button in card["contents"]["footer"]["contents"]]
    quick = [item["action"]["label"] for item in card["quickReply"]["items"]]
    assert text["text"] in shown
    assert [label for label in [*labels, *quick] if label not in shown] == []
    assert str(entry.easy_ja) in shown


def test_every_size_of_text_can_be_chosen(client_as: ClientAs) -> None:
    page = client_as("viewer").get("/staff/entries/bulky-waste/preview").text

    assert [size for size in ("small", "normal", "large") if f'value="{size}"' not in page] == []


def test_a_draft_is_shown_only_when_asked_for(desk: Desk, client_as: ClientAs) -> None:
    keep_draft(desk, "bulky-waste", title="下書きの題名", summary="下書きの結論")
    browser = client_as("viewer")

    draft = browser.get("/staff/entries/bulky-waste/preview?draft=1").text
    published = browser.get("/staff/entries/bulky-waste/preview").text

    assert "下書きの結論" in draft
    assert "下書きの結論" not in published


@pytest.mark.parametrize("address", ["no-such-entry/preview", "tax-payment/preview?draft=1"])
def test_what_is_not_there_is_not_found(client_as: ClientAs, address: str) -> None:
    client_as("viewer").get(f"/staff/entries/{address}", 404)


def test_an_unfinished_draft_is_shown_as_far_as_it_goes(desk: Desk, client_as: ClientAs) -> None:
    keep_draft(
        desk, "half-done", body="まだ途中の説明です。", available={"since": "2026", "source": ""}
    )

    page = client_as("viewer").get("/staff/entries/half-done/preview?draft=1").text

    assert "まだ途中の説明です。" in page
    assert "（題名がまだありません）" in page
    assert "「使えるようになった日」は、書き方が正しくないので" in page


def test_hostile_words_are_inert(desk: Desk, client_as: ClientAs) -> None:
    keep_draft(desk, "hostile", title=HOSTILE, summary=HOSTILE, body=HOSTILE, easy_ja=HOSTILE)

    page = client_as("viewer").get("/staff/entries/hostile/preview?draft=1").text

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "49\u202e" not in page
    assert "\u202e" not in page


def test_an_unknown_row_of_the_plan_is_said_and_left_out(desk: Desk) -> None:
    document = {**entry_module.to_data(bulky_waste(desk)), "plan": ["9-9-9"]}

    seen = preview_pages.of_document(desk, document)

    assert seen.problems == ("計画の事業「9-9-9」は計画にありません。",)


def test_the_fragment_shows_what_is_not_saved(client_as: ClientAs) -> None:
    browser = client_as("editor")
    token = {"X-CSRFToken": browser.token()}

    answer = send(browser, {"title": "新しい題名", "summary": "新しい結論"}, **token)

    assert answer.status_code == 200
    assert "新しい結論" in answer.text
    assert "<html" not in answer.text


def test_the_fragment_reads_the_edit_form_too(client_as: ClientAs) -> None:
    browser = client_as("editor")
    form = {"csrf_token": browser.token(), "title": "題名", "links-0-label": "申込みのページ"}

    answer = browser.client.post(
        "/staff/preview", data={**form, "links-0-url": "https://example.jp/"}
    )

    assert "申込みのページ" in answer.text


def test_the_fragment_is_protected_and_for_editors(client_as: ClientAs) -> None:
    editor, viewer = client_as("editor"), client_as("viewer")

    unprotected = send(editor, {"title": "題名"})
    by_viewer = send(viewer, {"title": "題名"}, **{"X-CSRFToken": viewer.token()})
    no_document = send(editor, ["題名"], **{"X-CSRFToken": editor.token()})

    assert [a.status_code for a in (unprotected, by_viewer, no_document)] == [400, 403, 400]


def counted(entry: Entry, desk: Desk, name: str) -> line_view.Limit:
    """One of the limits of an entry."""
    limits = line_view.limits(entry, Chat(desk.kb, desk.today()))
    return next(limit for limit in limits if limit.name == name)


@pytest.mark.parametrize("more", [0, 1])
def test_the_text_s_countdown_ends_where_line_cuts(desk: Desk, more: int) -> None:
    entry = replace(bulky_waste(desk), body="字")
    room = counted(entry, desk, "ふつうの答えの文").left
    full = replace(entry, body="字" * (1 + room + more))

    text = answers.answer(full, Chat(desk.kb, desk.today())).messages[0]["text"]

    assert counted(full, desk, "ふつうの答えの文").left == -more
    assert text.endswith(shapes.ELLIPSIS) is bool(more)


@pytest.mark.parametrize("more", [0, 1])
def test_the_easy_text_s_countdown_too(desk: Desk, more: int) -> None:
    entry = replace(bulky_waste(desk), easy_ja="字")
    room = counted(entry, desk, "やさしい日本語の答えの文").left
    full = replace(entry, easy_ja="字" * (1 + room + more))

    text = answers.easy(full).messages[0]["text"]

    assert counted(full, desk, "やさしい日本語の答えの文").left == -more
    assert text.endswith(shapes.ELLIPSIS) is bool(more)


@pytest.mark.parametrize("more", [0, 1])
def test_the_notice_s_countdown_too(desk: Desk, more: int) -> None:
    entry = replace(bulky_waste(desk), summary="字")
    room = counted(entry, desk, "通知に出る短い文").left
    full = replace(entry, summary="字" * (1 + room + more))

    card = answers.answer(full, Chat(desk.kb, desk.today())).messages[1]

    assert counted(full, desk, "通知に出る短い文").left == -more
    assert card["altText"].endswith(shapes.ELLIPSIS) is bool(more)


def test_a_limit_that_is_passed_says_by_how_much(desk: Desk, client_as: ClientAs) -> None:
    keep_draft(desk, "too-long", title="題" * 70)

    page = client_as("viewer").get("/staff/entries/too-long/preview?draft=1").text

    assert "10文字 多い" in page
