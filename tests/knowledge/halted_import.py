"""Import a catalog in a process of its own that halts inside the import, so that it can be killed."""

import subprocess
import sys
from pathlib import Path

from sqlite_utils import Database

from knowledge import entries
from knowledge.entry import Entry
from tests.builders import an_entry

COUNT = 60
AT_THE_END = "-- the end"
PROJECT = Path(__file__).parents[2]


def a_catalog(title: str) -> list[Entry]:
    """Many entries that share a title, so that a mixture of two catalogs shows."""
    return [an_entry(id=f"entry-{number}", title=title) for number in range(COUNT)]


def kill_inside(path: Path, title: str, statement: str, count: int) -> None:
    """Import a catalog elsewhere and SIGKILL it just before it runs a statement for the nth time."""
    module = [sys.executable, "-m", "tests.knowledge.halted_import"]
    with subprocess.Popen(
        [*module, str(path), title, statement, str(count)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        said = process.stdout.readline()
        process.kill()
    assert said == "halted\n"


def _import_and_halt(path: str, title: str, statement: str, count: int) -> None:
    db = Database(path)
    seen: list[str] = []

    def halt_there(sql: str) -> None:
        seen.extend([sql] * " ".join(sql.split()).startswith(statement))
        if len(seen) == count:
            _halt()

    db.conn.set_trace_callback(halt_there)
    entries.import_catalog(db, a_catalog(title))
    halt_there(AT_THE_END)


def _halt() -> None:
    sys.stdout.write("halted\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    _import_and_halt(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
