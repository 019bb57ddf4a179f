from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge.base import KnowledgeBase
from knowledge.proposed import ProposedKnowledge
from knowledge.vectors import DIMENSIONS
from tests.builders import DAY, an_entry

SALON = an_entry(
    id="smartphone-salon",
    title="スマホサロン",
    summary="スマホの使い方を教えます。",
    phrasings=("スマホを習いたい",),
)


class CountingEncoder:
    """Gives every text a vector and remembers which texts it was asked for."""

    name = "use-multilingual"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: list[str]) -> np.ndarray:
        """One row each."""
        self.texts += texts
        return np.full((len(texts), DIMENSIONS), DIMENSIONS**-0.5, dtype=np.float32)


@pytest.fixture
def kb(tmp_path: Path) -> KnowledgeBase:
    """Two entries."""
    kb = KnowledgeBase(tmp_path / "kb.db")
    kb.import_catalog([an_entry(), SALON])
    return kb


def test_a_changed_entry_is_found_by_its_new_words(kb: KnowledgeBase) -> None:
    changed = an_entry(phrasings=("自転車のタイヤを捨てたい",))

    proposed = ProposedKnowledge(kb, [changed], DAY)

    assert proposed.find("自転車のタイヤを捨てたい", DAY).matches[0].entry_id == "bulky-waste"
    assert proposed.entry("bulky-waste", DAY) == changed
    assert kb.entry("bulky-waste", DAY) == an_entry()


def test_a_new_entry_stands_beside_the_old_ones(kb: KnowledgeBase) -> None:
    new = an_entry(id="cat-home", title="猫の里親", phrasings=("猫を引き取りたい",))

    proposed = ProposedKnowledge(kb, [new], DAY)

    assert [e.id for e in proposed.public_entries(DAY)] == [
        "bulky-waste",
        "smartphone-salon",
        "cat-home",
    ]


def test_a_retired_entry_is_not_found(kb: KnowledgeBase) -> None:
    proposed = ProposedKnowledge(kb, [replace(SALON, state="retired")], DAY)

    assert proposed.entry("smartphone-salon", DAY) is None


def test_without_changes_the_ranking_is_the_published_one(kb: KnowledgeBase) -> None:
    proposed = ProposedKnowledge(kb, [], DAY)

    assert proposed.rank("ソファを捨てたい", DAY) == kb.rank("ソファを捨てたい", DAY)


def test_an_example_taken_out_no_longer_keeps_a_question_from_its_answer(
    kb: KnowledgeBase,
) -> None:
    text = "ソファを捨てたいワン"
    before = kb.find(text, DAY)
    kb.add_outside("家具", [text, "家具の話"])

    proposed = ProposedKnowledge(kb, [], DAY, removed=kb.own_outside())

    assert kb.find(text, DAY).kind == "none"
    assert proposed.find(text, DAY) == before
    assert before.matches[0].entry_id == "bulky-waste"


def test_a_contact_s_new_number_is_nobody_s_secret(kb: KnowledgeBase) -> None:
    contact = replace(SALON.contact, phone="095-000-0000")

    proposed = ProposedKnowledge(kb, [replace(SALON, contact=contact)], DAY)

    assert "0950000000" in proposed.public_numbers(DAY)


def test_known_phrases_are_not_turned_into_vectors_again(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    kb = KnowledgeBase(tmp_path / "kb.db", encoder)
    kb.import_catalog([an_entry(), SALON])
    kb.snapshot(DAY)
    encoder.texts.clear()

    ProposedKnowledge(kb, [an_entry(phrasings=("ソファを捨てたい", "いすを捨てたい"))], DAY)

    phrases = {text for text in encoder.texts if text.endswith("捨てたい")}
    assert phrases == {"いすを捨てたい"}
