"""Build, from documents, everything that a search looks things up in; nothing here changes afterwards."""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge import dialect, lexicon, thesaurus
from knowledge.lexicon import Lexicon
from knowledge.text import compare_key, normalise
from knowledge.thesaurus import Thesaurus
from knowledge.tokens import Token, Tokenizer
from knowledge.vectors import Encoder

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int32]

K1 = 2.0
FIELDS = {"title": (1.5, 0.75), "phrasings": (1.5, 0.75), "summary": (1.0, 0.8), "body": (1.0, 0.8)}
"""BM25F: weight and length normalisation b of each field (from SEARCH.md, tuned on localgovFAQ)."""

NGRAM = 3
VECTOR_CHARS = 500
"""How much of a document its vector speaks of (SEARCH.md §4)."""


@dataclass(frozen=True)
class Document:
    """What is searched: one knowledge entry, one item of a benchmark, or a topic we do not cover."""

    id: str
    title: str
    phrasings: tuple[str, ...] = ()
    summary: str = ""
    body: str = ""
    is_outside: bool = False


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

    def score(self, terms: dict[str, float]) -> Floats:
        """One number a row: the sum of the terms' weights there, each times its weight in the query."""
        scores = np.zeros(self.rows, dtype=np.float32)
        for term, weight in terms.items():
            start, end = self.places.get(term, (0, 0))
            scores[self.all_rows[start:end]] += weight * self.all_weights[start:end]
        return scores


@dataclass(frozen=True)
class Index:
    """The searchable form of one revision of the knowledge base."""

    documents: tuple[Document, ...]
    tokenizer: Tokenizer
    lexicon: Lexicon
    bm25: Postings
    phrases: tuple[str, ...]
    phrase_keys: tuple[str, ...]
    phrase_document: Ids
    first_phrase: Ids
    phrase_words: Postings
    phrase_sounds: Postings
    thesaurus: Thesaurus
    encoder: Encoder | None = None
    phrase_vectors: Floats | None = None
    document_vectors: Floats | None = None


def build(
    documents: Sequence[Document],
    tokenizer: Tokenizer,
    encoder: Encoder | None = None,
    cached_encoder: Encoder | None = None,
) -> Index:
    """Index the documents, in their order; takes about a second for 86 entries.

    With an encoder, questions are compared by meaning too; `cached_encoder` makes the documents'
    vectors where they are kept somewhere (the same encoder by default).
    """
    make_vectors = cached_encoder or encoder
    phrases, owners = _phrases(documents)
    phrase_tokens = [tokenizer.tokens(dialect.standard(normalise(p))) for p in phrases]
    fields = [_field_tokens(document, tokenizer) for document in documents]
    prose = " ".join(f"{normalise(d.summary)} {normalise(d.body)}" for d in documents)
    texts = (tokens for document in fields for tokens in document.values())
    return Index(
        documents=tuple(documents),
        tokenizer=tokenizer,
        lexicon=lexicon.build(texts, prose),
        bm25=_bm25f(fields),
        phrases=tuple(phrases),
        phrase_keys=tuple(compare_key(phrase) for phrase in phrases),
        phrase_document=np.array(owners, dtype=np.int32),
        first_phrase=np.unique(owners, return_index=True)[1].astype(np.int32),
        phrase_words=_cosine([_content(tokens) for tokens in phrase_tokens]),
        phrase_sounds=_cosine([sounds(tokens) for tokens in phrase_tokens]),
        thesaurus=thesaurus.load(tokenizer),
        encoder=encoder,
        phrase_vectors=make_vectors.encode(phrases) if make_vectors else None,
        document_vectors=make_vectors.encode(_summaries(documents)) if make_vectors else None,
    )


def sounds(tokens: Sequence[Token]) -> list[str]:
    """The 3-letter pieces of a text's reading, so that 検針 and 健診 look alike."""
    kana = "".join(token.reading for token in tokens)
    return [kana[start : start + NGRAM] for start in range(max(1, len(kana) - NGRAM + 1))]


def _summaries(documents: Sequence[Document]) -> list[str]:
    return [f"{d.title} {d.summary} {d.body}"[:VECTOR_CHARS] for d in documents]


def _phrases(documents: Sequence[Document]) -> tuple[list[str], list[int]]:
    pairs = [
        (phrase, number)
        for number, document in enumerate(documents)
        for phrase in (document.title, *document.phrasings)
    ]
    return [phrase for phrase, _ in pairs], [number for _, number in pairs]


def _field_tokens(document: Document, tokenizer: Tokenizer) -> dict[str, tuple[Token, ...]]:
    texts = {
        "title": document.title,
        "phrasings": "。".join(map(dialect.standard, document.phrasings)),
        "summary": document.summary,
        "body": document.body,
    }
    return {field: tokenizer.tokens(normalise(text)) for field, text in texts.items()}


def _content(tokens: Iterable[Token]) -> list[str]:
    return [token.norm for token in tokens if token.is_content]


def _bm25f(documents: Sequence[dict[str, tuple[Token, ...]]]) -> Postings:
    counts = [{f: Counter(_content(tokens)) for f, tokens in d.items()} for d in documents]
    average = {f: sum(c[f].total() for c in counts) / max(1, len(counts)) or 1.0 for f in FIELDS}
    weights: defaultdict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for row, document in enumerate(counts):
        for field, (weight, b) in FIELDS.items():
            length = 1 - b + b * document[field].total() / average[field]
            for term, count in document[field].items():
                weights[term][row] += weight * count / length
    idf = {term: _idf(len(rows), len(documents)) for term, rows in weights.items()}
    saturated = (
        (term, {row: idf[term] * w / (K1 + w) for row, w in rows.items()})
        for term, rows in weights.items()
    )
    return _postings(saturated, idf, len(documents))


def _cosine(rows: Sequence[Sequence[str]]) -> Postings:
    """Rows of terms, weighted by idf and scaled to length 1."""
    holders = Counter(term for terms in rows for term in set(terms))
    idf = {term: _idf(count, len(rows)) for term, count in holders.items()}
    weights: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for row, terms in enumerate(rows):
        length = math.sqrt(sum(idf[term] ** 2 for term in set(terms))) or 1.0
        for term in set(terms):
            weights[term][row] = idf[term] / length
    return _postings(weights.items(), idf, len(rows))


def _idf(holders: int, rows: int) -> float:
    return math.log(1 + (rows - holders + 0.5) / (holders + 0.5))


def _postings(
    weights: Iterable[tuple[str, dict[int, float]]], idf: dict[str, float], rows: int
) -> Postings:
    places: dict[str, tuple[int, int]] = {}
    all_rows, all_weights = array("i"), array("f")
    for term, by_row in weights:
        places[term] = (len(all_rows), len(all_rows) + len(by_row))
        all_rows.extend(by_row.keys())
        all_weights.extend(by_row.values())
    return Postings(
        places=places,
        all_rows=np.array(all_rows, dtype=np.int32),
        all_weights=np.array(all_weights, dtype=np.float32),
        idf=idf,
        rows=rows,
        unknown_idf=max(idf.values(), default=1.0),
    )
