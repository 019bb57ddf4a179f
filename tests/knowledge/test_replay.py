"""What would change: the same questions on the old and the new knowledge, and which answers differ."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import replay
from knowledge.base import KnowledgeBase
from knowledge.entry import Entry
from knowledge.proposed import ProposedKnowledge
from knowledge.question_files import Question
from knowledge.replay import Answer, Asked, Fallen, ReplayResult
from tests.builders import DAY, an_entry

WASTE = an_entry()
PARK = an_entry(
    id="park",
    title="公園の予約",
    summary="公園は窓口で予約します。",
    body="内容：広場とベンチが使えます。",
    phrasings=("公園で花見の場所を取りたい",),
)
SOFA = Asked("n1", "ソファを捨てたい", known=Question("n1", "ソファを捨てたい", (WASTE.id,)))


@pytest.fixture
def kb(base_of: Callable[..., KnowledgeBase]) -> KnowledgeBase:
    """Two entries."""
    return base_of(WASTE, PARK)


def compared(
    kb: KnowledgeBase,
    proposed: Sequence[Entry],
    questions: Sequence[Asked],
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> ReplayResult:
    """What becomes of questions when entries are as proposed."""
    return replay.compare(ProposedKnowledge(kb, proposed, DAY), questions, on_progress)


def test_what_says_the_same_changes_no_answer(kb: KnowledgeBase) -> None:
    result = compared(kb, [WASTE], [SOFA, Asked("q1", "公園の予約")])

    assert result.changed == ()
    assert (result.real, result.recorded, result.is_blocked) == (1, 1, False)


def test_an_answer_that_is_only_worded_anew_is_counted(kb: KnowledgeBase) -> None:
    reworded = replace(WASTE, summary="粗大ごみは電話で申し込んでください。")
    questions = [Asked("q1", "ソファを捨てたい", times=3), Asked("q2", "公園の予約")]

    result = compared(kb, [reworded], questions)

    assert result.changed == ()
    assert result.reworded == 3


def test_words_that_become_a_phrasing_are_answered_and_that_is_better(kb: KnowledgeBase) -> None:
    taught = replace(WASTE, phrasings=(*WASTE.phrasings, "おおきなやつどげんしよう"))

    result = compared(kb, [taught], [Asked("q1", "おおきなやつどげんしよう")])

    (one,) = result.changed
    assert one.after == Answer("answer", (WASTE.id,))
    assert one.verdict == "better"


def test_nobody_knows_whether_another_answer_to_a_citizen_is_better(kb: KnowledgeBase) -> None:
    retired = replace(WASTE, state="retired")

    result = compared(kb, [retired], [Asked("q1", "ソファを捨てたい", times=2)])

    assert result.count("unknown") == 2
    assert not result.is_blocked


def test_a_citizens_words_are_not_copied_into_the_result(kb: KnowledgeBase) -> None:
    retired = replace(WASTE, state="retired")

    result = compared(kb, [retired], [Asked("q1", "ソファを捨てたい")])

    assert [(one.key, one.text) for one in result.changed] == [("q1", "")]


def test_a_recorded_question_that_is_answered_no_more_blocks(kb: KnowledgeBase) -> None:
    retired = replace(WASTE, state="retired")

    result = compared(kb, [retired], [SOFA])

    assert Fallen("right_first", 1, 0, 1) in result.fallen
    assert [(one.text, one.verdict) for one in result.changed] == [(SOFA.text, "worse")]


def test_a_new_entry_that_draws_a_recorded_question_away_blocks(kb: KnowledgeBase) -> None:
    greedy = replace(PARK, id="greedy", phrasings=(SOFA.text,), title=SOFA.text)
    without = replace(WASTE, phrasings=())

    result = compared(kb, [greedy, without], [SOFA])

    assert {"right_first", "wrong_as_sure"} <= {fallen.name for fallen in result.fallen}


def test_one_that_gets_worse_is_weighed_against_one_that_gets_better(kb: KnowledgeBase) -> None:
    lost = "おおきなやつどげんしよう"
    found = Asked("n2", lost, known=Question("n2", lost, (WASTE.id,)))
    exchanged = replace(WASTE, phrasings=(lost,), title="別のなまえ", summary="", body="")

    result = compared(kb, [exchanged], [SOFA, found])

    assert {one.verdict for one in result.changed} == {"worse", "better"}
    assert "right_first" not in {fallen.name for fallen in result.fallen}
    assert result.changed[0].verdict == "worse"


def test_an_emergency_is_not_asked_of_the_entries(kb: KnowledgeBase) -> None:
    fire = "家が燃えてます"
    known = Question("n3", fire, ("@emergency",))
    greedy = replace(WASTE, phrasings=(fire,))

    result = compared(kb, [greedy], [Asked("n3", fire, known=known)])

    assert result.changed == ()


def test_labels_for_personal_data_are_no_words_of_the_question(kb: KnowledgeBase) -> None:
    retired = replace(WASTE, state="retired")

    result = compared(kb, [retired], [Asked("q1", "〔名前〕ソファを捨てたい〔住所〕")])

    assert result.changed[0].before == Answer("answer", (WASTE.id,))


def test_what_is_published_meanwhile_has_no_part_in_it(kb: KnowledgeBase) -> None:
    def publish_something(done: int, total: int) -> None:
        if done == 1:
            kb.save(replace(PARK, state="retired"), "somebody", kb.all_entries()[1].revision)

    questions = [SOFA, Asked("q1", "公園で花見の場所を取りたい")]

    result = compared(kb, [WASTE], questions, publish_something)

    assert result.changed == ()


def test_it_tells_of_every_question(kb: KnowledgeBase) -> None:
    told: list[tuple[int, int]] = []

    compared(kb, [], [SOFA, SOFA], lambda done, total: told.append((done, total)))

    assert told == [(1, 2), (2, 2)]


def test_the_same_words_are_asked_once_and_counted_as_often_as_they_came() -> None:
    found = replay.real([("q3", "ごみ"), ("q2", "公園"), ("q1", "ごみ")])

    assert found == [Asked("q3", "ごみ", 2), Asked("q2", "公園", 1)]


def test_a_machine_without_the_question_set_replays_real_questions_only(tmp_path: Path) -> None:
    assert replay.recorded(tmp_path / "nothing") == []
    assert len(replay.recorded()) > 500
