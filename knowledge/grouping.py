"""Put questions that ask the same thing together, though worded differently; pure."""

import hashlib
import re
from collections.abc import Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz

from knowledge import dialect
from knowledge.index import sounds
from knowledge.postings import Floats, Postings, TermRows
from knowledge.text import compare_key
from knowledge.tokens import Tokenizer

SAME_WORDS = 0.8
"""Cosine of the words that carry meaning: 転入届 and 転出届 stay apart, 出し方 and 出したい meet."""

SAME_SOUNDS = 0.75
"""Cosine of the readings' pieces: the same in kana and kanji."""

NEAR_SOUNDS, SAME_LETTERS = 0.5, 90.0
"""For less alike readings the letters decide: a slip of the finger in a longer question."""

MANY = 1000
"""Few texts are weighed as if they stood among so many: else what both share would count little."""

MAX_CHARS = 100
"""How much of a text is compared: questions are short, and one must not hold up five thousand."""

Group = tuple[int, ...]


def key_of(normalised: str) -> str:
    """What names a wording, without holding its words."""
    return hashlib.sha256(normalised.encode()).hexdigest()


def is_key(text: str) -> bool:
    """True for what can name a wording."""
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None


def groups(texts: Sequence[str], tokenizer: Tokenizer) -> list[Group]:
    """The positions of normalised texts that belong together, in the order of the texts.

    The first text of a group leads it: all others are alike to that one, not only to each other.
    """
    cut = [tokenizer.tokens(dialect.standard(text[:MAX_CHARS])) for text in texts]
    tokenizer.forget()
    words = [list(dict.fromkeys(t.norm for t in tokens if t.is_content)) for tokens in cut]
    readings = [list(dict.fromkeys(sounds(tokens))) for tokens in cut]
    keys = [compare_key(text) for text in texts]
    return list(_led(keys, _Likeness(words), _Likeness(readings)))


class _Likeness:
    """The cosines between rows of terms."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        collected = TermRows()
        for row in rows:
            collected.add(row)
        for _ in range(MANY - len(rows)):
            collected.add(())
        self._rows = rows
        self._postings: Postings = collected.postings()

    def to(self, row: int) -> Floats:
        """How alike all rows are to one of them."""
        idf = self._postings.idf
        weights = {term: idf[term] for term in self._rows[row]}
        length = sum(weight**2 for weight in weights.values()) ** 0.5
        alike: Floats = self._postings.score(weights)[: len(self._rows)]
        return alike / np.float32(max(length, 1e-6))


def _led(keys: Sequence[str], words: _Likeness, readings: _Likeness) -> Iterator[Group]:
    spelled: dict[str, list[int]] = {}
    for position, key in enumerate(keys):
        spelled.setdefault(key, []).append(position)
    is_free = np.ones(len(keys), dtype=bool)
    for leader, key in enumerate(keys):
        if not is_free[leader]:
            continue
        heard = readings.to(leader)
        near = (words.to(leader) >= SAME_WORDS) | (heard >= SAME_SOUNDS)
        near[spelled[key]] = True
        for row in np.flatnonzero((heard >= NEAR_SOUNDS) & is_free & ~near).tolist():
            near[row] = fuzz.ratio(key, keys[row]) >= SAME_LETTERS
        members = np.flatnonzero(near & is_free)
        is_free[members] = False
        yield (leader, *(int(member) for member in members if member != leader))
