"""Find the knowledge base's own words in kana, misspelt kana and wrongly converted kanji, by reading.

Source of the method and its numbers: SEARCH.md, "Kana repair". Kanji is never rewritten: what is
found by reading is only added to the words that are searched.
"""

import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from knowledge.text import fold_kana
from knowledge.tokens import Token

MIN_READING = 3
MIN_FUZZY_READING = 5
FUZZY_CUTOFF = 82
MISHEARD_CUTOFF = 85
MAX_READING = 16
MOST_LIKE = 2_000
"""So many readings are compared letter by letter, those that share most; some 20,000 entries have no more."""
COMMON_AS_PROSE = 3
"""A reading that stands in hiragana this often in plain prose (してい = 指定) is grammar, no word."""

_HIRAGANA_RUN = re.compile(rf"[ぁ-ゖー]{{{MIN_READING},}}")


@dataclass(frozen=True)
class Found:
    """Words of the knowledge base heard in a query: `heard` is the kana, `words` what it stands for."""

    heard: str
    words: tuple[str, ...]
    is_exact: bool
    from_kana: bool


@dataclass(frozen=True)
class Lexicon:
    """Reading → words of the knowledge base that are read so."""

    words_by_reading: dict[str, tuple[str, ...]]
    long_readings: "_Readings" = field(repr=False)

    def find(self, tokens: Sequence[Token]) -> list[Found]:
        """What the words of a query may also mean, by their sound; exact hits first come first."""
        spelling = _Spelling.of(tokens)
        found, gaps = self._exact(spelling)
        found += [hit for gap in gaps for hit in self._fuzzy(gap, spelling)]
        found += [hit for kana in spelling.typed_kana() for hit in self._misspelt(kana)]
        return found + [hit for run in _content_runs(tokens) for hit in self._misheard(run)]

    def _misspelt(self, kana: str) -> Iterable[Found]:
        """A long word with a slip of the thumb, of which only a short end was found exactly."""
        likely = [r for r in self.long_readings.like(kana) if len(r) > MIN_FUZZY_READING]
        best = process.extractOne(
            kana, likely, scorer=fuzz.partial_ratio, score_cutoff=FUZZY_CUTOFF
        )
        if best is not None and len(best[0]) <= len(kana) + 1 and best[0] not in kana:
            yield Found(kana, self.words_by_reading[best[0]], is_exact=False, from_kana=False)

    def _misheard(self, run: Sequence[Token]) -> Iterable[Found]:
        """A whole compound under wrong kanji: 鉄数量 sounds nearly like 手数料."""
        kana = "".join(token.reading for token in run)
        if not MIN_FUZZY_READING <= len(kana) <= MAX_READING or kana in self.words_by_reading:
            return
        likely = self.long_readings.like(kana)
        best = process.extractOne(kana, likely, scorer=fuzz.ratio, score_cutoff=MISHEARD_CUTOFF)
        if best is not None:
            yield Found(kana, self.words_by_reading[best[0]], is_exact=False, from_kana=False)

    def _exact(self, spelling: "_Spelling") -> tuple[list[Found], list[tuple[int, int]]]:
        found, gaps, position, gap_start = [], [], 0, 0
        while position < len(spelling.kana):
            end = self._longest_match(spelling, position)
            if end == position:
                position += 1
                continue
            gaps.append((gap_start, position))
            found.append(self._hit(spelling, position, end))
            position = gap_start = end
        gaps.append((gap_start, len(spelling.kana)))
        return found, [gap for gap in gaps if gap[1] - gap[0] >= MIN_FUZZY_READING]

    def _longest_match(self, spelling: "_Spelling", start: int) -> int:
        if start not in spelling.starts:
            return start
        longest = min(len(spelling.kana), start + MAX_READING)
        for end in range(longest, start + MIN_READING - 1, -1):
            if end in spelling.ends and spelling.kana[start:end] in self.words_by_reading:
                return end
        return start

    def _hit(self, spelling: "_Spelling", start: int, end: int) -> Found:
        heard = spelling.kana[start:end]
        words = self.words_by_reading[heard]
        return Found(heard, words, is_exact=True, from_kana=spelling.is_kana(start, end))

    def _fuzzy(self, gap: tuple[int, int], spelling: "_Spelling") -> Iterable[Found]:
        if not spelling.is_kana(*gap):
            return
        kana = spelling.kana[gap[0] : gap[1]]
        likely = self.long_readings.like(kana)
        best = process.extractOne(
            kana, likely, scorer=fuzz.partial_ratio, score_cutoff=FUZZY_CUTOFF
        )
        if best is None or len(best[0]) > len(kana) + 1:
            return
        yield Found(kana, self.words_by_reading[best[0]], is_exact=False, from_kana=True)


@dataclass(frozen=True)
class _Readings:
    """Readings that can be asked for those that share letters with a kana text."""

    readings: tuple[str, ...]
    needed: npt.NDArray[np.int32]
    by_pair: dict[str, npt.NDArray[np.int32]]

    @classmethod
    def of(cls, readings: Sequence[str]) -> "_Readings":
        rows: defaultdict[str, array[int]] = defaultdict(lambda: array("i"))
        for row, reading in enumerate(readings):
            for pair in _pairs(reading):
                rows[pair].append(row)
        needed = np.array([math.ceil(len(_pairs(r)) / 2) for r in readings], dtype=np.int32)
        by_pair = {pair: np.array(found, dtype=np.int32) for pair, found in rows.items()}
        return cls(tuple(readings), needed, by_pair)

    def like(self, kana: str) -> list[str]:
        """The readings of which at least half the pairs of letters stand in the kana."""
        found = [self.by_pair[pair] for pair in _pairs(kana) if pair in self.by_pair]
        if not found:
            return []
        shared = np.bincount(np.concatenate(found), minlength=len(self.readings))
        rows = np.flatnonzero(shared >= self.needed)
        if len(rows) > MOST_LIKE:
            share = shared[rows] / self.needed[rows]
            rows = np.sort(rows[np.argpartition(-share, MOST_LIKE)[:MOST_LIKE]])
        return [self.readings[row] for row in rows]


def _pairs(kana: str) -> set[str]:
    return {kana[start : start + 2] for start in range(len(kana) - 1)}


@dataclass(frozen=True)
class _Spelling:
    """A query as one string of hiragana that remembers where a word of the citizen may begin or end.

    Between kanji words the borders are sure; inside what was typed in kana any place may be one.
    """

    kana: str
    starts: frozenset[int]
    ends: frozenset[int]
    typed_as_kana: tuple[bool, ...]

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> "_Spelling":
        kana, starts = "", {0}
        ends: set[int] = set()
        typed: list[bool] = []
        for token in tokens:
            begin, end = len(kana), len(kana) + len(token.reading)
            is_kana = fold_kana(token.surface) == token.reading
            starts.update(range(begin, end) if is_kana else [begin])
            ends.update(range(begin + 1, end + 1) if is_kana else [end])
            typed.extend([is_kana] * len(token.reading))
            kana += token.reading
        return cls(kana, frozenset(starts), frozenset(ends), tuple(typed))

    def typed_kana(self) -> list[str]:
        """The stretches typed in kana that are long enough to hold a misspelt word."""
        marked = zip(self.kana, self.typed_as_kana, strict=True)
        runs = groupby(marked, key=lambda pair: pair[1])
        stretches = ("".join(letter for letter, _ in run) for typed, run in runs if typed)
        return [stretch for stretch in stretches if len(stretch) > MIN_FUZZY_READING]

    def is_kana(self, start: int, end: int) -> bool:
        return all(self.typed_as_kana[start:end])


class Listener:
    """Hears the words of the knowledge base, one text after the other, and makes its lexicon."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self._runs: Counter[str] = Counter()

    def hear(self, tokens: Sequence[Token]) -> None:
        """A text whose words may be asked for by their sound."""
        self._counts.update(_readable(tokens))

    def read(self, runs: Iterable[str]) -> None:
        """The `hiragana` of plain text, that tells grammar apart."""
        self._runs.update(runs)

    def lexicon(self) -> Lexicon:
        """The lexicon of all that was heard."""
        grammar = _common_pieces(self._runs)
        found: dict[str, list[tuple[str, ...]]] = {}
        for (reading, words), _ in self._counts.most_common():
            if reading not in grammar:
                found.setdefault(reading, []).append(words)
        order = dict.fromkeys(reading for reading, _ in self._counts if reading in found)
        words_by_reading = {reading: _all_words(found[reading]) for reading in order}
        long_readings = [r for r in words_by_reading if len(r) >= MIN_FUZZY_READING]
        return Lexicon(words_by_reading, _Readings.of(long_readings))


def build(texts: Iterable[Sequence[Token]], prose: str) -> Lexicon:
    """The lexicon of the given texts' words; `prose` is the plain text that tells grammar apart."""
    listener = Listener()
    for tokens in texts:
        listener.hear(tokens)
    listener.read(hiragana(prose))
    return listener.lexicon()


def hiragana(prose: str) -> list[str]:
    """The runs of hiragana in a plain text that are long enough to be a reading."""
    return _HIRAGANA_RUN.findall(prose)


def _common_pieces(runs: Counter[str]) -> frozenset[str]:
    """Every piece of hiragana, long enough to be a reading, that plain prose uses again and again."""
    pieces: Counter[str] = Counter()
    for run, count in runs.items():
        for start in range(len(run) - MIN_READING + 1):
            for end in range(start + MIN_READING, len(run) + 1):
                pieces[run[start:end]] += count
    return frozenset(piece for piece, count in pieces.items() if count >= COMMON_AS_PROSE)


def _content_runs(tokens: Sequence[Token]) -> Iterable[list[Token]]:
    """Runs of two or more words of meaning that stand side by side."""
    for is_content, run in groupby(tokens, key=lambda token: token.is_content):
        words = list(run)
        if is_content and len(words) > 1:
            yield words


def _all_words(readings: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The words of the three commonest ways to write what is read so."""
    return tuple(dict.fromkeys(word for words in readings[:3] for word in words))


def _readable(tokens: Sequence[Token]) -> Iterable[tuple[str, tuple[str, ...]]]:
    previous: Token | None = None
    for token in tokens:
        if not token.is_content:
            previous = None
            continue
        if len(token.reading) >= MIN_READING:
            yield token.reading, (token.norm,)
        if previous is not None:
            yield previous.reading + token.reading, (previous.norm, token.norm)
        previous = token
