"""The queue between accepting an event and answering it: huey, on SQLite, PostgreSQL or Redis.

It carries event ids only and may lose them: what counts stands in the inbox, and the sweep brings
lost ids back (OPS.md §1.5).
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey
from huey.consumer import Consumer
from psycopg import IntegrityError
from psycopg.errors import DuplicateTable
from redis import ConnectionPool

from knowledge.records.queue_file import QueueFile

NAME = "line"
BUSY_TIMEOUT_SECONDS = 1.0
REDIS_LIMITS = {"socket_connect_timeout": 1.0, "socket_timeout": 1.8}
"""A frozen server must not hold the webhook up to LINE's two seconds; a worker waits 1 s for work."""

POSTGRES_THREADS = 16
"""Each of huey's threads holds two connections, one to listen; a server has about a hundred."""

POSTGRES_LIMITS = {"connect_timeout": 2, "options": "-c statement_timeout=1500"}

OUTAGE_SECONDS = 2.0
"""How long a queue is left alone after it failed, so that webhooks do not line up before it."""


class QueueDownError(Exception):
    """The queue failed a moment ago."""


class Workers(Consumer):  # type: ignore[misc]  # huey has no types
    """huey's worker threads inside a process that handles its signals itself."""

    def _set_signal_handlers(self) -> None:
        pass


class Queue:
    """Ids of events in, one call of `answer` an id out, in whatever process runs the workers."""

    def __init__(self, url: str, answer: Callable[[str], None]) -> None:
        self._huey = _huey(url)
        self._is_on_postgres = url.startswith("postgresql://")
        self._down_until = 0.0
        self._answer = self._huey.task(name="answer")(answer)

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
        """Worker threads, not yet started; `stop(graceful=True)` lets them finish what they hold."""
        return Workers(
            self._huey,
            workers=min(threads, POSTGRES_THREADS) if self._is_on_postgres else threads,
            periodic=False,
            initial_delay=0.02,
            max_delay=0.25,
            backoff=1.2,
            scheduler_interval=60,
            shutdown_timeout=20,
        )

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
