"""Answer without the records when they cannot be written: a full disk, a lock, a server that is down.

A citizen's answer matters more than our notes. Nothing is remembered between messages meanwhile.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from werkzeug.exceptions import ServiceUnavailable

from bot import replier
from bot.parts import Parts
from handlers.line import routes
from handlers.line.event import Event
from handlers.line.reply import Chat

OUTAGE_SECONDS = 2.0
"""How long the records are left alone after they failed, so that threads do not pile up on them."""

THREADS = 8
MAX_WAITING = 200
KNOWN_EVENTS = 10_000

log = logging.getLogger(__name__)


class Direct:
    """The web process's own way to LINE, beside the workers."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="direct")
        self._lock = Lock()
        self._outage_until = 0.0
        self._known: OrderedDict[str, None] = OrderedDict()
        self._waiting = 0

    def is_needed(self) -> bool:
        """True for a moment after the records failed."""
        return time.monotonic() < self._outage_until

    def begin(self) -> None:
        """The records have just failed."""
        self._outage_until = time.monotonic() + OUTAGE_SECONDS

    def answer(self, found: Sequence[Event]) -> None:
        """Answer events that this process has not seen before.

        Raises ServiceUnavailable when too many wait, and for what asks to be erased, which cannot
        be done now: LINE sends it again.
        """
        with self._lock:
            if self._waiting > MAX_WAITING:
                raise ServiceUnavailable
            fresh = [event for event in found if event.id not in self._known]
            self._known |= dict.fromkeys(event.id for event in fresh)
            while len(self._known) > KNOWN_EVENTS:
                self._known.popitem(last=False)
            self._waiting += len(fresh)
        for event in fresh:
            self._threads.submit(self._answer_one, event)
        if any(event.kind in replier.ERASING for event in found):
            raise ServiceUnavailable

    def _answer_one(self, event: Event) -> None:
        try:
            with self._parts.thinking:
                reply = routes.answer(event, Chat(self._parts.kb, self._parts.today()))
            outcome = replier.send(event, reply, self._parts)
            self._parts.metrics.finished("unrecorded")
            self._parts.metrics.decided(reply.decision)
            log.warning(
                "event_answered_unrecorded", extra={"event_id": event.id, "outcome": str(outcome)}
            )
        except Exception as error:
            log.error("answer_failed", extra={"event_id": event.id}, exc_info=error)
        finally:
            with self._lock:
                self._waiting -= 1
