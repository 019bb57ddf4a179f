"""The queue between accepting an event and answering it: huey, on SQLite, PostgreSQL or Redis.

It carries event ids only and may lose them: what counts stands in the inbox, and the sweep brings
lost ids back (OPS.md §1.5).
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey
from huey.consumer import Consumer, Worker
from psycopg import IntegrityError
from psycopg.errors import DuplicateTable
from redis import ConnectionPool

from knowledge.records.queue_file import QueueFile

NAME = "line"
BUSY_TIMEOUT_SECONDS = 1.0
REDIS_LIMITS = {"socket_connect_timeout": 1.0, "socket_timeout": 1.8}
"""A frozen server must not hold the webhook up to LINE's two seconds; a worker waits 1 s for work."""

POSTGRES_LIMITS = {"connect_timeout": 2, "options": "-c statement_timeout=1500"}

OUTAGE_SECONDS = 2.0
"""How long a queue is left alone after it failed, so that webhooks do not line up before it."""

STOP_SECONDS = 0.1
"""How often a process whose threads are all busy looks whether it should stop."""

log = logging.getLogger(__name__)


class QueueDownError(Exception):
    """The queue failed a moment ago."""


class Crew:
    """Threads that answer, and the count of those that are free."""

    def __init__(self, threads: int) -> None:
        self._free = threading.Semaphore(threads)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="answer")

    def is_free(self) -> bool:
        """True when a thread is free, or becomes free in a moment."""
        if not self._free.acquire(timeout=STOP_SECONDS):
            return False
        self._free.release()
        return True

    def do(self, answer: Callable[[str], None], event_id: str) -> None:
        """Let a free thread answer."""
        self._free.acquire()
        self._threads.submit(answer, event_id).add_done_callback(self._done)

    def finish(self) -> None:
        """Wait for the answers in hand."""
        self._threads.shutdown(wait=True)

    def _done(self, answered: Future[None]) -> None:
        self._free.release()
        if error := answered.exception():
            log.error("answer_failed", exc_info=error)


class Taker(Worker):  # type: ignore[misc]  # huey has no types
    """The one thread that takes ids off the queue, and none while nobody is free to answer.

    A thread that answers does not poll: sixty-four that did cost more than the answers.
    """

    crew: Crew

    def loop(self, now: float | None = None) -> None:
        """One turn of huey's worker."""
        if self.crew.is_free():
            super().loop(now)


class Workers(Consumer):  # type: ignore[misc]  # huey has no types
    """huey's consumer inside a process that handles its signals itself, with a crew to answer."""

    worker_class = Taker

    def __init__(self, huey: Huey, crew: Crew) -> None:
        super().__init__(
            huey,
            workers=1,
            periodic=False,
            initial_delay=0.01,
            max_delay=0.05,
            backoff=1.2,
            scheduler_interval=60,
            shutdown_timeout=20,
        )
        self._crew = crew
        for taker, _ in self.worker_threads:
            taker.crew = crew

    def finish(self) -> None:
        """Take nothing more, and finish what is in hand."""
        self.stop(graceful=True)
        self._crew.finish()

    def _set_signal_handlers(self) -> None:
        pass


class Queue:
    """Ids of events in, one call of `answer` an id out, in whatever process runs the workers."""

    def __init__(self, url: str, answer: Callable[[str], None]) -> None:
        self._huey = _huey(url)
        self._down_until = 0.0
        self._crew: Crew | None = None
        self._answer = self._huey.task(name="answer")(self._hand_over)
        self._answer_here = answer

    def put(self, event_ids: Iterable[str]) -> None:
        """Queue events; raises what the engine raises, and QueueDownError for a moment after."""
        if time.monotonic() < self._down_until:
            raise QueueDownError
        try:
            for event_id in event_ids:
                self._answer(event_id)
        except Exception:
            self._down_until = time.monotonic() + OUTAGE_SECONDS
            raise

    def workers(self, threads: int) -> Workers:
        """Worker threads, not yet started; `finish()` lets them end what they hold."""
        self._crew = Crew(threads)
        return Workers(self._huey, self._crew)

    def _hand_over(self, event_id: str) -> None:
        if self._crew is None:
            return self._answer_here(event_id)
        return self._crew.do(self._answer_here, event_id)

    def __len__(self) -> int:
        return int(self._huey.pending_count())


def _huey(url: str) -> Huey:
    """The only place that knows the engine. `memory://` answers at once, in the caller's thread."""
    if url.startswith("memory://"):
        return MemoryHuey(NAME, immediate=True, results=False)
    if url.startswith("postgresql://"):
        return _postgres(url)
    if url.startswith(("redis://", "rediss://")):
        pool = ConnectionPool.from_url(url, **REDIS_LIMITS)
        return RedisHuey(NAME, connection_pool=pool, results=False, read_timeout=1)
    path = Path(url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    return Huey(
        NAME,
        storage_class=QueueFile,
        filename=str(path),
        timeout=BUSY_TIMEOUT_SECONDS,
        cache_mb=1,
        results=False,
    )


def _postgres(url: str) -> Huey:
    """Of processes that start together one makes the tables; the others stumble, and find them."""
    try:
        return PostgresHuey(NAME, dsn=url, results=False, **POSTGRES_LIMITS)
    except (IntegrityError, DuplicateTable):
        return PostgresHuey(NAME, dsn=url, results=False, **POSTGRES_LIMITS)
