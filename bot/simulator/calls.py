"""LINE's own rules for each API call: what it answers, and what the call does to the stub."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.simulator.limits import check_messages
from bot.simulator.rules import Problem, Shape, anything, array, boolean, integer, matching, text
from bot.simulator.stub import LineStub

# LINE does not say whether a MB is 1000² or 1024² bytes; the smaller reading is the safe one.
MAX_BODY_BYTES: Final = 2_000_000
USER_ID: Final = re.compile(r"U[0-9a-f]{32}")
CHAT_ID: Final = matching(r"[UCR][0-9a-f]{32}", "the ID of a user, group or room")
RETRY_KEY: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
LOADING_STEP: Final = 5
DEFAULT_LOADING_SECONDS: Final = 20

REPLY_BODY: Final = Shape(
    {"replyToken": text(), "messages": anything}, {"notificationDisabled": boolean}
)
PUSH_BODY: Final = Shape(
    {"to": CHAT_ID, "messages": anything},
    {
        "notificationDisabled": boolean,
        "customAggregationUnits": array(
            matching("[A-Za-z0-9_]{1,30}", "1 to 30 characters of [A-Za-z0-9_]"), 0, 1
        ),
    },
)
VALIDATE_BODY: Final = Shape({"messages": anything})


@dataclass(frozen=True)
class Call:
    """One API call as it arrived; `endpoint` is the path below /v2/bot/."""

    method: str
    endpoint: str
    token: str | None
    retry_key: str | None
    body: bytes
    request_id: str


@dataclass(frozen=True)
class Answer:
    """What LINE answers."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusalError(Exception):
    """A call that breaks a rule, with LINE's answer to it."""

    def __init__(self, status: int, message: str, problems: list[Problem] | None = None) -> None:
        super().__init__(message)
        details = [{"message": p.message, "property": p.property} for p in problems or []]
        self.answer = Answer(
            status, {"message": message, **({"details": details} if details else {})}
        )


def answer(stub: LineStub, call: Call) -> Answer:
    """Answer the call as LINE would, and do what it asks if it is in order."""
    try:
        _authorise(stub, call)
        for method, pattern, endpoint in ENDPOINTS:
            found = re.fullmatch(pattern, call.endpoint)
            if found and method == call.method:
                return endpoint(stub, call, *found.groups())
    except RefusalError as refusal:
        return refusal.answer
    return Answer(404, {"message": "Not found"})


def parsed(body: bytes) -> Any:
    """The JSON of a body, or None where there is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _reply(stub: LineStub, call: Call) -> Answer:
    if call.retry_key is not None:
        raise RefusalError(400, "The X-Line-Retry-Key header is not supported by this endpoint")
    body = _body(call, REPLY_BODY)
    _check(body["messages"])
    _check_mentions(stub.token_chat(body["replyToken"]) or "", body["messages"])
    sent = stub.reply(body["replyToken"], body["messages"])
    if sent is None:
        raise RefusalError(400, "Invalid reply token")
    return Answer(200, {"sentMessages": sent})


def _push(stub: LineStub, call: Call) -> Answer:
    if call.retry_key is not None and not RETRY_KEY.fullmatch(call.retry_key):
        raise RefusalError(400, "The value for the 'X-Line-Retry-Key' parameter is invalid")
    body = _body(call, PUSH_BODY)
    _check(body["messages"])
    _check_mentions(body["to"], body["messages"])
    push = stub.push(body["to"], body["messages"], call.retry_key, call.request_id)
    if push.first_request_id is None:
        return Answer(200, {"sentMessages": push.sent})
    return Answer(
        409,
        {"message": "The retry key is already accepted", "sentMessages": push.sent},
        {"x-line-accepted-request-id": push.first_request_id},
    )


def _validate(_stub: LineStub, call: Call) -> Answer:
    _check(_body(call, VALIDATE_BODY)["messages"])
    return Answer(200)


def _start_loading(stub: LineStub, call: Call) -> Answer:
    body = _body(call, LOADING_BODY)
    stub.start_loading(body["chatId"], body.get("loadingSeconds", DEFAULT_LOADING_SECONDS))
    return Answer(202)


def _profile(_stub: LineStub, _call: Call, user_id: str) -> Answer:
    if not USER_ID.fullmatch(user_id):
        raise RefusalError(400, "The value for the 'userId' parameter is invalid")
    return Answer(200, {"userId": user_id, "displayName": "長崎 テスト", "language": "ja"})


def _leave(_stub: LineStub, _call: Call, _chat_id: str) -> Answer:
    return Answer(200)


def _authorise(stub: LineStub, call: Call) -> None:
    if call.token != stub.channel_token:
        raise RefusalError(
            401,
            "Authentication failed. Confirm that the access token in the authorization header"
            " is valid.",
        )
    if len(call.body) > MAX_BODY_BYTES:
        raise RefusalError(413, "The request body is larger than 2 MB")


def _body(call: Call, shape: Shape) -> dict[str, Any]:
    body = parsed(call.body)
    if not isinstance(body, dict):
        raise RefusalError(400, "The request body could not be parsed as JSON (line: -, column: -)")
    _refuse(shape(body, ""))
    return body


def _check(messages: Any) -> None:
    _refuse(check_messages(messages))


def _check_mentions(chat: str, messages: list[dict[str, Any]]) -> None:
    """Mentions work in groups and rooms only; the validate endpoints can't know."""
    if not chat.startswith("U"):
        return
    _refuse(
        [
            Problem(f"messages[{index}].substitution.{key}", "Mentions need a group chat")
            for index, message in enumerate(messages)
            for key, item in message.get("substitution", {}).items()
            if item["type"] == "mention"
        ]
    )


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise RefusalError(400, f"The request body has {len(problems)} error(s)", problems)


def _loading_seconds(value: Any, path: str) -> list[Problem]:
    problems = integer(LOADING_STEP, 60)(value, path)
    if not problems and value % LOADING_STEP:
        return [Problem(path, f"Must be a multiple of {LOADING_STEP}")]
    return problems


LOADING_BODY: Final = Shape(
    {"chatId": matching(USER_ID.pattern, "the ID of a user")},
    {"loadingSeconds": _loading_seconds},
)
ENDPOINTS: Final[tuple[tuple[str, str, Callable[..., Answer]], ...]] = (
    ("POST", "message/reply", _reply),
    ("POST", "message/push", _push),
    ("POST", "message/validate/(?:reply|push)", _validate),
    ("POST", "chat/loading/start", _start_loading),
    ("GET", "profile/([^/]+)", _profile),
    ("POST", "(?:group|room)/([^/]+)/leave", _leave),
)
