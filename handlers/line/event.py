"""Read one event of LINE's webhook without ever failing, keeping the reply token of unknown kinds.

The SDK's parser turns what it does not know into an event without reply token, or raises for the
whole delivery (LINE.md §5), hence plain reading of plain data.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from knowledge.text import without_lone_surrogates

MAX_ID_LENGTH = 128
MAX_MESSAGE_ID_LENGTH = 64
_CONTROLS = dict.fromkeys(set(range(32)) - {ord("\n"), ord("\t")})
MAX_MILLISECONDS = 2**53
"""Beyond this a number is no time, and would not fit a database column."""


@dataclass(frozen=True)
class Event:
    """What the bot needs of an event; absent or odd parts are empty, never an error.

    `sent_at` is LINE's time of the event in ms; `message_id` is also that of a message taken back.
    """

    id: str
    kind: str
    content: str
    reply_token: str
    is_standby: bool
    source: str
    user_id: str
    group_id: str
    text: str
    postback: str
    message_id: str
    sent_at: int

    @property
    def is_repliable(self) -> bool:
        """True when an answer may and can be sent."""
        return bool(self.reply_token) and not self.is_standby


def parse(raw: Any) -> Event:
    """Any JSON value → an Event."""
    data = _dict(raw)
    message = _dict(data.get("message"))
    source = _dict(data.get("source"))
    return Event(
        id=_text(data.get("webhookEventId"))[:MAX_ID_LENGTH] or _made_up_id(raw),
        kind=_text(data.get("type")),
        content=_text(message.get("type")),
        reply_token=_text(data.get("replyToken")),
        is_standby=_text(data.get("mode")) == "standby",
        source=_text(source.get("type")),
        user_id=_text(source.get("userId")),
        group_id=_text(source.get("groupId")) or _text(source.get("roomId")),
        text=_text(message.get("text")),
        postback=_text(_dict(data.get("postback")).get("data")),
        message_id=_message_id(data)[:MAX_MESSAGE_ID_LENGTH],
        sent_at=_milliseconds(data.get("timestamp")),
    )


def pack(event: Event) -> str:
    """An event as text, to be kept until it is answered."""
    return json.dumps(asdict(event), ensure_ascii=False)


def unpack(packed: str) -> Event:
    """The event of a text made by `pack`; raises ValueError or TypeError for any other."""
    return Event(**json.loads(packed))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """Text that every database can hold: PostgreSQL knows no NUL (OPS.md §2.2)."""
    return without_lone_surrogates(value).translate(_CONTROLS) if isinstance(value, str) else ""


def _message_id(data: dict[str, Any]) -> str:
    return _text(_dict(data.get("message")).get("id")) or _text(
        _dict(data.get("unsend")).get("messageId")
    )


def _milliseconds(value: Any) -> int:
    """LINE's timestamp; 0 for anything that is none."""
    is_time = isinstance(value, int | float) and 0 <= value < MAX_MILLISECONDS
    return int(value) if is_time else 0


def _made_up_id(raw: Any) -> str:
    """The same event sent again without an id still gets the same one: only its delivery differs."""
    lasting = {k: v for k, v in _dict(raw).items() if k != "deliveryContext"} or raw
    return hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()
