"""Take accepted events, ask the handlers what to say, send it, and note how it ended."""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass

from bot.line_api import Outcome
from bot.parts import Parts
from handlers.line import routes
from handlers.line.event import Event
from handlers.line.reply import Chat, Reply
from knowledge import privacy
from knowledge.records import inbox, offers, questions
from knowledge.records.offers import Offer
from knowledge.records.questions import Question
from knowledge.text import normalise

ANSWER_SECONDS = 1.5
"""How long the webhook waits for its answers; the rest goes on behind it (LINE allows 2 s)."""

log = logging.getLogger(__name__)


def reply_to_all(events: Sequence[Event], parts: Parts, threads: Executor) -> None:
    """Answer every event not taken before, side by side; one that fails harms no other.

    Raises when the records database refuses: LINE then sends the events again.
    """
    taken = [event for event in events if inbox.take(parts.records, event.id, parts.clock())]
    futures: list[Future[None]] = [threads.submit(reply_to, event, parts) for event in taken]
    wait(futures, timeout=ANSWER_SECONDS)


def reply_to(event: Event, parts: Parts) -> None:
    """Answer one event, then keep the record of it; never raises."""
    started = time.perf_counter()
    try:
        asked_by = chat_key(event, parts)
        offered = offers.recall(parts.records, asked_by, parts.clock()) if asked_by else Offer()
        reply = routes.answer(event, Chat(parts.kb, parts.today(), offered.options))
        outcome = _send(event, reply, parts)
        milliseconds = (time.perf_counter() - started) * 1000
        if asked_by:
            _keep(Exchange(event, asked_by, offered.event_id, reply, milliseconds), parts)
    except Exception as error:  # noqa: BLE001 - one bad event must never harm its neighbours
        log.error("event %s failed: %s", event.id, type(error).__name__)
        inbox.finish(parts.records, event.id, "failed", parts.clock())
        return
    inbox.finish(parts.records, event.id, outcome, parts.clock())
    log.info(
        "event %s %s %s %s in %.0f ms", event.id, event.kind, reply.decision, outcome, milliseconds
    )


@dataclass(frozen=True)
class Exchange:
    """An event of a known chat and its answer; `about` is the question a choice belongs to."""

    event: Event
    chat_key: str
    about: str
    reply: Reply
    milliseconds: float


def _keep(exchange: Exchange, parts: Parts) -> None:
    """Write down what happened, after the citizen has the answer."""
    event, reply, now = exchange.event, exchange.reply, parts.clock()
    if reply.forgets_chat:
        offers.forget(parts.records, exchange.chat_key)
        questions.forget(parts.records, exchange.chat_key)
    about = exchange.about if reply.chosen and exchange.about else event.id
    if reply.options:
        offers.remember(parts.records, exchange.chat_key, Offer(about, reply.options), now)
        offers.purge(parts.records, now)
    if reply.chosen:
        questions.note_next_step(parts.records, about, reply.chosen, now)
    elif event.content == "text":
        questions.keep(parts.records, _question(exchange, parts))


def _question(exchange: Exchange, parts: Parts) -> Question:
    reply = exchange.reply
    redacted = privacy.redact(exchange.event.text, reply.findings)
    return Question(
        event_id=exchange.event.id,
        asked_at=parts.clock(),
        chat_key=exchange.chat_key,
        redacted=redacted,
        normalised=normalise(redacted),
        decision=reply.decision,
        shown=[(shown.entry_id, shown.score) for shown in reply.shown],
        engine=parts.kb.engine,
        revision=parts.kb.revision,
        milliseconds=exchange.milliseconds,
    )


def chat_key(event: Event, parts: Parts) -> str:
    """The keyed hash under which a chat is remembered this month; empty when nobody is named."""
    if not event.user_id:
        return ""
    return privacy.user_key(parts.config.secret_key.encode(), event.user_id, parts.today())


def _send(event: Event, reply: Reply, parts: Parts) -> str:
    outcome: str = "nothing_to_say"
    if reply.messages and event.is_repliable:
        outcome = parts.line.reply(event.reply_token, list(reply.messages))
    if reply.leaves_group and event.group_id and not event.is_standby:
        left = parts.line.leave(event.source, event.group_id)
        outcome = outcome if left is Outcome.DONE else left
    return outcome
