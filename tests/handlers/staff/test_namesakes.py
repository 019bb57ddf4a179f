"""Two colleagues of the same name are two people: in drafts, in the trail, in the history."""

from dataclasses import replace

import pytest
from flask import Flask

from handlers.staff import changes
from handlers.staff.changes import Wish
from handlers.staff.desk import Desk
from knowledge.records import accounts, drafts, store
from knowledge.records.accounts import Person
from tests.handlers.staff import writing
from tests.handlers.staff.codes import colleague, with_password
from tests.handlers.staff.conftest import ClientAs, StaffClient
from tests.handlers.staff.proposals import compared, reworded, trail
from tests.handlers.staff.writing import draft_of, opened, save, title_of

AUTOSAVE = "/staff/entries/smartphone-salon/autosave"
ENTRY = "smartphone-salon"


no_drafts = writing.no_drafts


@pytest.fixture(scope="module")
def tanakas(app: Flask, desk: Desk) -> list[StaffClient]:
    """Two editors who are both called 田中, one with a blank more, in browsers of their own."""
    found = [colleague(desk, f"tanaka{number}", "publisher") for number in (1, 2)]
    with store.writing(desk.records) as connection:
        for person, name in zip(found, ("田中 一", "田中一"), strict=True):
            accounts.change(connection, person.person_id, name=name)
    return [with_password(app, person) for person in found]


def person_of(client: StaffClient) -> Person:
    assert client.person is not None
    return client.person


def autosave(client: StaffClient, title: str) -> None:
    """Open the form and write on it, as the page's script saves it."""
    client.post(AUTOSAVE, 200, **{**opened(client), "title": title})


def test_taking_over_the_draft_of_a_colleague_of_the_same_name_is_in_the_trail(
    desk: Desk, tanakas: list[StaffClient]
) -> None:
    autosave(tanakas[0], "一人目の題名")
    before = len(trail(desk, ENTRY))

    autosave(tanakas[0], "一人目のつづき")
    own = len(trail(desk, ENTRY))
    autosave(tanakas[1], "二人目の題名")

    assert own == before
    assert len(trail(desk, ENTRY)) == before + 1
    assert trail(desk, ENTRY)[0].person_id == person_of(tanakas[1]).person_id


def test_a_draft_from_before_ids_were_kept_is_nobody_s_own(
    desk: Desk, tanakas: list[StaffClient]
) -> None:
    autosave(tanakas[0], "前の版の下書き")
    draft = draft_of(desk)
    assert draft is not None
    with store.writing(desk.records) as connection:
        drafts.put(connection, replace(draft, person_id="", document={}), draft.version)
    before = len(trail(desk, ENTRY))

    autosave(tanakas[0], "新しい版の下書き")

    assert len(trail(desk, ENTRY)) == before + 1


def test_two_texts_of_colleagues_of_the_same_name_are_told_apart_by_the_account(
    desk: Desk, tanakas: list[StaffClient]
) -> None:
    typed = opened(tanakas[1])
    save(tanakas[0], opened(tanakas[0]), title="一人目の題名")

    page = save(tanakas[1], typed, 409, title="二人目の題名")

    assert "田中 一（tanaka1@example.jp） さんが同じ項目を保存しました" in page
    assert title_of(desk) == "一人目の題名"


@pytest.mark.parametrize("page", ["", "/edit", "/discard", "/retire"])
def test_a_page_that_names_the_writer_of_a_draft_says_which_of_the_two(
    tanakas: list[StaffClient], page: str
) -> None:
    autosave(tanakas[0], "下書きの題名")

    shown = tanakas[1].get(f"/staff/entries/{ENTRY}{page}").text

    assert "田中 一（tanaka1@example.jp） さん" in shown


def test_a_name_that_nobody_shares_stands_alone(client_as: ClientAs) -> None:
    editor = client_as("editor")
    save(editor, opened(editor), title="下書きの題名")

    shown = editor.get(f"/staff/entries/{ENTRY}").text

    assert "editorの人 さんの下書き" in shown


def test_each_version_tells_the_reason_of_whoever_made_it(
    desk: Desk, tanakas: list[StaffClient]
) -> None:
    for client, summary, reason in zip(
        tanakas, ("一人目の案内。", "二人目の案内。"), ("一人目の理由", "二人目の理由"), strict=True
    ):
        job = compared(desk, person_of(client), [reworded(desk, "library", summary)])
        person = replace(person_of(client), name="田中一")
        changes.commit(desk, person, job, Wish(reason))

    page = tanakas[0].get("/staff/entries/library/history").text

    second, first = page.split('<h2 class="h3">')[1:3]
    assert "田中一（tanaka2@example.jp）" in second
    assert '理由：<span class="citizen">二人目の理由' in second
    assert "田中一（tanaka1@example.jp）" in first
    assert '理由：<span class="citizen">一人目の理由' in first


def test_the_trail_says_which_of_the_two_it_was(
    tanakas: list[StaffClient], client_as: ClientAs
) -> None:
    autosave(tanakas[1], "下書きの題名")

    page = client_as("admin").get(f"/staff/audit?subject={ENTRY}").text

    assert 'class="text-break">tanaka2@example.jp</span>' in page
