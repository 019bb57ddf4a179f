"""Finding questions in the log, in either store: by time, by words, and by how they went."""

from typing import Any

import pytest
from sqlalchemy import Engine

from knowledge.records import question_search, questions, store
from knowledge.records.question_search import Search
from tests.builders import a_question
from tests.knowledge.records import conftest

ALWAYS = Search(0.0, 10_000.0)
EVERYTHING = Search(0.0, 10_000.0, look="all")


records = conftest.either_store


def ask(records: Engine, text: str, step: str = "", **changes: Any) -> None:
    """One question, by its text."""
    values = {"asked_at": 100.0, "message_id": f"line-{text}", **changes}
    with store.writing(records) as connection:
        questions.keep(connection, a_question(event_id=text, redacted=text, **values))
        if step:
            questions.note_next_step(connection, text, step, 200.0)


def found(records: Engine, search: Search, limit: int = 10) -> list[str]:
    """The texts found, newest first."""
    with store.reading(records) as connection:
        return [asked.redacted for asked in question_search.newest(connection, search, limit)]


def test_the_newest_come_first_and_no_more_than_wanted(records: Engine) -> None:
    for number in range(4):
        ask(records, f"質問{number}", asked_at=100.0 + number)

    assert found(records, ALWAYS, 2) == ["質問3", "質問2"]


def test_the_end_of_the_period_does_not_belong_to_it(records: Engine) -> None:
    ask(records, "はじめ", asked_at=100.0)
    ask(records, "おわり", asked_at=200.0)

    assert found(records, Search(100.0, 200.0)) == ["はじめ"]


def test_weak_evidence_and_complaints_need_a_look_and_good_answers_do_not(records: Engine) -> None:
    ask(records, "弱い", decision="answer", shown=[("a", 1.0)], chance=0.93, asked_at=103.0)
    ask(records, "いいえ", "unsolved:a", decision="answer", shown=[("a", 1.0)], asked_at=102.0)
    ask(records, "はい", "solved:a", decision="answer", shown=[("a", 1.0)], chance=0.99)
    ask(records, "前の版", decision="answer", shown=[("a", 1.0)])
    ask(records, "選んだ", "entry:a", decision="choose", shown=[("a", 0.9)])

    assert found(records, ALWAYS) == ["弱い", "いいえ"]


@pytest.mark.parametrize(
    ("look", "texts"),
    [
        ("needed", ["いいえ", "どれでもない", "弱い", "なし"]),
        ("unsolved", ["いいえ"]),
        ("none_of_these", ["どれでもない"]),
        ("unsure", ["弱い"]),
        ("all", ["いいえ", "どれでもない", "弱い", "なし", "佐世保", "選んだ"]),
    ],
)
def test_each_kind_that_needs_a_look_can_be_looked_at(
    records: Engine, look: str, texts: list[str]
) -> None:
    ask(records, "いいえ", "unsolved:a", decision="answer", chance=0.99, asked_at=106.0)
    ask(records, "どれでもない", "none_of_these", decision="choose", asked_at=105.0)
    ask(records, "弱い", decision="answer", chance=0.969, asked_at=104.0)
    ask(records, "なし", asked_at=103.0)
    ask(records, "佐世保", reason="other_place", asked_at=102.0)
    ask(records, "選んだ", "entry:a", decision="choose", asked_at=101.0)

    assert found(records, Search(0.0, 10_000.0, look=look)) == texts


@pytest.mark.parametrize(
    ("decision", "texts"),
    [("none", ["なし"]), ("other_place", ["佐世保"]), ("outside", ["案内しない"])],
)
def test_what_was_declined_is_told_apart_from_what_was_not_found(
    records: Engine, decision: str, texts: list[str]
) -> None:
    ask(records, "なし")
    ask(records, "佐世保", reason="other_place")
    ask(records, "案内しない", reason="outside")

    assert found(records, Search(0.0, 10_000.0, decision=decision)) == texts


def test_each_asking_says_how_it_went(records: Engine) -> None:
    ask(records, "いいえ", "entry:a unsolved:a", decision="answer", chance=0.5, asked_at=104.0)
    ask(records, "弱い", decision="answer", chance=0.5, asked_at=103.0)
    ask(records, "佐世保", reason="other_place", asked_at=102.0)
    ask(records, "なし", asked_at=101.0)

    with store.reading(records) as connection:
        marks = [a.mark for a in question_search.newest(connection, EVERYTHING, 10)]

    assert marks == ["unsolved", "unsure", "other_place", "none"]


@pytest.mark.parametrize("words", ["ごみ", "ゴミ", "ごみ 川", "ＧＯＭＩ"])
def test_all_words_must_stand_in_the_question_however_wide(records: Engine, words: str) -> None:
    ask(records, "川のごみ ゴミ gomi")
    ask(records, "川の水")

    assert found(records, Search(0.0, 10_000.0, words)) == ["川のごみ ゴミ gomi"]


@pytest.mark.parametrize("words", ["すまほ", "スマホ", "スマほ"])
@pytest.mark.parametrize("typed", ["すまほの使い方", "スマホの使い方"])
def test_a_word_is_found_in_either_kana(records: Engine, typed: str, words: str) -> None:
    ask(records, typed)

    assert found(records, Search(0.0, 10_000.0, words)) == [typed]


@pytest.mark.parametrize("words", ["%", "_", "!", "' OR 1=1 --", "水%"])
def test_marks_of_the_language_of_databases_mean_nothing(records: Engine, words: str) -> None:
    ask(records, "川のごみ")

    assert found(records, Search(0.0, 10_000.0, words)) == []


def test_the_kind_of_engine_is_told_apart(records: Engine) -> None:
    ask(records, "言葉", engine="lexical")
    ask(records, "意味", engine="lexical+some-encoder")

    by_meaning = found(records, Search(0.0, 10_000.0, meaning=True))
    by_words = found(records, Search(0.0, 10_000.0, meaning=False))

    assert (by_meaning, by_words) == (["意味"], ["言葉"])


def test_everything_stored_of_a_question_is_shown_but_who_asked(records: Engine) -> None:
    ask(records, "ごみ", "none_of_these", decision="choose", shown=[("a", 0.9)])

    with store.reading(records) as connection:
        kept = question_search.one(connection, "ごみ")

    assert kept is not None
    assert (kept.shown, kept.steps, kept.next_at) == ((("a", 0.9),), ("none_of_these",), 200.0)
    assert "somebody" not in str(kept)
    assert "line-" not in str(kept)


def test_some_questions_are_given_newest_first(records: Engine) -> None:
    ask(records, "ごみ", asked_at=100.0)
    ask(records, "ゴミ！", asked_at=101.0)
    ask(records, "水")

    with store.reading(records) as connection:
        kept = question_search.those(connection, ["ごみ", "ゴミ！", "nobody"])

    assert [one.redacted for one in kept] == ["ゴミ！", "ごみ"]


def test_an_unknown_question_is_nothing(records: Engine) -> None:
    with store.reading(records) as connection:
        assert question_search.one(connection, "nobody") is None
