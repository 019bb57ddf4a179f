"""Hold a SQLite file as a writer that does not come to an end: `python -m tests.faults.holder FILE SECONDS`."""

import argparse
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.load import processes
from tests.load.processes import PYTHON


@contextmanager
def held(path: Path, folder: Path, seconds: float) -> Iterator[None]:
    """Another process has the file's only write lock for so long; the block ends with it."""
    command = [PYTHON, "-m", "tests.faults.holder", str(path), str(seconds)]
    with processes.start(command, {}, None, folder) as holder:
        while "held" not in holder.output:
            assert holder.is_running, holder.output
            time.sleep(0.01)
        yield
        holder.wait(seconds + 60)


def main() -> None:
    """Say when it is held, and let go after a while."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("seconds", type=float)
    options = parser.parse_args()
    with closing(sqlite3.connect(options.file, timeout=10, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        sys.stdout.write("held\n")
        sys.stdout.flush()
        time.sleep(options.seconds)


if __name__ == "__main__":
    main()
