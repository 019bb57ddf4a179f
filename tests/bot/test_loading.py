"""Whoever has to wait for over a second sees that an answer is being prepared, and nobody else."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import replier
from bot.simulator.events import (
    Event,
    follow_event,
    group_source,
    postback_event,
    room_source,
    unfollow_event,
)
from knowledge.base import KnowledgeBase
from knowledge.records import inbox
from tests.bot.stillbot import USER, StillBot
from tests.bot.test_queue import eventually
from tests.knowledge.records import on
from tests.knowledge.records.arrivals import an_arrival, finish


@pytest.fixture
def bot(tmp_path: Path, kb: KnowledgeBase) -> Iterator[StillBot]:
    """A bot in whose inbox a message waits."""
    bot = StillBot(tmp_path, kb)
    on(bot.parts.records, inbox.store, [an_arrival()], bot.clock.now)
    yield bot
    bot.close()


@pytest.fixture
def slow_bot(bot: StillBot) -> StillBot:
    """The same over a second later."""
    bot.clock.now += 1.5
    return bot


def shown(bot: StillBot, *posted: Event) -> list[str]:
    """To whom it is shown, by these deliveries and a last one by which time all have been seen."""
    for event in posted:
        assert bot.post(event) == 200
    bot.post(bot.message("粗大ごみ", "U-last"))
    eventually(lambda: "U-last" in dict(bot.line.loading))
    return [user for user, _ in bot.line.loading if user != "U-last"]


def shown_to_nobody(bot: StillBot) -> bool:
    """True when it is still shown to nobody after a moment."""
    time.sleep(0.1)
    return bot.line.loading == []


def test_who_writes_while_others_wait_sees_it(slow_bot: StillBot) -> None:
    written = slow_bot.message("粗大ごみ")
    tapped = postback_event("menu", user_id="U-tapping")

    assert sorted(shown(slow_bot, written, tapped)) == ["U-tapping", USER]


def test_who_waits_for_less_than_a_second_does_not_see_it(bot: StillBot) -> None:
    bot.clock.now += 0.9

    bot.post(bot.message("粗大ごみ"))

    assert shown_to_nobody(bot)


def test_it_is_looked_at_once_a_second_and_not_for_each_message(bot: StillBot) -> None:
    bot.post(bot.message("粗大ごみ"))

    bot.clock.now += 1.5
    bot.post(bot.message("粗大ごみ"))

    assert shown_to_nobody(bot)


@pytest.mark.parametrize(
    "event",
    [
        {"source": group_source(USER)},
        {"source": room_source(USER)},
        {"mode": "standby"},
        {"reply_token": None},
    ],
    ids=["group", "room", "standby", "no answer possible"],
)
def test_only_a_chat_of_two_that_can_be_answered_sees_it(
    slow_bot: StillBot, event: dict[str, object]
) -> None:
    assert shown(slow_bot, slow_bot.message("粗大ごみ", **event)) == []


def test_who_comes_or_goes_does_not_see_it(slow_bot: StillBot) -> None:
    assert shown(slow_bot, follow_event(user_id=USER), unfollow_event(user_id=USER)) == []


def test_when_nobody_waits_any_more_nobody_sees_it(slow_bot: StillBot) -> None:
    finish(slow_bot.parts.records)

    slow_bot.post(slow_bot.message("粗大ごみ"))

    assert shown_to_nobody(slow_bot)


def test_what_nobody_can_answer_any_more_does_not_count(slow_bot: StillBot) -> None:
    slow_bot.clock.now += replier.EXPIRY_SECONDS

    slow_bot.post(slow_bot.message("粗大ごみ"))

    assert shown_to_nobody(slow_bot)
