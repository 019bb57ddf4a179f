"""Answers below the likelihood that staff are shown: few of all, and most of the wrong ones."""

import pytest

from knowledge.base import KnowledgeBase
from knowledge.decide import Decision
from knowledge.question_files import Question, read_questions
from knowledge.records.question_search import UNSURE_BELOW
from knowledge.records.settings import Settings
from knowledge.replay import RECORDED
from tests.builders import DAY

FILES = ("in_domain", "multi", "out_of_scope")
Answered = tuple[Question, Decision]


@pytest.fixture(scope="module")
def answered(kb: KnowledgeBase) -> list[Answered]:
    """The recorded questions that get an answer."""
    questions = [q for name in FILES for q in read_questions(RECORDED / f"{name}.jsonl")]
    decided = [(question, kb.find(question.query, DAY)) for question in questions]
    return [(question, decision) for question, decision in decided if decision.kind == "answer"]


def unsure(answered: list[Answered]) -> list[Answered]:
    """Those that staff are shown."""
    return [one for one in answered if one[1].chance is not None and one[1].chance < UNSURE_BELOW]


def wrong(answered: list[Answered]) -> list[Answered]:
    """Those in which something is shown that does not answer the question."""
    return [
        (question, decision)
        for question, decision in answered
        if not {match.entry_id for match in decision.matches} <= set(question.expect)
    ]


def test_every_answer_says_how_sure_it_is(answered: list[Answered]) -> None:
    assert [d for _, d in answered if d.chance is None or not 0 < d.chance <= 1] == []


def test_few_answers_are_unsure_and_most_wrong_ones_are_among_them(
    answered: list[Answered],
) -> None:
    few = len(unsure(answered)) / len(answered)
    caught = len(wrong(unsure(answered))) / len(wrong(answered))

    assert few < 0.2
    assert caught > 0.5


def test_the_city_s_setting_begins_there() -> None:
    assert Settings().unsure_below == round(100 * UNSURE_BELOW)
