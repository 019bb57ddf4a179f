"""What is kept has an end: texts after 90 days, bodies after one, and all that somebody names."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table, select, text

from knowledge.records import offers, questions, retention, reviews, store, unsent
from knowledge.records.desk_tables import review_note_table
from knowledge.records.event_table import event_table
from knowledge.records.offers import Offer, Option, offer_table
from knowledge.records.questions import question_table
from knowledge.records.retention import Purged
from knowledge.records.reviews import Hand
from knowledge.records.unsent import unsent_table
from tests import servers
from tests.builders import a_question
from tests.knowledge.records import arrivals, on
from tests.knowledge.records.arrivals import NOW, an_arrival

DAY = 24 * 60 * 60
NIGHT = NOW - NOW % DAY + 18.5 * 60 * 60
"""Half past three in the morning in Japan."""

ASKED = a_question(
    asked_at=NOW,
    chat_key="key-of-november",
    redacted="カナリアの世話を手伝ってほしい",
    normalised="カナリアノセワヲテツダッテホシイ",
    decision="answer",
    shown=[("bird-care", 1.0)],
)


def rows(records: Engine, table: Table) -> list[dict[str, Any]]:
    """Everything in a table, by its key."""
    with records.connect() as connection:
        found = connection.execute(select(table).order_by(*table.primary_key))
        return [dict(row._mapping) for row in found]


def ask(records: Engine, **changes: Any) -> None:
    """Keep a question."""
    on(records, questions.keep, replace(ASKED, **changes))


def ask_many(records: Engine, count: int) -> None:
    """Keep many questions, with steps after them: they make SQLite move rows between pages."""
    for first in range(0, count, 20):
        with records.begin() as connection:
            for number in range(first, first + 20):
                words = f"カナリア{number}" + "あ" * (number % 37)
                question = replace(ASKED, event_id=f"event-{number}", redacted=words)
                questions.keep(connection, replace(question, chat_key=f"key-{number % 97}"))
                earlier = f"event-{number * 7 % (number + 1)}"
                questions.note_next_step(connection, earlier, "unsolved:bird-care", NOW)


def test_an_old_question_loses_its_words_and_its_writer_and_stays_counted(records: Engine) -> None:
    ask(records)
    on(records, questions.note_next_step, "event-1", "unsolved:bird-care", NOW + 1)

    purged = retention.purge(records, NOW + 91 * DAY)

    (row,) = rows(records, question_table)
    erased = ("redacted", "normalised", "chat_key", "message_id")
    assert purged == Purged(questions=1)
    assert [row[name] for name in erased] == ["", "", "", None]
    assert (row["decision"], row["asked_at"]) == ("answer", int(NOW * 1000))
    assert (row["shown"], row["next_steps"]) == ('[["bird-care", 1.0]]', "unsolved:bird-care")


@pytest.mark.parametrize(("days", "words"), [(89, ASKED.redacted), (91, "")])
def test_words_are_kept_for_ninety_days(records: Engine, days: int, words: str) -> None:
    ask(records)

    retention.purge(records, NOW + days * DAY)

    assert rows(records, question_table)[0]["redacted"] == words


def test_a_city_may_choose_fewer_days(records: Engine) -> None:
    ask(records)

    retention.purge(records, NOW + 8 * DAY, days=7)

    assert rows(records, question_table)[0]["redacted"] == ""


def test_what_was_erased_is_not_erased_again(records: Engine) -> None:
    ask(records)
    arrivals.store(records, an_arrival())
    arrivals.finish(records)
    retention.purge(records, NOW + 91 * DAY)

    assert retention.purge(records, NOW + 91 * DAY) == Purged()


def test_more_rows_than_a_batch_are_all_erased_and_counted(records: Engine) -> None:
    ask_many(records, retention.BATCH_ROWS * 2 + 20)

    purged = retention.purge(records, NOW + 91 * DAY)

    assert purged.questions == retention.BATCH_ROWS * 2 + 20
    assert {row["redacted"] for row in rows(records, question_table)} == {""}


def test_a_message_nobody_answered_expires_after_a_day_and_its_body_is_gone(
    records: Engine,
) -> None:
    arrivals.store(records, an_arrival("event-1"), an_arrival("event-2"))
    arrivals.claim(records, "event-1")

    purged = retention.purge(records, NOW + DAY + 1)

    found = rows(records, event_table)
    assert purged == Purged(bodies=2)
    assert [(row["status"], row["body"]) for row in found] == [("expired", None)] * 2
    assert arrivals.claim(records, "event-2", NOW + DAY + 2) is None


def test_a_message_of_today_keeps_its_body(records: Engine) -> None:
    arrivals.store(records, an_arrival())

    retention.purge(records, NOW + DAY - 1)

    assert arrivals.claim(records, now=NOW + DAY) == "event-1"


def test_a_body_that_outlived_its_answer_is_blanked_and_the_outcome_stays(records: Engine) -> None:
    arrivals.store(records, an_arrival())
    arrivals.finish(records, status="done")
    with records.begin() as connection:
        connection.execute(event_table.update().values(body=b"left over"))

    retention.purge(records, NOW + DAY + 1)

    (row,) = rows(records, event_table)
    assert (row["status"], row["body"], row["finished_at"]) == ("done", None, int(NOW * 1000))


def test_an_old_event_is_nobodys_but_still_known_against_replays(records: Engine) -> None:
    arrivals.store(records, an_arrival())
    arrivals.finish(records)

    purged = retention.purge(records, NOW + 91 * DAY)

    (row,) = rows(records, event_table)
    assert purged == Purged(links=1)
    assert (row["chat_key"], row["message_id"]) == ("", None)
    assert arrivals.store(records, an_arrival(), now=NOW + 91 * DAY) == []


@pytest.mark.parametrize(("days", "known"), [(399, ["event-1"]), (401, [])])
def test_an_event_id_is_known_for_400_days(records: Engine, days: int, known: list[str]) -> None:
    arrivals.store(records, an_arrival())
    arrivals.finish(records)

    retention.purge(records, NOW + days * DAY)

    assert [row["event_id"] for row in rows(records, event_table)] == known


def test_choices_are_forgotten_after_a_day(records: Engine) -> None:
    offer = Offer("event-1", (Option("はい", "yes"),))
    on(records, offers.remember, "chat-1", offer, NOW)
    on(records, offers.remember, "chat-2", offer, NOW + 60)

    purged = retention.purge(records, NOW + DAY)

    assert purged == Purged(offers=1)
    assert [row["chat_key"] for row in rows(records, offer_table)] == ["chat-2"]


@pytest.mark.parametrize(("days", "kept"), [(119, ["message-1"]), (121, [])])
def test_a_tombstone_outlives_its_text_by_a_month(
    records: Engine, days: int, kept: list[str]
) -> None:
    on(records, unsent.remember, "message-1", NOW)

    retention.purge(records, NOW + days * DAY)

    assert [row["message_id"] for row in rows(records, unsent_table)] == kept


def test_words_that_slipped_past_their_tombstone_are_erased(records: Engine) -> None:
    ask(records)
    ask(records, event_id="event-2", message_id="message-2")
    on(records, unsent.remember, "message-1", NOW)

    purged = retention.purge(records, NOW + 1)

    found = rows(records, question_table)
    assert purged == Purged(taken_back=1)
    assert [row["redacted"] for row in found] == ["", ASKED.redacted]


def test_one_question_is_erased_by_its_event(records: Engine) -> None:
    ask(records)
    ask(records, event_id="event-2")

    erased = retention.erase(records, retention.of_event("event-1"))

    found = rows(records, question_table)
    assert erased == 1
    assert [(row["redacted"], row["chat_key"]) for row in found] == [
        ("", ""), (ASKED.redacted, ASKED.chat_key)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "found"),
    [("カナリア", 1), ("世話", 1), ("ｶﾅﾘｱ", 1), ("ことり", 0), ("%", 0), ("_", 0), ("、。", 0)],
)
def test_questions_are_found_by_words_that_stand_in_them(
    records: Engine, words: str, found: int
) -> None:
    ask(records)

    assert retention.count(records, retention.containing(words)) == found


def test_questions_from_before_a_moment_are_erased_and_later_ones_stay(records: Engine) -> None:
    ask(records)
    ask(records, event_id="event-2", asked_at=NOW + 60)

    erased = retention.erase(records, retention.asked_before(NOW + 60))

    assert erased == 1
    assert rows(records, question_table)[1]["redacted"] == ASKED.redacted


def test_nothing_of_many_erased_texts_and_keys_is_left_in_any_byte(
    records: Engine, records_url: str
) -> None:
    ask_many(records, 4000)
    before = servers.contents(records_url)

    retention.purge(records, NOW + 91 * DAY)

    after = servers.contents(records_url)
    assert "カナリア".encode() in before
    assert "カナリア".encode() not in after
    assert b"key-" not in after


def test_a_big_file_is_written_anew_in_the_night_once(tmp_path: Path) -> None:
    records = store.open_store(f"sqlite:///{tmp_path / 'records.db'}")
    ask(records, shown=[("x" * retention.SMALL_BYTES, 1.0)])

    sizes = [
        pages_after_a_flood_and_purge(records, moment)
        for moment in (NIGHT - 2 * 60 * 60, NIGHT, NIGHT + 60, NIGHT + DAY)
    ]

    records.dispose()
    before, night, same_night, next_night = sizes
    assert max(night, next_night) < min(before, same_night)


def pages_after_a_flood_and_purge(records: Engine, now: float) -> int:
    """The size of a file through which many rows went, after what the hour brings."""
    with records.begin() as connection:
        connection.execute(text("CREATE TABLE flood AS SELECT * FROM question"))
        connection.execute(text("DROP TABLE flood"))
    retention.purge(records, now)
    with records.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())


def test_a_file_in_use_all_the_time_is_left_for_another_time(tmp_path: Path) -> None:
    records = store.open_store(f"sqlite:///{tmp_path / 'records.db'}")
    with records.begin() as connection:
        connection.execute(text("DELETE FROM question"))

        is_rewritten = retention.rewrite(records)

    assert not is_rewritten
    assert retention.rewrite(records)
    records.dispose()


def test_comments_of_staff_go_with_the_texts_they_are_about(records: Engine) -> None:
    on(records, reviews.comment, "a" * 64, "課に聞きました", Hand("長崎花子", NOW))
    on(records, reviews.comment, "a" * 64, "まだ新しい", Hand("長崎花子", NOW + 2 * DAY))

    purged = retention.purge(records, NOW + 91 * DAY)

    assert purged == Purged(comments=1)
    assert [row["text"] for row in rows(records, review_note_table)] == ["まだ新しい"]
