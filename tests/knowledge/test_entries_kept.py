"""All entries are read once a revision, and nobody is ever shown what is no longer there."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase
from knowledge.entries import StaleRevisionError
from tests.builders import an_entry

BULKY = an_entry()
NEWER = replace(BULKY, summary="粗大ごみは窓口でも申し込めます。")

MakeBase = Callable[..., KnowledgeBase]


def summaries(base: KnowledgeBase) -> list[str]:
    """What stands in the base."""
    return [stored.entry.summary for stored in base.all_entries()]


def test_the_same_revision_is_read_once(base_of: MakeBase) -> None:
    base = base_of(BULKY)

    first, again = base.all_entries(), base.all_entries()

    assert first[0] is again[0]


def test_what_a_caller_does_to_the_list_is_the_caller_s(base_of: MakeBase) -> None:
    base = base_of(BULKY)

    base.all_entries().clear()

    assert summaries(base) == [BULKY.summary]


def test_what_another_process_saves_is_seen_at_once(base_of: MakeBase, tmp_path: Path) -> None:
    base, other = base_of(BULKY), KnowledgeBase(tmp_path / "kb.db")
    [stored] = base.all_entries()

    other.save(NEWER, "somebody", stored.revision)

    assert summaries(base) == [NEWER.summary]


def test_what_is_taken_back_was_seen_by_its_writer_alone(base_of: MakeBase) -> None:
    base = base_of(BULKY)
    [stored] = base.all_entries()
    seen: list[list[str]] = []

    def save_and_fail() -> None:
        with base.writing():
            base.save(NEWER, "somebody", stored.revision)
            seen.append(summaries(base))
            base.save(NEWER, "somebody", stored.revision)

    with pytest.raises(StaleRevisionError):
        save_and_fail()

    assert [*seen, summaries(base)] == [[NEWER.summary], [BULKY.summary]]
