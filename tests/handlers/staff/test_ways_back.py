"""Nobody is left without a word or a way: a refused form opened again, an ended session, a lost title."""

import pytest

from handlers.staff import changes
from handlers.staff.changes import Change
from handlers.staff.desk import Desk
from knowledge.records import accounts, store
from knowledge.records.accounts import Person
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.filled import fields
from tests.handlers.staff.proposals import FALLS, compared, reworded, settled

EDIT = "/staff/entries/smartphone-salon/edit"


def test_the_address_of_a_refused_form_leads_to_its_change(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    job = compared(desk, people["publisher"], [reworded(desk, "library", "別の案内。")])

    answer = client_as("publisher").get(f"/staff/changes/{job.job_id}/commit", status=303)

    assert answer.location == f"/staff/changes/{job.job_id}"


def test_whoever_was_signed_out_is_told_why_the_door_is_shown(
    desk: Desk, client_as: ClientAs
) -> None:
    browser = client_as("viewer")
    assert browser.person is not None
    with store.writing(desk.records) as connection:
        accounts.close_sessions(connection, browser.person.person_id)

    door = browser.client.get("/staff/entries", follow_redirects=True).text
    stranger = client_as("").client.get("/staff/entries", follow_redirects=True).text

    assert "ログインが切れました" in door
    assert "ログインが切れました" not in stranger


def test_an_entry_whose_title_was_emptied_keeps_its_name_on_the_page(client_as: ClientAs) -> None:
    editor = client_as("editor")
    form = {**fields(editor.get(EDIT).text), "title": "", "action": "save"}
    editor.post(EDIT, 303, **form)

    pages = [editor.get(address).text for address in (EDIT, EDIT.replace("edit", "discard"))]

    assert "<h1>「スマホサロン」を書く</h1>" in pages[0]
    assert "「スマホサロン」の下書き" in pages[1]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("publish", "言い回しを見直すと直る"),
        ("retire", "この項目への質問なら、そのままで構いません"),
    ],
)
def test_what_falls_is_told_in_words_that_fit_what_is_done(
    desk: Desk, people: dict[str, Person], client_as: ClientAs, kind: str, told: str
) -> None:
    change = Change(kind, "ある変更", (reworded(desk, "library", "別の案内。"),))
    job = settled(desk, changes.begin(desk, people["publisher"], change), FALLS)

    page = client_as("publisher").get(f"/staff/changes/{job.job_id}").text

    assert told in page
