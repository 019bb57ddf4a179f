"""A replay makes vectors together and only once, and finds what the slow way would find."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge import replay
from knowledge.base import KnowledgeBase
from knowledge.proposed import ProposedKnowledge
from knowledge.replay import Answer, Asked
from knowledge.vectors import DIMENSIONS
from tests.builders import DAY, an_entry

WASTE = an_entry()
PARK = an_entry(id="park", title="公園の予約", summary="公園は窓口で。", phrasings=("花見の場所",))
NOT_OURS = (("喫茶店", "スマホサロンという名の喫茶店"), ("雑談", "今日は何の日"))
TEXTS = (
    "ソファを捨てたい",
    "公園の予約とソファの処分を教えて",
    "花見の場所は？ それと、たんすはどこに出せばよかと",
    "おおきなやつば どげんしよう",
    "今日は何の日",
    "粗大ごみの申込みをしたい。公園も",
)
QUESTIONS = [Asked(f"q{number}", text) for number, text in enumerate(TEXTS * 4)]


class LetterEncoder:
    """Texts with the same pairs of letters point the same way; counts how often it is asked."""

    name = "use-multilingual"

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row each."""
        self.asked.append(list(texts))
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for start in range(len(text)):
                pair = hashlib.sha256(text[start : start + 2].encode()).digest()
                row[int.from_bytes(pair[:2]) % DIMENSIONS] += 1
            np.divide(row, max(float(np.linalg.norm(row)), 1e-9), out=row)
        return rows


@pytest.fixture
def kb(tmp_path: Path) -> KnowledgeBase:
    """Two entries and an example out of scope, with vectors."""
    kb = KnowledgeBase(tmp_path / "kb.db", LetterEncoder())
    kb.import_catalog([WASTE, PARK])
    kb.add_outside("天気", ["明日は雨ですか"])
    return kb


def asked_of(kb: KnowledgeBase) -> list[list[str]]:
    """The texts of every call of the encoder since the knowledge was indexed."""
    kb.snapshot(DAY)
    encoder = kb.encoder
    assert isinstance(encoder, LetterEncoder)
    encoder.asked.clear()
    return encoder.asked


def answer_of(kb: KnowledgeBase, text: str) -> Answer:
    """What the bot does, asked like a citizen would."""
    decision = kb.find(text, DAY)
    return Answer(decision.kind, tuple(match.entry_id for match in decision.matches))


CHANGES = {
    "another phrasing": [replace(WASTE, phrasings=(*WASTE.phrasings, "おおきなやつ"))],
    "another telephone number": [replace(WASTE, contact=replace(WASTE.contact, phone="000"))],
    "one less": [replace(WASTE, state="retired")],
    "one more": [replace(PARK, id="cats", title="猫の里親", phrasings=("今日は何の日",))],
}


@pytest.mark.parametrize("name", CHANGES)
def test_it_finds_what_asking_both_one_by_one_finds(kb: KnowledgeBase, name: str) -> None:
    after = ProposedKnowledge(kb, CHANGES[name], DAY, NOT_OURS)
    slowly = {
        asked.key: (answer_of(kb, asked.text), answer_of(after, asked.text)) for asked in QUESTIONS
    }

    result = replay.compare(after, QUESTIONS)

    found = {one.key: (one.before, one.after) for one in result.changed}
    assert found == {key: pair for key, pair in slowly.items() if pair[0] != pair[1]}


def test_the_proposed_knowledge_is_the_one_that_is_built_once_it_is_published(
    kb: KnowledgeBase, tmp_path: Path
) -> None:
    changed = CHANGES["another phrasing"][0]
    after = ProposedKnowledge(kb, [changed], DAY, (("喫茶店", "スマホサロンという名の喫茶店"),))
    published = KnowledgeBase(tmp_path / "other.db", LetterEncoder())
    published.import_catalog([changed, PARK])
    published.add_outside("天気", ["明日は雨ですか"])
    published.add_outside("喫茶店", ["スマホサロンという名の喫茶店"])

    rankings = [(after.rank(text, DAY), published.rank(text, DAY)) for text in TEXTS]

    assert all(proposed == real for proposed, real in rankings)


def test_the_vectors_of_many_questions_are_made_together(kb: KnowledgeBase) -> None:
    after = ProposedKnowledge(kb, CHANGES["another phrasing"], DAY)
    asked = asked_of(kb)

    replay.compare(after, QUESTIONS)

    assert len(asked) == -(-len(QUESTIONS) // replay.AT_ONCE)


def test_only_new_words_of_the_entries_are_turned_into_vectors(kb: KnowledgeBase) -> None:
    asked = asked_of(kb)

    ProposedKnowledge(kb, CHANGES["another phrasing"], DAY)

    assert [text for texts in asked for text in texts] == ["おおきなやつ"]


def test_where_a_search_sees_no_difference_nothing_is_built_or_asked_twice(
    kb: KnowledgeBase,
) -> None:
    after = ProposedKnowledge(kb, CHANGES["another telephone number"], DAY)

    result = replay.compare(after, QUESTIONS)

    assert after.snapshot(DAY).index is after.before.index
    assert result.changed == ()
    assert result.reworded > 0


def test_a_question_marked_as_not_ours_that_is_no_longer_answered_is_better(
    kb: KnowledgeBase,
) -> None:
    after = ProposedKnowledge(kb, [], DAY, (("家具", "ソファを捨てたいワン"),))
    asked = Asked("q", "ソファを捨てたいワン")

    (one,) = replay.compare(after, [asked]).changed

    assert (one.before.decision, one.after.decision, one.verdict) == ("answer", "none", "better")
