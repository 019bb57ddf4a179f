"""Long outages: a LINE that hangs, drips or dawdles, a queue that is gone."""

import time
from pathlib import Path
from typing import Final

import pytest

from tests.faults import account
from tests.faults.conftest import Write
from tests.faults.holder import held
from tests.faults.machine import Machine
from tests.load.ledger import SETTLED

pytestmark = pytest.mark.faults

BROKEN_LINE: Final = SETTLED | {"failed", "unknown"}
"""How an event may end when LINE itself does not answer."""

SWEEP_SECONDS: Final = 10.0
"""Nothing that the queue lost is brought back sooner."""


@pytest.mark.parametrize(
    ("mode", "settings"),
    [("hang", {"seconds": 8}), ("drip_headers", {"byte_ms": 1000}), ("status500", {})],
)
def test_while_line_is_broken_everything_is_taken_in_and_ends(
    machine: Machine, mode: str, settings: dict[str, float], write: Write
) -> None:
    machine.line(mode, **settings)

    with account.under(machine.plan(rate=60, seconds=8, users=500)) as load:
        pass
    time.sleep(2)
    machine.stub.mode("ok")
    ledger = account.settle(machine, load.result(), BROKEN_LINE)

    write(ledger, f"ends {account.ends(machine, load.result())}")
    assert (ledger.acked, ledger.lost, ledger.doubled) == (ledger.sent, 0, 0)


def test_with_a_line_that_takes_1_5_s_every_event_is_answered_or_expires(
    machine: Machine, write: Write
) -> None:
    machine.line(latency_ms=1500)

    with account.under(machine.plan(rate=60, seconds=15, users=500)) as load:
        pass
    ledger = account.settle(machine, load.result())

    write(ledger, f"ends {account.ends(machine, load.result())}")
    assert (ledger.acked, ledger.lost, ledger.doubled) == (ledger.sent, 0, 0)
    assert ledger.replied + ledger.expired == ledger.sent


def test_what_cannot_be_queued_is_answered_by_the_sweep(
    machine: Machine, tmp_path: Path, write: Write
) -> None:
    machine.line()

    with (
        held(machine.queue, tmp_path, seconds=12),
        account.under(
            machine.plan(rate=20, seconds=2, redeliver_after=None, timeout_seconds=6)
        ) as load,
    ):
        pass
    ledger = account.settle(machine, load.result())

    write(ledger, f"deliveries {dict(load.result().outcomes)}")
    assert (ledger.acked, ledger.lost, ledger.doubled) == (ledger.sent, 0, 0)
    assert ledger.replied == ledger.sent


def test_a_queue_file_deleted_under_load_is_replaced(machine: Machine, write: Write) -> None:
    machine.line()

    with account.under(machine.plan(rate=40, seconds=4)) as load:
        time.sleep(2)
        for path in machine.folder.glob("queue.db*"):
            path.unlink()
    during = account.settle(machine, load.result())
    machine.line()
    with account.under(machine.plan(rate=20, seconds=1)) as load:
        pass
    after = account.settle(machine, load.result())

    write(during)
    write(after, "the queue that came after it")
    assert (during.replied, during.lost, during.doubled) == (during.sent, 0, 0)
    assert (after.replied, after.lost) == (after.sent, 0)
    assert after.reply_p99_ms < SWEEP_SECONDS * 1000
