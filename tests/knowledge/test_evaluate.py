"""The measures are what one reckons by hand on examples small enough for it."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from knowledge import evaluate
from knowledge.evaluate import Response
from knowledge.question_files import Benchmark, Question, Span

ANSWERED = Response("answer", ("a",))
NOTHING = Response("none", ())
IDEAL = 2 + 1 / math.log2(3)
"""The linear gain of grades 2 and 1 in the best order."""


def a_question(**changes: Any) -> Question:
    """A question that entry "a" answers."""
    fields: dict[str, Any] = {
        "id": "q1",
        "query": "粗大ごみ",
        "expect": ("a",),
        "kind": "keyword",
        "need_all": False,
        "pii_spans": (),
    }
    return Question(**{**fields, **changes})


def scores(found: Mapping[str, list[str]], relevant: Mapping[str, Mapping[str, int]]) -> Any:
    """The measures of given findings against given grades, without the timings."""
    benchmark = Benchmark((), {query: query for query in found}, relevant)
    measured = evaluate.rankings(benchmark, found.__getitem__)
    return {name: value for name, value in measured.items() if not name.startswith("ms_")}


def shares(*cases: tuple[Question, Response]) -> dict[str, Any]:
    """The shares of given responses to given questions."""
    questions = [question for question, _ in cases]
    responses = iter([response for _, response in cases])
    return evaluate.decisions(questions, lambda _: next(responses))


@pytest.mark.parametrize(
    ("found", "ndcg", "recall", "mrr"),
    [
        pytest.param(["a", "b"], 1.0, 1.0, 1.0, id="best-order"),
        pytest.param(["b", "a"], (1 + 2 / math.log2(3)) / IDEAL, 1.0, 1.0, id="swapped"),
        pytest.param(["x", "a"], (2 / math.log2(3)) / IDEAL, 0.5, 0.5, id="second"),
        pytest.param(["b", "x", "a"], 2 / IDEAL, 1.0, 1.0, id="first-and-third"),
        pytest.param(["x", "y", "z", "b"], (1 / math.log2(5)) / IDEAL, 0.5, 0.25, id="fourth"),
        pytest.param([], 0.0, 0.0, 0.0, id="nothing"),
        pytest.param(["x"] * 10 + ["a"], 0.0, 0.0, 0.0, id="eleventh-is-too-late"),
    ],
)
def test_a_ranking_is_scored_with_linear_gain(
    found: list[str], ndcg: float, recall: float, mrr: float
) -> None:
    measured = scores({"q": found}, {"q": {"a": 2, "b": 1}})

    assert measured["ndcg@10"] == pytest.approx(ndcg, abs=5e-5)
    assert measured["recall@10"] == pytest.approx(recall)
    assert measured["mrr@10"] == pytest.approx(mrr)


@pytest.mark.parametrize(
    ("found", "hits"),
    [
        pytest.param(["a"], [1, 1, 1, 1], id="first"),
        pytest.param(["b", "x", "a"], [0, 1, 1, 1], id="third"),
        pytest.param(["b", "x", "y", "a"], [0, 0, 1, 1], id="fourth"),
        pytest.param(["b", "x", "y", "z", "w", "a"], [0, 0, 0, 1], id="sixth"),
        pytest.param(["b"], [0, 0, 0, 0], id="only-of-grade-1"),
    ],
)
def test_a_hit_is_a_document_of_grade_2(found: list[str], hits: list[int]) -> None:
    measured = scores({"q": found}, {"q": {"a": 2, "b": 1}})

    assert [measured[f"hit2@{depth}"] for depth in (1, 3, 5, 10)] == hits


def test_the_measures_are_means_over_the_queries() -> None:
    found = {"q": ["a"], "r": ["x", "a"], "s": []}

    measured = scores(found, {"q": {"a": 2}, "r": {"a": 2}, "s": {"a": 2}})

    assert measured["ndcg@10"] == pytest.approx((1 + 1 / math.log2(3)) / 3, abs=5e-5)
    assert measured["mrr@10"] == 0.5
    assert measured["hit2@1"] == pytest.approx(1 / 3, abs=5e-5)


def test_a_query_nobody_judged_counts_nothing() -> None:
    found = {"q": ["a"], "unjudged": []}

    measured = scores(found, {"q": {"a": 2}})

    assert measured["ndcg@10"] == 1.0


def test_a_document_judged_irrelevant_need_not_be_found() -> None:
    found = {"q": ["a"]}

    measured = scores(found, {"q": {"a": 2, "b": 0}})

    assert measured["recall@10"] == 1.0


def test_a_query_without_any_relevant_document_counts_nothing() -> None:
    found = {"q": ["a"], "r": ["x"]}

    measured = scores(found, {"q": {"a": 2}, "r": {"x": 0}})

    assert measured["ndcg@10"] == 1.0


def test_rankings_tell_their_timings() -> None:
    benchmark = Benchmark((), {"q": "粗大ごみ"}, {"q": {"a": 2}})

    measured = evaluate.rankings(benchmark, lambda _: ["a"])

    assert {"ms_p50", "ms_p95"} <= set(measured)


@pytest.mark.parametrize(
    ("question", "response", "expected"),
    [
        pytest.param(a_question(), ANSWERED, (1, 1, 0, 0), id="answered-rightly"),
        pytest.param(a_question(expect=("b", "a")), ANSWERED, (1, 1, 0, 0), id="one-of-two-accepted"),
        pytest.param(a_question(), Response("answer", ("b",)), (0, 0, 1, 0), id="answered-wrongly"),
        pytest.param(a_question(), Response("choose", ("b", "a")), (0, 1, 0, 0), id="shown-second"),
        pytest.param(a_question(), Response("choose", ("b", "c")), (0, 0, 0, 0), id="wrong-choice"),
        pytest.param(a_question(), NOTHING, (0, 0, 0, 1), id="not-found"),
        pytest.param(a_question(), Response("smalltalk", ()), (0, 0, 0, 1), id="taken-for-a-chat"),
        pytest.param(
            a_question(expect=("a", "b"), need_all=True),
            Response("answer", ("b", "a")),
            (1, 1, 0, 0),
            id="both-of-two-questions",
        ),
        pytest.param(
            a_question(expect=("a", "b"), need_all=True), ANSWERED, (0, 0, 0, 0), id="one-of-two"
        ),
        pytest.param(
            a_question(expect=("a", "b"), need_all=True),
            Response("answer", ("a", "c")),
            (0, 0, 1, 0),
            id="one-of-two-and-a-wrong-one",
        ),
        pytest.param(a_question(expect=()), NOTHING, (1, 0, 0, 1), id="out-of-scope-declined"),
        pytest.param(
            a_question(expect=()), Response("smalltalk", ()), (1, 0, 0, 1), id="out-of-scope-chat"
        ),
        pytest.param(a_question(expect=()), ANSWERED, (0, 0, 1, 0), id="out-of-scope-answered"),
        pytest.param(
            a_question(expect=()), Response("choose", ("a", "b")), (0, 0, 0, 0), id="out-of-scope-offered"
        ),
        pytest.param(
            a_question(expect=("@smalltalk",)), Response("smalltalk", ()), (1, 0, 0, 1), id="chat"
        ),
        pytest.param(a_question(expect=("@smalltalk",)), NOTHING, (0, 0, 0, 1), id="chat-declined"),
        pytest.param(
            a_question(expect=("@smalltalk",)), ANSWERED, (0, 0, 1, 0), id="chat-answered"
        ),
        pytest.param(
            a_question(expect=("@emergency",)), Response("emergency", ()), (1, 0, 0, 0), id="alarm"
        ),
        pytest.param(a_question(expect=("@emergency",)), NOTHING, (0, 0, 0, 1), id="alarm-missed"),
    ],
)  # fmt: skip
def test_a_response_is_judged(
    question: Question, response: Response, expected: tuple[int, int, int, int]
) -> None:
    measured = shares((question, response))["kinds"]["keyword"]

    names = ("right_first", "shown", "wrong_as_sure", "declined")
    assert tuple(measured[name] for name in names) == expected


def test_shares_are_told_for_each_kind_and_for_all_that_is_in_domain() -> None:
    measured = shares(
        (a_question(kind="kana"), ANSWERED),
        (a_question(kind="kana"), NOTHING),
        (a_question(kind="typo"), ANSWERED),
        (a_question(kind="scope", expect=()), NOTHING),
    )

    kinds = {kind: (of["n"], of["right_first"]) for kind, of in measured["kinds"].items()}
    assert measured["questions"] == 4
    assert kinds == {"kana": (2, 0.5), "scope": (1, 1.0), "typo": (1, 1.0)}
    assert measured["in_domain"]["n"] == 3
    assert measured["in_domain"]["right_first"] == pytest.approx(2 / 3, abs=5e-5)


def test_answers_and_alarms_are_counted() -> None:
    measured = shares(
        (a_question(), ANSWERED),
        (a_question(), Response("emergency", ())),
        (a_question(), NOTHING),
        (a_question(), NOTHING),
    )["in_domain"]

    assert (measured["answered"], measured["alarmed"]) == (0.25, 0.25)


@pytest.mark.parametrize(
    ("removed", "share"),
    [
        pytest.param(((2, 5), (8, 10)), 1.0, id="exactly"),
        pytest.param(((0, 20),), 1.0, id="more-than-asked"),
        pytest.param(((2, 5),), 0.5, id="one-of-two"),
        pytest.param(((2, 4), (8, 10)), 0.5, id="a-letter-too-few"),
        pytest.param(((2, 3), (3, 5), (8, 9)), 0.0, id="only-in-pieces"),
        pytest.param((), 0.0, id="none"),
    ],
)
def test_personal_data_counts_as_removed_when_wholly_covered(
    removed: tuple[tuple[int, int], ...], share: float
) -> None:
    question = a_question(pii_spans=(Span(2, 5), Span(8, 10)))

    measured = shares((question, Response("answer", ("a",), removed)))["in_domain"]

    assert measured["pii_removed"] == share


def test_personal_data_is_not_told_where_there_is_none() -> None:
    measured = shares((a_question(), ANSWERED))["in_domain"]

    assert "pii_removed" not in measured


def test_no_questions_are_no_error() -> None:
    measured = shares()

    assert measured["questions"] == 0
    assert measured["kinds"] == {}
