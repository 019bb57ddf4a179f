"""Keep which rows hold a term, and its weight there, in a few long arrays: millions of rows stay quick."""

import math
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int32]

K1 = 2.0


@dataclass(frozen=True)
class Postings:
    """Term → the rows that hold it and its weight there; `rows` is the number of rows in all.

    All terms' rows stand one after the other in one array, `places` says where each term's are.
    `unknown_idf` is the weight of a term that no row holds: as rare as can be.
    """

    places: dict[str, tuple[int, int]]
    all_rows: Ids
    all_weights: Floats
    idf: dict[str, float]
    rows: int
    unknown_idf: float

    def holders(self, term: str) -> Ids:
        """The rows that hold a term."""
        start, end = self.places.get(term, (0, 0))
        return self.all_rows[start:end]

    def score(self, terms: Mapping[str, float]) -> Floats:
        """One number a row: the sum of the terms' weights there, each times its weight in the query."""
        scores = np.zeros(self.rows, dtype=np.float32)
        for term, weight in terms.items():
            if (place := self.places.get(term)) is not None:
                held = slice(*place)
                np.add.at(scores, self.all_rows[held], weight * self.all_weights[held])
        return scores


class TermRows:
    """Collects rows of terms, to be compared by the cosine of their idf weights."""

    def __init__(self) -> None:
        self._pairs = _Pairs()

    def add(self, terms: Iterable[str]) -> None:
        """The next row; how often a term stands in it does not matter."""
        self._pairs.add(dict.fromkeys(terms))

    def postings(self) -> Postings:
        """The rows, weighted by idf and scaled to length 1."""
        terms, rows = self._pairs.arrays()
        book = self._pairs.vocabulary()
        squares = np.bincount(rows, weights=book.idf[terms] ** 2, minlength=book.rows)
        lengths = np.sqrt(np.where(squares > 0, squares, 1.0))
        by_term = _by_term(terms, rows)
        by_term.sort()
        found = (by_term & _ROW).astype(np.int32)
        weights = np.repeat(book.idf, book.holders) / lengths[found]
        return book.postings(found, weights.astype(np.float32))


class FieldRows:
    """Collects rows of several fields of terms, to be compared by BM25F."""

    def __init__(self, fields: Mapping[str, tuple[float, float]]) -> None:
        """Each field with its weight and its length normalisation b."""
        self._fields = dict(fields)
        self._pairs = _Pairs()
        self._counts = {field: array("i") for field in fields}
        self._totals = {field: array("i") for field in fields}

    def add(self, row: Mapping[str, Iterable[str]]) -> None:
        """The next row: the terms of each field."""
        counts = {field: Counter(terms) for field, terms in row.items()}
        distinct = dict.fromkeys(term for counted in counts.values() for term in counted)
        self._pairs.add(distinct)
        for field in self._fields:
            self._counts[field].extend(map(counts[field].__getitem__, distinct))
            self._totals[field].append(counts[field].total())

    def postings(self) -> Postings:
        """The rows, each term weighted by idf and by how often it stands in which field."""
        terms, rows = self._pairs.arrays()
        book = self._pairs.vocabulary()
        order = np.argsort(_by_term(terms, rows))
        found = self._weighted_counts(rows, book.rows)[order]
        weights = np.repeat(book.idf, book.holders) * found / (K1 + found)
        return book.postings(rows[order], weights.astype(np.float32))

    def _weighted_counts(self, rows: Ids, count: int) -> Doubles:
        found = np.zeros(len(rows))
        for field, (weight, b) in self._fields.items():
            totals = np.array(self._totals[field])
            average = int(totals.sum()) / max(1, count) or 1.0
            lengths = 1 - b + b * totals / average
            found += weight * np.array(self._counts[field]) / lengths[rows]
        return found


_ROW = (1 << 32) - 1


def _by_term(terms: Ids, rows: Ids) -> npt.NDArray[np.int64]:
    """Numbers that stand in the order of the terms, and for each term in the order of the rows."""
    keys: npt.NDArray[np.int64] = (terms.astype(np.int64) << 32) | rows
    return keys


@dataclass(frozen=True)
class _Vocabulary:
    """All terms in the order of their numbers: how many rows hold each, and its weight."""

    terms: tuple[str, ...]
    holders: npt.NDArray[np.int64]
    idf: Doubles
    rows: int

    def postings(self, all_rows: Ids, all_weights: Floats) -> Postings:
        """What stands in the order of the terms, as it is looked up."""
        ends = np.cumsum(self.holders).tolist()
        idf = dict(zip(self.terms, self.idf.tolist(), strict=True))
        return Postings(
            places=dict(zip(self.terms, pairwise([0, *ends]), strict=True)),
            all_rows=all_rows,
            all_weights=all_weights,
            idf=idf,
            rows=self.rows,
            unknown_idf=max(idf.values(), default=1.0),
        )


class _Pairs:
    """Which term stands in which row, as numbers: Python objects would take ten times the memory."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._terms = array("i")
        self._lengths = array("i")

    def add(self, distinct: Collection[str]) -> None:
        self._terms.extend(map(self._numbers.__getitem__, distinct))
        self._lengths.append(len(distinct))

    def arrays(self) -> tuple[Ids, Ids]:
        """Of every pair the number of its term and its row."""
        numbers = np.arange(len(self._lengths), dtype=np.int32)
        return np.array(self._terms), np.repeat(numbers, np.array(self._lengths))

    def vocabulary(self) -> _Vocabulary:
        holders = np.bincount(np.array(self._terms), minlength=len(self._numbers))
        rows = len(self._lengths)
        weights = [_idf(count, rows) for count in holders.tolist()]
        return _Vocabulary(tuple(self._numbers), holders, np.array(weights, dtype=float), rows)


class _Numbers(dict[str, int]):
    """Gives every new term the next number."""

    def __missing__(self, term: str) -> int:
        self[term] = number = len(self)
        return number


def _idf(holders: int, rows: int) -> float:
    return math.log(1 + (rows - holders + 0.5) / (holders + 0.5))
