"""Set a damaged SQLite file aside, so that the bot keeps answering with a fresh one."""

import fcntl
import logging
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

log = logging.getLogger(__name__)


def set_aside(path: Path) -> Path | None:
    """Rename a damaged database and its journals; returns its new place, None when it is sound.

    Two processes must not do this together. A file of no bytes is simply a new database.
    """
    if not path.exists() or _is_sound(path):
        return None
    aside = path.with_name(f"{path.name}.corrupt-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
    for suffix in ("-wal", "-shm", ""):
        journal = path.with_name(path.name + suffix)
        if journal.exists():
            journal.rename(aside.with_name(aside.name + suffix))
    log.warning("%s was damaged; it is kept as %s, a fresh file begins", path.name, aside.name)
    return aside


def set_aside_alone(path: Path) -> Path | None:
    """The same for a file that has no lock of its own: processes that start together take turns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return set_aside(path)


def _is_sound(path: Path) -> bool:
    """What cannot be read for another reason (busy, disk full, forbidden) is not called damaged."""
    try:
        with closing(sqlite3.connect(path, timeout=1)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)])
    except sqlite3.OperationalError:
        return True
    except sqlite3.DatabaseError as error:
        return error.sqlite_errorcode & 0xFF not in DAMAGED
