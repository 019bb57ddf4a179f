"""The supervisor: a stop under load loses nothing, and nothing outlives it."""

import os
import signal
import socket
import time
from typing import Final

import pytest

from tests.faults import account
from tests.faults.conftest import MakeMachine, Write
from tests.faults.machine import SERVE, Machine, pids

DRAIN_SECONDS: Final = 25.0


def is_free(port: int) -> bool:
    """True when nobody listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture(scope="module")
def served(machine_with: MakeMachine) -> Machine:
    """A supervisor with one web process and one worker, for all tests of this file."""
    machine = machine_with()
    machine.serve()
    return machine


def test_a_stop_under_load_is_quick_and_loses_nothing(served: Machine, write: Write) -> None:
    serving = served.started[-1]

    with account.under(served.plan(rate=30, seconds=3)) as load:
        time.sleep(1.5)
        stopped_at = time.monotonic()
        status = serving.terminate(seconds=2 * DRAIN_SECONDS)
        drained_in = time.monotonic() - stopped_at
        left, is_port_free = serving.members(), is_free(served.port)
        served.start(SERVE)
    ledger = account.settle(served, load.result())

    write(ledger, f"SIGTERM to the end: {drained_in:.1f} s")
    assert (status, left, is_port_free) == (0, [], True)
    assert drained_in <= DRAIN_SECONDS
    assert (ledger.acked, ledger.lost, ledger.doubled) == (ledger.sent, 0, 0)


def test_no_child_outlives_a_killed_supervisor(served: Machine) -> None:
    serving = served.started[-1]
    served.wait_until(lambda: len(pids(serving, "web") + pids(serving, "worker")) == 2)

    os.kill(serving.pid, signal.SIGKILL)
    serving.wait()
    served.wait_until(lambda: serving.members() == [], seconds=DRAIN_SECONDS)

    assert is_free(served.port)
