"""Every kind of event, in every place and mode, through the real door: answered once or left alone."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.simulator import events
from bot.simulator.events import Event
from bot.simulator.sender import WebhookSender
from bot.simulator.stub import Fault, LedgerLine
from handlers.line import words
from tests import servers
from tests.bot.eventkinds import ANSWERED, BROKEN, MESSAGES, SILENT, Build
from tests.bot.test_queue import eventually
from tests.builders import SECRET
from tests.localbot import Chat, LocalBot

SOURCES: dict[str, Callable[[str], dict[str, str]]] = {
    "user": events.user_source,
    "group": events.group_source,
    "room": events.room_source,
}
GROUPS = {"group": events.EXAMPLE_GROUP, "room": events.EXAMPLE_ROOM}
REPLY = "message/reply"

EVERY_KIND = {**ANSWERED, **SILENT}

every_source = pytest.mark.parametrize("source", SOURCES)


def any_of(kinds: dict[str, Build] | Any) -> pytest.MarkDecorator:
    """One test for each kind of event."""
    return pytest.mark.parametrize("build", kinds.values(), ids=kinds)


def endpoints(bot: LocalBot) -> list[str]:
    """What the bot called, in order."""
    return [line.endpoint for line in bot.stub.ledger()]


def refused(bot: LocalBot) -> list[LedgerLine]:
    """The calls LINE would not take."""
    return [line for line in bot.stub.ledger() if line.status != 200]


def deliver_raw(bot: LocalBot, *raw: Any) -> int:
    """Post anything at all and wait for the answers; the stub knows only what it registered."""
    status = WebhookSender(f"{bot.url}/callback", SECRET).send(events.payload(*raw))
    eventually(lambda: not bot.is_working())
    return status


@every_source
@any_of(EVERY_KIND)
def test_any_event_is_accepted_and_no_call_it_causes_is_refused(
    chat: Chat, build: Build, source: str
) -> None:
    status = chat.bot.deliver(build(source=SOURCES[source](chat.user_id)))

    assert status == 200
    assert refused(chat.bot) == []


@every_source
@any_of(EVERY_KIND)
def test_on_standby_nothing_is_sent(chat: Chat, build: Build, source: str) -> None:
    event = {**build(source=SOURCES[source](chat.user_id)), "mode": "standby"}

    status = chat.bot.deliver(event)

    assert status == 200
    assert chat.bot.stub.ledger() == []


@any_of(ANSWERED)
def test_in_a_chat_of_two_there_is_one_helpful_answer(chat: Chat, build: Build) -> None:
    answer = chat.does(build)

    assert endpoints(chat.bot) == [REPLY]
    assert words.HOW_TO_CHOOSE in answer[0]["text"]


@any_of(SILENT)
def test_in_a_chat_of_two_what_needs_no_answer_gets_none(chat: Chat, build: Build) -> None:
    assert chat.bot.deliver(build(source=events.user_source(chat.user_id))) == 200
    assert chat.bot.stub.ledger() == []


@pytest.mark.parametrize("source", GROUPS)
@any_of({**MESSAGES, "join": events.join_event})
def test_in_a_group_the_bot_says_one_polite_word_and_leaves(
    chat: Chat, build: Build, source: str
) -> None:
    chat.bot.deliver(build(source=SOURCES[source](chat.user_id)))

    said = chat.bot.stub.chat(GROUPS[source])["entries"]
    assert [entry.message["text"] for entry in said] == [words.LEAVING_GROUP]
    assert endpoints(chat.bot) == [REPLY, f"{source}/{GROUPS[source]}/leave"]


@pytest.mark.parametrize("source", GROUPS)
@any_of({name: build for name, build in SILENT.items() if name != "join"})
def test_in_a_group_nothing_else_is_answered(chat: Chat, build: Build, source: str) -> None:
    chat.bot.deliver(build(source=SOURCES[source](chat.user_id)))

    assert chat.bot.stub.ledger() == []


@pytest.mark.parametrize(
    "source", [None, {}, {"type": "user"}, {"type": "community"}, "x"], ids=repr
)
def test_a_question_from_nobody_known_is_answered_all_the_same(chat: Chat, source: Any) -> None:
    event = events.text_event("住民票", user_id=chat.user_id)
    chat.bot.stub.register(event)

    status = deliver_raw(chat.bot, {**event, "source": source})

    assert status == 200
    assert "住民票" in chat.answers()[0]["text"]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: repr(broken)[:40])
def test_a_broken_event_harms_neither_of_its_neighbours(chat: Chat, broken: Any) -> None:
    before, after = chat.bot.chat(), chat.bot.chat()
    good = [events.text_event("住民票", user_id=person.user_id) for person in (before, after)]
    chat.bot.stub.register(good[0])
    chat.bot.stub.register(good[1])

    status = deliver_raw(chat.bot, good[0], broken, good[1])

    assert status == 200
    assert "住民票" in before.answers()[0]["text"]
    assert "住民票" in after.answers()[0]["text"]


def test_the_events_of_one_delivery_are_answered_each_in_its_own_chat(chat: Chat) -> None:
    people = [chat.bot.chat() for _ in range(5)]

    chat.bot.deliver(*(events.text_event("住民票", user_id=one.user_id) for one in people))

    assert [len(one.answers()) for one in people] == [2] * 5


@pytest.mark.parametrize("again", [lambda event: event, events.redelivered])
def test_an_event_delivered_twice_is_answered_once(
    chat: Chat, again: Callable[[Event], Event]
) -> None:
    event = events.text_event("住民票", user_id=chat.user_id)

    statuses = [chat.bot.deliver(event), chat.bot.deliver(again(event))]

    assert statuses == [200, 200]
    assert endpoints(chat.bot) == [REPLY]


def test_an_event_twice_in_one_delivery_is_answered_once(chat: Chat) -> None:
    event = events.text_event("住民票", user_id=chat.user_id)

    chat.bot.deliver(event, event)

    assert endpoints(chat.bot) == [REPLY]


def test_an_event_delivered_twenty_times_at_once_is_answered_once(chat: Chat) -> None:
    event = events.text_event("住民票", user_id=chat.user_id)

    with ThreadPoolExecutor(20) as people:
        statuses = list(people.map(chat.bot.deliver, [event] * 20))

    assert statuses == [200] * 20
    assert endpoints(chat.bot) == [REPLY]


def test_when_line_fails_once_the_answer_comes_all_the_same(chat: Chat) -> None:
    chat.bot.stub.script_faults([Fault("status", status=500)])

    answer = chat.says("粗大ごみを出したい")

    assert "粗大ごみ" in answer[0]["text"]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault("status", status=500), "failed"),
        (Fault("status", status=429), "failed"),
        (Fault("status", status=400, message="Invalid reply token"), "token_rejected"),
        (Fault("reset"), "unknown"),
        (Fault("html", status=502), "failed"),
        (Fault("html", status=200), "unknown"),
    ],
    ids=lambda value: f"{value.kind} {value.status}" if isinstance(value, Fault) else value,
)
def test_when_line_keeps_failing_it_is_known_how_and_the_next_message_is_answered(
    chat: Chat, fault: Fault, outcome: str
) -> None:
    event = events.text_event("住民票", user_id=chat.user_id)
    chat.bot.stub.script_faults([fault, fault])

    status = chat.bot.deliver(event)
    chat.bot.stub.script_faults([])

    assert status == 200
    assert list(chat.bot.statuses(event).values()) == [outcome]
    assert chat.answers() == []
    assert "粗大ごみ" in chat.says("粗大ごみを出したい")[0]["text"]


def test_while_line_hangs_deliveries_are_accepted_and_others_answered(chat: Chat) -> None:
    other = chat.bot.chat()
    hanging = events.text_event("住民票", user_id=chat.user_id)
    asked = events.text_event("粗大ごみ", user_id=other.user_id)
    chat.bot.stub.script_faults([Fault("hang", seconds=60)])

    statuses = [chat.bot.post(hanging)]
    eventually(lambda: endpoints(chat.bot) == [REPLY])
    statuses.append(chat.bot.post(asked))
    eventually(lambda: chat.bot.statuses(asked)[asked["webhookEventId"]] == "done")
    ends = chat.bot.statuses(hanging, asked)
    chat.bot.stub.reset()
    eventually(lambda: not chat.bot.is_working())

    assert statuses == [200, 200]
    assert [ends[event["webhookEventId"]] for event in (hanging, asked)] == ["processing", "done"]


@pytest.mark.parametrize(
    "fault", [[], [Fault("status", status=500)], [Fault("reset")]], ids=["ok", "500", "reset"]
)
def test_neither_words_nor_people_nor_keys_reach_the_logs(
    chat: Chat, caplog: pytest.LogCaptureFixture, fault: list[Fault]
) -> None:
    chat.bot.stub.script_faults(fault)
    caplog.set_level(logging.DEBUG)

    chat.says("住民票カナリアを取りたい")

    config = chat.bot.config
    secrets = [
        "カナリア",
        chat.user_id,
        config.line_channel_access_token,
        config.secret_key,
        SECRET,
    ]
    assert "住民票" not in caplog.text
    assert [secret for secret in secrets if secret in caplog.text] == []


def test_neither_people_nor_their_data_reach_any_file(tmp_path: Path) -> None:
    with closing(LocalBot(tmp_path, records_url=servers.records_file(tmp_path))) as bot:
        citizen = bot.chat()
        citizen.says("住民票がほしいです canary@example.jp 090-0000-4649")
        citizen.taps("entry:bulky-waste")

        kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    assert b"chat_key" in kept
    assert "〔メールアドレス〕".encode() in kept
    assert b"canary" not in kept
    assert b"0000-4649" not in kept
    assert citizen.user_id.encode() not in kept
