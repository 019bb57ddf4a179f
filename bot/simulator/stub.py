"""The state of LINE on this machine: chats, reply tokens, retry keys, the ledger and faults."""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal
from uuid import uuid4

from bot.simulator.events import BUILDERS, Event, chat_id

REPLY_TOKEN_SECONDS: Final = 60
REDELIVERED_TOKEN_SECONDS: Final = 20 * 60
RETRY_KEY_SECONDS: Final = 24 * 60 * 60

Message = dict[str, Any]
SentMessages = list[dict[str, str]]


@dataclass(frozen=True)
class Entry:
    """One bubble of a chat; `seq` grows with every bubble on this LINE."""

    seq: int
    author: Literal["user", "bot"]
    message: Message
    at: float


@dataclass(frozen=True)
class Fault:
    """One scripted failure of one API call."""

    kind: Literal["hang", "status", "reset", "drip", "html"]
    seconds: float = 0
    status: int = 500
    message: str = ""
    accepted: bool = False
    endpoint: str = ""


@dataclass(frozen=True)
class LedgerLine:
    """One API call and what became of it; `status` is 0 when the caller got no answer."""

    seq: int
    at: float
    method: str
    endpoint: str
    request: Any
    retry_key: str | None
    request_id: str
    status: int
    response: Any
    accepted: bool
    fault: str | None


@dataclass(frozen=True)
class Push:
    """What became of a push: the sent messages, and the first request if this one repeats it."""

    sent: SentMessages
    first_request_id: str | None = None


@dataclass(frozen=True)
class _Token:
    first_issued_at: float
    issued_at: float
    chat_id: str
    used: bool = False

    def is_usable(self, now: float) -> bool:
        return (
            not self.used
            and now - self.issued_at <= REPLY_TOKEN_SECONDS
            and now - self.first_issued_at <= REDELIVERED_TOKEN_SECONDS
        )


@dataclass(frozen=True)
class _AcceptedPush:
    request_id: str
    at: float
    sent: SentMessages


@dataclass
class _State:
    """Everything that a reset forgets."""

    epoch: str = field(default_factory=lambda: uuid4().hex)
    seq: int = 0
    timelines: dict[str, list[Entry]] = field(default_factory=dict)
    tokens: dict[str, _Token] = field(default_factory=dict)
    pushes: dict[str, _AcceptedPush] = field(default_factory=dict)
    loading_until: dict[str, float] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    ledger: list[LedgerLine] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    released: threading.Event = field(default_factory=threading.Event)


class LineStub:
    """LINE as one bot sees it. Thread-safe: one lock around every read and write."""

    def __init__(self, channel_token: str, clock: Callable[[], float] = time.time) -> None:
        self.channel_token = channel_token
        self._clock = clock
        self._lock = threading.Lock()
        self._state = _State()

    def issue_event(self, user_id: str, kind: str, **fields: Any) -> Event:
        """Build an event that happens now and honour its reply token from now on."""
        timestamp = int(self._clock() * 1000)
        event = BUILDERS[kind](**{"user_id": user_id, "timestamp": timestamp, **fields})
        self.register(event)
        return event

    def register(self, event: Event) -> None:
        """Take note of an event, also one built or delivered again by hand."""
        with self._lock:
            if "replyToken" in event:
                self._issue_token(event["replyToken"], chat_id(event))
            if event["type"] == "unfollow":
                self._state.blocked.add(chat_id(event))
            if event["type"] == "follow":
                self._state.blocked.discard(chat_id(event))

    def record_user_message(self, user_id: str, message: Message) -> None:
        """Show a bubble of the user's in the chat."""
        with self._lock:
            self._append(user_id, "user", [message])

    def chat(self, user_id: str, after: int = 0) -> dict[str, Any]:
        """The chat's newer bubbles, whether loading shows, and which run of LINE this is."""
        with self._lock:
            timeline = self._state.timelines.get(user_id, [])
            return {
                "epoch": self._state.epoch,
                "entries": [entry for entry in timeline if entry.seq > after],
                "loading": self._state.loading_until.get(user_id, 0.0) > self._clock(),
            }

    def reply(self, token: str, messages: list[Message]) -> SentMessages | None:
        """Use up the token and deliver, or None when the token is unknown, used or too old."""
        with self._lock:
            found = self._state.tokens.get(token)
            if found is None or not found.is_usable(self._clock()):
                return None
            self._state.tokens[token] = replace(found, used=True)
            return self._deliver(found.chat_id, messages)

    def token_chat(self, token: str) -> str | None:
        """The chat a reply token belongs to, if it was ever issued."""
        with self._lock:
            found = self._state.tokens.get(token)
            return found.chat_id if found else None

    def push(self, to: str, messages: list[Message], key: str | None, request_id: str) -> Push:
        """Deliver once per retry key; a blocked bot is told nothing and delivers nothing."""
        with self._lock:
            known = self._state.pushes.get(key.lower()) if key else None
            if known and self._clock() - known.at <= RETRY_KEY_SECONDS:
                return Push(known.sent, known.request_id)
            sent = self._deliver(to, messages)
            if key:
                accepted = _AcceptedPush(request_id, self._clock(), sent)
                self._state.pushes[key.lower()] = accepted
            return Push(sent)

    def start_loading(self, user_id: str, seconds: int) -> None:
        """Show the loading animation until the time is over or the bot answers."""
        with self._lock:
            self._state.loading_until[user_id] = self._clock() + seconds

    def script_faults(self, faults: Iterable[Fault]) -> None:
        """Replace the fault script; each step spoils one API call, in order."""
        with self._lock:
            self._state.faults = deque(faults)

    def next_fault(self, endpoint: str) -> Fault | None:
        """Take the next step, unless it waits for another endpoint."""
        with self._lock:
            faults = self._state.faults
            if not faults or faults[0].endpoint not in ("", endpoint):
                return None
            return faults.popleft()

    def record_call(self, line: LedgerLine) -> None:
        """Write one API call into the ledger, numbered and timed here."""
        with self._lock:
            numbered = replace(line, seq=len(self._state.ledger) + 1, at=self._clock())
            self._state.ledger.append(numbered)

    def ledger(self) -> list[LedgerLine]:
        """All API calls since the start or the last reset, accepted and refused."""
        with self._lock:
            return list(self._state.ledger)

    def pause(self, seconds: float) -> None:
        """Keep a call waiting, at most until the next reset."""
        with self._lock:
            released = self._state.released
        released.wait(seconds)

    def reset(self) -> None:
        """Forget everything and let hanging calls go."""
        with self._lock:
            self._state.released.set()
            self._state = _State()

    def _issue_token(self, token: str, chat: str) -> None:
        now = self._clock()
        known = self._state.tokens.get(token, _Token(now, now, chat))
        # A redelivered event renews its token's minute, but a used token stays used.
        self._state.tokens[token] = replace(known, issued_at=now)

    def _deliver(self, chat: str, messages: list[Message]) -> SentMessages:
        self._state.loading_until.pop(chat, None)
        if chat not in self._state.blocked:
            self._append(chat, "bot", messages)
        return [
            {"id": str(secrets.randbits(59)), "quoteToken": secrets.token_urlsafe(48)}
            for _ in messages
        ]

    def _append(self, chat: str, author: Literal["user", "bot"], messages: list[Message]) -> None:
        timeline = self._state.timelines.setdefault(chat, [])
        for message in messages:
            self._state.seq += 1
            timeline.append(Entry(self._state.seq, author, message, self._clock()))
