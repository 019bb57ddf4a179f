"""The knowledge base as others see it: only what is public is found, and every save is seen at once."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase
from knowledge.entries import StaleRevisionError
from tests.builders import DAY, an_entry

BULKY = an_entry(valid_until=None)
LIBRARY = an_entry(
    id="library",
    title="図書館",
    category="子育て・教育",
    summary="図書館では本を借りられます。",
    body="内容：本を貸し出します。",
    phrasings=("図書館で本を借りたい", "本を返したい"),
)
QUESTIONS = ["ソファを捨てたい", "粗大ごみ", "本を返したい", "図書館", "ズボン", "", "\ud800", "😀"]

MakeBase = Callable[..., KnowledgeBase]


A_MOMENT = 8.0
"""CPU seconds for ten messages: ten times what they take, and half of what a quadratic step took."""


def shown(base: KnowledgeBase, text: str, day: date = DAY) -> list[str]:
    """The ids a citizen would see."""
    return [match.entry_id for match in base.find(text, day).matches]


def test_an_entry_is_found_by_its_own_phrasing(base_of: MakeBase) -> None:
    base = base_of(BULKY, LIBRARY)

    decision = base.find("ソファを捨てたい", DAY)

    assert decision.kind == "answer"
    assert [match.entry_id for match in decision.matches] == ["bulky-waste"]


@pytest.mark.parametrize("state", ["draft", "retired"])
def test_a_draft_or_retired_entry_is_not_found(base_of: MakeBase, state: str) -> None:
    base = base_of(replace(BULKY, state=state), LIBRARY)

    found = shown(base, "ソファを捨てたい")

    assert "bulky-waste" not in found
    assert base.entry("bulky-waste", DAY) is None


def test_an_entry_that_is_retired_is_no_longer_found(base_of: MakeBase) -> None:
    base = base_of(BULKY, LIBRARY)
    before = shown(base, "ソファを捨てたい")

    base.save(replace(BULKY, state="retired"), "yamada", seen_revision=1)

    assert before == ["bulky-waste"]
    assert "bulky-waste" not in shown(base, "ソファを捨てたい")


def test_a_draft_that_is_published_is_found(base_of: MakeBase) -> None:
    base = base_of(replace(BULKY, state="draft"), LIBRARY)

    base.save(BULKY, "yamada", seen_revision=1)

    assert shown(base, "ソファを捨てたい") == ["bulky-waste"]


def test_an_entry_is_found_until_its_last_day_and_not_on_the_next(base_of: MakeBase) -> None:
    base = base_of(replace(BULKY, valid_until=DAY), LIBRARY)

    on_its_last_day = shown(base, "ソファを捨てたい", DAY)
    on_the_next = shown(base, "ソファを捨てたい", DAY + timedelta(days=1))

    assert on_its_last_day == ["bulky-waste"]
    assert "bulky-waste" not in on_the_next
    assert base.entry("bulky-waste", DAY + timedelta(days=1)) is None


def test_an_expired_entry_is_found_again_when_asked_for_its_own_day(base_of: MakeBase) -> None:
    base = base_of(replace(BULKY, valid_until=DAY), LIBRARY)
    base.find("ソファを捨てたい", DAY + timedelta(days=1))

    found = shown(base, "ソファを捨てたい", DAY)

    assert found == ["bulky-waste"]


def test_staff_see_entries_in_every_state(base_of: MakeBase) -> None:
    base = base_of(replace(BULKY, state="draft"), replace(LIBRARY, state="retired"))

    stored = base.all_entries()

    assert [each.entry.state for each in stored] == ["draft", "retired"]


def test_a_save_in_one_base_is_seen_by_another_at_its_next_question(
    base_of: MakeBase, tmp_path: Path
) -> None:
    writer = base_of(BULKY, LIBRARY)
    reader = KnowledgeBase(tmp_path / "kb.db")
    reader.find("ソファを捨てたい", DAY)

    writer.save(replace(BULKY, phrasings=("家電を手放す",)), "yamada", seen_revision=1)

    assert shown(reader, "家電を手放す") == ["bulky-waste"]
    assert reader.revision == writer.revision == 2


def test_a_stale_save_through_another_base_changes_nothing(
    base_of: MakeBase, tmp_path: Path
) -> None:
    first = base_of(BULKY, LIBRARY)
    second = KnowledgeBase(tmp_path / "kb.db")
    first.save(replace(BULKY, title="先"), "yamada", seen_revision=1)

    with pytest.raises(StaleRevisionError):
        second.save(replace(BULKY, title="後"), "sato", seen_revision=1)

    assert second.entry("bulky-waste", DAY).title == "先"
    assert second.revision == 2


def test_a_snapshot_is_shared_while_nothing_changes(base_of: MakeBase) -> None:
    base = base_of(BULKY, LIBRARY)
    first = base.snapshot(DAY)

    base.find("ソファを捨てたい", DAY)

    assert base.snapshot(DAY) is first


def test_a_day_on_which_nothing_ends_needs_no_new_index(base_of: MakeBase) -> None:
    base = base_of(an_entry())

    today, tomorrow = (base.snapshot(DAY + timedelta(days=days)) for days in (0, 1))

    assert (today.day, tomorrow.day) == (DAY, DAY + timedelta(days=1))
    assert tomorrow.index is today.index


def test_an_import_that_changes_nothing_keeps_the_snapshot(base_of: MakeBase) -> None:
    base = base_of(BULKY, LIBRARY)
    first = base.snapshot(DAY)

    base.import_catalog([BULKY, LIBRARY])

    assert base.snapshot(DAY) is first


def test_a_save_makes_a_new_snapshot_and_leaves_the_old_one_alone(base_of: MakeBase) -> None:
    base = base_of(BULKY, LIBRARY)
    old = base.snapshot(DAY)

    base.save(replace(BULKY, title="新しい題"), "yamada", seen_revision=1)

    assert base.snapshot(DAY).entries["bulky-waste"].title == "新しい題"
    assert old.entries["bulky-waste"].title == "粗大ごみの申込み"
    assert (old.revision, base.snapshot(DAY).revision) == (1, 2)


def test_a_snapshot_lists_a_category_in_the_catalog_s_order(base_of: MakeBase) -> None:
    last_by_name = replace(BULKY, id="zoo", title="別のごみ")
    base = base_of(last_by_name, LIBRARY, BULKY)

    found = base.snapshot(DAY).category("ごみ・くらし")

    assert found == [last_by_name, BULKY]


def test_eight_threads_build_one_snapshot_between_them(base_of: MakeBase) -> None:
    base = base_of(BULKY, LIBRARY)

    with ThreadPoolExecutor(8) as threads:
        snapshots = list(threads.map(base.snapshot, [DAY] * 32))

    assert {id(snapshot) for snapshot in snapshots} == {id(base.snapshot(DAY))}


def test_eight_threads_find_what_one_finds(base_of: MakeBase) -> None:
    base = base_of(BULKY, LIBRARY)
    alone = [base.find(question, DAY) for question in QUESTIONS]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda text: base.find(text, DAY), QUESTIONS * 25))

    assert together == alone * 25


def test_eight_threads_find_what_one_finds_in_a_base_nobody_has_asked_yet(
    base_of: MakeBase, tmp_path: Path
) -> None:
    asked = base_of(BULKY, LIBRARY)
    alone = [asked.find(question, DAY) for question in QUESTIONS]
    fresh = KnowledgeBase(tmp_path / "kb.db")

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda text: fresh.find(text, DAY), QUESTIONS * 5))

    assert together == alone * 5


def test_threads_that_ask_while_staff_save_see_the_old_or_the_new(base_of: MakeBase) -> None:
    base = base_of(BULKY, LIBRARY)
    titles = [f"題その{number}" for number in range(10)]

    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(base.entry, "bulky-waste", DAY) for _ in range(80)]
        revisions = [
            base.save(replace(BULKY, title=title), "yamada", seen_revision=number)
            for number, title in enumerate(titles, start=1)
        ]

    assert {future.result().title for future in asked} <= {BULKY.title, *titles}
    assert revisions == list(range(2, 12))


@pytest.mark.parametrize("text", ["", " ", "。", "😀", "\ud800", "\x00", "あ" * 5000, "🗑️" * 2500])
def test_no_text_makes_the_base_raise(base_of: MakeBase, text: str) -> None:
    base = base_of(BULKY, LIBRARY)

    decision = base.find(text, DAY)

    assert decision.kind in ("answer", "choose", "none")


def test_an_empty_base_finds_nothing(base_of: MakeBase) -> None:
    base = base_of()

    found = shown(base, "ソファを捨てたい")

    assert found == []


def test_a_very_long_body_does_not_stop_the_base(base_of: MakeBase) -> None:
    base = base_of(BULKY, LIBRARY)

    base.save(replace(BULKY, body="大きなごみを集めます。" * 2000), "yamada", seen_revision=1)

    assert shown(base, "ソファを捨てたい") == ["bulky-waste"]


def test_the_first_phrasing_of_every_entry_finds_that_entry(kb: KnowledgeBase) -> None:
    entries = kb.snapshot(DAY).entries.values()

    first_found = [shown(kb, entry.phrasings[0])[:1] for entry in entries]

    assert first_found == [[entry.id] for entry in entries]


@pytest.mark.parametrize(
    "unit", ["a ", "0 ", "田中太郎 ", "住民票、", "か？", "か。ごみ"], ids=ascii
)
def test_five_thousand_letters_of_short_words_take_a_moment_only(
    kb: KnowledgeBase, unit: str
) -> None:
    kb.find("住民票がほしい", DAY)
    started = time.process_time()

    for number in range(10):
        kb.find(f"{number}{(unit * 5000)[:4999]}", DAY)

    assert time.process_time() - started < A_MOMENT
