"""The event builders make what LINE sends: the SDK understands every event."""

import re
from typing import Any, Final

import pytest
from linebot.v3 import webhooks
from linebot.v3.webhook import WebhookParser

from bot.simulator import events
from bot.simulator.rules import json_bytes
from bot.simulator.sender import sign

SECRET: Final = "secret"
EVENTS: Final = {
    "text": (events.text_event("こんにちは"), webhooks.TextMessageContent),
    "sticker": (events.sticker_event(), webhooks.StickerMessageContent),
    "image": (events.image_event(), webhooks.ImageMessageContent),
    "video": (events.video_event(), webhooks.VideoMessageContent),
    "audio": (events.audio_event(), webhooks.AudioMessageContent),
    "file": (events.file_event(), webhooks.FileMessageContent),
    "location": (events.location_event(title="市役所"), webhooks.LocationMessageContent),
    "postback": (events.postback_event("a=1", {"date": "2026-11-22"}), webhooks.PostbackEvent),
    "follow": (events.follow_event(), webhooks.FollowEvent),
    "unfollow": (events.unfollow_event(), webhooks.UnfollowEvent),
    "unsend": (events.unsend_event("444573844083572737"), webhooks.UnsendEvent),
    "join": (events.join_event(), webhooks.JoinEvent),
}


def parsed(event: events.Event) -> Any:
    body = json_bytes(events.payload(event))
    return WebhookParser(SECRET).parse(body.decode(), sign(body, SECRET))[0]


@pytest.mark.parametrize(("event", "kind"), EVENTS.values(), ids=list(EVENTS))
def test_the_sdk_understands_every_event(event: events.Event, kind: type) -> None:
    understood = parsed(event)
    assert isinstance(getattr(understood, "message", understood), kind)
    assert understood.to_dict() == event


def test_an_event_carries_what_line_always_sends() -> None:
    event = events.text_event("こんにちは", timestamp=1_800_000_000_000)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", event["webhookEventId"])
    assert event["deliveryContext"] == {"isRedelivery": False}
    assert event["timestamp"] == 1_800_000_000_000
    assert event["mode"] == "active"
    assert event["source"] == {"type": "user", "userId": events.EXAMPLE_USER}


def test_event_ids_sort_by_time() -> None:
    earlier, later = events.ulid(1_000), events.ulid(2_000)
    assert earlier < later


def test_every_detail_can_be_overridden() -> None:
    event = events.text_event(
        "こんにちは",
        message_id="1",
        source=events.group_source(),
        reply_token="token",
        webhook_event_id="01H",
        is_redelivery=True,
    )
    assert event["message"]["id"] == "1"
    assert event["source"]["groupId"] == events.EXAMPLE_GROUP
    assert (event["replyToken"], event["webhookEventId"]) == ("token", "01H")
    assert event["deliveryContext"] == {"isRedelivery": True}


@pytest.mark.parametrize(
    "event",
    [
        events.text_event("a", mode="standby"),
        events.text_event("a", reply_token=None),
        events.unfollow_event(),
        events.unsend_event("1"),
    ],
    ids=["standby", "token left out", "unfollow", "unsend"],
)
def test_what_cannot_be_answered_has_no_reply_token(event: events.Event) -> None:
    assert "replyToken" not in event


def test_a_redelivered_event_differs_only_in_its_mark() -> None:
    event = events.text_event("a")
    again = events.redelivered(event)
    assert again == {**event, "deliveryContext": {"isRedelivery": True}}
    assert event["deliveryContext"] == {"isRedelivery": False}


@pytest.mark.parametrize(
    ("source", "chat"),
    [
        (events.user_source(), events.EXAMPLE_USER),
        (events.group_source(), events.EXAMPLE_GROUP),
        (events.room_source(), events.EXAMPLE_ROOM),
    ],
    ids=["user", "group", "room"],
)
def test_an_answer_goes_to_where_the_event_came_from(source: dict[str, str], chat: str) -> None:
    assert events.chat_id(events.text_event("a", source=source)) == chat


def test_lines_own_example_has_the_signature_line_published() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    signature = sign(body, "8c570fa6dd201bb328f1c1eac23a96d8")
    assert signature == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="
