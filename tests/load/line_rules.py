"""What the stand-in for LINE decides about each call, and what it remembers of it."""

import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final, NamedTuple

TOKEN_SECONDS: Final = 60.0
"""LINE guarantees a reply token for a minute (LINE.md §1, "replyToken")."""

ISSUED_AT: Final = re.compile(r"rt-(\d+)-")
LEAVE: Final = re.compile(rb"/v2/bot/(?:group|room)/[^/]+/leave")
ENDPOINTS: Final = {
    b"/v2/bot/message/reply": "reply",
    b"/v2/bot/chat/loading/start": "loading",
}
REASONS: Final = {
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class Answer(NamedTuple):
    """An HTTP answer, ready to be written; status 0 is no answer at all."""

    status: int
    head: bytes
    body: bytes


def answer(status: int, body: bytes, content_type: str = "application/json") -> Answer:
    """An answer with its headers."""
    head = (
        f"HTTP/1.1 {status} {REASONS[status]}\r\nServer: line-stand-in\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return Answer(status, head.encode(), body)


def _message(status: int, text: str) -> Answer:
    return answer(status, json.dumps({"message": text}).encode())


def _sent(count: int) -> Answer:
    sent = [{"id": f"46123456789012345{n}", "quoteToken": f"quote-{n}"} for n in range(count)]
    return answer(200, json.dumps({"sentMessages": sent}).encode())


ACCEPTED: Final = {count: _sent(count) for count in range(1, 6)}
LOADING: Final = answer(202, b"{}")
LEFT: Final = answer(200, b"{}")
NO_ANSWER: Final = Answer(0, b"", b"")
INVALID_TOKEN: Final = _message(400, "Invalid reply token")
INVALID_BODY: Final = _message(400, "The request body has 1 error(s)")
NOT_SIGNED_IN: Final = _message(401, "Authentication failed.")
NOT_FOUND: Final = _message(404, "Not found")
TOO_MANY: Final = _message(429, "The API rate limit has been exceeded. Try again later.")
BROKEN: Final = _message(500, "Internal server error")
# A byte no UTF-8 text holds: a client that decodes before it looks at the status falls over it.
GATEWAY_PAGE: Final = answer(502, b"<html><h1>502 \xff Bad Gateway</h1></html>", "text/html")


class Manner(Enum):
    """How an answer reaches the caller."""

    PLAIN = auto()
    LATE = auto()
    DRIP_BODY = auto()
    DRIP_ALL = auto()
    CLOSE = auto()


class Mode(NamedTuple):
    """One way to behave; with `instead` the call is never judged, so it is never accepted."""

    manner: Manner
    instead: Answer | None = None


MODES: Final = {
    "ok": Mode(Manner.PLAIN),
    "status400": Mode(Manner.PLAIN, INVALID_BODY),
    "status429": Mode(Manner.PLAIN, TOO_MANY),
    "status500": Mode(Manner.PLAIN, BROKEN),
    "html": Mode(Manner.PLAIN, GATEWAY_PAGE),
    "hang": Mode(Manner.LATE, BROKEN),
    "hang_accepted": Mode(Manner.LATE),
    "drip": Mode(Manner.DRIP_BODY),
    "drip_headers": Mode(Manner.DRIP_ALL),
    "reset": Mode(Manner.CLOSE, NO_ANSWER),
    "reset_accepted": Mode(Manner.CLOSE),
}


@dataclass(frozen=True)
class Settings:
    """How to behave from now on: the fault strikes every n-th call, `count` times (None: always)."""

    mode: str = "ok"
    latency_ms: float = 50
    seconds: float = 8
    byte_ms: float = 1000
    every: int = 1
    count: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no mode can do."""
        if self.mode not in MODES or self.every < 1:
            raise ValueError(self.mode)


class Call(NamedTuple):
    """One call as it came in; the body stays raw until the ledger is asked for."""

    at: float
    accepted_at: float
    endpoint: str
    status: int
    accepted: bool
    body: bytes


class Reply(NamedTuple):
    """What goes back, how, and after how many seconds."""

    answer: Answer
    manner: Manner
    delay: float


class Line:
    """LINE's side of the calls: tokens, faults, and the ledger."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        """Forget everything and behave well."""
        self._calls: list[Call] = []
        self._spent: set[str] = set()
        self.configure(Settings())

    def configure(self, settings: Settings) -> None:
        """Behave otherwise from the next call on."""
        self.settings = settings
        self._seen = 0
        self._struck = 0

    def take(self, path: bytes, body: bytes, *, has_bearer: bool) -> Reply:
        """Judge one call, note it, and say what goes back."""
        endpoint = ENDPOINTS.get(path) or ("leave" if LEAVE.fullmatch(path) else "")
        if not endpoint:
            return Reply(NOT_FOUND, Manner.PLAIN, 0.0)
        now = self._clock()
        mode = self._next_mode()
        instead = mode.instead if has_bearer else NOT_SIGNED_IN
        verdict = instead or self._judge(endpoint, body, now)
        latency = self.settings.latency_ms / 1000
        accepted = verdict.status in (200, 202)
        status = 0 if mode.manner is Manner.CLOSE else verdict.status
        self._calls.append(Call(now, now + latency, endpoint, status, accepted, body))
        delay = self.settings.seconds if mode.manner is Manner.LATE else latency
        return Reply(verdict, mode.manner, delay)

    def ledger(self) -> list[dict[str, Any]]:
        """Every call so far, as plain data; here the bodies are read."""
        return [_as_row(call) for call in self._calls]

    def _next_mode(self) -> Mode:
        settings = self.settings
        self._seen += 1
        is_spared = self._seen % settings.every != 0
        if is_spared or (settings.count is not None and self._struck >= settings.count):
            return MODES["ok"]
        self._struck += 1
        return MODES[settings.mode]

    def _judge(self, endpoint: str, body: bytes, now: float) -> Answer:
        if endpoint == "loading":
            return LOADING
        if endpoint == "leave":
            return LEFT
        token, messages = _read(body)
        if not 1 <= len(messages) <= 5:
            return INVALID_BODY
        return ACCEPTED[len(messages)] if self._spend(token, now) else INVALID_TOKEN

    def _spend(self, token: str, now: float) -> bool:
        issued = ISSUED_AT.match(token)
        is_old = issued is not None and now - int(issued[1]) / 1000 > TOKEN_SECONDS
        if is_old or token in self._spent:
            return False
        self._spent.add(token)
        return True


def _read(body: bytes) -> tuple[str, list[Any]]:
    """The token and the messages of a reply; no messages when it is not one."""
    try:
        request = json.loads(body)
    except ValueError:
        return "", []
    if not isinstance(request, dict) or not isinstance(request.get("messages"), list):
        return "", []
    return str(request.get("replyToken", "")), request["messages"]


def _as_row(call: Call) -> dict[str, Any]:
    token, messages = _read(call.body)
    raw = json.dumps(messages, sort_keys=True).encode()
    return {
        "at": call.at,
        "accepted_at": call.accepted_at,
        "endpoint": call.endpoint,
        "token": token,
        "status": call.status,
        "accepted": call.accepted,
        "messages_sha": hashlib.sha256(raw).hexdigest()[:16],
        "first_text": _first_text(messages),
    }


def _first_text(messages: list[Any]) -> str:
    texts = [message.get("text") for message in messages if isinstance(message, dict)]
    return next((text for text in texts if isinstance(text, str)), "")
