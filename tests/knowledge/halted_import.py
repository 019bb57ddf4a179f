"""Import a catalog in a process of its own that is killed inside the import."""

from pathlib import Path

from sqlite_utils import Database

from knowledge import entries
from knowledge.entry import Entry
from tests.builders import an_entry
from tests.knowledge import processes

COUNT = 60
AT_THE_END = "-- the end"


def a_catalog(title: str) -> list[Entry]:
    """Many entries that share a title, so that a mixture of two catalogs shows."""
    return [an_entry(id=f"entry-{number}", title=title) for number in range(COUNT)]


def kill_inside(path: Path, title: str, statement: str, count: int) -> None:
    """Import a catalog elsewhere, killed just before it runs a statement for the nth time."""
    processes.killed(_import_and_die, path, title, statement, count)


def _import_and_die(path: Path, title: str, statement: str, count: int) -> None:
    db = Database(path)
    processes.die_before(statement, count, db.conn)
    entries.import_catalog(db, a_catalog(title))
    if statement == AT_THE_END:
        processes.die()
