"""The queue's SQLite file, as safe as the inbox and no slower than it need be."""

import threading
from pathlib import Path
from sqlite3 import Connection, OperationalError
from types import TracebackType
from typing import Any

from huey.storage import SqliteStorage

from knowledge.records import damage

TAKE = """
    DELETE FROM task WHERE id = (
        SELECT id FROM task WHERE queue = ? ORDER BY priority DESC, id LIMIT 1
    ) RETURNING data
"""

TURN_SECONDS = 0.5
"""How long a thread waits for the process's one connection: a webhook has two seconds in all."""


class QueueFile(SqliteStorage):  # type: ignore[misc]  # huey has no types
    """huey's storage, for a file that may be locked, damaged, or gone.

    huey offers full synchronisation or none; NORMAL survives every kill and costs no fsync. What
    is lost with a file is in the inbox, too: the sweep brings it back.
    """

    _conn: Connection | None

    def __init__(self, name: str, filename: str, **settings: Any) -> None:
        path = Path(filename)
        damage.set_aside_alone(path)
        self._file = _SameFile(path)
        super().__init__(name, filename=filename, **settings)
        self.lock = _Turn(TURN_SECONDS)

    @property
    def conn(self) -> Connection:
        """The connection to the file that is there now: it may have been deleted or set aside."""
        if self._conn is not None and not self._file.is_there():
            self._conn.close()
            self._conn = None
        connection: Connection = super().conn
        return connection

    def dequeue(self) -> bytes | None:
        """Take the next task in one statement; huey asks, locks, reads, deletes and commits."""
        rows = self.sql(TAKE, (self.name,), results=True)
        return rows[0][0] if rows else None

    def _create_connection(self) -> Connection:
        connection: Connection = super()._create_connection()
        connection.execute("PRAGMA synchronous = NORMAL")
        for statement in self.ddl:
            connection.execute(statement)
        self._file.note()
        return connection


class _SameFile:
    """Knows whether a path still leads to the file that it led to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[int, int] | None = None

    def note(self) -> None:
        """This is the file meant."""
        self._known = self._number()

    def is_there(self) -> bool:
        """True while it has not been deleted or put elsewhere."""
        return self._known is not None and self._number() == self._known

    def _number(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


class _Turn:
    """A lock that is not waited for longer than a while; then the queue is as good as gone."""

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._seconds = seconds

    def __enter__(self) -> None:
        """Take the turn; raises OperationalError when it does not come."""
        if not self._lock.acquire(timeout=self._seconds):
            raise OperationalError("database is locked: no turn at the queue")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave it to the next."""
        self._lock.release()
