"""What people may expect: one greeting, words that can be taken back, and to be forgotten."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text

from bot.line_api import Outcome
from bot.simulator.events import Event, follow_event, redelivered, unfollow_event, unsend_event
from handlers.line import words
from knowledge.records import inbox, offers, questions
from knowledge.records.offers import Offer, Option, offer_table
from knowledge.records.questions import Question, question_table
from tests.bot import stillbot
from tests.bot.stillbot import OTHER_USER, USER, WASTE, StillBot
from tests.knowledge.records import on

GREETING = words.GREETING.splitlines()[0]
CANARY = "カナリアの世話を手伝ってほしい"


bot = stillbot.in_files


def everything_kept(bot: StillBot, words_of: str) -> bytes:
    """What stands in the records' files of some words, in the encoding of the files."""
    needle = words_of.encode()
    return needle if needle in bot.files("records.db*") else b""


def rows_of(bot: StillBot, table: Any) -> list[dict[str, Any]]:
    """All rows of a table."""
    with bot.parts.records.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(select(table))]


def unsent(event: Event) -> Event:
    """That a message was taken back."""
    return unsend_event(event["message"]["id"], user_id=event["source"]["userId"])


def test_a_message_taken_back_while_it_waits_is_not_answered_and_not_in_any_file(
    bot: StillBot,
) -> None:
    event = bot.message(CANARY)
    bot.post(event)

    bot.hears(unsent(event))
    bot.answer(event)

    assert bot.line.sent == []
    assert bot.statuses(event) == ["unsent"]
    assert everything_kept(bot, CANARY) == b""
    assert {row["body"] for row in bot.rows()} == {None}


def test_a_message_taken_back_before_it_comes_is_not_answered_and_not_in_any_file(
    bot: StillBot,
) -> None:
    event = bot.message(CANARY)
    bot.hears(unsent(event))

    said = bot.hears(event)

    assert said == []
    assert bot.statuses(event) == ["unsent"]
    assert everything_kept(bot, CANARY) == b""


def test_a_message_and_its_taking_back_in_one_delivery_is_not_answered(bot: StillBot) -> None:
    event = bot.message(CANARY)

    said = bot.hears(event, unsent(event))

    assert said == []
    assert everything_kept(bot, CANARY) == b""


def test_a_message_taken_back_after_its_answer_is_in_no_row_any_more(bot: StillBot) -> None:
    event = bot.message(CANARY)
    bot.hears(event)
    assert everything_kept(bot, CANARY)

    bot.hears(unsent(event))

    (kept,) = rows_of(bot, question_table)
    assert (kept["redacted"], kept["normalised"]) == ("", "")
    assert kept["decision"]


def test_a_message_taken_back_after_its_answer_is_in_no_file_once_the_log_is_written_back(
    bot: StillBot,
) -> None:
    """Until then the log holds the page as it was before."""
    event = bot.message(CANARY)
    bot.hears(event)

    bot.hears(unsent(event))
    with bot.parts.records.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    assert everything_kept(bot, CANARY) == b""


def test_only_what_was_taken_back_is_gone(bot: StillBot) -> None:
    taken, kept = bot.message(CANARY), bot.message("粗大ごみを出したいカナリアです")
    bot.hears(taken, kept)

    bot.hears(unsent(taken))

    assert [row["redacted"] for row in rows_of(bot, question_table)] == [
        "",
        "粗大ごみを出したいカナリアです",
    ]


def test_who_leaves_can_no_longer_choose_and_is_unlinked_from_all_that_was_asked(
    bot: StillBot,
) -> None:
    bot.asked("粗大ごみを出したい")
    bot.asked("粗大ごみを出したい", OTHER_USER)

    bot.hears(unfollow_event(user_id=USER))

    other = bot.parts.chat_key(OTHER_USER)
    assert [row["chat_key"] for row in rows_of(bot, offer_table)] == [other]
    assert sorted(row["chat_key"] for row in rows_of(bot, question_table)) == ["", other]
    assert {row["chat_key"] for row in bot.rows()} == {"", other}


def test_who_leaves_is_unlinked_from_the_months_before_too(bot: StillBot) -> None:
    now = bot.clock.now
    for month in (8, 9, 10):
        bot.clock.now = datetime(2026, month, 15, tzinfo=UTC).timestamp()
        key = bot.parts.chat_key(USER)
        asked = Question(f"asked-{month}", bot.clock.now, key, "", "x", "x", "none", [], "x", 1, 1)
        on(bot.parts.records, questions.keep, asked)
        offer = Offer("x", (Option("x", "menu"),))
        on(bot.parts.records, offers.remember, key, offer, bot.clock.now)
    bot.clock.now = now

    bot.hears(unfollow_event(user_id=USER))

    assert {row["chat_key"] for row in rows_of(bot, question_table)} == {""}
    assert rows_of(bot, offer_table) == []


def test_who_leaves_twice_or_without_ever_having_come_is_no_trouble(bot: StillBot) -> None:
    leaving = [unfollow_event(user_id=USER), unfollow_event(user_id=USER)]

    said = bot.hears(*leaving)

    assert said == []
    assert bot.statuses(*leaving) == ["done", "done"]
    assert bot.hears(follow_event(user_id=USER)) == [GREETING]


def test_who_left_while_the_bot_was_down_is_forgotten_however_late(bot: StillBot) -> None:
    bot.asked("粗大ごみを出したい")
    leaving = unfollow_event(user_id=USER)
    bot.post(leaving)

    bot.clock.now += 3600
    bot.answer(leaving)

    assert rows_of(bot, offer_table) == []
    assert [row["chat_key"] for row in rows_of(bot, question_table)] == [""]


def test_what_was_asked_before_leaving_is_forgotten_although_it_is_answered_after(
    bot: StillBot,
) -> None:
    asked = bot.message("粗大ごみを出したい")
    leaving = unfollow_event(user_id=USER, timestamp=asked["timestamp"] + 1)
    bot.post(leaving, asked)

    bot.answer(leaving, asked)

    assert rows_of(bot, offer_table) == []
    assert [row["chat_key"] for row in rows_of(bot, question_table)] == [""]


def test_a_new_friend_is_greeted_once_a_day(bot: StillBot) -> None:
    first = bot.hears(follow_event(user_id=USER))
    again = bot.hears(follow_event(user_id=USER))
    bot.clock.now += 25 * 3600
    next_day = bot.hears(follow_event(user_id=USER))

    assert (first, again, next_day) == ([GREETING], [], [GREETING])


def test_two_greetings_asked_for_in_one_delivery_are_one(bot: StillBot) -> None:
    said = bot.hears(follow_event(user_id=USER), follow_event(user_id=USER))

    assert said == [GREETING]


def test_who_comes_back_is_greeted_again(bot: StillBot) -> None:
    bot.hears(follow_event(user_id=USER))
    bot.hears(unfollow_event(user_id=USER))

    assert bot.hears(follow_event(is_unblocked=True, user_id=USER)) == [GREETING]


def test_a_greeting_that_failed_does_not_count(bot: StillBot) -> None:
    bot.line.moods.append(Outcome.FAILED)
    first = bot.hears(follow_event(user_id=USER))

    again = bot.hears(follow_event(user_id=USER))

    assert (first, again) == ([], [GREETING])


def test_a_greeting_does_not_hold_back_an_answer(bot: StillBot) -> None:
    bot.hears(follow_event(user_id=USER), follow_event(user_id=USER))

    assert bot.asked("粗大ごみ") == [WASTE]


def test_what_is_not_finished_is_told_to_nobody_after_leaving(bot: StillBot) -> None:
    """An id stays in the inbox against replays; it belongs to nobody."""
    event = bot.message()
    bot.hears(event)
    bot.hears(unfollow_event(user_id=USER))

    bot.post(redelivered(event))
    bot.answer(event)

    assert bot.said_to(event) == [WASTE]
    assert on(bot.parts.records, inbox.status_of, event["webhookEventId"]) == "done"
