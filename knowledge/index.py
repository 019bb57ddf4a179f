"""Build, from documents, everything that a search looks things up in; nothing here changes afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge import dialect, lexicon, thesaurus
from knowledge.lexicon import Lexicon, Listener
from knowledge.postings import FieldRows, Ids, Postings, TermRows
from knowledge.text import compare_key, normalise
from knowledge.thesaurus import Thesaurus
from knowledge.tokens import Token, Tokenizer
from knowledge.vectors import Encoder, Vectors

Flags = npt.NDArray[np.bool_]
Words = tuple[Token, ...]

FIELDS = {"title": (1.5, 0.75), "phrasings": (1.5, 0.75), "summary": (1.0, 0.8), "body": (1.0, 0.8)}
"""BM25F: weight and length normalisation b of each field (from SEARCH.md, tuned on localgovFAQ)."""

PROSE = ("summary", "body")
"""The fields that tell which hiragana is grammar."""

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


@dataclass(frozen=True, slots=True)
class Cut:
    """A document in words: by far the slowest part of an index, kept for the next one.

    `fields` stand in the order of FIELDS and `hiragana` in that of PROSE; each phrase has its words
    and its key.
    """

    fields: tuple[Words, ...]
    phrases: tuple[Words, ...]
    keys: tuple[str, ...]
    hiragana: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Index:
    """The searchable form of one revision of the knowledge base."""

    documents: tuple[Document, ...]
    is_outside: Flags
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
    vectors: Vectors | None = None
    cuts: tuple[Cut, ...] = ()


def build(
    documents: Sequence[Document],
    tokenizer: Tokenizer,
    encoder: Encoder | None = None,
    cached_encoder: Encoder | None = None,
    before: Index | None = None,
) -> Index:
    """Index the documents, in their order; takes about a second for 86 entries.

    With an encoder, questions are compared by meaning too; `cached_encoder` makes the documents'
    vectors where they are kept somewhere (the same encoder by default). What the index `before` has
    of them is not cut into words again.
    """
    phrases = tuple(phrase for document in documents for phrase in _phrases(document))
    counts = [len(_phrases(document)) for document in documents]
    read = _Reader(tokenizer, before)
    cuts = tuple(map(read.document, documents))
    return Index(
        documents=tuple(documents),
        is_outside=np.array([d.is_outside for d in documents], dtype=bool),
        tokenizer=tokenizer,
        lexicon=read.words.lexicon(),
        bm25=read.fields.postings(),
        phrases=phrases,
        phrase_keys=tuple(key for cut in cuts for key in cut.keys),
        phrase_document=np.repeat(np.arange(len(counts), dtype=np.int32), counts),
        first_phrase=np.cumsum([0, *counts[:-1]], dtype=np.int32)[: len(counts)],
        phrase_words=read.phrase_words.postings(),
        phrase_sounds=read.phrase_sounds.postings(),
        thesaurus=thesaurus.load(tokenizer),
        vectors=_vectors(documents, phrases, encoder, cached_encoder) if encoder else None,
        cuts=cuts,
    )


def _vectors(
    documents: Sequence[Document],
    phrases: Sequence[str],
    encoder: Encoder,
    cached_encoder: Encoder | None,
) -> Vectors:
    make = cached_encoder or encoder
    return Vectors(encoder, make.encode(phrases), make.encode(summaries(documents)))


class _Reader:
    """Cuts documents into words, one after the other, and counts what it read."""

    def __init__(self, tokenizer: Tokenizer, before: Index | None) -> None:
        self._tokenizer = tokenizer
        self._before = _by_id(before) if before else {}
        self._words: dict[Token, Token] = {}
        self._runs: dict[str, str] = {}
        self.words = Listener()
        self.fields = FieldRows(FIELDS)
        self.phrase_words = TermRows()
        self.phrase_sounds = TermRows()

    def document(self, document: Document) -> Cut:
        """The next document and its phrases."""
        known, cut = self._before.get(document.id, _NOTHING)
        if document != known:
            cut = self._cut(document, known, cut)
        self.fields.add(dict(zip(FIELDS, map(_content, cut.fields), strict=True)))
        for tokens in cut.fields:
            self.words.hear(tokens)
        for runs in cut.hiragana:
            self.words.read(runs)
        for tokens in cut.phrases:
            self.phrase_words.add(_content(tokens))
            self.phrase_sounds.add(sounds(tokens))
        return cut

    def _cut(self, document: Document, known: Document, cut: Cut) -> Cut:
        """All that is not as it is in the known document."""
        same = {field for field in FIELDS if getattr(document, field) == getattr(known, field)}
        other = _field_texts(document).items()
        texts = {field: normalise(text) for field, text in other if field not in same}
        fields = zip(FIELDS, cut.fields, strict=True)
        runs = zip(PROSE, cut.hiragana, strict=True)
        phrases = dict(zip(_phrases(known), zip(cut.phrases, cut.keys, strict=True), strict=True))
        told = [phrases.get(phrase) or self._phrase(phrase) for phrase in _phrases(document)]
        return Cut(
            fields=tuple(w if name in same else self._tokens(texts[name]) for name, w in fields),
            phrases=tuple(words for words, _ in told),
            keys=tuple(key for _, key in told),
            hiragana=tuple(r if name in same else self._heard(texts[name]) for name, r in runs),
        )

    def _phrase(self, phrase: str) -> tuple[Words, str]:
        return self._tokens(dialect.standard(normalise(phrase))), compare_key(phrase)

    def _heard(self, prose: str) -> tuple[str, ...]:
        return tuple(self._runs.setdefault(run, run) for run in lexicon.hiragana(prose))

    def _tokens(self, text: str) -> Words:
        """A word that stands in many documents is kept once."""
        return tuple(self._words.setdefault(one, one) for one in self._tokenizer.tokens(text))


_NOTHING = Document("", ""), Cut(((),) * len(FIELDS), ((),), ("",), ((),) * len(PROSE))
"""What an index without a document has of it."""


def _by_id(index: Index) -> dict[str, tuple[Document, Cut]]:
    cuts = zip(index.documents, index.cuts, strict=True)
    return {document.id: (document, cut) for document, cut in cuts}


def sounds(tokens: Sequence[Token]) -> list[str]:
    """The 3-letter pieces of a text's reading, so that 検針 and 健診 look alike."""
    kana = "".join(token.reading for token in tokens)
    return [kana[start : start + NGRAM] for start in range(max(1, len(kana) - NGRAM + 1))]


def summaries(documents: Sequence[Document]) -> list[str]:
    """The texts that the documents' own vectors speak of."""
    return [f"{d.title} {d.summary} {d.body}"[:VECTOR_CHARS] for d in documents]


def _phrases(document: Document) -> tuple[str, ...]:
    return (document.title, *document.phrasings)


def _field_texts(document: Document) -> dict[str, str]:
    return {
        "title": document.title,
        "phrasings": "。".join(map(dialect.standard, document.phrasings)),
        "summary": document.summary,
        "body": document.body,
    }


def _content(tokens: Iterable[Token]) -> list[str]:
    return [token.norm for token in tokens if token.is_content]
