"""Beginning a new entry, and going on to its publication."""

import re
from urllib.parse import urlsplit

import pytest

from handlers.staff import slug
from handlers.staff.desk import Desk
from knowledge.records import audit, drafts, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Act
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.filled import fields

NEW = "/staff/entries/new"


def test_a_new_entry_begins_with_what_was_asked(desk: Desk, client_as: ClientAs) -> None:
    editor = client_as("editor")
    page = editor.get(
        f"{NEW}?title=市営の駐輪場&phrasing=自転車を置きたい&phrasing=駐輪場はどこ"
    ).text

    answer = editor.post(NEW, **fields(page, NEW))

    assert answer.headers["Location"] == "/staff/entries/shiei-chuurin-jou/edit"
    with store.reading(desk.records) as connection:
        draft = drafts.get(connection, "shiei-chuurin-jou")
    assert draft is not None
    assert draft.document["phrasings"] == ["自転車を置きたい", "駐輪場はどこ"]
    assert "市営の駐輪場" in editor.get(answer.headers["Location"]).text


def test_a_new_entry_is_not_known_to_citizens(desk: Desk, client_as: ClientAs) -> None:
    editor = client_as("editor")

    editor.post(NEW, title="まだない項目", phrasings="", entry_id="not-yet-there")

    assert desk.kb.stored("not-yet-there") is None


@pytest.mark.parametrize("name", ["Bulky", "粗大", "new", "-a", "a--b", "a" * 41, "../x", "1a"])
def test_a_name_that_cannot_stand_in_an_address_is_refused(client_as: ClientAs, name: str) -> None:
    page = client_as("editor").post(NEW, 200, title="題名", phrasings="", entry_id=name).text

    assert slug.NOT_ONE in page


def test_the_name_of_an_entry_is_not_given_again(client_as: ClientAs) -> None:
    editor = client_as("editor")

    page = editor.post(NEW, 200, title="題名", phrasings="", entry_id="smartphone-salon").text

    assert slug.TAKEN in page
    assert fields(page, NEW)["title"] == "題名"


def test_the_name_of_an_entry_that_is_gone_is_not_given_again(desk: Desk) -> None:
    person = Person("", "a@example.jp", "山田", "publisher")
    with store.writing(desk.records) as connection:
        audit.note(connection, person, Act("publish", "long-gone"), desk.clock())

    assert slug.problem(desk, "long-gone") == slug.TAKEN


def test_every_name_of_the_catalog_is_one(desk: Desk) -> None:
    names = [stored.entry.id for stored in desk.kb.all_entries()]

    assert [name for name in names if not slug.is_one(name)] == []


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("粗大ごみの申込み", "sodai-gomi-moushikomi"),
        ("スマホサロン", "sumahosaron"),
        ("😀", "entry-"),
    ],
)
def test_a_name_is_proposed_from_the_sound_of_the_title(desk: Desk, title: str, name: str) -> None:
    assert slug.proposed(desk, title).startswith(name)


def test_two_entries_of_one_title_are_proposed_two_names(desk: Desk, client_as: ClientAs) -> None:
    client_as("editor").post(NEW, title="同じ題名の項目", phrasings="", entry_id="")

    first = slug.proposed(desk, "同じ題名の項目")

    assert re.fullmatch(r"[a-z-]+-2", first)


def test_a_publisher_goes_on_to_see_what_would_change(client_as: ClientAs) -> None:
    publisher = client_as("publisher")
    typed = fields(publisher.get("/staff/entries/kominkan-course/edit").text)

    answer = publisher.post("/staff/entries/kominkan-course/edit", **{**typed, "action": "publish"})

    assert urlsplit(answer.headers["Location"]).path.startswith("/staff/changes/")


def test_a_text_with_mistakes_does_not_go_on_but_is_saved(desk: Desk, client_as: ClientAs) -> None:
    publisher = client_as("publisher")
    typed = fields(publisher.get("/staff/entries/official-line/edit").text)

    answer = publisher.post(
        "/staff/entries/official-line/edit", **{**typed, "action": "publish", "title": ""}
    )

    page = publisher.get(answer.headers["Location"]).text
    assert "公開の前に直すところが 1 か所あります" in page
    with store.reading(desk.records) as connection:
        assert drafts.get(connection, "official-line").document["title"] == ""  # type: ignore[union-attr]


def test_an_editor_is_told_to_ask_a_publisher(client_as: ClientAs) -> None:
    editor = client_as("editor")

    page = editor.get("/staff/entries/smartphone-salon/edit").text

    assert "「公開する人」に頼んでください" in page
    assert "公開へ進む" not in page
