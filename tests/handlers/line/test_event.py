"""Reading an event never fails, whatever LINE, or someone who knows the secret, sends."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.simulator.events import (
    EXAMPLE_GROUP,
    EXAMPLE_ROOM,
    EXAMPLE_USER,
    group_source,
    postback_event,
    redelivered,
    room_source,
    text_event,
    unsend_event,
)
from handlers.line.event import (
    MAX_ID_LENGTH,
    MAX_MESSAGE_ID_LENGTH,
    MAX_MILLISECONDS,
    pack,
    parse,
    unpack,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=9)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=5,
)
KEYS = "type mode replyToken webhookEventId message source postback timestamp deliveryContext"
INNER_KEYS = "type text userId groupId roomId data id"
HALF_KNOWN = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        KEYS.split(),
        ANY_JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(INNER_KEYS.split(), ANY_JSON)),
    ),
)


@given(ANY_JSON | HALF_KNOWN)
@settings(deadline=None)
@example({"message": {"type": "text", "text": "a\ud83d"}, "webhookEventId": "\udc00"})
def test_any_json_is_read_into_an_event_with_an_id_that_can_be_stored(raw: Any) -> None:
    event = parse(raw)

    fields = [value for value in vars(event).values() if isinstance(value, str)]
    assert 0 < len(event.id) <= MAX_ID_LENGTH
    assert [field for field in fields if field.encode().decode() != field] == []


@given(ANY_JSON | HALF_KNOWN)
@settings(deadline=None)
def test_the_same_event_is_read_alike_however_its_json_is_written(raw: Any) -> None:
    spaced = json.loads(json.dumps(raw, indent=2))

    assert parse(spaced) == parse(raw)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "messageEdited"},
        {"type": "somethingOf2030", "somethingOf2030": {"a": [1, 2]}},
        {"message": {"type": "hologram", "id": "1"}},
        {"message": "no object"},
        {"mode": "dreaming"},
        {"source": {"type": "community", "communityId": "X"}},
        {"source": None},
        {"deliveryContext": 5},
        {"timestamp": "yesterday"},
    ],
    ids=str,
)
def test_an_unknown_or_half_known_event_keeps_its_reply_token(changes: dict[str, Any]) -> None:
    raw = {**text_event("住民票", reply_token="the-token"), **changes}

    event = parse(raw)

    assert event.reply_token == "the-token"
    assert event.is_repliable


@pytest.mark.parametrize("key", ["webhookEventId", "mode", "source", "message", "type"])
def test_an_event_without_a_required_field_keeps_its_reply_token(key: str) -> None:
    raw = text_event("住民票", reply_token="the-token")
    del raw[key]

    event = parse(raw)

    assert event.reply_token == "the-token"


@pytest.mark.parametrize(
    "again",
    [lambda raw: dict(reversed(raw.items())), redelivered],
    ids=["keys in another order", "redelivered"],
)
def test_an_event_without_an_id_gets_the_same_made_up_id_each_time(
    again: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    raw = text_event("住民票")
    del raw["webhookEventId"]

    ids = {parse(raw).id, parse(again(raw)).id}

    assert len(ids) == 1


def test_two_different_events_without_ids_get_different_ids() -> None:
    first = text_event("住民票", reply_token="token-1")
    second = text_event("住民票", reply_token="token-2")
    del first["webhookEventId"], second["webhookEventId"]

    ids = {parse(first).id, parse(second).id}

    assert len(ids) == 2


@pytest.mark.parametrize("odd", [None, 5, [], {}, ""], ids=repr)
def test_an_id_that_is_no_text_counts_as_none(odd: Any) -> None:
    raw = {**text_event("住民票"), "webhookEventId": odd}

    event = parse(raw)

    assert len(event.id) == 64


def test_lone_surrogates_are_replaced_and_whole_emoji_kept() -> None:
    raw = text_event("\ud83d ごみ \udc00 👨‍👩‍👧‍👦 𠮷")

    event = parse(raw)

    assert event.text == "\ufffd ごみ \ufffd 👨‍👩‍👧‍👦 𠮷"


def test_a_text_of_a_citizen_is_read_with_its_token_and_source() -> None:
    raw = text_event("住民票", reply_token="the-token", webhook_event_id="01ABC")

    event = parse(raw)

    assert (event.id, event.kind, event.content, event.text) == (
        "01ABC",
        "message",
        "text",
        "住民票",
    )
    assert (event.source, event.user_id, event.group_id) == ("user", EXAMPLE_USER, "")


@pytest.mark.parametrize(
    ("source", "group_id"), [(group_source(), EXAMPLE_GROUP), (room_source(), EXAMPLE_ROOM)]
)
def test_the_id_of_a_group_or_a_room_is_read(source: dict[str, str], group_id: str) -> None:
    event = parse(text_event("住民票", source=source))

    assert event.group_id == group_id


def test_a_postback_is_read() -> None:
    event = parse(postback_event("entry:bulky-waste"))

    assert (event.kind, event.postback) == ("postback", "entry:bulky-waste")


def test_a_standby_event_is_never_repliable_even_with_a_token() -> None:
    raw = {**text_event("住民票"), "mode": "standby"}

    event = parse(raw)

    assert event.reply_token
    assert not event.is_repliable


@given(ANY_JSON | HALF_KNOWN)
@settings(deadline=None)
def test_an_event_that_waited_in_the_inbox_is_the_same_as_before(raw: Any) -> None:
    event = parse(raw)

    assert unpack(pack(event)) == event


@pytest.mark.parametrize("packed", ["", "null", "[]", "{}", '{"id": "x"}', '{"id"', "5"])
def test_what_is_no_packed_event_is_refused(packed: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        unpack(packed)


@pytest.mark.parametrize(
    ("timestamp", "sent_at"),
    [
        (1_795_000_000_123, 1_795_000_000_123),
        (0, 0),
        (1.9, 1),
        (-1, 0),
        (MAX_MILLISECONDS, 0),
        (float("nan"), 0),
        (float("inf"), 0),
        ("1795000000123", 0),
        (None, 0),
        ([], 0),
    ],
    ids=repr,
)
def test_the_time_of_an_event_is_read_where_it_is_one(timestamp: Any, sent_at: int) -> None:
    event = parse({**text_event("住民票"), "timestamp": timestamp})

    assert event.sent_at == sent_at


def test_the_id_of_a_message_is_read_when_it_is_sent_and_when_it_is_taken_back() -> None:
    ids = [parse(text_event("x", message_id="7")), parse(unsend_event("7"))]

    assert [event.message_id for event in ids] == ["7", "7"]


@pytest.mark.parametrize("odd", [None, 5, [], {}, "x" * 5000], ids=lambda odd: repr(odd)[:9])
def test_an_odd_id_of_a_message_fits_into_the_records(odd: Any) -> None:
    event = parse({**text_event("x"), "message": {"type": "text", "id": odd}})

    assert len(event.message_id) <= MAX_MESSAGE_ID_LENGTH
