"""Questions compared together find what each finds alone, and known phrases are compared once."""

from dataclasses import replace

import numpy as np
import pytest

from knowledge import index, search
from knowledge.foreseen import BLOCK, Foreseen
from knowledge.index import Document, Index
from knowledge.tokens import Tokenizer
from tests.knowledge.test_replay_vectors import LetterEncoder

PLACES = tuple(f"{number}番の窓口の受付時間" for number in range(2 * BLOCK))
BEFORE = (
    Document("gomi", "粗大ごみの出し方", ("粗大ごみを捨てたい", "たんすを捨てたい")),
    Document("madoguchi", "窓口の案内", (*PLACES, "たんすを捨てたい")),
)
AFTER = (
    Document("park", "公園の予約", ("花見の場所",)),
    replace(BEFORE[1], phrasings=(*reversed(PLACES[5:]), "日曜の窓口")),
    replace(BEFORE[0], summary="電話で申し込みます。"),
)
TEXTS = (
    "たんすば捨てたか",
    "31番窓口は何時から",
    "花見の場所は？ それと、日曜の窓口はどこ",
    "公園",
    "",
)
UNFORESEEN = "窓口は日曜も開いていますか"


@pytest.fixture(scope="module")
def before(tokenizer: Tokenizer) -> Index:
    """Two documents with more phrases than are compared in one turn."""
    return index.build(BEFORE, tokenizer, LetterEncoder())


@pytest.fixture(scope="module")
def after(tokenizer: Tokenizer) -> Index:
    """One more, some phrases less, all in another order."""
    return index.build(AFTER, tokenizer, LetterEncoder())


@pytest.fixture
def foreseen(before: Index) -> Foreseen:
    """Ready for the texts."""
    assert before.vectors is not None
    ready = Foreseen(before.phrases, before.vectors)
    ready.foresee(TEXTS)
    return ready


@pytest.mark.parametrize("text", [*TEXTS, UNFORESEEN])
def test_documents_are_ranked_as_for_a_single_question(
    before: Index, after: Index, foreseen: Foreseen, text: str
) -> None:
    alone = search.rank(before, text), search.rank(after, text)

    together = tuple(search.rank(foreseen.within(side), text) for side in (before, after))

    assert together == alone


def test_phrases_known_before_are_not_compared_again(after: Index, foreseen: Foreseen) -> None:
    assert after.vectors is not None
    own = [after.phrases.index(text) for text in ("公園の予約", "花見の場所", "日曜の窓口")]
    rows = np.full_like(after.vectors.phrases, np.nan)
    rows[own] = after.vectors.phrases[own]
    without = foreseen.within(replace(after, vectors=replace(after.vectors, phrases=rows)))

    ranking = search.rank(without, "花見の場所は？")

    assert ranking == search.rank(after, "花見の場所は？")


def test_the_next_questions_take_the_place_of_those_before(
    before: Index, foreseen: Foreseen
) -> None:
    side = foreseen.within(before)
    search.rank(side, TEXTS[0])

    foreseen.foresee([UNFORESEEN])

    assert search.rank(side, UNFORESEEN) == search.rank(before, UNFORESEEN)
    assert not foreseen.is_ready_for(search.worded(TEXTS[0]))
