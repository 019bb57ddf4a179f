"""Every kind of event LINE knows, some it does not know yet, and some that are broken."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.simulator import events
from bot.simulator.events import Event

Build = Callable[..., Event]


def _other(kind: str, **content: Any) -> Build:
    """An event with a reply token."""

    def build(**envelope: Any) -> Event:
        return _retyped(events.postback_event("", **envelope), kind, content)

    return build


def _final(kind: str, **content: Any) -> Build:
    """An event that nobody can answer."""

    def build(**envelope: Any) -> Event:
        return _retyped(events.unfollow_event(**envelope), kind, content)

    return build


def _message(**message: Any) -> Build:
    """A message event with odd content."""

    def build(**envelope: Any) -> Event:
        return _retyped(events.postback_event("", **envelope), "message", {"message": message})

    return build


def _changed(**changes: Any) -> Build:
    """A question with something in it that LINE does not send today."""

    def build(**envelope: Any) -> Event:
        return {**events.text_event("住民票", **envelope), **changes}

    return build


def _without(key: str) -> Build:
    """A question that lacks a field."""

    def build(**envelope: Any) -> Event:
        question = events.text_event("住民票", **envelope)
        return {name: value for name, value in question.items() if name != key}

    return build


def _retyped(event: Event, kind: str, content: Mapping[str, Any]) -> Event:
    bare = {key: value for key, value in event.items() if key != "postback"}
    return {**bare, "type": kind, **content}


MEMBERS: Final = {"members": [{"type": "user", "userId": events.EXAMPLE_USER}]}

MESSAGES: Final[Mapping[str, Build]] = {
    "text": lambda **envelope: events.text_event("住民票", **envelope),
    "sticker": events.sticker_event,
    "image": events.image_event,
    "video": events.video_event,
    "audio": events.audio_event,
    "file": events.file_event,
    "location": events.location_event,
    "unknown message": _message(type="hologram", id="1", depth=3),
    "message of no type": _message(id="1"),
    "sticker of an unknown resource": _message(type="sticker", stickerResourceType="SMELL"),
    "text without quoteToken": _message(type="text", id="1", text="住民票"),
    "text without text": _message(type="text", id="1"),
    "unknown mode": _changed(mode="dreaming"),
    "no mode": _without("mode"),
    "no timestamp": _without("timestamp"),
    "no deliveryContext": _without("deliveryContext"),
    "no webhookEventId": _without("webhookEventId"),
    "new property": _changed(weather={"sky": "blue"}),
}
"""What a citizen sends: in a chat of two, each deserves an answer."""

ANSWERED: Final[Mapping[str, Build]] = {
    **MESSAGES,
    "postback": lambda **envelope: events.postback_event("menu", **envelope),
    "postback of nothing": lambda **envelope: events.postback_event("", **envelope),
    "follow": events.follow_event,
    "unblock": lambda **envelope: events.follow_event(is_unblocked=True, **envelope),
    "follow without follow": _other("follow"),
    "postback without postback": _other("postback"),
}

SILENT: Final[Mapping[str, Build]] = {
    "unfollow": events.unfollow_event,
    "unsend": lambda **envelope: events.unsend_event("2", **envelope),
    "join": events.join_event,
    "leave": _final("leave"),
    "memberJoined": _other("memberJoined", joined=MEMBERS),
    "memberLeft": _final("memberLeft", left=MEMBERS),
    "beacon": _other("beacon", beacon={"hwid": "d41d8cd98f", "type": "enter"}),
    "accountLink": _other("accountLink", link={"result": "ok", "nonce": "x"}),
    "membership": _other("membership", membership={"type": "joined", "membershipId": 1}),
    "videoPlayComplete": _other("videoPlayComplete", videoPlayComplete={"trackingId": "x"}),
    "messageEdited": _other("messageEdited", message={"type": "text", "id": "1", "text": "x"}),
    "future kind": _other("telepathy", telepathy={"thought": "ごみ"}),
    "message is no object": _changed(type="telepathy", message="x"),
}
"""What needs no answer, even where LINE would take one."""

EVERY_KIND: Final = {**ANSWERED, **SILENT}

BROKEN: Final[list[Any]] = [
    None,
    5,
    "event",
    [],
    {},
    {"type": "message"},
    {"type": "message", "replyToken": "x" * 9},
    {"type": {"a": 1}, "source": [], "message": 5, "replyToken": []},
    {"type": "message", "message": {"type": "text", "text": 5}, "source": {"userId": {}}},
    {"type": "message", "webhookEventId": "\ud83d", "message": {"type": "text", "text": "\ud83d"}},
    {"type": "postback", "postback": {"data": "page:open-data:" + "9" * 5000}, "replyToken": "x"},
    {"type": "join", "source": {"type": "group", "groupId": "../../profile/x"}, "replyToken": "x"},
    {"webhookEventId": "x" * 5000, "type": "message", "replyToken": "x"},
]
