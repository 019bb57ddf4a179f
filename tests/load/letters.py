"""The webhook requests of one load run: full LINE message events, written and signed ahead."""

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from bot.simulator import events

LINE_REDELIVERY = (2.0, 4.0)
"""Seconds; eight deliveries last longer than any start takes, on a busy machine too."""


@dataclass(frozen=True)
class Plan:
    """What to send where: `rate` messages a second for `seconds`, whatever the answers are.

    `redeliver_after` (LINE_REDELIVERY, or other seconds) sends again what got no 200;
    `duplicate_every` n sends each n-th event twice at the same time; `reorder_seconds` delays each
    event at random; `age_seconds` dates the events back; `grace_seconds` is waited at the end.
    """

    url: str
    secret: str
    texts: Sequence[str]
    rate: float
    seconds: float
    users: int = 100
    redeliver_after: tuple[float, float] | None = None
    duplicate_every: int = 0
    reorder_seconds: float = 0.0
    age_seconds: float = 0.0
    connections: int = 64
    timeout_seconds: float = 2.0
    grace_seconds: float = 15.0
    seed: int = 0


@dataclass(frozen=True)
class Letter:
    """One event on its way: `due` in seconds after the start, `wire` the whole HTTP request."""

    event_id: str
    token: str
    text: str
    due: float
    body: bytes = field(repr=False)
    wire: bytes = field(repr=False)


def write_all(plan: Plan, starts_at: float) -> list[Letter]:
    """Every letter of a run that starts at a wall-clock time, in the order of sending."""
    chance = random.Random(plan.seed)
    users = [f"U{chance.getrandbits(128):032x}" for _ in range(plan.users)]
    letters = [
        _write(plan, starts_at, number, users[number % plan.users])
        for number in range(round(plan.rate * plan.seconds))
    ]
    if plan.reorder_seconds:
        letters = [_delayed(letter, chance, plan.reorder_seconds) for letter in letters]
    doubles = letters[:: plan.duplicate_every] if plan.duplicate_every else []
    return sorted([*letters, *doubles], key=lambda letter: letter.due)


def redelivered(letter: Letter, plan: Plan) -> Letter:
    """The same event once more, marked the way LINE marks it."""
    # Inside a JSON text every quote is escaped, so these bytes stand only in deliveryContext.
    body = letter.body.replace(b'"isRedelivery":false', b'"isRedelivery":true')
    return replace(letter, body=body, wire=request(plan, body))


def request(plan: Plan, body: bytes) -> bytes:
    """A signed webhook call as bytes."""
    place = urlsplit(plan.url)
    digest = hmac.digest(plan.secret.encode(), body, hashlib.sha256)
    head = (
        f"POST {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\n"
        "Content-Type: application/json; charset=utf-8\r\nUser-Agent: LineBotWebhook/2.0\r\n"
        f"X-Line-Signature: {base64.b64encode(digest).decode()}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _write(plan: Plan, starts_at: float, number: int, user_id: str) -> Letter:
    due = number / plan.rate
    sent_ms = int((starts_at + due - plan.age_seconds) * 1000)
    token = f"rt-{sent_ms}-{plan.seed}.{number}"
    text = plan.texts[number % len(plan.texts)]
    event = events.text_event(text, user_id=user_id, reply_token=token, timestamp=sent_ms)
    delivery = events.payload(event)
    body = json.dumps(delivery, ensure_ascii=False, separators=(",", ":")).encode()
    return Letter(event["webhookEventId"], token, text, due, body, request(plan, body))


def _delayed(letter: Letter, chance: random.Random, seconds: float) -> Letter:
    return replace(letter, due=letter.due + chance.uniform(0, seconds))
