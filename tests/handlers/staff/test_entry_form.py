"""The form of an entry: nothing changes on its way through, and what is wrong stands beside its field."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from handlers.staff import entry_form, entry_problems
from handlers.staff.desk import Desk
from knowledge import entry as entry_module
from knowledge.sheet_columns import COLUMNS
from tests.builders import an_entry


@pytest.fixture(autouse=True)
def request_of_a_page(app: Flask) -> Iterator[None]:
    """Forms need a request to protect themselves for."""
    with app.test_request_context("/staff/"):
        yield


def a_document(**changes: Any) -> dict[str, Any]:
    return {**entry_module.to_data(an_entry()), **changes}


def messages(desk: Desk, document: dict[str, Any]) -> dict[str, str]:
    _, troubles = entry_problems.checked(desk, document)
    form = entry_form.form_of(document)
    problems = entry_form.attach(form, ((t.field, t.message) for t in troubles))
    return {problem.field_id: problem.message for problem in problems}


def test_every_entry_of_the_catalog_goes_through_the_form_unchanged(desk: Desk) -> None:
    entries = [entry_module.to_data(stored.entry) for stored in desk.kb.all_entries()]

    through = [entry_form.canonical(entry) for entry in entries]

    assert through == entries


def test_every_entry_of_the_catalog_is_fit_to_be_published(desk: Desk) -> None:
    entries = [entry_module.to_data(stored.entry) for stored in desk.kb.all_entries()]

    troubles = [trouble for entry in entries for trouble in entry_problems.checked(desk, entry)[1]]

    assert troubles == []


def test_an_empty_draft_says_of_each_needed_field_what_to_do(desk: Desk) -> None:
    found = messages(desk, entry_form.canonical({"id": "new-one"}))

    assert found["title"] == "書いてください。"
    assert found["category"] == "選んでください。"
    assert found["department"] == "書いてください。"
    assert found["review_by"] == "書いてください。"


def test_a_number_that_no_source_names_is_told_beside_its_field(desk: Desk) -> None:
    found = messages(desk, a_document(body="料金は4321円です。"))

    assert found["body"] == "金額「4321」が出典にありません。"


def test_a_wording_of_another_entry_is_told_with_that_entry(desk: Desk) -> None:
    other = desk.kb.stored("smartphone-salon").entry  # type: ignore[union-attr]

    found = messages(desk, a_document(phrasings=[other.phrasings[1]]))

    assert "「スマホサロン」の言い回しにもあります" in found["phrasings"]


def test_a_summary_of_121_letters_is_too_long(desk: Desk) -> None:
    found = messages(desk, a_document(summary="あ" * 121))

    assert found["summary"] == "121字です。120字以内にしてください。"


def test_a_wrong_date_in_a_row_is_told_beside_that_row(desk: Desk) -> None:
    link = {"label": "市", "url": "https://www.city.nagasaki.lg.jp/", "checked_on": "きのう"}

    found = messages(desk, a_document(links=[{**link, "source": link["url"]}]))

    assert found == {
        **found,
        "links-0-checked_on": "日付は 2027-03-31 のように書きます。",
    }


def test_a_row_is_called_by_its_number_in_the_summary(desk: Desk) -> None:
    document = a_document(links=[{"label": "", "url": "", "source": "x", "checked_on": None}])
    _, troubles = entry_problems.checked(desk, document)
    form = entry_form.form_of(document)

    labels = [p.label for p in entry_form.attach(form, ((t.field, t.message) for t in troubles))]

    assert "リンク 1：見出し" in labels


def test_an_entry_that_does_not_exist_cannot_be_related(desk: Desk) -> None:
    found = messages(desk, a_document(related=["smartphone-salon", "no-such-entry"]))

    assert found["related-1"] == "「no-such-entry」という項目はありません。"
    assert "related-0" not in found


def test_a_choice_that_is_no_longer_offered_is_kept(desk: Desk) -> None:
    document = a_document(plan=["9-9-⑨-9"], category="昔の分類")

    through = entry_form.canonical(document)

    assert (through["plan"], through["category"]) == (["9-9-⑨-9"], "昔の分類")


def test_a_translation_into_a_language_without_a_field_of_its_own_is_kept() -> None:
    document = a_document(translations={"vi": "Rác cỡ lớn"})

    through = entry_form.canonical(document)

    assert through["translations"] == {"vi": "Rác cỡ lớn"}


def test_an_unfinished_row_is_kept_as_it_was_typed() -> None:
    row = {"label": "申込み", "url": "", "source": "", "checked_on": "来週"}

    through = entry_form.canonical(a_document(links=[row]))

    assert through["links"] == [row]


def test_a_field_has_the_same_name_in_the_form_and_in_the_sheet() -> None:
    names = {"available": "available_since"}
    form = entry_form.form_of(a_document())

    labels = {
        column.heading: form[names.get(field, field)].label.text
        for column in COLUMNS
        if (field := column.field.rpartition(".")[2]) not in ("id", "state")
    }

    assert len(labels) == len(COLUMNS) - 2
    assert [label for heading, label in labels.items() if not label.startswith(heading)] == []
