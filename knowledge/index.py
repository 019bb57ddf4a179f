"""Build, from documents, everything that a search looks things up in; nothing here changes afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge import dialect, thesaurus
from knowledge.lexicon import Lexicon, Listener
from knowledge.postings import FieldRows, Floats, Ids, Postings, TermRows
from knowledge.text import compare_key, normalise
from knowledge.thesaurus import Thesaurus
from knowledge.tokens import Token, Tokenizer
from knowledge.vectors import Encoder

Flags = npt.NDArray[np.bool_]

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
    phrases = tuple(phrase for document in documents for phrase in _phrases(document))
    counts = [len(_phrases(document)) for document in documents]
    read = _Reader(tokenizer)
    for document in documents:
        read.document(document)
    return Index(
        documents=tuple(documents),
        is_outside=np.array([d.is_outside for d in documents], dtype=bool),
        tokenizer=tokenizer,
        lexicon=read.words.lexicon(),
        bm25=read.fields.postings(),
        phrases=phrases,
        phrase_keys=tuple(map(compare_key, phrases)),
        phrase_document=np.repeat(np.arange(len(counts), dtype=np.int32), counts),
        first_phrase=np.cumsum([0, *counts[:-1]], dtype=np.int32)[: len(counts)],
        phrase_words=read.phrase_words.postings(),
        phrase_sounds=read.phrase_sounds.postings(),
        thesaurus=thesaurus.load(tokenizer),
        encoder=encoder,
        phrase_vectors=make_vectors.encode(phrases) if make_vectors else None,
        document_vectors=make_vectors.encode(summaries(documents)) if make_vectors else None,
    )


class _Reader:
    """Cuts documents into words, one after the other, and keeps only numbers of what it read."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self.words = Listener()
        self.fields = FieldRows(FIELDS)
        self.phrase_words = TermRows()
        self.phrase_sounds = TermRows()

    def document(self, document: Document) -> None:
        """The next document and its phrases."""
        fields = _field_tokens(document, self._tokenizer)
        self.fields.add({field: _content(tokens) for field, tokens in fields.items()})
        for tokens in fields.values():
            self.words.hear(tokens)
        self.words.read(normalise(document.summary))
        self.words.read(normalise(document.body))
        for phrase in _phrases(document):
            cut = self._tokenizer.tokens(dialect.standard(normalise(phrase)))
            self.phrase_words.add(_content(cut))
            self.phrase_sounds.add(sounds(cut))


def sounds(tokens: Sequence[Token]) -> list[str]:
    """The 3-letter pieces of a text's reading, so that 検針 and 健診 look alike."""
    kana = "".join(token.reading for token in tokens)
    return [kana[start : start + NGRAM] for start in range(max(1, len(kana) - NGRAM + 1))]


def summaries(documents: Sequence[Document]) -> list[str]:
    """The texts that the documents' own vectors speak of."""
    return [f"{d.title} {d.summary} {d.body}"[:VECTOR_CHARS] for d in documents]


def _phrases(document: Document) -> tuple[str, ...]:
    return (document.title, *document.phrasings)


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
