"""Ids go in and come out in whatever thread or process works, and a queue that is gone says so."""

import gc
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis

from bot.queue import Queue
from tests import servers

PATIENCE_SECONDS = 30.0

# huey leaves a thread's connection to PostgreSQL to the garbage collector, of which psycopg warns.
pytestmark = pytest.mark.filterwarnings("ignore:.* was deleted while still open:ResourceWarning")


class Answerer:
    """Remembers the ids it was called with; breaks at some, and waits until it may end."""

    def __init__(self) -> None:
        self.answered: list[str] = []
        self.begun = threading.Event()
        self.may_end = threading.Event()
        self.may_end.set()

    def __call__(self, event_id: str) -> None:
        self.begun.set()
        self.may_end.wait(PATIENCE_SECONDS)
        if event_id == "broken":
            raise RuntimeError
        self.answered.append(event_id)


def eventually(holds: Callable[[], bool]) -> bool:
    """True as soon as something holds; False when it does not for long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.005)
    return holds()


def nobody(_: str) -> None:
    """For queues that only take in."""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The address of an empty queue, in the store of this run."""
    yield servers.queue_url(tmp_path)
    gc.collect()


@pytest.fixture
def answerer() -> Answerer:
    """Somebody who answers."""
    return Answerer()


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that nobody listens on, nor can while the test runs."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def test_what_is_put_waits_until_somebody_works(url: str, answerer: Answerer) -> None:
    queue = Queue(url, answerer)

    queue.put(["event-1", "event-2"])

    assert len(queue) == 2
    assert answerer.answered == []


def test_each_id_is_answered_once_in_its_order(url: str, answerer: Answerer) -> None:
    queue = Queue(url, answerer)
    ids = [f"event-{number}" for number in range(20)]
    queue.put(ids)

    workers = queue.workers(1)
    workers.start()
    is_empty = eventually(lambda: len(answerer.answered) == 20)
    workers.finish()

    assert is_empty
    assert answerer.answered == ids


def test_several_threads_answer_each_id_once_between_them(url: str, answerer: Answerer) -> None:
    queue = Queue(url, answerer)
    ids = [f"event-{number:02}" for number in range(60)]

    workers = queue.workers(4)
    workers.start()
    queue.put(ids)
    is_empty = eventually(lambda: len(answerer.answered) == 60)
    workers.finish()

    assert is_empty
    assert sorted(answerer.answered) == ids


def test_what_one_process_put_another_answers(url: str, answerer: Answerer) -> None:
    Queue(url, nobody).put(["event-1"])

    workers = Queue(url, answerer).workers(1)
    workers.start()
    is_answered = eventually(lambda: answerer.answered == ["event-1"])
    workers.finish()

    assert is_answered


def test_an_answer_that_breaks_does_not_stop_the_next(url: str, answerer: Answerer) -> None:
    queue = Queue(url, answerer)
    queue.put(["broken", "event-1"])

    workers = queue.workers(1)
    workers.start()
    is_answered = eventually(lambda: answerer.answered == ["event-1"])
    workers.finish()

    assert is_answered
    assert len(queue) == 0


def test_whoever_stops_finishes_what_is_in_hand_and_takes_nothing_more(
    url: str, answerer: Answerer
) -> None:
    queue = Queue(url, answerer)
    answerer.may_end.clear()
    queue.put(["event-1"])
    workers = queue.workers(1)
    workers.start()
    assert answerer.begun.wait(PATIENCE_SECONDS)

    queue.put(["event-2"])
    threading.Timer(1, answerer.may_end.set).start()
    workers.finish()

    assert answerer.answered == ["event-1"]
    assert len(queue) == 1


def test_a_queue_in_memory_answers_at_once(answerer: Answerer) -> None:
    Queue("memory://", answerer).put(["event-1"])

    assert answerer.answered == ["event-1"]


def test_the_folder_of_the_queue_is_made(tmp_path: Path) -> None:
    queue = Queue(f"sqlite:///{tmp_path / 'new' / 'folder' / 'queue.db'}", nobody)

    assert len(queue) == 0


def test_a_queue_that_is_gone_says_so(closed_port: int) -> None:
    queue = Queue(f"redis://127.0.0.1:{closed_port}/0", nobody)

    with pytest.raises(redis.ConnectionError):
        queue.put(["event-1"])


def test_a_queue_file_that_is_held_by_somebody_else_says_so(
    tmp_path: Path,
) -> None:
    queue = Queue(f"sqlite:///{tmp_path / 'queue.db'}", nobody)
    queue.put(["event-1"])

    with closing(sqlite3.connect(tmp_path / "queue.db", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            queue.put(["event-2"])
