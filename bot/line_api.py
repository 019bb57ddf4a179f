"""The only place that talks to LINE: one shared client, a hard deadline, one careful retry."""

import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final, Protocol
from urllib.parse import quote

import urllib3
from linebot.v3.messaging import ApiClient, ApiException, Configuration

from bot import deadline
from bot.breaker import Breaker
from bot.deadline import Deadline

Message = dict[str, Any]

POOL_SIZE: Final = 64
LOADING_SECONDS: Final = 20

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """How a call ended, as far as can be known."""

    DONE = "done"
    TOKEN_REJECTED = "token_rejected"  # noqa: S105 - the name of an outcome, no secret
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_TRIED = "not_tried"
    """The breaker is open: nothing was sent."""


class Line(Protocol):
    """What the bot needs of LINE."""

    def reply(self, reply_token: str, messages: list[Message]) -> Outcome:
        """Answer an event with 1–5 messages."""

    def leave(self, source: str, group_id: str) -> Outcome:
        """Leave a group or room."""

    def show_loading(self, user_id: str, seconds: int = LOADING_SECONDS) -> Outcome:
        """Show in a one-to-one chat that an answer is on its way."""


@dataclass(frozen=True)
class Pace:
    """How long one attempt may take, and how long to wait before the second.

    Both attempts and the wait take 7.5 s at most, so a reply begun within 50 s of its event ends
    inside the token's minute.
    """

    connect_seconds: float = 1.0
    read_seconds: float = 2.5
    whole_seconds: float = 3.0
    retry_after: tuple[float, float] = (0.2, 0.6)
    retry_after_429: tuple[float, float] = (0.5, 1.5)
    jitter: Callable[[float, float], float] = random.SystemRandom().uniform
    sleep: Callable[[float], None] = time.sleep


class _End(Enum):
    """How one attempt ended, and what that makes of a call that ends with it."""

    DONE = "done", Outcome.DONE
    BAD_TOKEN = "bad_token", Outcome.TOKEN_REJECTED
    REFUSED = "refused", Outcome.FAILED
    BUSY = "busy", Outcome.FAILED
    BROKEN = "broken", Outcome.FAILED
    NOT_SENT = "not_sent", Outcome.FAILED
    LOST = "lost", Outcome.UNKNOWN
    NOT_TRIED = "not_tried", Outcome.NOT_TRIED

    @property
    def outcome(self) -> Outcome:
        return self.value[1]


BAD_ENDS: Final = frozenset({_End.BUSY, _End.BROKEN, _End.NOT_SENT, _End.LOST})
"""What a second attempt may mend, and what several times in a row shows a dead API."""

MAY_HAVE_ARRIVED: Final = frozenset({_End.BROKEN, _End.LOST})


@dataclass(frozen=True)
class _Report:
    """What is known of one attempt; `status` is 0 when there was no answer."""

    end: _End
    status: int = 0
    error: str = ""


def _observe_nothing(_endpoint: str, _outcome: str, _seconds: float) -> None:
    """For those who measure nothing."""


class LineApi:
    """LINE's Messaging API through the SDK's client, created once and shared by all threads.

    Messages go out as plain data through the SDK's REST client: its models would drop unknown keys
    silently and cost milliseconds (LINE.md §5, OPS.md §0.4), its `call_api` copies and decodes what
    nobody needs; the tests hold the messages against the models instead. No method raises.
    """

    def __init__(
        self,
        host: str,
        access_token: str,
        observe: Callable[[str, str, float], None] = _observe_nothing,
        pace: Pace | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        configuration = Configuration(host=host, access_token=access_token)
        configuration.retries = urllib3.Retry(total=False)  # none, no redirects, errors as they are
        configuration.connection_pool_maxsize = POOL_SIZE
        client = ApiClient(configuration)
        deadline.install(client.rest_client.pool_manager)
        self._host = host
        self._rest = client.rest_client
        self._headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            **client.default_headers,
        }
        self._observe = observe
        self._pace = pace or Pace()
        self._breaker = breaker or Breaker()

    def reply(self, reply_token: str, messages: list[Message]) -> Outcome:
        """Answer an event with 1–5 messages.

        Tried a second time where that may help. The token is good for one use, so a second attempt
        never shows the answer twice; but where the first may have arrived, a token that is then
        rejected says nothing about what the citizen saw.
        """
        body = {"replyToken": reply_token, "messages": messages}
        first = self._attempt("/v2/bot/message/reply", body)
        if first not in BAD_ENDS:
            return first.outcome
        pause = self._pace.retry_after_429 if first is _End.BUSY else self._pace.retry_after
        self._pace.sleep(self._pace.jitter(*pause))
        return _together(first, self._attempt("/v2/bot/message/reply", body))

    def leave(self, source: str, group_id: str) -> Outcome:
        """Leave a group or room."""
        return self._attempt(f"/v2/bot/{source}/{quote(group_id, safe='')}/leave", None).outcome

    def show_loading(self, user_id: str, seconds: int = LOADING_SECONDS) -> Outcome:
        """Show the loading animation for 5–60 s (in steps of 5) or until the answer comes."""
        body = {"chatId": user_id, "loadingSeconds": seconds}
        return self._attempt("/v2/bot/chat/loading/start", body).outcome

    def _attempt(self, path: str, body: dict[str, Any] | None) -> _End:
        """One HTTP call, if the breaker allows it, with its measurement and its log line."""
        ticket = self._breaker.enter()
        if ticket is None:
            return _End.NOT_TRIED
        endpoint = path.rsplit("/", 1)[-1]
        started = time.perf_counter()
        report = self._ask(path, body)
        self._observe(endpoint, report.end.outcome, time.perf_counter() - started)
        if report.end is not _End.DONE:
            details = {"endpoint": endpoint, "status": report.status, "error": report.error}
            log.warning("line_call_failed", extra=details)
        self._tell_breaker(ticket, report.end)
        return report.end

    def _tell_breaker(self, ticket: int, end: _End) -> None:
        """A refusal is an answer, too: the API is alive."""
        if end in BAD_ENDS:
            if self._breaker.failed(ticket):
                log.error("line_breaker_opened")
        elif self._breaker.succeeded(ticket):
            log.warning("line_breaker_closed")

    def _ask(self, path: str, body: dict[str, Any] | None) -> _Report:
        with deadline.within(self._pace.whole_seconds) as current:
            try:
                answer = self._rest.request(
                    "POST",
                    self._host + path,
                    headers=self._headers,
                    body=body,
                    _request_timeout=(self._pace.connect_seconds, self._pace.read_seconds),
                )
            except ApiException as error:
                return _refusal(error, current)
            except Exception as error:  # noqa: BLE001 - urllib3, http.client, ssl, ValueErrors: all end here
                return _Report(_broken_off(current), 0, type(error).__name__)
        if not _is_json_object(answer.data):
            return _Report(_End.LOST, answer.status, "not LINE's answer")
        return _Report(_End.DONE, answer.status)


def _refusal(error: ApiException, current: Deadline) -> _Report:
    """What an answer other than 2xx means; the SDK gives TLS errors the status 0."""
    name = type(error).__name__
    if error.status == 0:
        return _Report(_broken_off(current), 0, name)
    if error.status == 429:
        return _Report(_End.BUSY, 429, name)
    if not 400 <= error.status < 500:
        return _Report(_End.BROKEN, error.status, name)
    is_about_token = error.status == 400 and b"reply token" in (error.body or b"")
    return _Report(_End.BAD_TOKEN if is_about_token else _End.REFUSED, error.status, name)


def _broken_off(current: Deadline) -> _End:
    """Once a byte has left, the call may have arrived (LINE.md §2, "Retry")."""
    return _End.LOST if current.sent else _End.NOT_SENT


def _is_json_object(body: bytes) -> bool:
    """LINE answers `{…}`; a proxy's page with status 200 proves nothing."""
    try:
        return isinstance(json.loads(body or b"{}"), dict)
    except (ValueError, RecursionError):
        return False


def _together(first: _End, second: _End) -> Outcome:
    """What two attempts say about one reply."""
    if second is _End.NOT_TRIED:
        return first.outcome
    if second is _End.BAD_TOKEN and first in MAY_HAVE_ARRIVED:
        return Outcome.UNKNOWN
    if first is _End.LOST and second is not _End.DONE:
        return Outcome.UNKNOWN
    return second.outcome
