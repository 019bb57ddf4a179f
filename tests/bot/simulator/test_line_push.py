"""Pushes: sent once per retry key, whatever the network does; every call through a real socket."""

import pytest

from bot.simulator import LineStub
from bot.simulator.events import EXAMPLE_USER, follow_event, unfollow_event
from tests.bot.simulator.calls import EMPTY, KEY, Call, a_push
from tests.clock import Clock


def bot_texts(stub: LineStub) -> list[str]:
    entries = stub.chat(EXAMPLE_USER)["entries"]
    return [entry.message["text"] for entry in entries if entry.author == "bot"]


def test_a_push_arrives_without_a_key(call: Call, stub: LineStub) -> None:
    assert call("message/push", a_push()).status == 200
    assert call("message/push", a_push()).status == 200
    assert bot_texts(stub) == ["こんにちは", "こんにちは"]


def test_the_same_retry_key_sends_once(call: Call, stub: LineStub) -> None:
    first = call("message/push", a_push(), X_Line_Retry_Key=KEY)
    again = call("message/push", a_push(), X_Line_Retry_Key=KEY.upper())

    assert (first.status, again.status) == (200, 409)
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert again.json()["sentMessages"] == first.json()["sentMessages"]
    assert bot_texts(stub) == ["こんにちは"]


def test_a_retry_key_is_forgotten_after_a_day(call: Call, clock: Clock) -> None:
    call("message/push", a_push(), X_Line_Retry_Key=KEY)
    clock.now += 24 * 60 * 60 + 1
    assert call("message/push", a_push(), X_Line_Retry_Key=KEY).status == 200


def test_a_refused_push_does_not_use_up_its_key(call: Call) -> None:
    assert call("message/push", a_push(EMPTY), X_Line_Retry_Key=KEY).status == 400
    assert call("message/push", a_push(), X_Line_Retry_Key=KEY).status == 200


@pytest.mark.parametrize("key", ["1", KEY[:-1], KEY.replace("-", "")])
def test_a_retry_key_is_a_uuid(call: Call, key: str) -> None:
    assert call("message/push", a_push(), X_Line_Retry_Key=key).status == 400


@pytest.mark.parametrize("to", ["", "taro", "U123", EXAMPLE_USER.upper()])
def test_a_push_needs_a_chat(call: Call, to: str) -> None:
    assert call("message/push", a_push(to=to)).status == 400


@pytest.mark.parametrize(("units", "status"), [(["ward_1"], 200), (["a", "b"], 400), (["あ"], 400)])
def test_a_push_takes_one_aggregation_unit(call: Call, units: list[str], status: int) -> None:
    assert call("message/push", a_push(customAggregationUnits=units)).status == status


def test_a_user_who_blocked_the_bot_gets_nothing_although_the_push_succeeds(
    call: Call, stub: LineStub
) -> None:
    stub.register(unfollow_event())
    assert call("message/push", a_push()).status == 200
    assert bot_texts(stub) == []

    stub.register(follow_event(is_unblocked=True))
    call("message/push", a_push())
    assert bot_texts(stub) == ["こんにちは"]
