"""Every kind of event gets the answer that befits it: a helpful word, silence, or a polite leave."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.simulator import events
from handlers.line import commands, routes, words
from handlers.line import event as event_module
from handlers.line.reply import NOTHING, Chat, Reply
from knowledge.base import KnowledgeBase
from tests.builders import DAY
from tests.handlers.line.checks import problems, text_of

SILENT_KINDS = [
    "unsend",
    "join",
    "leave",
    "memberJoined",
    "memberLeft",
    "videoPlayComplete",
    "beacon",
    "accountLink",
    "membership",
    "messageEdited",
    "somethingOf2030",
    "",
]
HELPFUL = {
    "sticker": (events.sticker_event(), words.STICKER),
    "image": (events.image_event(), words.PICTURE),
    "video": (events.video_event(), words.PICTURE),
    "file": (events.file_event(), words.PICTURE),
    "audio": (events.audio_event(), words.VOICE),
    "location": (events.location_event(), words.LOCATION),
    "future": ({**events.image_event(), "message": {"type": "x"}}, words.UNKNOWN_MESSAGE),
    "follow": (events.follow_event(), words.GREETING),
    "unblock": (events.follow_event(is_unblocked=True), words.GREETING),
}
ALL_EVENTS = [
    *(event for event, _ in HELPFUL.values()),
    events.text_event("住民票"),
    events.postback_event("menu"),
    *({**events.postback_event("menu"), "type": kind} for kind in SILENT_KINDS),
]


def answer(raw: Any, citizen: Chat) -> Reply:
    """What the bot says to an event of LINE."""
    return routes.answer(event_module.parse(raw), citizen)


@pytest.mark.parametrize(("raw", "said"), HELPFUL.values(), ids=HELPFUL)
def test_what_is_no_text_gets_a_helpful_word_and_choices(
    raw: Any, said: str, citizen: Chat
) -> None:
    reply = answer(raw, citizen)

    assert text_of(reply.messages).startswith(said)
    assert "menu" in [option.command for option in reply.options]
    assert problems(reply.messages) == []


@pytest.mark.parametrize("kind", SILENT_KINDS)
def test_what_needs_no_answer_gets_none(kind: str, citizen: Chat) -> None:
    raw = {**events.postback_event("menu"), "type": kind}

    assert answer(raw, citizen) == NOTHING


@pytest.mark.parametrize("raw", ALL_EVENTS, ids=lambda raw: raw["type"])
def test_on_standby_the_bot_is_silent(raw: Any, citizen: Chat) -> None:
    assert answer({**raw, "mode": "standby"}, citizen) == NOTHING


@pytest.mark.parametrize(
    "source", [events.group_source(), events.room_source()], ids=["group", "room"]
)
@pytest.mark.parametrize(
    "raw",
    [events.text_event("住民票"), events.sticker_event(), events.join_event()],
    ids=lambda raw: raw["type"],
)
def test_in_a_group_the_bot_explains_itself_once_and_leaves(
    raw: Any, source: dict[str, str], citizen: Chat
) -> None:
    reply = answer({**raw, "source": source}, citizen)

    assert [message["text"] for message in reply.messages] == [words.LEAVING_GROUP]
    assert reply.leaves_group
    assert problems(reply.messages) == []


@pytest.mark.parametrize(
    "source", [events.group_source(), events.room_source()], ids=["group", "room"]
)
@pytest.mark.parametrize("kind", [*SILENT_KINDS[2:], "unsend", "postback", "follow", "unfollow"])
def test_other_things_in_a_group_get_no_answer(
    kind: str, source: dict[str, str], citizen: Chat
) -> None:
    raw = {**events.postback_event("menu"), "type": kind, "source": source}

    assert answer(raw, citizen) == NOTHING


def test_blocking_the_bot_makes_it_forget_the_chat(citizen: Chat) -> None:
    reply = answer(events.unfollow_event(), citizen)

    assert reply.forgets_chat
    assert reply.messages == ()


def test_a_tap_runs_the_command_of_its_button(citizen: Chat) -> None:
    reply = answer(events.postback_event("entry:bulky-waste"), citizen)

    assert [shown.entry_id for shown in reply.shown] == ["bulky-waste"]


def test_a_text_is_answered_as_a_question(citizen: Chat) -> None:
    reply = answer(events.text_event("スマホの使い方ば教えてほしか"), citizen)

    assert [shown.entry_id for shown in reply.shown] == ["smartphone-salon"]


@pytest.mark.parametrize(
    "part",
    [
        "自動で答えるプログラム",
        "ごみ、子育て、健康、支払い",
        "個人情報は送らないでください",
        "119番",
        "110番",
        words.CALL_CENTRE_PHONE,
        words.CALL_CENTRE_HOURS,
        words.HOW_TO_CHOOSE,
        "1. メニュー",
    ],
)
def test_the_greeting_says_all_that_a_new_friend_must_know(part: str, citizen: Chat) -> None:
    told = text_of(answer(events.follow_event(), citizen).messages)

    assert part in told


@pytest.mark.parametrize("raw", [events.follow_event(), events.location_event()])
def test_first_choices_are_all_published(raw: Any, citizen: Chat) -> None:
    offered = [option.command for option in answer(raw, citizen).options]

    entries = [command for command in offered if command.startswith("entry:")]
    assert len(entries) == 4


@pytest.mark.parametrize(("raw", "_"), HELPFUL.values(), ids=HELPFUL)
def test_the_menu_is_one_tap_from_every_helpful_word(raw: Any, _: str, citizen: Chat) -> None:
    options = answer(raw, citizen).options

    replies = [answer(events.postback_event(option.command), citizen) for option in options]

    assert commands.menu(citizen).messages in [reply.messages for reply in replies]


@pytest.mark.parametrize("notice", [words.BUSY, words.SLOW_DOWN])
def test_a_notice_stands_in_place_of_an_answer_and_the_menu_is_one_tap_away(
    notice: str, citizen: Chat
) -> None:
    event = event_module.parse(events.text_event("粗大ごみ"))

    reply = routes.answer_briefly(event, citizen, notice)

    assert text_of(reply.messages).startswith(notice)
    assert words.CALL_CENTRE_PHONE in text_of(reply.messages)
    assert "menu" in [option.command for option in reply.options]
    assert reply.shown == ()
    assert problems(reply.messages) == []


def test_a_notice_of_no_words_is_silence(citizen: Chat) -> None:
    event = event_module.parse(events.text_event("粗大ごみ"))

    assert routes.answer_briefly(event, citizen, "") == NOTHING


@pytest.mark.parametrize("notice", [words.BUSY, ""])
def test_an_emergency_is_answered_in_place_of_any_notice(notice: str, citizen: Chat) -> None:
    event = event_module.parse(events.text_event("家が火事です"))

    reply = routes.answer_briefly(event, citizen, notice)

    assert reply == routes.answer(event, citizen)
    assert reply.decision == "emergency"


@pytest.mark.parametrize(
    "changes",
    [{"mode": "standby"}, {"source": events.group_source()}, {"source": events.room_source()}],
    ids=["standby", "group", "room"],
)
@pytest.mark.parametrize("text", ["粗大ごみ", "家が火事です"])
def test_elsewhere_than_in_a_chat_of_two_no_notice_is_given(
    changes: dict[str, Any], text: str, citizen: Chat
) -> None:
    event = event_module.parse({**events.text_event(text), **changes})

    assert routes.answer_briefly(event, citizen, words.BUSY) == NOTHING


@pytest.mark.parametrize("said", [words.BUSY, words.SLOW_DOWN])
def test_the_notices_are_polite_and_say_when_to_come_back(said: str) -> None:
    assert "もう一度送ってください。" in said
    assert "待ってから" in said


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    ),
    st.sampled_from(ALL_EVENTS),
    st.sampled_from(["type", "message", "source", "postback", "mode", "replyToken", "follow"]),
)
@settings(deadline=None)
def test_a_spoilt_event_still_gets_a_sendable_answer_or_none(
    kb: KnowledgeBase, junk: Any, raw: dict[str, Any], key: str
) -> None:
    reply = answer({**raw, key: junk}, Chat(kb, DAY))

    assert reply.messages == () or problems(reply.messages) == []
