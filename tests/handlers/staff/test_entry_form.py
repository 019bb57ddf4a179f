"""The form of an entry: nothing changes on its way through, and what is wrong stands beside its field."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from handlers.staff import entry_form, entry_problems
from handlers.staff.desk import Desk
from knowledge import entry as entry_module
from knowledge import phones, truth
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

    assert found["body"] == f"金額「4321円」{truth.UNPROVED}。"


def test_a_telephone_number_is_saved_in_one_spelling() -> None:
    contact = {"department": "課", "phone": "０９５－８２９－１４１４", "hours": None}

    through = entry_form.canonical(a_document(contact=contact))

    assert through["contact"]["phone"] == "095-829-1414"


def test_what_is_wrong_with_telephone_and_hours_stands_beside_them(desk: Desk) -> None:
    contact = {"department": "課", "phone": "電話 095-829-1414", "hours": "９時から２１時"}

    found = messages(desk, a_document(contact=contact))

    assert found["phone"] == f"{phones.NOT_ONE}。"
    assert found["hours"] == f"時刻「９時」、時刻「２１時」{truth.UNPROVED}。"
    assert "department" not in found


def test_all_that_is_wrong_is_told_at_once(desk: Desk) -> None:
    document = entry_form.canonical(
        {
            "id": "pool",
            "phrasings": ["夜のプール", "夜の プール？"],
            "body": "料金は4321円です。",
            "contact": {"department": "", "phone": "なし", "hours": None},
            "available": {"since": "きのう", "source": "どこか"},
            "links": [{"label": "", "url": "http://example.jp/", "source": "x"}],
            "related": ["no-such-entry"],
        }
    )

    found = messages(desk, document)

    assert found == {
        "title": "書いてください。",
        "category": "選んでください。",
        "audience": "選んでください。",
        "summary": "書いてください。",
        "body": f"金額「4321円」{truth.UNPROVED}。",
        "phrasings": f"2個です。10個以上にしてください。 「夜のプール」{truth.TWICE}。",
        "department": "書いてください。",
        "phone": f"{phones.NOT_ONE}。",
        "links-0-label": "書いてください。",
        "links-0-url": f"https:// で始まる住所だけを載せます（http://example.jp/）。 URL「http://example.jp/」{truth.UNPROVED}。",
        "links-0-source": f"根拠「x」{truth.NO_SUCH_SOURCE}。",
        "available_since": "日付は 2027-03-31 のように書きます。",
        "available_source": f"根拠「どこか」{truth.NO_SUCH_SOURCE}。",
        "related-0": "「no-such-entry」という項目はありません。",
        "owner": "書いてください。",
        "review_by": "書いてください。",
        "sources": "出典がありません。書かれているページを加えてください。",
    }


def test_a_text_that_is_too_long_does_not_hide_what_is_wrong_elsewhere(desk: Desk) -> None:
    found = messages(desk, a_document(body="あ" * 5_001, summary="料金は4321円です。"))

    assert found["body"] == "5001字あります。5000字までにしてください。"
    assert found["summary"] == f"金額「4321円」{truth.UNPROVED}。"


def test_a_wording_of_another_entry_is_told_with_that_entry(desk: Desk) -> None:
    other = desk.kb.stored("smartphone-salon").entry  # type: ignore[union-attr]

    found = messages(desk, a_document(phrasings=[other.phrasings[1]]))

    assert "「スマホサロン」の言い回しにもあります" in found["phrasings"]


def test_a_summary_of_121_letters_is_too_long(desk: Desk) -> None:
    found = messages(desk, a_document(summary="あ" * 121))

    assert found["summary"] == "121字です。120字以内にしてください。"


@pytest.mark.parametrize("field", ["title", "summary", "body", "easy_ja", "owner"])
def test_a_text_longer_than_the_sheet_takes_is_told_beside_its_field(
    desk: Desk, field: str
) -> None:
    limit = next(column.max_length for column in COLUMNS if column.field == field)

    found = messages(desk, a_document(**{field: "あ" * (limit + 1)}))

    assert f"{limit + 1}字あります。{limit}字までにしてください。" in found[field]


def test_many_rows_are_too_long_together(desk: Desk) -> None:
    page = "https://www.city.nagasaki.lg.jp/"
    link = {"label": "市" * 9_000, "url": page, "source": page, "checked_on": None}

    found = messages(desk, a_document(links=[link] * 3, translations={"en": "a" * 20_001}))

    assert "20000字までにしてください。" in found["links"]
    assert "20000字までにしてください。" in found["translations"]


def test_a_text_that_is_too_long_is_told_but_not_looked_through(desk: Desk) -> None:
    found = messages(desk, a_document(body="4321円" * 2_000))

    assert found["body"] == "10000字あります。5000字までにしてください。"


def test_a_row_number_that_no_form_sends_removes_nothing(desk: Desk) -> None:
    form = entry_form.form_of(a_document(related=["smartphone-salon"]))

    entry_form.change_rows(form, f"remove-related-{'9' * 5_000}")

    assert form.related.data == ["smartphone-salon"]


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
