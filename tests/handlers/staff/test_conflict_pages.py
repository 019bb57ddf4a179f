"""Two editors on one entry: both texts side by side, and none lost."""

import pytest

from handlers.staff.desk import Desk
from knowledge import entry as entry_module
from tests.handlers.staff import hygiene, writing
from tests.handlers.staff.conftest import ClientAs, StaffClient
from tests.handlers.staff.filled import fields
from tests.handlers.staff.writing import (
    MERGE,
    draft_of,
    opened,
    save,
    title_of,
)

no_drafts = writing.no_drafts


def two_texts(client_as: ClientAs) -> tuple[StaffClient, str]:
    """Two people open the same text and save different ones; the second, and the page they get."""
    first, second = client_as("editor"), client_as("publisher")
    first_typed, second_typed = opened(first), opened(second)
    save(first, first_typed, title="一人目の題名", summary="一人目の結論")
    return second, save(second, second_typed, 409, title="二人目の題名", hours="9:00〜17:00")


def test_two_editors_see_both_texts_and_lose_none(desk: Desk, client_as: ClientAs) -> None:
    _, page = two_texts(client_as)

    assert hygiene.problems(page) == []
    assert "一人目の題名" in page
    assert "二人目の題名" in page
    assert title_of(desk) == "一人目の題名"


def test_what_only_one_of_two_editors_changed_is_chosen_already(client_as: ClientAs) -> None:
    _, page = two_texts(client_as)

    chosen = fields(page, "/merge")

    assert chosen["choice-summary"] == "theirs"
    assert chosen["choice-contact"] == "mine"
    assert "choice-title" not in chosen


def test_the_merged_text_is_saved(desk: Desk, client_as: ClientAs) -> None:
    second, page = two_texts(client_as)
    answers = {"choice-title": "merged", "merged-title": "二人で決めた題名"}

    second.post(MERGE, **{**fields(page, "/merge"), **answers})

    document = draft_of(desk).document  # type: ignore[union-attr]
    assert document["title"] == "二人で決めた題名"
    assert document["summary"] == "一人目の結論"
    assert document["contact"]["hours"] == "9:00〜17:00"


def test_a_difference_without_an_answer_is_asked_again(desk: Desk, client_as: ClientAs) -> None:
    second, page = two_texts(client_as)

    again = second.post(MERGE, 200, **fields(page, "/merge")).text

    assert "選んでください。" in again
    assert "二人目の題名" in again
    assert title_of(desk) == "一人目の題名"


def test_a_text_that_was_written_but_not_chosen_is_asked_about_once(
    desk: Desk, client_as: ClientAs
) -> None:
    second, page = two_texts(client_as)
    written = {"choice-title": "theirs", "merged-title": "消えてはいけない題名"}

    asked = second.post(MERGE, 200, **{**fields(page, "/merge"), **written}).text
    second.post(MERGE, **fields(asked, "/merge"))

    assert "直した文があります。" in asked
    assert "消えてはいけない題名" in asked
    assert title_of(desk) == "一人目の題名"


def test_a_third_text_saved_while_two_are_compared_is_compared_again(
    desk: Desk, client_as: ClientAs
) -> None:
    second, page = two_texts(client_as)
    third = client_as("admin")
    save(third, opened(third), title="三人目の題名")

    again = second.post(MERGE, 409, **{**fields(page, "/merge"), "choice-title": "mine"}).text

    assert "三人目の題名" in again
    assert "二人目の題名" in again
    assert title_of(desk) == "三人目の題名"


def test_the_rows_of_both_can_be_kept(desk: Desk, client_as: ClientAs) -> None:
    first, second = client_as("editor"), client_as("publisher")
    first_typed, second_typed = opened(first), opened(second)
    save(first, first_typed, **{"related-1": "nagasaki-map"})
    page = save(second, second_typed, 409, **{"related-0": "hazard-map"})

    second.post(MERGE, **{**fields(page, "/merge"), "choice-related": "both"})

    document = draft_of(desk).document  # type: ignore[union-attr]
    assert document["related"] == ["hazard-map", "official-line", "kominkan-course", "nagasaki-map"]


@pytest.mark.parametrize("mine", ["", "[]", "null", "{", '{"contact": "x"}'])
def test_a_document_that_is_none_is_refused(client_as: ClientAs, mine: str) -> None:
    editor = client_as("editor")

    editor.post(MERGE, 400, mine=mine, theirs="{}")


def test_a_publication_meanwhile_is_shown_beside_the_draft(desk: Desk, client_as: ClientAs) -> None:
    editor = client_as("editor")
    typed = fields(editor.get("/staff/entries/kominkan-course/edit").text)
    stored = desk.kb.stored("kominkan-course")
    assert stored is not None
    data = {**entry_module.to_data(stored.entry), "title": "公開された題名"}
    desk.kb.save(entry_module.from_data(data), "試験", stored.revision)

    changes = {"action": "save", "title": "下書き", "phone": "095-000-0000"}
    page = editor.post("/staff/entries/kominkan-course/edit", 409, **{**typed, **changes}).text

    assert hygiene.problems(page) == []
    assert "公開中の文が変わりました" in page
    assert "公開された題名" in page
    assert fields(page, "/merge")["choice-contact"] == "mine"
    assert draft_of(desk, "kominkan-course").document["title"] == "下書き"  # type: ignore[union-attr]
