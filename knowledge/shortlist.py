"""Choose the few phrases that are worth comparing with a question letter by letter."""

import numpy as np
import numpy.typing as npt

from knowledge.postings import Floats

Rows = npt.NDArray[np.intp]

SIZE = 50
MANY_PHRASES = 50_000
"""Up to here the shortlist holds 50 phrases, whatever they are. Above, some 4,000 entries, it holds only
phrases with a word or sound of the question, and more than 50 where several are equally likely."""
STRIDE = 64
_LEAST = 1e-6


def likeliest(likely: Floats) -> Rows:
    """The likeliest phrases: few enough to be compared letter by letter."""
    if len(likely) > MANY_PHRASES:
        return _of_many(likely)
    if len(likely) <= SIZE:
        return np.arange(len(likely))
    rows: Rows = np.argpartition(-likely, SIZE - 1)[:SIZE]
    return rows


def _of_many(likely: Floats) -> Rows:
    """The likeliest phrases, and all that are as likely as the last of them.

    Hundreds of thousands are never sorted: what is below the 50th best of samples is left out first.
    """
    whole = likely[: len(likely) // STRIDE * STRIDE]
    samples = whole.reshape(STRIDE, -1).max(axis=0)
    rows: Rows = np.flatnonzero(likely >= max(_last_of_best(samples), _LEAST))
    if len(rows) > SIZE:
        rows = rows[likely[rows] >= _last_of_best(likely[rows])]
    return rows


def _last_of_best(likely: Floats) -> float:
    return float(np.partition(likely, -SIZE)[-SIZE])
