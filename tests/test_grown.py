"""What growth is measured with looks like knowledge, and is the same each time."""

from collections import Counter

from knowledge.text import compare_key
from knowledge.tokens import Tokenizer
from tests import grown

FEW, MORE = 100, 300


def test_the_first_entries_are_always_the_same() -> None:
    few, more = grown.documents(FEW), grown.documents(MORE)

    assert few[:FEW] == more[:FEW]
    assert [d.id for d in few if not d.is_outside] == [str(number) for number in range(FEW)]


def test_no_two_entries_of_a_size_are_the_same() -> None:
    documents = grown.documents(MORE)

    texts = Counter((d.title, d.phrasings) for d in documents)

    assert max(texts.values()) == 1


def test_entries_are_worded_with_about_ten_phrasings_and_a_text() -> None:
    entries = grown.documents(FEW)[:FEW]

    assert sum(len(entry.phrasings) for entry in entries) / FEW > 9
    assert all(entry.summary and entry.body for entry in entries)


def test_the_words_go_on_growing_with_the_entries() -> None:
    def words(count: int) -> int:
        tokenizer = Tokenizer()
        return len({w for d in grown.documents(count) for w in tokenizer.content_words(d.title)})

    assert words(MORE) > words(FEW) * 1.3


def test_questions_are_changed_phrasings_of_entries() -> None:
    documents = grown.documents(FEW)
    known = {compare_key(text) for d in documents for text in (d.title, *d.phrasings)}

    asked = grown.questions(documents, 50, Tokenizer())

    assert asked == grown.questions(documents, 50, Tokenizer())
    assert len({question.text for question in asked}) == 50
    assert {question.entry_id for question in asked} <= {d.id for d in documents[:FEW]}
    assert [q.text for q in asked if compare_key(q.text) in known] == []
