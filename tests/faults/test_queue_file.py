"""The queue's file, damaged, deleted or locked: what uses it goes on, and nobody waits for it long."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.queue import Queue, QueueDownError


def nobody(_: str) -> None:
    """For queues that only take in."""


def at(path: Path) -> Queue:
    """A queue in a file."""
    return Queue(f"sqlite:///{path}", nobody)


@pytest.mark.parametrize("content", [b"", b"no database\n" * 1000], ids=["empty", "nonsense"])
def test_a_spoilt_queue_is_replaced_at_the_start(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "queue.db"
    path.write_bytes(content)

    queue = at(path)
    queue.put(["event-1"])

    assert len(queue) == 1


def test_what_is_put_after_the_file_was_deleted_reaches_other_processes(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    mine, theirs = at(path), at(path)
    mine.put(["event-1"])
    for file in tmp_path.glob("queue.db*"):
        file.unlink()

    mine.put(["event-2"])

    assert (len(mine), len(theirs)) == (1, 1)


def test_a_queue_that_failed_is_left_alone_for_a_moment(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    queue = at(path)

    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            queue.put(["event-1"])

    with pytest.raises(QueueDownError):
        queue.put(["event-2"])
