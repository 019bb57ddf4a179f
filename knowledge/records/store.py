"""Open the records database and hold its tables."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Connection, Engine, MetaData, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import TimeoutError as TurnError
from sqlalchemy.pool import ConnectionPoolEntry

from knowledge.records import damage, migrations, postgres

metadata = MetaData()

Store: TypeAlias = Engine
"""What rooms that know no SQL hold in their hands."""

Insert: TypeAlias = sqlite.Insert | postgresql.Insert

BUSY_TIMEOUT_SECONDS = 0.7
TURN_SECONDS = 1.0
"""A webhook has two seconds in all; better to fail and be redelivered than to wait (OPS.md §5)."""

POSTGRES_NAMES = ("postgresql", "postgres", "postgresql+psycopg")


_TURNS: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()


class RecordsUrlError(ValueError):
    """The address names no database that the records can live in."""


def open_store(url: str) -> Engine:
    """Connect to the records database and bring it to the version this code works with.

    `url` is `sqlite:///PATH` or `postgresql://…`. Processes that start together take turns. A
    damaged SQLite file is set aside and a fresh one begun. A database that a newer program has
    already migrated is opened as it is, with a warning (see `migrations.upgrade`).
    """
    where = make_url(url)
    if where.drivername in POSTGRES_NAMES:
        return _upgraded(postgres.engine(where.set(drivername="postgresql+psycopg")))
    if where.drivername != "sqlite" or where.database in (None, "", ":memory:"):
        raise RecordsUrlError(
            "記録のデータベースには sqlite:///ファイルの場所 か postgresql://… を指定してください。"
        )
    return _open_file(where, Path(str(where.database)))


def _open_file(where: URL, path: Path) -> Engine:
    engine = create_engine(
        where,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS},
        pool_size=8,
        max_overflow=40,  # a connection costs little; a thread that waits for one is late
        pool_timeout=BUSY_TIMEOUT_SECONDS,
        hide_parameters=True,  # an error names the statement, never what somebody wrote
    )
    _TURNS[engine] = Lock()
    event.listen(engine, "connect", _tune_sqlite)
    with _one_at_a_time(path):
        damage.set_aside(path)
        return _upgraded(engine)


def _upgraded(engine: Engine) -> Engine:
    try:
        migrations.upgrade(engine)
    except Exception:
        engine.dispose()
        raise
    return engine


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Processes that start together must not create the same tables together."""
    with Path(f"{path}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read from."""
    with engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes.

    SQLite has one writer at a time and lets the others poll for their turn, some for very long.
    The threads of a process therefore queue here, and only processes meet at the file. Raises
    SQLAlchemy's TimeoutError when the turn does not come.
    """
    turn = _TURNS.get(engine)
    if turn is None:
        with engine.begin() as connection:
            yield connection
        return
    if not turn.acquire(timeout=TURN_SECONDS):
        raise TurnError("no turn to write")
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        turn.release()


def check_writable(engine: Engine) -> None:
    """Raise SQLAlchemy's error when nothing can be written now: a lock, a full disk."""
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def insert(store: Engine | Connection, table: Table) -> Insert:
    """An INSERT that knows ON CONFLICT, which SQLAlchemy offers per dialect only."""
    return insert_for(store.dialect.name, table)


def insert_for(dialect: str, table: Table) -> Insert:
    """The same by the dialect's name, for statements that are built once."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _tune_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """WAL lets readers and a writer live together; NORMAL survives every kill (OPS.md §0.3).

    Deleted text leaves the pages, too.
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()
