"""Bring a records database to the version this code works with, or back to an earlier one.

Every version is a script in `versions/`; the database remembers its own in `alembic_version`.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

HEAD = "0009"
"""The newest script in `versions/`; kept here so that a start need not read the scripts."""

PATIENCE_SECONDS = 10
"""How long a migration waits for processes of the old version that are writing."""

POSTGRES_LOCK = 958228888
"""Any number that nobody else locks: processes that start together migrate one after another."""

log = logging.getLogger(__name__)


class UnknownVersionError(ValueError):
    """The database is of a version that this code does not know and that is not a later one."""


def upgrade(engine: Engine) -> None:
    """Bring a database to HEAD, whatever it is now: empty, of the time before versions, or old.

    A database already ahead of HEAD stays as it is: during a rolling upgrade the newer program
    has migrated first, and versions only add what the one before does without (expand, then
    contract a release later). Raises UnknownVersionError for any other version.
    """
    with engine.connect() as connection:
        version = version_of(connection)
    if version == HEAD:
        return
    if version is not None and _is_ahead(version):
        log.warning("the records are of version %s; this program knows %s", version, HEAD)
        return
    move_to(engine, HEAD)


def move_to(engine: Engine, version: str) -> None:
    """Upgrade or downgrade to a version (`base` is before the first), all of it or nothing."""
    with _alone(engine) as connection:
        found = version_of(connection) or "base"
        if found not in ("base", version) and _is_unknown(found):
            raise UnknownVersionError(f"記録のデータベースの版「{found}」が分かりません。")
        if _rank(version) >= _rank(found):
            command.upgrade(_settings(connection), version)
        else:
            command.downgrade(_settings(connection), version)


def version_of(connection: Connection) -> str | None:
    """The version a database remembers; None when it is empty or older than versions."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _is_unknown(version: str) -> bool:
    return not version.isdecimal() or _is_ahead(version)


def _is_ahead(version: str) -> bool:
    return version.isdecimal() and version > HEAD


def _rank(version: str) -> int:
    return 0 if version == "base" else int(version)


def _settings(connection: Connection) -> Config:
    settings = Config()
    folder = str(Path(__file__).parent)
    settings.set_main_option("script_location", folder.replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction on a connection of its own, while no other process migrates.

    The connections of the pool give up after a second or two, which a migration must not.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    patience = {"timeout": PATIENCE_SECONDS} if is_sqlite else {"connect_timeout": 2}
    own = create_engine(engine.url, poolclass=NullPool, connect_args=patience)
    if is_sqlite:
        event.listen(own, "connect", _leave_transactions_to_us)
        event.listen(own, "begin", _begin_immediate)
    with own.begin() as connection:
        if not is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": POSTGRES_LOCK})
            connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'"))
        yield connection


def _leave_transactions_to_us(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Python's driver would begin no transaction before CREATE or ALTER."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
