"""The log of questions: written once, without people, with what they did next."""

from dataclasses import replace

from sqlalchemy import Engine, select

from knowledge.records import questions
from knowledge.records.questions import Question, question_table

NOW = 1_800_000_000.0
ASKED = Question(
    event_id="event-1",
    asked_at=NOW,
    chat_key="key-of-november",
    redacted="電話は〔電話番号〕です。住民票がほしい",
    normalised="電話は電話番号です 住民票がほしい",
    decision="answer",
    shown=[("resident-record", 1.0)],
    engine="lexical",
    revision=1,
    milliseconds=5.5,
)


def _rows(records: Engine) -> list[dict[str, object]]:
    with records.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(select(question_table))]


def test_a_question_is_kept_with_what_was_shown(records: Engine) -> None:
    questions.keep(records, ASKED)

    (row,) = _rows(records)

    assert row["redacted"] == ASKED.redacted
    assert row["shown"] == '[["resident-record", 1.0]]'
    assert row["asked_at"] == int(NOW * 1000)


def test_a_question_written_again_after_a_crash_is_kept_once(records: Engine) -> None:
    questions.keep(records, ASKED)
    questions.keep(records, replace(ASKED, milliseconds=99.0))

    (row,) = _rows(records)

    assert row["milliseconds"] == 5.5


def test_what_the_citizen_did_next_is_kept_in_order(records: Engine) -> None:
    questions.keep(records, ASKED)

    questions.note_next_step(records, "event-1", "entry:library", NOW + 1)
    questions.note_next_step(records, "event-1", "unsolved:library", NOW + 2)

    (row,) = _rows(records)
    assert row["next_steps"] == "entry:library unsolved:library"


def test_a_step_after_an_unknown_question_is_harmless(records: Engine) -> None:
    questions.note_next_step(records, "never-asked", "entry:library", NOW)

    assert _rows(records) == []


def test_whoever_leaves_is_unlinked_from_their_questions(records: Engine) -> None:
    questions.keep(records, ASKED)
    questions.keep(records, replace(ASKED, event_id="event-2", chat_key="someone-else"))

    questions.forget(records, "key-of-november")

    assert [row["chat_key"] for row in _rows(records)] == ["", "someone-else"]
