"""What is counted of the questions in a window, in either store."""

from typing import Any

from sqlalchemy import Engine

from knowledge.records import figures, questions, store
from knowledge.records.figures import Asked, Feedback, Figures, Speed, Window
from tests.builders import a_question
from tests.knowledge.records import conftest

HOUR = 3600.0
MONDAY_9 = 1_795_392_000.0
"""2026-11-23, a Monday, at nine in the morning in Japan: midnight in Greenwich."""

ALL = Window(MONDAY_9 - 400 * 24 * HOUR, MONDAY_9 + 400 * 24 * HOUR)


log = conftest.either_store


def ask(log: Engine, number: int, step: str = "", **changes: Any) -> None:
    """One question; not answered, at nine on Monday, unless said otherwise."""
    usual = {"event_id": f"E{number}", "asked_at": MONDAY_9, "chat_key": f"key-{number}"}
    question = a_question(**{**usual, "message_id": "", "milliseconds": 10.0, **changes})
    with store.writing(log) as connection:
        questions.keep(connection, question)
        for part in step.split():
            questions.note_next_step(connection, question.event_id, part, MONDAY_9)


def count(log: Engine, window: Window = ALL) -> Figures:
    """Everything of a window."""
    with store.reading(log) as connection:
        return figures.of_window(connection, window)


def test_an_empty_log_counts_as_nothing(log: Engine) -> None:
    found = count(log)

    assert (found.people, found.amounts.questions, found.asked, found.unanswered) == (0, 0, {}, ())
    assert found.speed == Speed(0, 0)
    assert found.feedback.solved == 0


def test_a_window_begins_with_its_first_moment_and_ends_before_its_last(log: Engine) -> None:
    for number, hours in enumerate((-1, 0, 1)):
        ask(log, number, asked_at=MONDAY_9 + hours * HOUR)

    found = count(log, Window(MONDAY_9, MONDAY_9 + HOUR))

    assert found.amounts.questions == 1
    assert found.people == 1


def test_hours_and_weekdays_are_those_of_japan(log: Engine) -> None:
    ask(log, 1)
    ask(log, 2, asked_at=MONDAY_9 - 9 * HOUR - 1)

    found = count(log).amounts

    assert (found.hours[9], found.hours[23]) == (1, 1)
    assert found.weekdays == (1, 0, 0, 0, 0, 0, 1)


def test_a_person_counts_once_and_those_who_left_count_as_nobody(log: Engine) -> None:
    ask(log, 1, chat_key="same")
    ask(log, 2, chat_key="same")
    ask(log, 3, chat_key="")

    found = count(log)

    assert (found.people, found.nameless, found.amounts.questions) == (1, 1, 3)
    assert found.unanswered[0][2:] == (3, 1)


def test_yes_is_not_counted_where_no_was_said(log: Engine) -> None:
    ask(log, 1, step="solved:a-1")
    ask(log, 2, step="unsolved:a-1 reason:old:a-1")
    ask(log, 3, step="entry:a-1 solved:a-1")
    ask(log, 4, step="none_of_these")

    found = count(log).feedback

    reasons = {"wrong": 0, "old": 1, "hard": 0, "still": 0}
    assert found == Feedback(solved=2, unsolved=1, chosen=1, none_of_these=1, reasons=reasons)


def test_every_entry_of_an_answer_counts_and_the_first_of_choices(log: Engine) -> None:
    ask(log, 1, decision="answer", shown=[("a-1", 1.5), ("b-2", 0.2)])
    ask(log, 2, decision="answer", shown=[("a-1", 1.0)])
    ask(log, 3, decision="choose", shown=[("b-2", 0.5), ("a-1", 0.4)])
    ask(log, 4, decision="answer")

    found = count(log).asked

    assert found == {"a-1": Asked(2, 0, 0), "b-2": Asked(1, 1, 0)}


def test_an_entry_chosen_counts_once_for_a_question(log: Engine) -> None:
    choices = [("a-1", 0.5), ("b-2", 0.4)]
    ask(log, 1, decision="choose", shown=choices, step="entry:b-2 phone:b-2 entry:b-2 solved:b-2")
    ask(log, 2, decision="choose", shown=choices, step="entry:b-2 entry:a-1")
    ask(log, 3, decision="none", step="entry:c-3")

    found = count(log).asked

    assert found == {"a-1": Asked(0, 2, 1), "b-2": Asked(0, 0, 2), "c-3": Asked(0, 0, 1)}


def test_going_back_to_the_text_of_an_answer_is_no_choice(log: Engine) -> None:
    ask(log, 1, decision="answer", shown=[("a-1", 1.5)], step="easy:a-1 entry:a-1 entry:b-2")

    found = count(log).asked

    assert found == {"a-1": Asked(1, 0, 0), "b-2": Asked(0, 0, 1)}


def test_wordings_of_most_people_come_first_and_erased_ones_never(log: Engine) -> None:
    ask(log, 1, normalised="ひとり", redacted="ひとり", chat_key="a")
    ask(log, 2, normalised="ひとり", redacted="ひとり", chat_key="a")
    ask(log, 3, normalised="ふたり", redacted="ふたり？", chat_key="a")
    ask(log, 4, normalised="ふたり", redacted="ふたり", chat_key="b")
    ask(log, 5, normalised="", redacted="")

    found = count(log).unanswered

    assert [(u.normalised, u.times, u.people) for u in found] == [
        ("ふたり", 2, 2),
        ("ひとり", 2, 1),
    ]


def test_what_was_declined_is_not_counted_as_not_found(log: Engine) -> None:
    ask(log, 1)
    ask(log, 2, reason="other_place")
    ask(log, 3, reason="outside")

    found = count(log)

    assert found.amounts.decisions == {"none": 1, "declined": 2}
    assert [u.times for u in found.unanswered] == [1]
    with store.reading(log) as connection:
        assert figures.decisions(connection, ALL) == {"none": 1, "declined": 2}


def test_the_slowest_of_a_hundred_do_not_count_as_usual(log: Engine) -> None:
    for number in range(1, 21):
        ask(log, number, milliseconds=float(number))

    found = count(log).speed

    assert found == Speed(p50=10, p95=19)


def test_a_part_of_a_millisecond_counts_as_a_whole_one(log: Engine) -> None:
    for number, milliseconds in enumerate((33.28, 33.72, 34.0)):
        ask(log, number, milliseconds=milliseconds)

    found = count(log).speed

    assert found == Speed(p50=34, p95=34)


def test_greetings_and_what_was_declined_are_no_questions_about_a_service() -> None:
    decided = {"answer": 5, "choose": 3, "none": 2, "declined": 40, "smalltalk": 30, "emergency": 1}

    assert figures.of_services(decided) == (2, 10)
