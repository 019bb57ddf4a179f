"""Drafts in the records: nobody's text is written over unseen."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from knowledge.records import drafts, store
from knowledge.records.drafts import Draft, StaleDraftError


def a_draft(**changes: Any) -> Draft:
    draft = Draft("bulky-waste", 0, 7, {"title": "粗大ごみ"}, "山田", 1_000.5, "a" * 32)
    return replace(draft, **changes)


def put(records: Engine, draft: Draft, seen_version: int) -> int:
    with store.writing(records) as connection:
        return drafts.put(connection, draft, seen_version)


def get(records: Engine) -> Draft | None:
    with store.reading(records) as connection:
        return drafts.get(connection, "bulky-waste")


def test_a_draft_is_found_again_as_it_was_saved(records: Engine) -> None:
    version = put(records, a_draft(), 0)

    found = get(records)

    assert found == a_draft(version=version)


def test_a_second_draft_does_not_take_the_place_of_the_first(records: Engine) -> None:
    put(records, a_draft(), 0)

    with pytest.raises(StaleDraftError) as caught:
        put(records, a_draft(document={"title": "別の題名"}, person_name="佐藤"), 0)

    assert caught.value.theirs == get(records)
    assert caught.value.theirs.person_name == "山田"  # type: ignore[union-attr]


def test_an_old_version_is_not_saved_over_a_new_one(records: Engine) -> None:
    first = put(records, a_draft(), 0)
    put(records, a_draft(document={"title": "新しい題名"}), first)

    with pytest.raises(StaleDraftError):
        put(records, a_draft(document={"title": "古い題名"}), first)

    assert get(records).document == {"title": "新しい題名"}  # type: ignore[union-attr]


def test_the_same_text_saved_twice_is_no_conflict(records: Engine) -> None:
    first = put(records, a_draft(), 0)

    again = put(records, a_draft(saved_at=1_020.0), 0)

    assert again == first


def test_each_save_gives_a_higher_version_also_within_a_second(records: Engine) -> None:
    first = put(records, a_draft(), 0)

    second = put(records, a_draft(document={}), first)

    assert second == first + 1


def test_a_version_does_not_come_back_with_a_new_draft(records: Engine) -> None:
    old = put(records, a_draft(), 0)
    with store.writing(records) as connection:
        drafts.remove(connection, "bulky-waste")
    put(records, a_draft(saved_at=1_300.0), 0)

    with pytest.raises(StaleDraftError):
        put(records, a_draft(document={"title": "前の画面の題名"}), old)


def test_saving_on_a_draft_that_is_gone_says_that_nothing_is_there(records: Engine) -> None:
    with pytest.raises(StaleDraftError) as caught:
        put(records, a_draft(), 5)

    assert caught.value.theirs is None


def test_only_the_version_that_was_seen_is_thrown_away(records: Engine) -> None:
    version = put(records, a_draft(), 0)

    with store.writing(records) as connection:
        was_other_removed = drafts.remove(connection, "bulky-waste", version + 1)
        was_removed = drafts.remove(connection, "bulky-waste", version)

    assert (was_other_removed, was_removed) == (False, True)


def test_all_drafts_come_newest_first(records: Engine) -> None:
    put(records, a_draft(entry_id="older", saved_at=1_000.0), 0)
    put(records, a_draft(entry_id="newer", saved_at=2_000.0), 0)

    with store.reading(records) as connection:
        found = [draft.entry_id for draft in drafts.all(connection)]

    assert found == ["newer", "older"]
