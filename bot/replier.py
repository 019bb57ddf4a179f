"""Take stored events, ask the handlers what to say, send it, and note how it ended."""

import logging
import time
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.line_api import Outcome
from bot.parts import Parts
from handlers.line import event as events
from handlers.line import routes, words
from handlers.line.event import Event
from handlers.line.reply import NOTHING, Chat, Reply
from knowledge import privacy
from knowledge.records import inbox, offers, questions, retention, store
from knowledge.records.event_table import Claimed
from knowledge.records.offers import Offer
from knowledge.records.questions import Question
from knowledge.text import normalise

EXPIRY_SECONDS = 50.0
"""A reply token lives for a minute (LINE.md §1); later than this nobody can be answered."""

BUSY_SECONDS = 30.0
"""Who waited this long is told so instead of being searched for: it drains the backlog faster."""

RATE_SECONDS = 60.0
POSTPONED_SECONDS = 3.0
WRITE_PAUSES = (0.1, 0.5, 2.0)
"""Seconds between attempts to write down what happened; together less than a lease."""
GREETED_SECONDS = 24 * 60 * 60.0

ERASING = frozenset({"unsend", "unfollow"})
"""After these, what was erased must not stay in the database's log either."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Before:
    """What the records know of a chat before its event is answered.

    With `instead` set (a notice, or "" for silence) the event gets that in place of an answer, and
    ends as `status`; an emergency is answered all the same.
    """

    offered: Offer = field(default_factory=Offer)
    instead: str | None = None
    status: str = ""


@dataclass(frozen=True)
class Taken:
    """An event for this worker alone, with what came before it."""

    claimed: Claimed
    before: Before


@dataclass(frozen=True)
class Exchange:
    """An event and what became of it."""

    taken: Taken
    status: str
    event: Event | None = None
    reply: Reply = NOTHING
    milliseconds: float = 0.0


def answer(event_id: str, parts: Parts) -> None:
    """Answer an event, then whatever its chat sent since, in order; never raises.

    Nothing happens when another worker has the chat. Without records the sweep tries again.
    """
    try:
        with store.writing(parts.records) as connection:
            taken = _taken(connection, inbox.claim(connection, event_id, parts.clock()), parts)
        while taken is not None:
            taken = _work(taken, parts)
    except SQLAlchemyError as error:
        log.error("records_unavailable", extra={"error": type(error).__name__})


def _taken(connection: Connection, claimed: Claimed | None, parts: Parts) -> Taken | None:
    return None if claimed is None else Taken(claimed, _before(connection, claimed, parts))


def _work(taken: Taken, parts: Parts) -> Taken | None:
    """Answer one event and write down how it ended; returns the next one of its chat."""
    exchange = _exchange(taken, parts)
    if exchange.status == Outcome.NOT_TRIED:
        with store.writing(parts.records) as connection:
            inbox.postpone(connection, taken.claimed.event_id, parts.clock() + POSTPONED_SECONDS)
        return None
    following = _write_down(exchange, parts)
    if exchange.event is not None and exchange.event.kind in ERASING:
        retention.empty_log(parts.records)
    _report(exchange, parts)
    return following


def _write_down(exchange: Exchange, parts: Parts) -> Taken | None:
    """Note how an event ended, and take the next; patiently, as its answer is out already."""
    claimed = exchange.taken.claimed
    for pause in (*WRITE_PAUSES, None):
        try:
            with store.writing(parts.records) as connection:
                inbox.finish(connection, claimed.event_id, exchange.status, parts.clock())
                _keep(connection, exchange, parts)
                following = inbox.claim_next(connection, claimed.chat_key, parts.clock())
                return _taken(connection, following, parts)
        except SQLAlchemyError:
            if pause is None:
                raise
            time.sleep(pause)
    return None


def _exchange(taken: Taken, parts: Parts) -> Exchange:
    """The whole exchange with the citizen; an error in it is an outcome, never an exception."""
    claimed, before = taken.claimed, taken.before
    waited = parts.clock() - claimed.received_at
    started = time.perf_counter()
    try:
        event = events.unpack(parts.seal.open(claimed.body))
        if waited > EXPIRY_SECONDS and event.is_repliable:  # who left is forgotten however late
            return Exchange(taken, "expired")
        with parts.thinking:
            thought = time.perf_counter()
            reply = _reply(event, before, parts)
            parts.metrics.searched(time.perf_counter() - thought)
        status: str = send(event, reply, parts)
    except Exception as error:  # one message that breaks must not stop its chat
        log.error("answer_failed", extra={"event_id": claimed.event_id}, exc_info=error)
        return Exchange(taken, "failed")
    if before.status and reply.decision != "emergency" and status == Outcome.DONE:
        status = before.status
    milliseconds = (time.perf_counter() - started) * 1000
    return Exchange(taken, status, event, reply, milliseconds)


def _before(connection: Connection, claimed: Claimed, parts: Parts) -> Before:
    chat, received_at = claimed.chat_key, claimed.received_at
    offered = offers.recall(connection, chat, parts.clock())
    is_spoken = claimed.kind in inbox.SPOKEN
    if is_spoken and _is_too_fast(connection, claimed, parts.config.rate_limit):
        since = received_at - RATE_SECONDS
        if inbox.has_ended(connection, chat, ("slowed", "ignored"), since):
            return Before(offered, "", "ignored")
        return Before(offered, words.SLOW_DOWN, "slowed")
    if claimed.kind == "follow":
        since = received_at - GREETED_SECONDS
        if inbox.has_ended(connection, chat, (Outcome.DONE,), since, kind="follow"):
            return Before(offered, "", "ignored")
    if is_spoken and parts.clock() - received_at > BUSY_SECONDS:
        return Before(offered, words.BUSY)
    return Before(offered)


def _is_too_fast(connection: Connection, claimed: Claimed, limit: int) -> bool:
    count = inbox.recent(connection, claimed.chat_key, RATE_SECONDS, claimed.received_at)
    return count >= limit


def _reply(event: Event, before: Before, parts: Parts) -> Reply:
    chat = Chat(parts.kb, parts.today(), before.offered.options)
    if before.instead is None:
        return routes.answer(event, chat)
    return routes.answer_briefly(event, chat, before.instead)


def send(event: Event, reply: Reply, parts: Parts) -> Outcome:
    """Send a reply and leave a group where it says so; nothing to say is done."""
    outcome = Outcome.DONE
    if reply.messages and event.is_repliable:
        outcome = parts.line.reply(event.reply_token, list(reply.messages))
    if reply.leaves_group and event.group_id and not event.is_standby:
        left = parts.line.leave(event.source, event.group_id)
        outcome = outcome if left is Outcome.DONE else left
    return outcome


def _keep(connection: Connection, exchange: Exchange, parts: Parts) -> None:
    """Write down what happened, after the citizen has the answer."""
    event, reply = exchange.event, exchange.reply
    if event is None or not event.user_id:
        return
    chat, now = exchange.taken.claimed.chat_key, parts.clock()
    if reply.forgets_chat:
        forget(connection, event.user_id, parts)
    about = exchange.taken.before.offered.event_id if reply.chosen else ""
    about = about or event.id
    if reply.options:
        offers.remember(connection, chat, Offer(about, reply.options), now)
    if reply.chosen:
        questions.note_next_step(connection, about, reply.chosen, now)
    elif event.content == "text" and reply.decision and not exchange.taken.before.status:
        questions.keep(connection, _question(exchange, event, parts))


def forget(connection: Connection, user_id: str, parts: Parts) -> None:
    """Erase what links a citizen's records to each other, in every month they are kept."""
    keys = parts.chat_keys(user_id)
    offers.forget(connection, keys)
    questions.forget(connection, keys)
    inbox.forget(connection, keys)


def _question(exchange: Exchange, event: Event, parts: Parts) -> Question:
    reply = exchange.reply
    redacted = privacy.redact(event.text, reply.findings)
    return Question(
        event_id=event.id,
        asked_at=parts.clock(),
        chat_key=exchange.taken.claimed.chat_key,
        message_id=event.message_id,
        redacted=redacted,
        normalised=normalise(redacted),
        decision=reply.decision,
        shown=[(shown.entry_id, shown.score) for shown in reply.shown],
        engine=parts.kb.engine,
        revision=parts.kb.revision,
        milliseconds=exchange.milliseconds,
        chance=reply.chance,
        reason=reply.reason,
    )


def _report(exchange: Exchange, parts: Parts) -> None:
    age = parts.clock() - exchange.taken.claimed.received_at
    parts.metrics.finished(exchange.status)
    parts.metrics.decided(exchange.reply.decision)
    if exchange.status == Outcome.DONE and exchange.reply.messages:
        parts.metrics.answered(age)
    log.info(
        "event_finished",
        extra={
            "event_id": exchange.taken.claimed.event_id,
            "kind": exchange.event.kind if exchange.event else "",
            "decision": exchange.reply.decision,
            "entries": [shown.entry_id for shown in exchange.reply.shown],
            "outcome": str(exchange.status),
            "attempts": exchange.taken.claimed.attempts,
            "ms": round(exchange.milliseconds, 1),
            "age_ms": round(age * 1000),
        },
    )
