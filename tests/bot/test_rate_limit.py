"""Everybody has room to ask; a flood from one person gets one polite word, then silence."""

import pytest

from bot.line_api import Outcome
from bot.simulator.events import redelivered, unsend_event
from handlers.line import words
from tests.bot import stillbot
from tests.bot.stillbot import OTHER_USER, USER, WASTE, StillBot, first_line

SLOW_DOWN = words.SLOW_DOWN.splitlines()[0]
CANARY = "カナリアの世話を手伝ってほしい"
LIMIT = 20


bot = stillbot.in_files


@pytest.fixture
def tired_bot(bot: StillBot) -> StillBot:
    """A bot whom one person has sent as much as is welcome in a minute, a second apart."""
    for _ in range(LIMIT):
        bot.asked("メニュー")
        bot.clock.now += 1
    return bot


def test_twenty_messages_a_minute_are_welcome(tired_bot: StillBot) -> None:
    assert len(tired_bot.line.sent) == LIMIT
    assert {first_line(said) for _, said in tired_bot.line.sent} == {words.MENU.splitlines()[0]}


def test_the_next_one_gets_a_polite_word_and_those_after_it_silence(tired_bot: StillBot) -> None:
    answers = [tired_bot.asked("粗大ごみ") for _ in range(4)]

    assert answers == [[SLOW_DOWN], [], [], []]
    statuses = [row["status"] for row in tired_bot.rows()]
    assert [statuses.count(status) for status in ("done", "slowed", "ignored")] == [20, 1, 3]


def test_who_is_asked_to_slow_down_leaves_no_words_behind(tired_bot: StillBot) -> None:
    tired_bot.asked(CANARY)

    assert CANARY.encode() not in tired_bot.files("records.db*")


def test_buttons_count_as_well(tired_bot: StillBot) -> None:
    event = tired_bot.message()
    tap = {**event, "type": "postback", "postback": {"data": "menu"}}

    assert tired_bot.hears(tap) == [SLOW_DOWN]


def test_other_people_are_not_slowed_down(tired_bot: StillBot) -> None:
    assert tired_bot.asked("粗大ごみ", OTHER_USER) == [WASTE]


def test_an_emergency_is_answered_all_the_same(tired_bot: StillBot) -> None:
    tired_bot.asked("粗大ごみ")

    tired_bot.asked("家が火事です")

    _, messages = tired_bot.line.sent[-1]
    assert "119" in messages[0]["text"]


def test_after_a_minute_everybody_is_welcome_again(tired_bot: StillBot) -> None:
    tired_bot.asked("粗大ごみ")

    tired_bot.clock.now += 61

    assert tired_bot.asked("粗大ごみ") == [WASTE]


def test_when_the_polite_word_did_not_arrive_it_is_said_again(tired_bot: StillBot) -> None:
    tired_bot.line.moods.append(Outcome.FAILED)

    answers = [tired_bot.asked("粗大ごみ") for _ in range(3)]

    assert answers == [[], [SLOW_DOWN], []]


def test_a_redelivery_does_not_count_as_another_message(bot: StillBot) -> None:
    events = [bot.message("粗大ごみ") for _ in range(LIMIT)]
    bot.hears(*events)

    bot.post(*map(redelivered, events))

    assert bot.asked("粗大ごみ") == [SLOW_DOWN]
    assert len(bot.rows()) == LIMIT + 1


def test_of_a_flood_in_one_delivery_the_first_twenty_are_answered(bot: StillBot) -> None:
    events = [bot.message("粗大ごみ") for _ in range(LIMIT + 3)]

    said = bot.hears(*events)

    assert said == [WASTE] * LIMIT + [SLOW_DOWN]


def test_taking_messages_back_does_not_count_as_sending_them(bot: StillBot) -> None:
    for _ in range(LIMIT - 1):
        event = bot.message("メニュー")
        bot.hears(event)
        bot.hears(unsend_event(event["message"]["id"], user_id=USER))

    assert bot.asked("粗大ごみ") == [WASTE]
