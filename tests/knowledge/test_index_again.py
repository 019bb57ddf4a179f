"""An index made from the one before is the same, number for number, as one made from nothing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from knowledge import index, search, seed
from knowledge.base import as_document
from knowledge.index import Document, Index
from knowledge.tokens import Token, Tokenizer

ENTRIES = 24
QUESTIONS = ("ごみの日はいつ", "ねんきんの手続き", "図書館 時間", "ソファを捨てたかばってん", "犬")
OUTSIDE = Document("@天気", "天気", phrasings=("明日は雨ですか",), is_outside=True)


class CountingTokenizer(Tokenizer):
    """Remembers which texts it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def tokens(self, text: str) -> tuple[Token, ...]:
        """As always."""
        self.texts.append(text)
        return super().tokens(text)


@pytest.fixture(scope="module")
def tokenizer() -> CountingTokenizer:
    """One dictionary for all."""
    return CountingTokenizer()


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """Entries of the city, and a topic that is not answered."""
    return [*map(as_document, seed.load().entries[:ENTRIES]), OUTSIDE]


@pytest.fixture(scope="module")
def before(documents: list[Document], tokenizer: CountingTokenizer) -> Index:
    """Their index."""
    return index.build(documents, tokenizer)


def edited(documents: list[Document]) -> list[Document]:
    """One more, one less, another order, and in each field of some document another text."""
    first, second, third, fourth, _, *others, outside = documents
    return [
        replace(second, phrasings=("足した言い方", *reversed(second.phrasings), second.title)),
        replace(first, summary="ねんきんのことを、ていねいに教えます。"),
        replace(third, title="あたらしい題"),
        replace(fourth, body="", phrasings=()),
        *others,
        Document("new", "ドローン", ("ドローンを飛ばしたい",), "新しい案内です。", ""),
        replace(outside, phrasings=(*outside.phrasings, "台風は来ますか")),
    ]


def numbers(built: Index) -> Iterator[object]:
    """All that a search looks up, to be compared."""
    for postings in (built.bm25, built.phrase_words, built.phrase_sounds):
        yield postings.places
        yield postings.idf
        yield postings.all_rows.tobytes()
        yield postings.all_weights.tobytes()
    yield list(built.lexicon.words_by_reading.items())
    yield built.lexicon.long_readings.readings
    yield built.phrases
    yield built.phrase_keys
    yield built.phrase_document.tolist()
    yield built.first_phrase.tolist()
    yield built.is_outside.tolist()
    yield built.cuts


def test_after_edits_it_is_the_same(
    documents: list[Document], before: Index, tokenizer: CountingTokenizer
) -> None:
    after = edited(documents)

    again = index.build(after, tokenizer, before=before)
    anew = index.build(after, tokenizer)

    assert list(numbers(again)) == list(numbers(anew))


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_ranks_the_same(
    question: str, documents: list[Document], before: Index, tokenizer: CountingTokenizer
) -> None:
    after = edited(documents)

    again = index.build(after, tokenizer, before=before)
    anew = index.build(after, tokenizer)

    assert search.rank(again, question) == search.rank(anew, question)


def test_an_index_of_nothing_is_a_start_as_good_as_none(
    documents: list[Document], before: Index, tokenizer: CountingTokenizer
) -> None:
    empty = index.build([], tokenizer)

    assert list(numbers(index.build(documents, tokenizer, before=empty))) == list(numbers(before))


def test_only_what_is_new_is_cut_into_words(
    documents: list[Document], before: Index, tokenizer: CountingTokenizer
) -> None:
    changed = [replace(documents[0], summary="あたらしい要約"), *documents[1:]]
    tokenizer.texts.clear()
    index.build([], tokenizer)
    always = len(tokenizer.texts)

    index.build(changed, tokenizer, before=before)

    assert [text for text in tokenizer.texts[always:] if "要約" in text] == ["あたらしい要約"]
    assert len(tokenizer.texts) == 2 * always + 1


def test_one_word_is_kept_once(documents: list[Document], tokenizer: CountingTokenizer) -> None:
    built = index.build(documents, tokenizer)

    words = [token for cut in built.cuts for field in cut.fields for token in field]

    assert len({id(token) for token in words}) == len(set(words)) < len(words)
