"""The local LINE enforces LINE's rules on each call; every call goes through a real socket."""

import json
from typing import Any, Final

import pytest
from linebot.v3.messaging import (
    ApiClient,
    Configuration,
    MessagingApi,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
    TextMessage,
)

from bot.simulator import LineStub
from bot.simulator.events import (
    EXAMPLE_GROUP,
    EXAMPLE_USER,
    group_source,
    redelivered,
    text_event,
)
from tests.bot.simulator.calls import EMPTY, HELLO, KEY, Call, a_push
from tests.bot.simulator.conftest import CHANNEL_TOKEN
from tests.clock import Clock

MENTION: Final = {
    "type": "textV2",
    "text": "{all}",
    "substitution": {"all": {"type": "mention", "mentionee": {"type": "all"}}},
}


def a_token(stub: LineStub, **fields: Any) -> str:
    return str(stub.issue_event(EXAMPLE_USER, "text", text="質問", **fields)["replyToken"])


def a_reply(token: str, *messages: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"replyToken": token, "messages": list(messages or [HELLO]), **keys}


def bot_texts(stub: LineStub, chat: str = EXAMPLE_USER) -> list[str]:
    entries = stub.chat(chat)["entries"]
    return [entry.message["text"] for entry in entries if entry.author == "bot"]


def test_a_reply_arrives_in_the_chat(call: Call, stub: LineStub) -> None:
    answer = call("message/reply", a_reply(a_token(stub)))

    assert answer.status == 200
    sent = answer.json()["sentMessages"]
    assert [sorted(message) for message in sent] == [["id", "quoteToken"]]
    assert answer.headers["x-line-request-id"]
    assert bot_texts(stub) == ["こんにちは"]


def test_a_reply_token_works_once(call: Call, stub: LineStub) -> None:
    token = a_token(stub)
    call("message/reply", a_reply(token))

    again = call("message/reply", a_reply(token))

    assert (again.status, again.json()) == (400, {"message": "Invalid reply token"})
    assert bot_texts(stub) == ["こんにちは"]


@pytest.mark.parametrize(("seconds", "status"), [(60, 200), (60.1, 400)])
def test_a_reply_token_lives_one_minute(
    call: Call, stub: LineStub, clock: Clock, seconds: float, status: int
) -> None:
    token = a_token(stub)
    clock.now += seconds
    assert call("message/reply", a_reply(token)).status == status


@pytest.mark.parametrize(("minutes", "status"), [(19, 200), (21, 400)])
def test_redelivery_renews_the_minute_for_twenty_minutes(
    call: Call, stub: LineStub, clock: Clock, minutes: int, status: int
) -> None:
    event = stub.issue_event(EXAMPLE_USER, "text", text="質問")
    clock.now += minutes * 60
    stub.register(redelivered(event))
    assert call("message/reply", a_reply(event["replyToken"])).status == status


def test_redelivery_does_not_revive_a_used_token(call: Call, stub: LineStub) -> None:
    event = stub.issue_event(EXAMPLE_USER, "text", text="質問")
    call("message/reply", a_reply(event["replyToken"]))
    stub.register(redelivered(event))
    assert call("message/reply", a_reply(event["replyToken"])).status == 400


def test_an_unknown_reply_token_is_refused(call: Call) -> None:
    assert call("message/reply", a_reply("0" * 32)).status == 400


def test_a_refused_reply_keeps_the_token_usable(call: Call, stub: LineStub) -> None:
    token = a_token(stub)

    refused = call("message/reply", a_reply(token, EMPTY))

    assert refused.status == 400
    assert refused.json() == {
        "message": "The request body has 1 error(s)",
        "details": [{"message": "May not be empty", "property": "messages[0].text"}],
    }
    assert call("message/reply", a_reply(token)).status == 200


@pytest.mark.parametrize(("count", "status"), [(1, 200), (5, 200), (6, 400)])
def test_one_to_five_messages_go_into_a_reply(
    call: Call, stub: LineStub, count: int, status: int
) -> None:
    body = a_reply(a_token(stub), *[HELLO] * count)
    assert call("message/reply", body).status == status


def test_no_message_at_all_is_refused(call: Call, stub: LineStub) -> None:
    body = {"replyToken": a_token(stub), "messages": []}
    assert call("message/reply", body).status == 400


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer wrong", f"Basic {CHANNEL_TOKEN}", CHANNEL_TOKEN],
    ids=["none", "bare", "wrong", "basic", "unnamed"],
)
def test_only_the_channels_own_token_opens_the_api(
    call: Call, stub: LineStub, authorization: str
) -> None:
    token = a_token(stub)
    assert call("message/reply", a_reply(token), Authorization=authorization).status == 401
    assert call("message/reply", a_reply(token)).status == 200


def test_a_retry_key_on_a_reply_is_refused(call: Call, stub: LineStub) -> None:
    token = a_token(stub)
    assert call("message/reply", a_reply(token), X_Line_Retry_Key=KEY).status == 400
    assert call("message/reply", a_reply(token)).status == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"[]", b"\xff", b'{"a":', b"[" * 100_000],
    ids=["nothing", "text", "list", "not UTF-8", "cut off", "bottomless"],
)
def test_what_is_no_json_object_is_refused(call: Call, body: bytes) -> None:
    assert call("message/reply", body).status == 400


@pytest.mark.parametrize(
    "changes",
    [{"to": EXAMPLE_USER}, {"notificationDisabled": "yes"}, {"messages": None}],
    ids=["unknown key", "no boolean", "no list"],
)
def test_a_reply_with_other_keys_is_refused(
    call: Call, stub: LineStub, changes: dict[str, Any]
) -> None:
    assert call("message/reply", {**a_reply(a_token(stub)), **changes}).status == 400


def test_more_than_two_megabytes_are_too_much(call: Call) -> None:
    body = json.dumps(a_push({"type": "text", "text": "a" * 2_000_000})).encode()
    assert call("message/push", body).status == 413
    assert call("message/push", body[:1_999_999]).status == 400


def test_an_unpaired_surrogate_is_refused(call: Call, stub: LineStub) -> None:
    answer = call("message/reply", a_reply(a_token(stub), {"type": "text", "text": "\ud83d"}))
    assert answer.json()["details"][0]["property"] == "messages[0].text"


def test_mentions_work_in_groups_only(call: Call, stub: LineStub) -> None:
    group = text_event("質問", source=group_source())
    stub.register(group)
    assert call("message/reply", a_reply(a_token(stub), MENTION)).status == 400
    assert call("message/reply", a_reply(group["replyToken"], MENTION)).status == 200
    assert bot_texts(stub, EXAMPLE_GROUP) == ["{all}"]


@pytest.mark.parametrize("kind", ["reply", "push"])
def test_validation_judges_messages_and_sends_nothing(
    call: Call, stub: LineStub, kind: str
) -> None:
    good = call(f"message/validate/{kind}", {"messages": [HELLO]})
    bad = call(f"message/validate/{kind}", {"messages": [EMPTY]})
    assert (good.status, good.json()) == (200, {})
    assert bad.status == 400
    assert bot_texts(stub) == []


@pytest.mark.parametrize(
    ("seconds", "status"), [(5, 202), (60, 202), (4, 400), (7, 400), (65, 400), ("5", 400)]
)
def test_loading_lasts_5_to_60_seconds_in_steps_of_5(call: Call, seconds: int, status: int) -> None:
    body = {"chatId": EXAMPLE_USER, "loadingSeconds": seconds}
    assert call("chat/loading/start", body).status == status


def test_loading_shows_for_20_seconds_by_default(call: Call, stub: LineStub, clock: Clock) -> None:
    answer = call("chat/loading/start", {"chatId": EXAMPLE_USER})
    assert (answer.status, answer.json()) == (202, {})
    clock.now += 19
    assert stub.chat(EXAMPLE_USER)["loading"]
    clock.now += 1
    assert not stub.chat(EXAMPLE_USER)["loading"]


def test_loading_ends_with_the_answer(call: Call, stub: LineStub) -> None:
    call("chat/loading/start", {"chatId": EXAMPLE_USER})
    call("message/push", a_push())
    assert not stub.chat(EXAMPLE_USER)["loading"]


def test_loading_is_for_single_users(call: Call) -> None:
    assert call("chat/loading/start", {"chatId": EXAMPLE_GROUP}).status == 400


def test_a_profile_has_a_name(call: Call) -> None:
    profile = call(f"profile/{EXAMPLE_USER}", method="GET")
    assert profile.json()["displayName"]
    assert profile.json()["userId"] == EXAMPLE_USER
    assert call("profile/taro", method="GET").status == 400


@pytest.mark.parametrize("kind", ["group", "room"])
def test_leaving_is_recorded(call: Call, stub: LineStub, kind: str) -> None:
    answer = call(f"{kind}/{EXAMPLE_GROUP}/leave")
    assert (answer.status, answer.json()) == (200, {})
    assert stub.ledger()[0].endpoint == f"{kind}/{EXAMPLE_GROUP}/leave"


@pytest.mark.parametrize(
    ("method", "endpoint"), [("POST", "message/repply"), ("GET", "message/reply")]
)
def test_an_unknown_endpoint_is_not_found(call: Call, method: str, endpoint: str) -> None:
    answer = call(endpoint, method=method)
    assert (answer.status, answer.json()) == (404, {"message": "Not found"})


def test_the_ledger_keeps_accepted_and_refused_calls(call: Call, stub: LineStub) -> None:
    call("message/push", a_push(), X_Line_Retry_Key=KEY)
    call("message/push", a_push(EMPTY))
    call("message/push", a_push(), Authorization="Bearer wrong")

    lines = stub.ledger()
    assert [(line.seq, line.status, line.accepted) for line in lines] == [
        (1, 200, True),
        (2, 400, False),
        (3, 401, False),
    ]
    assert lines[0].request == a_push()
    assert lines[0].retry_key == KEY


def test_a_larger_body_than_the_app_allows_is_still_lines_to_judge(call: Call, app: Any) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 10
    assert call("message/push", a_push()).status == 200


def test_the_official_sdk_works_with_the_local_line(server: str, stub: LineStub) -> None:
    configuration = Configuration(host=f"{server}/line", access_token=CHANNEL_TOKEN)
    hello = TextMessage(text="こんにちは")
    with ApiClient(configuration) as client:
        line = MessagingApi(client)
        line.show_loading_animation(ShowLoadingAnimationRequest(chatId=EXAMPLE_USER))
        line.reply_message(ReplyMessageRequest(replyToken=a_token(stub), messages=[hello]))
        line.push_message(PushMessageRequest(to=EXAMPLE_USER, messages=[hello]), KEY)
        profile = line.get_profile(EXAMPLE_USER)

    assert profile.user_id == EXAMPLE_USER
    assert bot_texts(stub) == ["こんにちは", "こんにちは"]
