"""Webhook events as LINE sends them: plain dicts from plain functions, each detail overridable."""

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypedDict, Unpack

Event = dict[str, Any]

EXAMPLE_USER: Final = "U0123456789abcdef0123456789abcdef"
EXAMPLE_GROUP: Final = "C0123456789abcdef0123456789abcdef"
EXAMPLE_ROOM: Final = "R0123456789abcdef0123456789abcdef"
BOT_USER: Final = "Ub0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0"
ULID_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ULID_LENGTH: Final = 26
ULID_RANDOM_BITS: Final = 80
BITS_PER_LETTER: Final = 5
MESSAGE_ID_DIGITS: Final = 18


class Envelope(TypedDict, total=False):
    """What every event builder takes by keyword; anything left out is made up truly to life."""

    user_id: str
    source: Mapping[str, str]
    reply_token: str | None
    mode: Literal["active", "standby"]
    timestamp: int
    webhook_event_id: str
    is_redelivery: bool


def payload(*events: Event, destination: str = BOT_USER) -> dict[str, Any]:
    """The body of one webhook request."""
    return {"destination": destination, "events": list(events)}


def redelivered(event: Event) -> Event:
    """The same event once more, marked the way LINE marks it."""
    return {**event, "deliveryContext": {"isRedelivery": True}}


def user_source(user_id: str = EXAMPLE_USER) -> dict[str, str]:
    """A one-to-one chat."""
    return {"type": "user", "userId": user_id}


def group_source(user_id: str = EXAMPLE_USER, group_id: str = EXAMPLE_GROUP) -> dict[str, str]:
    """A group chat."""
    return {"type": "group", "groupId": group_id, "userId": user_id}


def room_source(user_id: str = EXAMPLE_USER, room_id: str = EXAMPLE_ROOM) -> dict[str, str]:
    """A multi-person chat."""
    return {"type": "room", "roomId": room_id, "userId": user_id}


def chat_id(event: Event) -> str:
    """Where an answer to the event goes: the group, the room or the user."""
    source = event["source"]
    return str(source.get("groupId") or source.get("roomId") or source["userId"])


def text_event(text: str, *, message_id: str | None = None, **envelope: Unpack[Envelope]) -> Event:
    """The user wrote a message."""
    return _message({"type": "text", "text": text, **_quotable(message_id)}, envelope)


def sticker_event(
    package_id: str = "446", sticker_id: str = "1988", **envelope: Unpack[Envelope]
) -> Event:
    """The user sent a sticker."""
    sticker = {"packageId": package_id, "stickerId": sticker_id, "stickerResourceType": "STATIC"}
    return _message({"type": "sticker", **sticker, **_quotable()}, envelope)


def image_event(**envelope: Unpack[Envelope]) -> Event:
    """The user sent a picture."""
    return _message({"type": "image", **_on_line(), **_quotable()}, envelope)


def video_event(duration: int = 60_000, **envelope: Unpack[Envelope]) -> Event:
    """The user sent a video of that many milliseconds."""
    return _message({"type": "video", "duration": duration, **_on_line(), **_quotable()}, envelope)


def audio_event(duration: int = 5_000, **envelope: Unpack[Envelope]) -> Event:
    """The user spoke for that many milliseconds; LINE gives audio no quote token."""
    return _message(
        {"type": "audio", "duration": duration, **_on_line(), "id": _message_id()}, envelope
    )


def file_event(
    file_name: str = "書類.pdf", file_size: int = 2_138, **envelope: Unpack[Envelope]
) -> Event:
    """The user sent a file; LINE gives files no quote token."""
    file = {"type": "file", "fileName": file_name, "fileSize": file_size}
    return _message({**file, "id": _message_id()}, envelope)


def location_event(
    latitude: float = 32.7503,
    longitude: float = 129.8777,
    *,
    title: str | None = None,
    address: str | None = None,
    **envelope: Unpack[Envelope],
) -> Event:
    """The user sent a place; by default one in the middle of 長崎市."""
    names = {"title": title, "address": address}
    place = {"type": "location", "latitude": latitude, "longitude": longitude}
    named = {key: name for key, name in names.items() if name is not None}
    return _message({**place, **named, "id": _message_id()}, envelope)


def postback_event(
    data: str, params: Mapping[str, str] | None = None, **envelope: Unpack[Envelope]
) -> Event:
    """The user tapped a button; `params` is what a date picker adds."""
    chosen = {"params": dict(params)} if params is not None else {}
    return _event("postback", {"postback": {"data": data, **chosen}}, envelope)


def follow_event(*, is_unblocked: bool = False, **envelope: Unpack[Envelope]) -> Event:
    """The user added the account as a friend, or unblocked it."""
    return _event("follow", {"follow": {"isUnblocked": is_unblocked}}, envelope)


def unfollow_event(**envelope: Unpack[Envelope]) -> Event:
    """The user blocked the account; nothing can be answered."""
    return _unanswerable("unfollow", {}, envelope)


def unsend_event(message_id: str, **envelope: Unpack[Envelope]) -> Event:
    """The user took a message back; nothing can be answered."""
    return _unanswerable("unsend", {"unsend": {"messageId": message_id}}, envelope)


def join_event(**envelope: Unpack[Envelope]) -> Event:
    """The account was invited into a group."""
    source = envelope.get("source", {"type": "group", "groupId": EXAMPLE_GROUP})
    return _event("join", {}, {**envelope, "source": source})


def ulid(timestamp_ms: int) -> str:
    """An id that sorts by time, as `webhookEventId` does."""
    bits = (timestamp_ms << ULID_RANDOM_BITS) | secrets.randbits(ULID_RANDOM_BITS)
    shifts = range(BITS_PER_LETTER * (ULID_LENGTH - 1), -1, -BITS_PER_LETTER)
    return "".join(ULID_ALPHABET[(bits >> shift) & (len(ULID_ALPHABET) - 1)] for shift in shifts)


def _message(message: dict[str, Any], envelope: Envelope) -> Event:
    return _event("message", {"message": message}, envelope)


def _event(kind: str, content: dict[str, Any], envelope: Envelope) -> Event:
    timestamp = envelope.get("timestamp", int(time.time() * 1000))
    event = {
        "type": kind,
        **content,
        "webhookEventId": envelope.get("webhook_event_id", ulid(timestamp)),
        "deliveryContext": {"isRedelivery": envelope.get("is_redelivery", False)},
        "timestamp": timestamp,
        "source": dict(envelope.get("source", user_source(envelope.get("user_id", EXAMPLE_USER)))),
        "mode": envelope.get("mode", "active"),
    }
    token = envelope.get("reply_token", secrets.token_hex(16))
    # On standby another channel owns the chat: LINE gives no reply token.
    if token is None or event["mode"] == "standby":
        return event
    return {**event, "replyToken": token}


def _unanswerable(kind: str, content: dict[str, Any], envelope: Envelope) -> Event:
    return _event(kind, content, {**envelope, "reply_token": None})


def _quotable(message_id: str | None = None) -> dict[str, str]:
    return {"id": message_id or _message_id(), "quoteToken": secrets.token_urlsafe(48)}


def _on_line() -> dict[str, Any]:
    return {"contentProvider": {"type": "line"}}


def _message_id() -> str:
    return str(secrets.randbelow(9 * 10 ** (MESSAGE_ID_DIGITS - 1)) + 10 ** (MESSAGE_ID_DIGITS - 1))


BUILDERS: Final[Mapping[str, Callable[..., Event]]] = {
    "text": text_event,
    "sticker": sticker_event,
    "image": image_event,
    "video": video_event,
    "audio": audio_event,
    "file": file_event,
    "location": location_event,
    "postback": postback_event,
    "follow": follow_event,
    "unfollow": unfollow_event,
    "unsend": unsend_event,
    "join": join_event,
}
