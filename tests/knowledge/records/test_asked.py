"""Citizens' questions for a replay: the newest that were searched for, while their words are kept."""

from dataclasses import replace

from sqlalchemy import Engine

from knowledge.records import asked, questions
from tests.builders import a_question
from tests.knowledge.records import on

QUESTION = a_question(event_id="e1", message_id="m1", decision="answer")


def test_the_newest_questions_come_first(records: Engine) -> None:
    for number in range(3):
        later = replace(QUESTION, event_id=f"e{number}", asked_at=QUESTION.asked_at + number)
        on(records, questions.keep, later)

    assert [key for key, _ in on(records, asked.newest, 2)] == ["e2", "e1"]


def test_small_talk_and_emergencies_are_not_asked_again(records: Engine) -> None:
    on(records, questions.keep, replace(QUESTION, decision="smalltalk"))
    on(records, questions.keep, replace(QUESTION, event_id="e2", decision="emergency"))

    assert on(records, asked.newest, 10) == []


def test_what_was_taken_back_has_no_words(records: Engine) -> None:
    on(records, questions.keep, QUESTION)
    before = on(records, asked.texts, ["e1"])

    on(records, questions.take_back, "m1")

    assert before == {"e1": QUESTION.redacted}
    assert on(records, asked.texts, ["e1"]) == {}
    assert on(records, asked.newest, 10) == []
