"""Load on a machine while a test breaks things, and the account of the run afterwards."""

import time
from collections.abc import Callable, Iterator, Set
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from tests.faults.machine import UNFINISHED, Machine
from tests.load.driver import Report, drive
from tests.load.ledger import SETTLED, Ledger, join
from tests.load.letters import Plan

SETTLE_SECONDS: Final = 75.0
"""A token's life, and the time until the last lease and the last sweep after it."""

POLL_SECONDS: Final = 0.25


@contextmanager
def under(plan: Plan, is_enough: Callable[[], bool] = lambda: False) -> Iterator[Future[Report]]:
    """Send a plan's messages in the background; the block ends when all are sent."""
    with ThreadPoolExecutor(1, thread_name_prefix="driver") as threads:
        yield threads.submit(drive, plan, is_enough)


def settle(
    machine: Machine,
    report: Report,
    settled: Set[str] = SETTLED,
    seconds: float = SETTLE_SECONDS,
) -> Ledger:
    """The account, once every event has ended; what has not by then counts as lost."""
    deadline = time.monotonic() + seconds
    while True:
        statuses = machine.statuses()
        ledger = join(report, machine.stub.calls(), statuses, settled)
        open_ones = [e for e in report.events if statuses.get(e.event_id) in UNFINISHED]
        if not (ledger.lost or open_ones) or time.monotonic() > deadline:
            return ledger
        time.sleep(POLL_SECONDS)


def ends(machine: Machine, report: Report) -> dict[str, int]:
    """How many events of a run ended how; "unrecorded" where no row tells."""
    statuses = machine.statuses()
    found = [statuses.get(event.event_id, "unrecorded") for event in report.events]
    return {status: found.count(status) for status in sorted(set(found))}
