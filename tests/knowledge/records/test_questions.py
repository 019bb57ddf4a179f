"""The log of questions: written once, without people, with what they did next."""

from dataclasses import replace

from sqlalchemy import Engine, select

from knowledge.records import questions, unsent
from knowledge.records.questions import question_table
from tests.builders import a_question
from tests.knowledge.records import on

NOW = 1_800_000_000.0
ASKED = a_question(
    asked_at=NOW,
    chat_key="key-of-november",
    redacted="電話は〔電話番号〕です。住民票がほしい",
    decision="answer",
    shown=[("resident-record", 1.0)],
)


def _rows(records: Engine) -> list[dict[str, object]]:
    with records.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(select(question_table))]


def test_a_question_is_kept_with_what_was_shown(records: Engine) -> None:
    on(records, questions.keep, ASKED)

    (row,) = _rows(records)

    assert row["redacted"] == ASKED.redacted
    assert row["shown"] == '[["resident-record", 1.0]]'
    assert row["asked_at"] == int(NOW * 1000)


def test_a_question_written_again_after_a_crash_is_kept_once(records: Engine) -> None:
    on(records, questions.keep, ASKED)
    on(records, questions.keep, replace(ASKED, milliseconds=99.0))

    (row,) = _rows(records)

    assert row["milliseconds"] == 5.5


def test_how_sure_the_bot_was_and_why_it_declined_are_kept(records: Engine) -> None:
    on(records, questions.keep, replace(ASKED, chance=0.93))
    on(records, questions.keep, replace(ASKED, event_id="2", decision="none", reason="outside"))

    told = [(row["chance"], row["reason"]) for row in _rows(records)]

    assert sorted(told, key=str) == [(0.93, None), (None, "outside")]


def test_what_the_citizen_did_next_is_kept_in_order(records: Engine) -> None:
    on(records, questions.keep, ASKED)

    on(records, questions.note_next_step, "event-1", "entry:library", NOW + 1)
    on(records, questions.note_next_step, "event-1", "unsolved:library", NOW + 2)

    (row,) = _rows(records)
    assert row["next_steps"] == "entry:library unsolved:library"


def test_a_step_after_an_unknown_question_is_harmless(records: Engine) -> None:
    on(records, questions.note_next_step, "never-asked", "entry:library", NOW)

    assert _rows(records) == []


def test_whoever_leaves_is_unlinked_from_their_questions_of_every_month(records: Engine) -> None:
    on(records, questions.keep, ASKED)
    on(records, questions.keep, replace(ASKED, event_id="event-2", chat_key="key-of-october"))
    on(records, questions.keep, replace(ASKED, event_id="event-3", chat_key="someone-else"))

    on(records, questions.forget, ["key-of-november", "key-of-october", "key-of-september"])

    kept = {row["event_id"]: (row["chat_key"], row["message_id"]) for row in _rows(records)}
    assert kept == {
        "event-1": ("", "message-1"),
        "event-2": ("", "message-1"),
        "event-3": ("someone-else", "message-1"),
    }


def test_the_words_of_those_who_left_stay_as_counts(records: Engine) -> None:
    on(records, questions.keep, ASKED)

    on(records, questions.forget, ["key-of-november"])
    on(records, questions.forget, ["key-of-november"])

    (row,) = _rows(records)
    assert (row["redacted"], row["decision"]) == (ASKED.redacted, "answer")


def test_a_message_taken_back_loses_its_words_and_is_still_counted(records: Engine) -> None:
    on(records, questions.keep, ASKED)
    on(records, questions.keep, replace(ASKED, event_id="event-2", message_id="message-2"))

    on(records, questions.take_back, "message-1")

    kept = {row["event_id"]: (row["redacted"], row["normalised"]) for row in _rows(records)}
    assert kept == {"event-1": ("", ""), "event-2": (ASKED.redacted, ASKED.normalised)}


def test_a_message_taken_back_while_it_was_answered_is_kept_without_words(records: Engine) -> None:
    on(records, unsent.remember, "message-1", NOW)

    on(records, questions.keep, ASKED)

    (row,) = _rows(records)
    assert (row["redacted"], row["normalised"], row["decision"]) == ("", "", "answer")


def test_questions_without_a_message_are_not_taken_back_together(records: Engine) -> None:
    on(records, questions.keep, replace(ASKED, message_id=""))

    on(records, questions.take_back, "")

    (row,) = _rows(records)
    assert (row["redacted"], row["message_id"]) == (ASKED.redacted, None)
