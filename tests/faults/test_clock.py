"""A clock that is set while the bot works: what waits ends, and what comes later is answered."""

import time
from pathlib import Path
from typing import Final

import pytest

from tests.faults import account
from tests.faults.conftest import MakeMachine, Write
from tests.faults.machine import Machine
from tests.load.processes import PYTHON

FIVE_MINUTES: Final = 300

NOTHING_AGAIN: Final = {"redeliver_after": None, "timeout_seconds": 20}
"""Each delivery comes once, and is waited for, as this machine itself may stall for a moment."""


def step(file: Path, seconds: int) -> None:
    """Set the clock; a reader sees the old or the new time, never half of it."""
    new = file.with_suffix(".new")
    new.write_text(str(seconds), encoding="utf-8")
    new.replace(file)


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """How wrong the clock of the machine is."""
    file = tmp_path_factory.mktemp("clock") / "seconds"
    step(file, 0)
    return file


@pytest.fixture(scope="module")
def machine(machine_with: MakeMachine, clock: Path) -> Machine:
    """Web and worker that live by that clock."""
    machine = machine_with()
    for name in ("web", "worker"):
        machine.start([PYTHON, "-m", "tests.faults.clocked", str(clock), name])
    machine.wait_for_web()
    machine.wait_for_worker()
    return machine


def test_steps_of_five_minutes_forward_and_back_lose_nothing(
    machine: Machine, clock: Path, write: Write
) -> None:
    machine.line(latency_ms=300)

    with account.under(machine.plan(rate=20, seconds=4, **NOTHING_AGAIN)) as load:
        time.sleep(1.5)
        step(clock, FIVE_MINUTES)
        time.sleep(1.5)
        step(clock, 0)
    ledger = account.settle(machine, load.result())

    write(ledger, f"ends {account.ends(machine, load.result())}")
    assert (ledger.acked, ledger.lost, ledger.doubled) == (ledger.sent, 0, 0)
    assert ledger.replied + ledger.expired == ledger.sent


@pytest.mark.faults
def test_what_was_put_back_before_a_step_back_is_answered_after_it(
    machine: Machine, clock: Path, write: Write
) -> None:
    step(clock, FIVE_MINUTES)
    machine.line("status500")

    with account.under(machine.plan(rate=10, seconds=2, **NOTHING_AGAIN)) as load:
        time.sleep(1.8)
        step(clock, 0)
    machine.line()
    ledger = account.settle(machine, load.result(), settled={"failed"}, seconds=45)

    write(ledger, f"ends {account.ends(machine, load.result())}")
    assert (ledger.acked, ledger.lost, ledger.doubled) == (ledger.sent, 0, 0)
