"""LINE's door: verify the raw body, take the events in, answer 200."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

from flask import Blueprint, Response, abort, request

from bot import replier
from bot.parts import Parts
from handlers.line import event as events

MAX_BODY_BYTES = 1024 * 1024
SIGNATURE_HEADER = "X-Line-Signature"


def create_blueprint(parts: Parts, threads: Executor) -> Blueprint:
    """`POST /callback`."""
    blueprint = Blueprint("webhook", __name__)

    @blueprint.post("/callback")
    def receive() -> Response:
        body = request.get_data(cache=False)
        signature = request.headers.get(SIGNATURE_HEADER, "")
        if not is_signed(body, signature, parts.config.line_channel_secrets):
            abort(400)
        found = parse(body)
        if found is None:
            abort(400)
        replier.reply_to_all([events.parse(raw) for raw in found], parts, threads)
        return Response("OK", mimetype="text/plain")

    return blueprint


def is_signed(body: bytes, signature: str, secrets: Sequence[str]) -> bool:
    """True when the raw body was signed with one of the channel secrets (old and new in rotation).

    Compared in constant time. Source: LINE.md §1, "Signature".
    """
    given = signature.encode("utf-8", "surrogateescape")
    matches = [hmac.compare_digest(given, sign(body, secret)) for secret in secrets]
    return any(matches)


def sign(body: bytes, secret: str) -> bytes:
    """LINE's signature: Base64 of the HMAC-SHA256 of the body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())


def parse(body: bytes) -> list[Any] | None:
    """The events of a delivery; None for anything that is not one, however deep or odd."""
    try:
        delivery = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    found = delivery.get("events") if isinstance(delivery, dict) else None
    return found if isinstance(found, list) else None
