"""A lock on the records: every citizen is answered at once."""

import time
from pathlib import Path
from typing import Final

from tests.faults import account
from tests.faults.conftest import Write
from tests.faults.holder import held
from tests.faults.machine import Machine

LOCKED_SECONDS: Final = 3.0


def test_while_the_records_are_locked_for_3_s_everybody_is_answered(
    machine: Machine, tmp_path: Path, write: Write
) -> None:
    machine.line()

    with account.under(machine.plan(rate=20, seconds=4)) as load:
        time.sleep(0.5)
        with held(machine.records, tmp_path, LOCKED_SECONDS):
            pass
    ledger = account.settle(machine, load.result())

    ends = account.ends(machine, load.result())
    write(ledger, f"ends {ends}, deliveries {dict(load.result().outcomes)}")
    assert (ledger.acked, ledger.lost, ledger.doubled) == (ledger.sent, 0, 0)
    assert ledger.replied == ledger.sent
