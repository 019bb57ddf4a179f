"""Take accepted events, ask the handlers what to say, send it, and note how it ended."""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Executor, Future, wait

from bot.line_api import Outcome
from bot.parts import Parts
from handlers.line import routes
from handlers.line.event import Event
from handlers.line.reply import Chat, Reply
from knowledge.privacy import user_key
from knowledge.records import inbox, offers

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
    """Answer one event and note the outcome; never raises."""
    started = time.perf_counter()
    try:
        outcome, decision = _reply_to(event, parts)
    except Exception as error:  # noqa: BLE001 - one bad event must never harm its neighbours
        outcome, decision = "failed", ""
        log.error("event %s failed: %s", event.id, type(error).__name__)
    inbox.finish(parts.records, event.id, outcome, parts.clock())
    milliseconds = (time.perf_counter() - started) * 1000
    log.info("event %s %s %s %s in %.0f ms", event.id, event.kind, decision, outcome, milliseconds)


def _reply_to(event: Event, parts: Parts) -> tuple[str, str]:
    key = chat_key(event, parts)
    offered = offers.recall(parts.records, key, parts.clock()) if key else ()
    reply = routes.answer(event, Chat(parts.kb, parts.today(), offered))
    outcome = _send(event, reply, parts)
    if key and reply.forgets_chat:
        offers.forget(parts.records, key)
    if key and reply.options:
        offers.remember(parts.records, key, reply.options, parts.clock())
    return outcome, reply.decision


def chat_key(event: Event, parts: Parts) -> str:
    """The keyed hash under which a chat is remembered this month; empty when nobody is named."""
    if not event.user_id:
        return ""
    return user_key(parts.config.secret_key.encode(), event.user_id, parts.today())


def _send(event: Event, reply: Reply, parts: Parts) -> str:
    outcome: str = "nothing_to_say"
    if reply.messages and event.is_repliable:
        outcome = parts.line.reply(event.reply_token, list(reply.messages))
    if reply.leaves_group and event.group_id and not event.is_standby:
        left = parts.line.leave(event.source, event.group_id)
        outcome = outcome if left is Outcome.DONE else left
    return outcome
