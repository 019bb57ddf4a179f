"""Copy the databases of a running bot, and put copies in their place."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, create_engine, delete, func, select

from knowledge.records import copying, store
from knowledge.records.copying import CopyError
from knowledge.records.release import release_table

PATIENCE_SECONDS = 10.0

NOT_EMPTY = "記録のデータベースに、すでに記録があります。空のデータベースに戻してください。"
IN_USE = (
    "データベースが使われ続けているため、戻せませんでした。ボットを止めてから、お試しください。"
)


def copy_file(source: Path, target: Path) -> None:
    """A consistent copy, without what SQLite leaves in free pages."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    target.chmod(0o600)


def copy_records(records: Engine, target: Path, now: float) -> None:
    """The records of one moment as an SQLite file, without messages that wait for an answer."""
    for file in file_of(records):
        copy_file(file, target)
    if records.dialect.name == "postgresql":
        _copy_server(records, target)
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(
            """
            UPDATE event
            SET body = NULL, lease_until = NULL, finished_at = coalesce(finished_at, :now),
                status = CASE WHEN finished_at IS NULL THEN 'expired' ELSE status END
            WHERE body IS NOT NULL OR finished_at IS NULL
            """,
            {"now": int(now * 1000)},
        )
        connection.commit()
        connection.execute("VACUUM")


def _copy_server(records: Engine, target: Path) -> None:
    """One moment of all tables; `copying` makes connections of its own by this address."""
    moment = {"options": r"-c default_transaction_isolation=repeatable\ read"}
    at_once = create_engine(records.url.update_query_dict(moment))
    copy = store.open_store(f"sqlite:///{target}")
    try:
        copying.copy(at_once, copy)
    finally:
        copy.dispose()


def replace(file: Path, copy: Path) -> None:
    """Write a database over another in one transaction; processes that have it open stay well."""
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target, progress=_patience(), sleep=0.05)


def _patience() -> Callable[[int, int, int], None]:
    """Python would try a locked database for ever."""
    limit = time.monotonic() + PATIENCE_SECONDS

    def look(_status: int, _left: int, _total: int) -> None:
        if time.monotonic() > limit:
            raise CopyError(IN_USE)

    return look


def replace_records(records: Engine, copy: Path) -> None:
    """The same for the records; a server is not replaced, it must be empty."""
    for file in file_of(records):
        replace(file, copy)
    if records.dialect.name == "postgresql":
        _fill_server(records, copy)


def _fill_server(records: Engine, copy: Path) -> None:
    """What a starting bot has published of its own, the catalog, gives way."""
    others = [table for table in store.metadata.sorted_tables if table is not release_table]
    with store.writing(records) as connection:
        if any(connection.execute(select(func.count()).select_from(t)).scalar() for t in others):
            raise CopyError(NOT_EMPTY)
        connection.execute(delete(release_table))
    source = store.open_store(f"sqlite:///{copy}")
    try:
        copying.copy(source, records)
    finally:
        source.dispose()


def file_of(records: Engine) -> list[Path]:
    """The SQLite file of the records; nothing for a server."""
    if records.dialect.name != "sqlite":
        return []
    return [Path(str(records.url.database))]
