"""How right the bot is may not get worse; and what measures it is fair, and told as it is."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot import parts as parts_module
from bot.app import create_app
from bot.cli_evaluate import fitted, question_run
from bot.parts import Parts
from knowledge import decide, evaluation_report, seed, vectors
from knowledge.evaluate import Judgement, Response, Run, summary
from knowledge.evaluation_report import Confusion, EntryScore, Measure
from knowledge.question_files import Question, read_questions
from knowledge.text import compare_key
from tests.builders import a_config

FOLDER = Path(__file__).parent / "questions"
DEV_QUESTIONS = Path(__file__).parents[2] / "shared" / "data" / "queries-dev.jsonl"
QUESTIONS = [q for path in sorted(FOLDER.glob("*.jsonl")) for q in read_questions(path)]
KEYS = Counter(compare_key(q.query) or q.query for q in QUESTIONS)  # emoji have no key

ENGINES = [
    "lexical",
    pytest.param("auto", marks=pytest.mark.skipif(vectors.USE is None, reason="no vectors here")),
]


@pytest.fixture
def parts(engine: str, tmp_path: Path) -> Parts:
    """A bot with this engine."""
    return parts_module.of(create_app(a_config(tmp_path, engine=engine)))


def a_judgement(
    expect: str, decision: str, ids: str = "", *, need_all: bool = False, **changes: Any
) -> Judgement:
    """A question with what the bot did; ids stand with spaces between them."""
    fields = {"id": "q1", "query": "粗大ごみ", "kind": "keyword", **changes}
    question = Question(expect=tuple(expect.split()), need_all=need_all, **fields)
    return Judgement(question, Response(decision, tuple(ids.split())))


def a_run(*judged: Judgement) -> Run:
    """Judgements as one run."""
    return Run(judged, (1.0,) * len(judged))


# The gate


@pytest.mark.parametrize("engine", ENGINES)
def test_no_score_is_worse_than_its_baseline(parts: Parts) -> None:
    recorded = json.loads((FOLDER / "baseline.json").read_text("utf-8"))[parts.kb.engine]
    before = {name: Measure(**measure) for name, measure in recorded["measures"].items()}
    day = date.fromisoformat(recorded["provenance"]["date"])

    now = evaluation_report.measures(question_run(parts, QUESTIONS, day))

    worse = {n: (before[n], now[n]) for n in evaluation_report.worsened(now, before)}
    assert worse == {}
    assert before.keys() == now.keys()


@pytest.mark.parametrize("engine", ["lexical"])
def test_the_stored_decision_is_what_a_fit_gives_now(parts: Parts) -> None:
    stored = json.loads(decide.MODEL_FILE.read_text("utf-8"))[parts.kb.engine]
    provenance = stored.pop("provenance")

    now = fitted(parts, QUESTIONS, date.fromisoformat(provenance["fitted_on"]))

    assert now.pop("provenance") == provenance
    for model in ("best_is_right", "one_is_right"):
        assert now[model]["bias"] == pytest.approx(stored[model]["bias"], abs=1e-3)
        assert now[model]["weights"] == pytest.approx(stored[model]["weights"], abs=1e-3)
    assert (now["sure"], now["near"]) == pytest.approx((stored["sure"], stored["near"]), abs=1e-3)


@pytest.mark.parametrize(
    ("name", "count", "is_worse"),
    [
        pytest.param("right_first", 91, False, id="better"),
        pytest.param("right_first", 90, False, id="same"),
        pytest.param("right_first", 89, True, id="one-less-right"),
        pytest.param("false_alarms", 89, False, id="one-alarm-less"),
        pytest.param("false_alarms", 91, True, id="one-alarm-more"),
    ],
)
def test_one_question_makes_the_difference(name: str, count: int, *, is_worse: bool) -> None:
    worsened = evaluation_report.worsened({name: Measure(count, 100)}, {name: Measure(90, 100)})

    assert (worsened == [name]) is is_worse


def test_a_share_less_by_under_half_a_question_passes_when_questions_were_added() -> None:
    now, before = {"shown": Measure(185, 206)}, {"shown": Measure(90, 100)}

    assert evaluation_report.worsened(now, before) == []


# The questions


def test_there_are_at_least_300_questions() -> None:
    assert len(QUESTIONS) >= 300


def test_no_two_questions_are_the_same() -> None:
    assert [key for key, count in KEYS.items() if count > 1] == []
    assert max(Counter(question.id for question in QUESTIONS).values()) == 1


def test_no_question_is_a_phrasing_or_title_of_the_catalog() -> None:
    known = {compare_key(t) for e in seed.load().entries for t in (e.title, *e.phrasings)}

    assert known & KEYS.keys() == set()


def test_no_question_is_an_example_of_a_topic_we_do_not_cover() -> None:
    known = {compare_key(text) for examples in seed.out_of_scope().values() for text in examples}

    assert known & KEYS.keys() == set()


def test_no_question_is_one_of_the_development_questions() -> None:
    if not DEV_QUESTIONS.exists():
        pytest.skip(f"{DEV_QUESTIONS} is not on this machine")
    theirs = {compare_key(q.query) or q.query for q in read_questions(DEV_QUESTIONS)}

    assert [q.id for q in QUESTIONS if (compare_key(q.query) or q.query) in theirs] == []


def test_every_entry_is_expected_at_least_twice() -> None:
    expected = Counter(entry_id for question in QUESTIONS for entry_id in question.expect)

    assert [e.id for e in seed.load().entries if expected[e.id] < 2] == []


def test_every_expectation_exists() -> None:
    known = {entry.id for entry in seed.load().entries} | {"@smalltalk", "@emergency"}

    assert {expected for q in QUESTIONS for expected in q.expect} - known == set()


def test_every_span_marks_the_text_it_names() -> None:
    lines = [line for p in FOLDER.glob("*.jsonl") for line in p.read_text("utf-8").splitlines()]
    rows = [json.loads(line) for line in lines]

    marked = [(row["query"], span) for row in rows for span in row.get("pii_spans", [])]

    assert marked
    assert [s for query, s in marked if query[s["start"] : s["end"]] != s["text"]] == []


# What is told of a run


def test_a_summary_tells_each_thing_a_question_may_ask_for() -> None:
    told = summary(
        a_run(
            a_judgement("a", "answer", "a"),
            a_judgement("", "none"),
            a_judgement("", "emergency"),
            a_judgement("@smalltalk", "smalltalk"),
            a_judgement("@emergency", "emergency"),
            a_judgement("@emergency", "none"),
        )
    )

    assert (told["in_domain"]["n"], told["out_of_scope"]["n"]) == (1, 2)
    assert (told["out_of_scope"]["declined"], told["smalltalk"]["right_first"]) == (0.5, 1.0)
    assert (told["emergency"]["right_first"], told["false_alarms"]) == (0.5, 0.25)


def test_an_alarm_is_right_where_an_alarm_or_an_entry_would_be() -> None:
    judgement = a_judgement("@emergency child-consultation", "emergency")

    assert judgement.is_right_first
    assert judgement.is_shown


def test_entries_are_scored_from_the_worst() -> None:
    scores = evaluation_report.entry_scores(
        a_run(
            a_judgement("a", "answer", "a"),
            a_judgement("a b", "choose", "c b"),
            a_judgement("a c", "answer", "c", need_all=True),
            a_judgement("@emergency", "none"),
        )
    )

    assert scores == [EntryScore("b", 1, 0, 1), EntryScore("a", 3, 1, 2), EntryScore("c", 1, 1, 1)]


def test_confusions_are_counted() -> None:
    wrong = a_judgement("a", "answer", "b")

    pairs = evaluation_report.confusions(
        a_run(
            a_judgement("", "choose", "b a"),
            wrong,
            a_judgement("a", "answer", "a"),
            wrong,
            a_judgement("@emergency", "none"),
            a_judgement("a c", "answer", "a", need_all=True),
        )
    )

    assert pairs == [
        Confusion("a", "b", 2),
        Confusion("@emergency", "@none", 1),
        Confusion("@none", "b", 1),
        Confusion("c", "a", 1),
    ]


def test_failures_go_from_bad_to_less_bad() -> None:
    run = a_run(
        a_judgement("a", "choose", "b a"),
        a_judgement("", "choose", "a b"),
        a_judgement("a", "answer", "a"),
        a_judgement("@emergency", "none"),
        a_judgement("a", "answer", "b"),
    )

    faults = [failure.fault for failure in evaluation_report.failures(run)]

    assert faults == ["wrong_as_sure", "not_shown", "not_declined", "not_first"]
