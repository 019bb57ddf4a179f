"""Do the same work in several real processes at the same moment."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from typing import Any

PATIENCE_SECONDS = 60.0

_starting_line: list[Barrier] = []


def at_once(work: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Run `work` in one new process for each tuple of arguments; the results, in their order."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(arguments))
    with ProcessPoolExecutor(
        len(arguments), mp_context=context, initializer=_line_up, initargs=(barrier,)
    ) as pool:
        running = [pool.submit(_together, work, *each) for each in arguments]
        return [future.result(timeout=PATIENCE_SECONDS) for future in running]


def _line_up(barrier: Barrier) -> None:
    _starting_line.append(barrier)


def _together(work: Callable[..., Any], *arguments: Any) -> Any:
    _starting_line[0].wait(PATIENCE_SECONDS)
    return work(*arguments)
