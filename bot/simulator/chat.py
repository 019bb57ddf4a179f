"""The chat page and its JSON: what the user sends becomes a webhook event, bubbles come back."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template, request

from bot.simulator.events import payload
from bot.simulator.json_request import json_body, refusal
from bot.simulator.rules import (
    Problem,
    Rule,
    Shape,
    by_type,
    integer,
    matching,
    number,
    text,
    visible_text,
)
from bot.simulator.stub import LineStub

SendWebhook = Callable[[dict[str, Any]], int]

USER: Final = matching("U[0-9a-f]{32}", "U and 32 hexadecimal digits")
DIGITS: Final = matching("[0-9]+", "digits")
MINUTE_MS: Final = 60_000


def _params(value: Any, path: str) -> list[Problem]:
    if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
        return []
    return [Problem(path, "Must be an object of strings")]


def _kind(required: Mapping[str, Rule], optional: Mapping[str, Rule]) -> Shape:
    return Shape({"user": USER, **required}, optional)


# What the user can do, and the keys each takes. A text has no upper limit here: whatever was
# typed reaches the bot exactly.
SENT: Final = by_type(
    {
        "text": _kind({"text": text()}, {}),
        "sticker": _kind({}, {"packageId": DIGITS, "stickerId": DIGITS}),
        "image": _kind({}, {}),
        "video": _kind({}, {"duration": integer(1, MINUTE_MS)}),
        "audio": _kind({}, {"duration": integer(1, MINUTE_MS)}),
        "file": _kind({}, {"fileName": text(), "fileSize": integer(0)}),
        "location": _kind(
            {"latitude": number(-90, 90), "longitude": number(-180, 180)},
            {"title": text(), "address": text()},
        ),
        "postback": _kind(
            {"data": text(300)}, {"displayText": visible_text(300), "params": _params}
        ),
        "follow": _kind({}, {}),
        "unfollow": _kind({}, {}),
    },
    key="kind",
)
NOT_FOR_THE_EVENT: Final = ("user", "kind", "displayText")
ARGUMENTS: Final[Mapping[str, str]] = {
    "packageId": "package_id",
    "stickerId": "sticker_id",
    "fileName": "file_name",
    "fileSize": "file_size",
}


def add_routes(blueprint: Blueprint, stub: LineStub, send_webhook: SendWebhook) -> None:
    """Serve the page and its two JSON addresses."""
    blueprint.add_url_rule("/", "page", _page)
    blueprint.add_url_rule("/messages", "messages", partial(_messages, stub))
    blueprint.add_url_rule("/send", "send", partial(_send, stub, send_webhook), methods=["POST"])


def _page() -> str:
    return render_template("simulator/chat.html")


def _messages(stub: LineStub) -> Response:
    user_id = request.args.get("user", "")
    after = request.args.get("after", "0")
    problems = [*USER(user_id, "user"), *DIGITS(after, "after")]
    if problems:
        return refusal(problems)
    return jsonify(stub.chat(user_id, int(after)))


def _send(stub: LineStub, send_webhook: SendWebhook) -> Response:
    sent = json_body()
    problems = SENT(sent, "")
    if problems:
        return refusal(problems)
    event = stub.issue_event(sent["user"], sent["kind"], **_arguments(sent))
    bubble = event.get("message") or _display_text(sent)
    if bubble:
        stub.record_user_message(sent["user"], bubble)
    return jsonify(status=send_webhook(payload(event)))


def _arguments(sent: dict[str, Any]) -> dict[str, Any]:
    return {
        ARGUMENTS.get(key, key): value
        for key, value in sent.items()
        if key not in NOT_FOR_THE_EVENT
    }


def _display_text(sent: dict[str, Any]) -> dict[str, str] | None:
    return {"type": "text", "text": sent["displayText"]} if "displayText" in sent else None
