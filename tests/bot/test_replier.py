"""A stored event is answered once, in the order of its chat, and it is known how it ended."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot import replier
from bot.simulator.events import follow_event, group_source, redelivered
from handlers.line import words
from knowledge.base import KnowledgeBase
from knowledge.records import inbox
from knowledge.records.inbox import LEASE_SECONDS
from knowledge.records.questions import question_table
from tests import servers
from tests.bot.stillbot import MENU, NOON, OTHER_USER, USER, WASTE, StillBot
from tests.knowledge.records import on

BUSY = words.BUSY.splitlines()[0]


def test_an_event_waits_in_the_inbox_without_its_words_or_its_sender(
    tmp_path: Path, kb: KnowledgeBase
) -> None:
    bot = StillBot(tmp_path, kb, records_url=servers.records_file(tmp_path))
    event = bot.message("canary canary canary")

    bot.post(event)
    bot.close()

    assert bot.statuses(event) == ["received"]
    assert bot.line.sent == []
    written = bot.files()
    assert event["webhookEventId"].encode() in written
    hidden = [b"canary", USER.encode(), event["replyToken"].encode()]
    assert [part for part in hidden if part in written] == []


def test_an_answered_event_is_done_and_its_body_blank(bot: StillBot) -> None:
    event = bot.message()

    answer = bot.hears(event)

    assert answer == [WASTE]
    (row,) = bot.rows()
    assert (row["status"], row["body"], row["attempts"]) == ("done", None, 1)


def test_an_id_that_the_queue_brings_twice_is_answered_once(bot: StillBot) -> None:
    event = bot.message()
    bot.post(event)

    bot.answer(event, event)

    assert bot.said_to(event) == [WASTE]


def test_an_id_that_nobody_stored_is_nothing(bot: StillBot) -> None:
    replier.answer("never-seen", bot.parts)

    assert bot.line.sent == []


def test_a_delivery_that_comes_again_after_its_answer_is_not_queued_again(bot: StillBot) -> None:
    event = bot.message()
    bot.hears(event)
    queued = len(bot.parts.queue)

    status = bot.post(redelivered(event))

    assert status == 200
    assert len(bot.parts.queue) == queued


def test_a_delivery_that_comes_again_before_its_answer_is_queued_again(bot: StillBot) -> None:
    """The process may have been killed after it stored the event and before it queued it."""
    event = bot.message()
    bot.post(event)
    queued = len(bot.parts.queue)

    bot.post(redelivered(event))

    assert len(bot.parts.queue) == queued + 1


def test_one_persons_messages_are_answered_in_the_order_they_were_sent(bot: StillBot) -> None:
    first = bot.message("メニュー", timestamp=1_000)
    second = bot.message("粗大ごみ", timestamp=2_000)
    bot.post(second, first)

    bot.answer(second, first)

    assert bot.said_to(first, second) == [MENU, WASTE]


def test_while_one_message_of_a_chat_is_in_work_only_other_chats_are_answered(
    bot: StillBot,
) -> None:
    first, second = bot.message("メニュー"), bot.message("粗大ごみ")
    elsewhere = bot.message("粗大ごみ", OTHER_USER)
    bot.post(first, second, elsewhere)
    on(bot.parts.records, inbox.claim, first["webhookEventId"], bot.clock.now)

    bot.answer(second, elsewhere)

    assert bot.said_to(second, elsewhere) == [WASTE]
    assert bot.statuses(second, elsewhere) == ["received", "done"]


def test_when_a_worker_dies_the_next_one_answers_its_message_and_those_after_it(
    bot: StillBot,
) -> None:
    first, second = bot.message("メニュー"), bot.message("粗大ごみ")
    bot.post(first, second)
    on(bot.parts.records, inbox.claim, first["webhookEventId"], bot.clock.now)

    bot.clock.now += LEASE_SECONDS + 1
    bot.answer(second)

    assert bot.said_to(first, second) == [MENU, WASTE]
    assert [row["attempts"] for row in bot.rows()] == [2, 1]


@pytest.mark.parametrize(
    ("waited", "said", "status"),
    [(0, WASTE, "done"), (29, WASTE, "done"), (31, BUSY, "done"), (49, BUSY, "done")],
)
def test_who_waited_long_is_told_that_it_is_busy(
    bot: StillBot, waited: float, said: str, status: str
) -> None:
    event = bot.message()
    bot.post(event)

    bot.clock.now += waited
    bot.answer(event)

    assert bot.said_to(event) == [said]
    assert bot.statuses(event) == [status]


def test_after_the_tokens_minute_nothing_is_sent_and_nothing_kept(bot: StillBot) -> None:
    event = bot.message()
    bot.post(event)

    bot.clock.now += 51
    bot.answer(event)

    assert bot.line.sent == []
    (row,) = bot.rows()
    assert (row["status"], row["body"]) == ("expired", None)


def test_an_emergency_is_answered_however_busy_it_is(bot: StillBot) -> None:
    event = bot.message("家が火事です")
    bot.post(event)

    bot.clock.now += 45
    bot.answer(event)

    ((_, messages),) = bot.line.sent
    assert "119" in messages[0]["text"]
    assert words.BUSY not in messages[0]["text"]


@pytest.mark.parametrize("hours", [-24, -1, 1, 24 * 365])
def test_the_time_an_event_tells_of_itself_makes_it_neither_old_nor_new(
    bot: StillBot, hours: int
) -> None:
    event = bot.message(timestamp=int((NOON + hours * 3600) * 1000))

    answer = bot.hears(event)

    assert answer == [WASTE]
    assert bot.statuses(event) == ["done"]


def test_a_clock_that_steps_back_loses_nothing_and_doubles_nothing(bot: StillBot) -> None:
    before, after = bot.message("メニュー"), bot.message("粗大ごみ")
    bot.post(before)
    bot.clock.now -= 300
    bot.post(after)

    bot.answer(before, after, before)
    afterwards = bot.asked("メニュー")

    assert bot.said_to(before, after) == [MENU, WASTE]
    assert bot.statuses(before, after) == ["done", "done"]
    assert afterwards == [MENU]


def test_an_event_that_comes_again_after_a_restart_is_not_answered_again(
    bot: StillBot, kb: KnowledgeBase
) -> None:
    event = bot.message()
    bot.hears(event)
    bot.close()

    restarted = StillBot(bot.folder, kb)
    again = restarted.hears(redelivered(event))
    restarted.close()

    assert again == []


@pytest.mark.parametrize(
    "details", [{"source": group_source(USER)}, {"mode": "standby"}], ids=["group", "standby"]
)
def test_what_was_not_said_to_the_bot_alone_is_not_kept(
    bot: StillBot, details: dict[str, object]
) -> None:
    bot.asked("canary canary canary", **details)

    with bot.parts.records.connect() as connection:
        kept = connection.execute(select(question_table.c.redacted)).scalars().all()
    assert kept == []


def test_a_new_friend_who_waited_long_is_greeted_all_the_same(bot: StillBot) -> None:
    event = follow_event(user_id=USER)
    bot.post(event)

    bot.clock.now += 40
    bot.answer(event)

    assert bot.said_to(event) == [words.GREETING.splitlines()[0]]
