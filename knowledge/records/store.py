"""Open the records database and hold its tables."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, MetaData, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

metadata = MetaData()

BUSY_TIMEOUT_SECONDS = 1.0
"""A webhook has two seconds in all; better to fail and be redelivered than to wait (OPS.md §5)."""


def open_store(url: str) -> Engine:
    """Connect to the records database, creating what is missing; `url` is SQLAlchemy's."""
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    arguments = {"timeout": BUSY_TIMEOUT_SECONDS} if is_sqlite else {}
    engine = create_engine(url, connect_args=arguments)
    if is_sqlite:
        event.listen(engine, "connect", _tune_sqlite)
    with _one_at_a_time(url):
        metadata.create_all(engine)
    return engine


@contextmanager
def _one_at_a_time(url: str) -> Iterator[None]:
    """Processes that start together must not create the same tables together."""
    path = make_url(url).database
    if make_url(url).get_backend_name() != "sqlite" or path in (None, "", ":memory:"):
        yield
        return
    with Path(f"{path}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def insert(engine: Engine, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, which SQLAlchemy offers per dialect only."""
    if engine.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _tune_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """WAL lets readers and a writer live together; NORMAL survives every kill (OPS.md §0.3)."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()
