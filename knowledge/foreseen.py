"""Compare many questions with the vectors of an index together, for whoever asks one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
import numpy.typing as npt

from knowledge import search, split
from knowledge.index import Index
from knowledge.vectors import Floats, Vectors

BLOCK = 256
"""Rows that each question is compared with in turn: few enough to stay in the processor's cache.

A multiple of the 4 that are multiplied at once, so that every cosine is the one of the whole.
"""


class Foreseen:
    """The vectors of questions soon to be asked, and their cosines, made for all of them together.

    A single question costs four times as much: for each, all weights of the model and all phrases of
    the knowledge come from memory. What other knowledge has of these phrases is not compared again.
    """

    def __init__(self, phrases: Sequence[str], vectors: Vectors) -> None:
        self.phrases = vectors.phrases
        self._encoder = vectors.encoder
        self._places = dict(zip(phrases, count()))
        self._asked: dict[str, Floats] = {}
        self._cosines: dict[int, tuple[Floats, dict[str, Floats]]] = {}

    def foresee(self, questions: Sequence[str]) -> None:
        """Be ready for these and the parts they may be cut into; forget those before."""
        parts = [part for text in questions for part in (text, *split.halves(text))]
        texts = list(dict.fromkeys(map(search.worded, parts)))
        self._asked = dict(zip(texts, self._encoder.encode(texts), strict=True))
        self._cosines.clear()

    def within(self, index: Index) -> Index:
        """An index, of the same or of other knowledge, to be asked these questions."""
        vectors = index.vectors
        if vectors is None:
            return index
        own = {text: row for row, text in enumerate(index.phrases) if text not in self._places}
        places = self._places | dict(zip(own, count(len(self.phrases))))
        order = np.array([places[text] for text in index.phrases], dtype=np.intp)
        rows = vectors.phrases[list(own.values())]
        side = _Side(vectors.encoder, vectors.phrases, vectors.documents, self, rows, order)
        return replace(index, vectors=side)

    def is_ready_for(self, question: str) -> bool:
        """Whether it was foreseen."""
        return question in self._asked

    def cosines(self, rows: Floats, question: str) -> Floats:
        """Those of every row with a foreseen question, made for all of these at once."""
        if id(rows) not in self._cosines:
            found = _cosines(rows, list(self._asked.values()))
            by_question = dict(zip(self._asked, found, strict=True))
            self._cosines[id(rows)] = rows, by_question  # beside the rows: the id stays theirs
        return self._cosines[id(rows)][1][question]


@dataclass(frozen=True)
class _Side(Vectors):
    """The vectors of an index: `order` says where its phrases stand in the known and its own rows."""

    foreseen: Foreseen
    own: Floats
    order: npt.NDArray[np.intp]

    def likeness(self, question: str) -> tuple[Floats, Floats]:
        """The same cosines; of a question that nobody foresaw they are made now."""
        if not self.foreseen.is_ready_for(question):
            return super().likeness(question)
        known, own, documents = (
            self.foreseen.cosines(rows, question)
            for rows in (self.foreseen.phrases, self.own, self.documents)
        )
        return np.concatenate([known, own])[self.order], documents


def _cosines(rows: Floats, questions: Sequence[Floats]) -> Floats:
    """For each question what `rows @ question` gives."""
    found = np.empty((len(questions), len(rows)), dtype=np.float32)
    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        for question, cosines in zip(questions, found, strict=True):
            np.matmul(rows[block], question, out=cosines[block])
    return found
