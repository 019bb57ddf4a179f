"""The shelf of published knowledge releases, shared by all machines."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    func,
    select,
)

from knowledge.records.store import metadata

KEPT = 20
"""How many releases stay to go back to."""

PATIENCE_SECONDS = 10.0
POSTGRES_LOCK = 0x6B622D72656C6561
"""Any number that nobody else locks."""

_POLL_SECONDS = 0.02
_EDITOR_CHARS = 64

release_table = Table(
    "release",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("published_at", BigInteger, nullable=False),
    Column("published_by", String(_EDITOR_CHARS), nullable=False),
)

_c = release_table.c
_DESCRIPTION = select(_c.number, _c.sha256, _c.published_at, _c.published_by).order_by(
    _c.number.desc()
)


class BusyError(Exception):
    """Somebody else has been editing for longer than one should wait."""


@dataclass(frozen=True)
class Published:
    """What the shelf says of a release; `at` in seconds."""

    number: int
    sha256: str
    at: float
    by: str


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A transaction while no other process on any machine is in here; BusyError after a while.

    The caller commits. PostgreSQL frees the lock with the transaction, so that a machine that lost
    its lock cannot commit; SQLite, on one machine, is kept by a file lock, as locking the database
    itself would keep LINE's events out.
    """
    with _beside(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            statement = select(func.pg_try_advisory_xact_lock(POSTGRES_LOCK))
            _wait_for(lambda: bool(connection.execute(statement).scalar()))
        yield connection


def newest(connection: Connection) -> Published | None:
    """The newest release, without its content."""
    return next(iter(shelf(connection, limit=1)), None)


def shelf(connection: Connection, limit: int = KEPT) -> list[Published]:
    """The releases that one can go back to, newest first, without their content."""
    rows = connection.execute(_DESCRIPTION.limit(limit))
    return [Published(r.number, r.sha256, r.published_at / 1000, r.published_by) for r in rows]


def content(connection: Connection, number: int) -> tuple[str, bytes] | None:
    """Hash and bytes of one release; None when it is no longer kept."""
    statement = select(_c.sha256, _c.content).where(_c.number == number)
    row = connection.execute(statement).first()
    return (row.sha256, bytes(row.content)) if row else None


def add(connection: Connection, published: Published, packed: bytes) -> None:
    """Put a release on the shelf; what is too old leaves it. A number is taken only once."""
    connection.execute(
        release_table.insert().values(
            number=published.number,
            sha256=published.sha256,
            content=packed,
            published_at=int(published.at * 1000),
            published_by=published.by[:_EDITOR_CHARS],
        )
    )
    connection.execute(delete(release_table).where(_c.number <= published.number - KEPT))


@contextmanager
def _beside(engine: Engine) -> Iterator[None]:
    """The file lock beside an SQLite database; nothing for a server or a database in memory."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or path in (None, "", ":memory:"):
        yield
        return
    with Path(f"{path}.release.lock").open("w") as lock:
        _wait_for(lambda: _locked(lock.fileno()))
        yield


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_for(try_it: Callable[[], bool]) -> None:
    """Ask again and again: a server's own waiting is cut off sooner than people save."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while not try_it():
        if time.monotonic() > limit:
            raise BusyError
        time.sleep(_POLL_SECONDS)
