"""Do the same work in several real processes at the same moment, or be killed in the middle of it."""

import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from typing import Any, Final

PATIENCE_SECONDS = 60.0

FRESH: Final = multiprocessing.get_context("forkserver")
"""Its processes share nothing with this one; a server that has imported all they need makes them."""
FRESH.set_forkserver_preload(["knowledge.releases", "tests.knowledge.nodes"])

_starting_line: list[Barrier] = []


def at_once(work: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Run `work` in one new process for each tuple of arguments; the results, in their order."""
    barrier = FRESH.Barrier(len(arguments))
    with ProcessPoolExecutor(
        len(arguments), mp_context=FRESH, initializer=_line_up, initargs=(barrier,)
    ) as pool:
        running = [pool.submit(_together, work, *each) for each in arguments]
        return [future.result(timeout=PATIENCE_SECONDS) for future in running]


def killed(work: Callable[..., Any], *arguments: Any) -> None:
    """Let a real process die inside its work; fails when it got through."""
    process = FRESH.Process(target=work, args=arguments)
    process.start()
    process.join(PATIENCE_SECONDS)
    assert process.exitcode == -signal.SIGKILL


def die_before(statement: str, count: int, connection: sqlite3.Connection) -> None:
    """SIGKILL this process just before a statement runs for the nth time on a connection."""
    seen: list[str] = []

    def die_there(sql: str) -> None:
        seen.extend([sql] * " ".join(sql.split()).startswith(statement))
        if len(seen) == count:
            die()

    connection.set_trace_callback(die_there)


def die() -> None:
    """At once, with nothing put in order."""
    os.kill(os.getpid(), signal.SIGKILL)


def _line_up(barrier: Barrier) -> None:
    _starting_line.append(barrier)


def _together(work: Callable[..., Any], *arguments: Any) -> Any:
    _starting_line[0].wait(PATIENCE_SECONDS)
    return work(*arguments)
