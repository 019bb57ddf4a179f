"""Connections to PostgreSQL that fail within two seconds instead of hanging.

LINE waits two seconds for an answer; a failed one it delivers again, a late one it counts as lost.
"""

import select
from typing import Any

import psycopg
from psycopg.abc import RV, Buffer, PQGen
from psycopg.pq import TransactionStatus
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError

LIMIT_SECONDS = 2
LOCK_SECONDS = 1
POOL_SIZE = 8
"""With as many more under load; four processes fit PostgreSQL's default of 100 connections."""

_OPTIONS = {
    "connect_timeout": LIMIT_SECONDS,
    "tcp_user_timeout": LIMIT_SECONDS * 1000,
    "keepalives_idle": 10,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "application_name": "nagasaki-line-guide",
    "options": f"-c statement_timeout={LIMIT_SECONDS}s -c lock_timeout={LOCK_SECONDS}s"
    " -c idle_in_transaction_session_timeout=30s",
}


class ImpatientConnection(psycopg.Connection[Any]):
    """Gives up on a server that does not answer: frozen, or cut off without a goodbye."""

    def wait(
        self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = LIMIT_SECONDS
    ) -> RV:
        """Drive one statement; a server that says nothing in time loses the connection."""
        try:
            return super().wait(gen, interval=interval, timeout=timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


class WithoutNul(StrDumperUnknown):
    """PostgreSQL's texts cannot hold U+0000, which a forged form or address may well contain."""

    def dump(self, obj: str) -> Buffer | None:
        """The text without it."""
        return super().dump(obj.replace("\0", ""))


def engine(url: URL) -> Engine:
    """A pool of such connections; one that the server has closed is replaced before its use."""
    made = create_engine(
        url,
        connect_args=_OPTIONS,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_timeout=LOCK_SECONDS,
        hide_parameters=True,  # an error names the statement, never what somebody wrote
    )
    event.listen(made, "do_connect", _connect)
    event.listen(made.pool, "checkout", _replace_closed)
    return made


def _connect(_dialect: Any, _record: Any, arguments: Any, options: Any) -> ImpatientConnection:
    made = ImpatientConnection.connect(*arguments, **options)
    made.adapters.register_dumper(str, WithoutNul)
    return made


def _replace_closed(connection: psycopg.Connection[Any], _record: Any, _proxy: Any) -> None:
    """An idle connection has nothing to read, unless its end: cheaper than asking the server."""
    if connection.closed:
        raise DisconnectionError
    waiting = select.poll()
    waiting.register(connection.pgconn.socket, select.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError
