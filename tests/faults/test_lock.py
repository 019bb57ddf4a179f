"""A lock on the records, short or long: every citizen is answered at once."""

import time
from pathlib import Path

import pytest

from tests.faults import account
from tests.faults.conftest import Write
from tests.faults.holder import held
from tests.faults.machine import Machine


@pytest.mark.parametrize("seconds", [3, pytest.param(30, marks=pytest.mark.faults)])
def test_while_the_records_are_locked_everybody_is_answered(
    machine: Machine, tmp_path: Path, seconds: int, write: Write
) -> None:
    machine.line()

    with account.under(machine.plan(rate=20, seconds=seconds + 1.5)) as load:
        time.sleep(0.5)
        with held(machine.records, tmp_path, seconds):
            pass
    ledger = account.settle(machine, load.result())

    ends = account.ends(machine, load.result())
    write(ledger, f"ends {ends}, deliveries {dict(load.result().outcomes)}")
    assert (ledger.acked, ledger.lost, ledger.doubled) == (ledger.sent, 0, 0)
    assert ledger.replied == ledger.sent
