"""Rank the documents of an index for one question; pure: index and text in, matches out."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

import numpy as np
from rapidfuzz import fuzz, process

from knowledge import dialect, shortlist
from knowledge.index import Index, sounds
from knowledge.postings import Floats, Postings
from knowledge.shortlist import Rows
from knowledge.text import MAX_QUERY_CHARS, compare_key, fold_kana, normalise

REPAIRED_WEIGHT = 1.0
"""A word found by exact reading in what was typed in kana counts like a typed word."""
GUESS_WEIGHT = 0.5
"""A word found only by similar sound, or under other kanji, is a guess."""
SYNONYM_WEIGHT = 0.3
"""Other words for the same thing; at full weight they undo what they gain (SEARCH.md §3)."""
LEXICAL_WEIGHTS = {"phrase": 1.0, "sounds": 1.0, "letters": 0.7}
SEMANTIC_WEIGHTS = {"phrase": 0.5, "sounds": 0.5, "letters": 0.5}
"""What likeness to single phrasings counts beside BM25's 1.0, without and with vectors."""
MEANING_WEIGHT = 1.0
GIST_WEIGHT = 0.5
"""Vectors of the nearest phrasing, and of the whole text (SEARCH.md §4)."""
NEAR_EXACT = 0.90
"""Letters as alike as this to a phrasing or title: it is what the citizen means."""


@dataclass(frozen=True)
class Evidence:
    """How alike question and document are in each channel, 0 to 1, comparable between questions."""

    words: float
    phrase: float
    sounds: float
    letters: float
    meaning: float = 0.0
    gist: float = 0.0


_FIELDS = fields(Evidence)


@dataclass(frozen=True)
class Match:
    """A document found: its rank score (0–1, this query only) and why it was found."""

    entry_id: str
    score: float
    evidence: Evidence
    phrase: str
    why: str


@dataclass(frozen=True)
class Ranking:
    """The matches for a question, best first, and what else tells whether to trust them.

    `outside` is the best match among the topics the city's guide does not cover.
    """

    matches: tuple[Match, ...]
    outside: Match | None = None
    words: int = 0
    unknown_share: float = 0.0


@dataclass(frozen=True)
class Query:
    """A question made ready: its words with their weight, and the words it was understood to mean.

    `text` is in standard Japanese, `key` as it was typed.
    """

    text: str
    key: str
    terms: dict[str, float]
    synonyms: dict[str, float]
    sounds: dict[str, float]
    understood: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())


def worded(text: str) -> str:
    """A question in standard Japanese, as its words are cut and its vector is made from it."""
    return dialect.standard(normalise(text[:MAX_QUERY_CHARS]))


def understand(index: Index, text: str) -> Query:
    """Normalise a question and collect its words: typed, repaired from kana, and guessed by sound."""
    standard = worded(text)
    tokens = index.tokenizer.tokens(standard)
    terms = {token.norm: 1.0 for token in tokens if token.is_content}
    found = index.lexicon.find(tokens)
    for hit in found:
        weight = REPAIRED_WEIGHT if hit.is_exact and hit.from_kana else GUESS_WEIGHT
        for word in hit.words:
            terms[word] = max(weight, terms.get(word, 0.0))
    return Query(
        text=standard,
        key=compare_key(text[:MAX_QUERY_CHARS]),
        terms=terms,
        synonyms=dict.fromkeys(index.thesaurus.expand(terms), SYNONYM_WEIGHT),
        sounds=dict.fromkeys(sounds(tokens), 1.0) if tokens else {},
        understood=tuple((h.heard, h.words) for h in found if not _was_typed(standard, h.words)),
    )


def _was_typed(question: str, words: Iterable[str]) -> bool:
    """Nothing was guessed: the words stand in the question, in either kana."""
    return all(fold_kana(word) in fold_kana(question) for word in words)


def rank(index: Index, text: str, limit: int = 10) -> Ranking:
    """The best documents for a question, best first; no match when no word is known at all."""
    query = understand(index, text)
    channels = _channels(index, query)
    fused = _fuse(channels)
    inside = _first(np.where(index.is_outside, 0, fused), limit)
    outside = _first(np.where(index.is_outside, fused, 0), 1)
    unknown = sum(term not in index.bm25.idf for term in query.terms)
    matches = [_match(index, query, channels, fused, row) for row in (*inside, *outside)]
    return Ranking(
        matches=tuple(matches[: len(inside)]),
        outside=matches[-1] if outside else None,
        words=len(query.terms),
        unknown_share=unknown / max(1, len(query.terms)),
    )


def _first(scores: Floats, count: int) -> list[int]:
    """The rows with the highest scores above 0, best first, equal ones in their order."""
    rows = np.flatnonzero(scores > 0)
    if len(rows) > count:
        least = np.partition(scores[rows], -count)[-count]
        rows = rows[scores[rows] >= least]
    best: list[int] = rows[np.argsort(-scores[rows], kind="stable")][:count].tolist()
    return best


@dataclass(frozen=True)
class _Channels:
    words: Floats
    phrase: Floats
    sounds: Floats
    letters: Floats
    meaning: Floats
    gist: Floats
    likeness: Floats

    def evidence(self, row: int) -> Evidence:
        return Evidence(**{f.name: round(float(getattr(self, f.name)[row]), 4) for f in _FIELDS})


def _channels(index: Index, query: Query) -> _Channels:
    """Every document's likeness to the question in each channel, each 0–1 and absolute."""
    by_words = _cosine(index.phrase_words, query.terms)
    by_sound = _cosine(index.phrase_sounds, query.sounds)
    likeness = by_words + by_sound
    rows, by_letters = _letters(index, query, likeness)
    likeness[rows] += by_letters
    letters = np.zeros(len(index.documents), dtype=np.float32)
    np.maximum.at(letters, index.phrase_document[rows], by_letters)
    meaning, gist = _meaning(index, query, likeness)
    return _Channels(
        words=_share_of_words(index, query),
        phrase=_best_per_document(index, by_words),
        sounds=_best_per_document(index, by_sound),
        letters=letters,
        meaning=meaning,
        gist=gist,
        likeness=likeness,
    )


def _share_of_words(index: Index, query: Query) -> Floats:
    """BM25 divided by what a document full of just these words would get."""
    bm25 = index.bm25
    possible = sum(w * bm25.idf.get(term, bm25.unknown_idf) for term, w in query.terms.items())
    found = bm25.score(query.terms) + bm25.score(query.synonyms)
    shares: Floats = found / max(possible, 1e-6)
    return shares


def _cosine(postings: Postings, terms: dict[str, float]) -> Floats:
    unknown = postings.unknown_idf
    weighted = {term: w * postings.idf.get(term, unknown) for term, w in terms.items()}
    length = sum(weight**2 for weight in weighted.values()) ** 0.5
    likeness = postings.score(weighted)
    likeness /= max(length, 1e-6)
    return likeness


def _meaning(index: Index, query: Query, likeness: Floats) -> tuple[Floats, Floats]:
    """Cosines of the question's vector with every document's nearest phrase and with its text.

    Adds them to the phrases' likeness; all zeros without vectors.
    """
    if index.vectors is None:
        none = np.zeros(len(index.documents), dtype=np.float32)
        return none, none
    by_meaning, gist = index.vectors.likeness(query.text)
    likeness += by_meaning
    return _best_per_document(index, by_meaning), gist


def _letters(index: Index, query: Query, likely: Floats) -> tuple[Rows, Floats]:
    """The phrases that words and sounds make likely, and their edit similarity by rapidfuzz."""
    if not query.key or not len(likely):
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32)
    rows = shortlist.likeliest(likely)
    keys = [index.phrase_keys[row] for row in rows]
    alike: Floats = process.cdist([query.key], keys, scorer=fuzz.ratio)[0] / 100
    return rows, alike


def _best_per_document(index: Index, scores: Floats) -> Floats:
    if not len(scores):
        return np.zeros(0, dtype=np.float32)
    best: Floats = np.maximum(np.maximum.reduceat(scores, index.first_phrase), 0)
    return best


def _best_phrase(index: Index, likeness: Floats, row: int) -> int:
    """The document's phrase that is most alike; of equal ones the last."""
    start = int(index.first_phrase[row])
    end = start + 1 + len(index.documents[row].phrasings)
    return end - 1 - int(np.argmax(likeness[start:end][::-1]))


def _fuse(channels: _Channels) -> Floats:
    """One score a document, 0–1; above 1 for a near-exact phrasing, which must win.

    BM25 is scaled to the query's best (SEARCH.md, "Fusion"). The other channels are absolute and
    squared: strong likeness decides, weak likeness is noise (nDCG@10 .51 → .58 on localgovFAQ).
    """
    total = _scaled(channels.words)
    weights = LEXICAL_WEIGHTS
    if channels.meaning.any():
        weights = SEMANTIC_WEIGHTS
        total = total + MEANING_WEIGHT * _spread(channels.meaning)
        total = total + GIST_WEIGHT * _spread(channels.gist)
    for name, weight in weights.items():
        total = total + weight * getattr(channels, name) ** 2
    fused = total / max(float(total.max(initial=0)), 1.0)
    fused = np.where(channels.letters >= NEAR_EXACT, 1 + channels.letters, fused)
    scores: Floats = fused.astype(np.float32)
    return scores


def _scaled(scores: Floats) -> Floats:
    scaled: Floats = scores / max(float(scores.max(initial=0)), 1e-6)
    return scaled


def _spread(scores: Floats) -> Floats:
    """From the worst at 0 to the best at 1: cosines differ little, their order matters."""
    low, high = float(scores.min(initial=1)), float(scores.max(initial=0))
    scaled: Floats = (scores - low) / max(high - low, 1e-6)
    return scaled


def _match(index: Index, query: Query, channels: _Channels, fused: Floats, row: int) -> Match:
    evidence = channels.evidence(row)
    phrase = index.phrases[_best_phrase(index, channels.likeness, row)]
    return Match(
        entry_id=index.documents[row].id,
        score=round(float(fused[row]), 4),
        evidence=evidence,
        phrase=phrase,
        why=_why(query, evidence, phrase),
    )


def _why(query: Query, evidence: Evidence, phrase: str) -> str:
    parts = [f"言い回し「{phrase}」に近い"]
    if evidence.letters >= NEAR_EXACT:
        parts = [f"言い回し「{phrase}」とほぼ同じ"]
    parts += [f"「{heard}」を{'・'.join(words)}と読んだ" for heard, words in query.understood]
    return "、".join(parts)


def ids(ranking: Ranking) -> list[str]:
    """The entry ids found, in order."""
    return [match.entry_id for match in ranking.matches]
