"""The history of an entry: every text stays readable, whoever changed or removed it."""

from collections.abc import Callable

import pytest

from knowledge import entries, history, steps
from knowledge.base import KnowledgeBase
from knowledge.entries import CATALOG_EDITOR
from tests.builders import an_entry

BaseOf = Callable[..., KnowledgeBase]


def test_every_text_of_an_entry_stays_with_who_wrote_it(base_of: BaseOf) -> None:
    base = base_of(an_entry())
    base.save(an_entry(summary="新しい結論です。"), "花子", 1)

    found = history.versions(base, "bulky-waste")

    assert [(v.revision, v.editor) for v in found] == [(2, "花子"), (1, CATALOG_EDITOR)]
    assert [v.document["summary"] for v in found if v.document] == [
        "新しい結論です。",
        "粗大ごみは電話で申し込みます。",
    ]


def test_a_removed_entry_ends_with_a_version_without_text(base_of: BaseOf) -> None:
    base = base_of(an_entry(), an_entry(id="other", phrasings=("別のこと",)))
    with base.writing() as db:
        kept = [row for row in entries.rows(db) if row.id == "other"]
        entries.replace_all(db, kept, 5, "花子")

    newest = history.versions(base, "bulky-waste", limit=1)[0]

    assert (newest.document, newest.editor) == (None, "花子")


def test_a_version_is_found_by_its_mark(base_of: BaseOf) -> None:
    base = base_of(an_entry())
    base.save(an_entry(title="新しい題名"), "花子", 1)
    oldest = history.versions(base, "bulky-waste")[-1]

    found = history.version(base, "bulky-waste", oldest.mark)

    assert found == oldest


def test_two_texts_of_one_revision_have_two_marks(base_of: BaseOf) -> None:
    base = base_of(an_entry())
    base.save(an_entry(title="公開されなかった題名"), "花子", 1)
    with base.writing() as db:
        (mine,) = entries.rows(db)
        (theirs,) = [entries._row(an_entry(title="届いた題名"), mine.position, 2, None)]
        entries.replace_all(db, [theirs], 2, "release 7")

    arrived, mine_before, _ = history.versions(base, "bulky-waste")

    assert arrived.revision == mine_before.revision
    assert history.version(base, "bulky-waste", mine_before.mark) == mine_before
    assert history.version(base, "bulky-waste", arrived.mark) == arrived


@pytest.mark.parametrize("mark", ["", "x", "1", "1-", "1-00000000", "-1-ab", "٣-ab", "9" * 30])
def test_a_mark_that_is_none_finds_nothing(base_of: BaseOf, mark: str) -> None:
    base = base_of(an_entry())

    found = history.version(base, "bulky-waste", mark)

    assert found is None


def test_a_long_history_is_read_in_parts(base_of: BaseOf) -> None:
    base = base_of(an_entry())
    base.save(an_entry(title="二つめ"), "花子", 1)
    base.save(an_entry(title="三つめ"), "花子", 2)

    part = history.versions(base, "bulky-waste", limit=1, skip=1)

    assert [v.revision for v in part] == [2]
    assert history.count(base, "bulky-waste") == 3


def test_an_entry_that_never_was_has_no_history(base_of: BaseOf) -> None:
    base = base_of(an_entry())

    found = history.versions(base, "never-was")

    assert (found, history.count(base, "never-was")) == ([], 0)


def test_what_went_stands_before_what_came() -> None:
    old, new = ["対象", "長崎", "に"], ["対象", "市", "に"]

    found = list(steps.between(old, new))

    assert found == [
        ("same", ["対象"]),
        ("removed", ["長崎"]),
        ("added", ["市"]),
        ("same", ["に"]),
    ]
