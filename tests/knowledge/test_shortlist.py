"""The likeliest phrases are found without sorting all of them, and none of them is missed."""

import numpy as np
import pytest

from knowledge import shortlist
from knowledge.postings import Floats
from knowledge.shortlist import MANY_PHRASES, SIZE, likeliest

MANY = MANY_PHRASES + 17


def random_likeness(count: int) -> Floats:
    """A likeness for each phrase, most of them 0 as in a real search."""
    dice = np.random.default_rng(count)
    likely = dice.random(count, dtype=np.float32)
    likely[dice.random(count) < 0.9] = 0
    return likely


def best_rows(likely: Floats) -> set[int]:
    """The 50 likeliest, by sorting."""
    return set(np.argsort(-likely, kind="stable")[:SIZE].tolist())


@pytest.mark.parametrize("count", [1_000, MANY_PHRASES, MANY, 3 * MANY_PHRASES])
def test_the_shortlist_is_what_sorting_would_give(count: int) -> None:
    likely = random_likeness(count)

    rows = likeliest(likely)

    assert set(rows.tolist()) == best_rows(likely)


@pytest.mark.parametrize("count", [0, 1, SIZE])
def test_few_phrases_are_all_on_the_shortlist(count: int) -> None:
    rows = likeliest(np.zeros(count, dtype=np.float32))

    assert rows.tolist() == list(range(count))


def test_among_many_phrases_all_that_are_as_likely_as_the_last_are_compared() -> None:
    likely = np.zeros(MANY, dtype=np.float32)
    likely[1_000:1_200] = 0.5
    likely[-10:] = 0.9

    rows = likeliest(likely)

    assert rows.tolist() == [*range(1_000, 1_200), *range(MANY - 10, MANY)]


def test_among_many_phrases_one_that_shares_nothing_is_not_compared() -> None:
    likely = np.zeros(MANY, dtype=np.float32)
    likely[[3, MANY - 1]] = 0.1

    rows = likeliest(likely)

    assert rows.tolist() == [3, MANY - 1]


def test_a_sample_never_hides_a_likely_phrase() -> None:
    likely = random_likeness(MANY)
    neighbours = np.arange(SIZE) * (MANY // shortlist.STRIDE)
    likely[neighbours] = 2.0

    rows = likeliest(likely)

    assert set(rows.tolist()) == set(neighbours.tolist())
