"""Documents are ranked as whole sorting would rank them, and each is shown by its nearest phrase."""

import numpy as np
import pytest

from knowledge import index, search
from knowledge.index import Document, Index
from knowledge.tokens import Tokenizer

DOCUMENTS = (
    Document("gomi", "粗大ごみの出し方", ("粗大ごみを捨てたい", "たんすを捨てたい"), "電話で申し込みます。"),
    Document("jumin", "住民票の写し", ("住民票がほしい",), "窓口で受け取ります。"),
    Document("zei", "市税の納付", (), "税金を納めます。"),
    Document("@tenki", "天気", ("明日の天気", "天気予報を捨てる"), is_outside=True),
)  # fmt: skip


@pytest.fixture(scope="module")
def small(tokenizer: Tokenizer) -> Index:
    """An index of a few documents, one of them a topic that is not covered."""
    return index.build(DOCUMENTS, tokenizer)


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
def test_the_first_rows_are_those_of_a_whole_stable_sort(limit: int) -> None:
    scores = np.array([0.5, 0, 0.9, 0.5, 0.1, 0.9, 0], dtype=np.float32)

    rows = search._first(scores, limit)

    assert rows == [2, 5, 0, 3, 4][:limit]


def test_nothing_above_0_gives_no_rows() -> None:
    assert search._first(np.zeros(3, dtype=np.float32), 10) == []
    assert search._first(np.zeros(0, dtype=np.float32), 10) == []


@pytest.mark.parametrize(
    ("text", "entry_id", "phrase"),
    [
        pytest.param("粗大ごみ 捨てる", "gomi", "粗大ごみを捨てたい", id="phrasing"),
        pytest.param("たんす 捨てる", "gomi", "たんすを捨てたい", id="last-phrasing"),
        pytest.param("住民票の写しは", "jumin", "住民票の写し", id="title"),
        pytest.param("市税", "zei", "市税の納付", id="only-a-title"),
    ],
)
def test_a_match_shows_the_phrase_that_is_most_alike(
    small: Index, text: str, entry_id: str, phrase: str
) -> None:
    best = search.rank(small, text).matches[0]

    assert (best.entry_id, best.phrase) == (entry_id, phrase)


def test_of_phrases_equally_alike_the_last_is_shown(small: Index) -> None:
    alike = np.zeros(len(small.phrases), dtype=np.float32)

    shown = small.phrases[search._best_phrase(small, alike, 0)]

    assert shown == "たんすを捨てたい"


def test_topics_that_are_not_covered_stand_apart(small: Index) -> None:
    ranking = search.rank(small, "天気予報を捨てる")

    assert ranking.outside is not None
    assert ranking.outside.entry_id == "@tenki"
    assert "@tenki" not in search.ids(ranking)


def test_no_more_matches_than_asked_for(small: Index) -> None:
    assert search.ids(search.rank(small, "粗大ごみを捨てたい", limit=1)) == ["gomi"]


def test_an_empty_index_finds_nothing(tokenizer: Tokenizer) -> None:
    empty = index.build([], tokenizer)

    ranking = search.rank(empty, "粗大ごみ")

    assert (ranking.matches, ranking.outside) == ((), None)


def test_an_index_is_the_same_however_often_it_is_built(tokenizer: Tokenizer) -> None:
    first, again = index.build(DOCUMENTS, tokenizer), index.build(DOCUMENTS, tokenizer)

    assert search.rank(first, "粗大ごみ") == search.rank(again, "粗大ごみ")
    assert first.first_phrase.tolist() == [0, 3, 5, 6]
    assert first.phrase_document.tolist() == [0, 0, 0, 1, 1, 2, 3, 3, 3]


def test_only_what_was_not_typed_is_told_as_guessed(small: Index) -> None:
    typed = ["じゅうみんひょうがほしい", "住民票がほしい"]

    told = ["と読んだ" in search.rank(small, text).matches[0].why for text in typed]

    assert told == [True, False]
