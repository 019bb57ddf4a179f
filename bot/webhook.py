"""LINE's door: verify the raw body, store the events, queue their ids, answer 200."""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, request
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge

from bot.direct import Direct
from bot.loading import Loading
from bot.parts import Parts
from handlers.line import event as events
from handlers.line.event import Event
from knowledge.records import inbox, questions, unsent
from knowledge.records import store as records_store
from knowledge.records.event_table import Arrival

MAX_BODY_BYTES = 1024 * 1024
SIGNATURE_HEADER = "X-Line-Signature"

log = logging.getLogger(__name__)


def create_blueprint(parts: Parts) -> Blueprint:
    """`POST /callback`."""
    door = Door(parts, Direct(parts), Loading(parts))
    blueprint = Blueprint("webhook", __name__)

    @blueprint.post("/callback")
    def receive() -> Response:
        try:
            body = request.get_data(cache=False)
        except RequestEntityTooLarge:
            parts.metrics.refused("size")
            raise
        signature = request.headers.get(SIGNATURE_HEADER, "")
        if not is_signed(body, signature, parts.config.line_channel_secrets):
            parts.metrics.refused("signature")
            abort(400)
        found = parse(body)
        if found is None:
            parts.metrics.refused("body")
            abort(400)
        door.accept([events.parse(raw) for raw in found])
        parts.metrics.accepted(len(found))
        return Response("OK", mimetype="text/plain")

    return blueprint


@dataclass(frozen=True)
class Door:
    """Where accepted events go: the records and the queue, or straight to an answer."""

    parts: Parts
    direct: Direct
    loading: Loading

    def accept(self, found: Sequence[Event]) -> None:
        """Store a delivery's events and queue those that wait; without records, answer at once."""
        if not found:
            return
        if self.direct.is_needed():
            self.direct.answer(found)
            return
        try:
            with records_store.writing(self.parts.records) as connection:
                waiting = store(connection, found, self.parts)
        except SQLAlchemyError as error:
            log.error("records_unavailable", extra={"error": type(error).__name__})
            self.direct.begin()
            self.direct.answer(found)
            return
        self._queue(waiting)
        self.loading.show(found)

    def _queue(self, event_ids: list[str]) -> None:
        try:
            self.parts.queue.put(event_ids)
        except Exception as error:  # noqa: BLE001 - every engine has its own; the sweep queues again
            log.error("queue_unavailable", extra={"error": type(error).__name__})


def store(connection: Connection, found: Sequence[Event], parts: Parts) -> list[str]:
    """Write the events; returns the ids that wait for an answer. A message taken back is erased."""
    now = parts.clock()
    for event in found:
        if event.kind == "unsend" and event.message_id:
            unsent.remember(connection, event.message_id, now)
            inbox.take_back(connection, event.message_id, now)
            questions.take_back(connection, event.message_id)
    return inbox.store(connection, [arrival(event, parts) for event in found], now)


def arrival(event: Event, parts: Parts) -> Arrival:
    """An event as it is stored: its sender as a keyed hash, the rest sealed."""
    return Arrival(
        event_id=event.id,
        chat_key=parts.chat_key(event.user_id or event.group_id or event.id),
        message_id=event.message_id if event.kind == "message" else "",
        kind=event.kind[:32],
        sent_at=event.sent_at,
        body=parts.seal.close(events.pack(event)),
    )


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
