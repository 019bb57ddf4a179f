"""Do a few things again and again beside the work: sweep, fetch the knowledge, forget the old."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from bot import replier
from bot.parts import Parts
from bot.replier import EXPIRY_SECONDS
from handlers.staff import changes
from knowledge import releases
from knowledge.records import inbox, jobs, retention, store

GIVING_WAY_SECONDS = 0.05
"""How long the staff's work waits for an answer in the making, before each of its own steps."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chore:
    """Something done at every turn; what it raises is logged, and the next turn tries again."""

    name: str
    every_seconds: float
    do: Callable[[Parts], object]


class Chores:
    """Each chore in a thread of its own, until stopped."""

    def __init__(self, parts: Parts, chores: tuple[Chore, ...]) -> None:
        self._parts = parts
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=(chore,), name=chore.name, daemon=True)
            for chore in chores
        ]

    def start(self) -> None:
        """Begin; the first turn comes after the first interval."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin no new turn."""
        self._stopping.set()

    def _repeat(self, chore: Chore) -> None:
        while not self._stopping.wait(chore.every_seconds):
            try:
                chore.do(self._parts)
            except Exception as error:  # whatever breaks, the next turn comes
                log.error("chore_failed", extra={"reason": chore.name}, exc_info=error)


def sweep(parts: Parts) -> int:
    """Queue again what was stored but lies about; without a queue, answer it here. Returns how many.

    What is too old to be answered ends here, all at once.
    """
    try:
        expired = inbox.expire(parts.records, parts.clock() - EXPIRY_SECONDS, parts.clock())
        lost = inbox.overdue(parts.records, parts.clock())
    except SQLAlchemyError as error:
        log.error("records_unavailable", extra={"error": type(error).__name__})
        return 0
    try:
        parts.queue.put(lost)
    except Exception as error:  # noqa: BLE001 - every engine has errors of its own
        log.error("queue_unavailable", extra={"error": type(error).__name__})
        for event_id in lost:
            replier.answer(event_id, parts)
    if expired:
        log.warning("events_expired", extra={"count": expired})
    if lost:
        log.info("events_swept", extra={"count": len(lost)})
    return len(lost)


def fetch_knowledge(parts: Parts) -> None:
    """Take in what another machine published."""
    if releases.fetch(parts.kb, parts.records):
        log.info("knowledge_fetched", extra={"revision": parts.kb.revision})


def refresh_knowledge(parts: Parts) -> None:
    """The same, and have the index ready: also when another process of this machine fetched it."""
    fetch_knowledge(parts)
    parts.kb.snapshot(parts.today())


def forget_the_old(parts: Parts) -> None:
    """Erase what has been kept long enough."""
    purged = retention.purge(parts.records, parts.clock(), parts.config.retention_days)
    log.info("records_purged", extra={"count": sum(vars(purged).values())})
    with store.writing(parts.records) as connection:
        jobs.forget_old(connection, parts.clock())


def compare_answers(parts: Parts) -> None:
    """Find out for the staff what a change of theirs would change, after the citizens' answers."""

    def give_way() -> None:
        if parts.thinking.acquire(timeout=GIVING_WAY_SECONDS):
            parts.thinking.release()

    while changes.run_next(parts.desk(), give_way):
        pass


OF_A_WORKER = (
    Chore("sweep", 3.0, sweep),
    Chore("fetch", 2.0, refresh_knowledge),
    Chore("retention", 3600.0, forget_the_old),
    Chore("compare", 1.0, compare_answers),
)
OF_THE_WEB = (Chore("fetch", 2.0, refresh_knowledge),)
