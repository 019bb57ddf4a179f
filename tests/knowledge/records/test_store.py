"""A records database that is damaged, slow or gone harms the bot as little as can be."""

import logging
import os
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from knowledge.records import store
from knowledge.records.store import RecordsUrlError
from tests.knowledge.records import oldstore

SECRET_TEXT = "まっこと大事な相談"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the records are."""
    return tmp_path / "records.db"


@pytest.fixture
def pool(postgres_url: str) -> Iterator[Engine]:
    """An open PostgreSQL database."""
    engine = store.open_store(postgres_url)
    yield engine
    engine.dispose()


def opened(path: Path) -> int:
    """Open the records and count the events."""
    engine = store.open_store(f"sqlite:///{path}")
    with engine.connect() as connection:
        count = connection.execute(text('SELECT count(*) FROM "event"')).scalar_one()
    engine.dispose()
    return int(count)


def overwrite_pages(path: Path) -> None:
    """Fill all pages but the first with noise."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(SECRET_TEXT.encode() * (size // 27 - 152))


def set_aside(path: Path) -> list[Path]:
    """The damaged files beside the records."""
    return sorted(path.parent.glob("records.db.corrupt-*"))


def test_a_file_that_is_no_database_is_set_aside(path: Path) -> None:
    path.write_text(SECRET_TEXT * 100, encoding="utf-8")

    count = opened(path)

    (aside,) = set_aside(path)
    assert count == 0
    assert aside.read_text(encoding="utf-8") == SECRET_TEXT * 100


def test_a_database_with_overwritten_pages_is_set_aside(path: Path) -> None:
    oldstore.make(f"sqlite:///{path}")
    overwrite_pages(path)

    count = opened(path)

    assert count == 0
    assert len(set_aside(path)) == 1


def test_the_journals_of_a_damaged_database_go_with_it(path: Path) -> None:
    oldstore.make(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as still_running:
        still_running.execute("PRAGMA journal_mode = WAL")
        still_running.execute("DELETE FROM offer")
        overwrite_pages(path)

        count = opened(path)

    endings = {aside.suffix.partition("Z")[2] for aside in set_aside(path)}
    assert count == 0
    assert endings == {"", "-wal", "-shm"}


def test_the_log_tells_of_the_damage_and_not_of_the_contents(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_text(SECRET_TEXT * 100, encoding="utf-8")

    with caplog.at_level(logging.WARNING):
        opened(path)

    assert "records.db.corrupt-" in caplog.text
    assert "大事な相談" not in caplog.text


def test_a_file_of_no_bytes_is_a_new_database(path: Path) -> None:
    path.touch()

    count = opened(path)

    assert count == 0
    assert set_aside(path) == []


def test_a_sound_database_stays(path: Path) -> None:
    oldstore.make(f"sqlite:///{path}")

    count = opened(path)

    assert count == 2
    assert set_aside(path) == []


def test_a_database_in_use_is_not_called_damaged(path: Path) -> None:
    opened(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        count = opened(path)

    assert count == 0
    assert set_aside(path) == []


def test_deleted_text_leaves_the_file(path: Path) -> None:
    oldstore.make(f"sqlite:///{path}")
    engine = store.open_store(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE question SET redacted = :words"), {"words": SECRET_TEXT})
    written = files(engine, path)

    with engine.begin() as connection:
        connection.execute(text("DELETE FROM question"))

    erased = files(engine, path)
    engine.dispose()
    assert SECRET_TEXT.encode() in written
    assert SECRET_TEXT.encode() not in erased


def files(engine: Engine, path: Path) -> bytes:
    """All bytes of a database, its journal written back."""
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return b"".join(file.read_bytes() for file in path.parent.glob("records.db*"))


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host.example.jp/db"])
def test_an_address_the_records_cannot_live_at_is_refused(url: str) -> None:
    with pytest.raises(RecordsUrlError, match="postgresql://"):
        store.open_store(url)


def test_a_slow_statement_is_given_up(pool: Engine) -> None:
    with pool.connect() as connection, pytest.raises(OperationalError):
        connection.execute(text("SELECT pg_sleep(60)"))


def test_a_server_that_falls_silent_is_given_up_and_left(pool: Engine) -> None:
    with pool.connect() as connection:
        backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        os.kill(backend, signal.SIGSTOP)
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
        os.kill(backend, signal.SIGCONT)

    with pool.connect() as connection:
        found = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()

    assert found != backend


def test_a_server_that_never_speaks_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        with pytest.raises(OperationalError):
            store.open_store(f"postgresql://bot@127.0.0.1:{port}/records")


def test_a_lock_that_somebody_holds_is_given_up(pool: Engine, postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as other, pool.connect() as connection:
        other.execute('LOCK TABLE "event"')

        with pytest.raises(OperationalError, match="lock timeout"):
            connection.execute(text('SELECT count(*) FROM "event"'))


def test_connections_that_the_server_has_closed_are_replaced(
    pool: Engine, postgres_url: str
) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    with pool.connect() as connection:
        found = connection.execute(text("SELECT 1")).scalar()

    assert found == 1
