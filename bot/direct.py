"""Answer without the records when they cannot be written: a full disk, a lock, a server that is down.

A citizen's answer matters more than our notes. Nothing is remembered between messages meanwhile.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock

from werkzeug.exceptions import ServiceUnavailable

from bot import replier
from bot.line_api import Outcome
from bot.parts import Parts
from handlers.line import routes
from handlers.line.event import Event
from handlers.line.reply import Chat

OUTAGE_SECONDS = 2.0
"""How long the records are left alone after they failed, so that threads do not pile up on them."""

THREADS = 8
MAX_WAITING = 200
KNOWN_EVENTS = 10_000

ACK_SECONDS = 1.5
"""How long LINE is kept waiting for its 200: what was accepted and died with this process is lost."""


log = logging.getLogger(__name__)


class Direct:
    """The web process's own way to LINE, beside the workers."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="direct")
        self._lock = Lock()
        self._outage_until = 0.0
        self._known: OrderedDict[str, Future[bool]] = OrderedDict()
        self._waiting = 0

    def is_needed(self) -> bool:
        """True for a moment after the records failed."""
        return time.monotonic() < self._outage_until

    def begin(self) -> None:
        """The records have just failed."""
        self._outage_until = time.monotonic() + OUTAGE_SECONDS

    def answer(self, found: Sequence[Event]) -> None:
        """Answer events, each once; returns when that is done, as only this process knows of them.

        Raises ServiceUnavailable for what could not be answered in time or at all, when too many
        wait, and for what asks to be erased, which cannot be done now: LINE sends it again.
        """
        with self._lock:
            if self._waiting > MAX_WAITING:
                raise ServiceUnavailable
            answers = [self._begun(event) for event in found]
        done, late = wait(answers, ACK_SECONDS)
        are_answered = not late and all(answer.result() for answer in done)
        if not are_answered or any(event.kind in replier.ERASING for event in found):
            raise ServiceUnavailable

    def _begun(self, event: Event) -> Future[bool]:
        """The answer that is under way or was given, unless LINE was never asked to show it."""
        known = self._known.get(event.id)
        if known is not None and not (known.done() and not known.result()):
            return known
        self._waiting += 1
        begun = self._known[event.id] = self._threads.submit(self._answer_one, event)
        if len(self._known) > KNOWN_EVENTS:
            self._known.popitem(last=False)
        return begun

    def _answer_one(self, event: Event) -> bool:
        """False when the same event, coming again, should be tried again."""
        try:
            with self._parts.thinking:
                reply = routes.answer(event, Chat(self._parts.kb, self._parts.today()))
            outcome = replier.send(event, reply, self._parts)
            self._parts.metrics.finished("unrecorded")
            self._parts.metrics.decided(reply.decision)
            log.warning(
                "event_answered_unrecorded", extra={"event_id": event.id, "outcome": str(outcome)}
            )
        except Exception as error:  # trying it again would break again
            log.error("answer_failed", extra={"event_id": event.id}, exc_info=error)
            return True
        else:
            return outcome is not Outcome.NOT_TRIED
        finally:
            with self._lock:
                self._waiting -= 1
