"""Twenty kills at random points under full load."""

import random
import time
from dataclasses import dataclass
from typing import Final

import pytest

from tests.faults import account
from tests.faults.conftest import MakeMachine, Write
from tests.faults.machine import Machine
from tests.load.letters import Plan
from tests.load.processes import Process

pytestmark = pytest.mark.faults

KILLS: Final = 20
RATE: Final = 100
SECONDS: Final = 300
"""At the most: the load ends with the last kill, which a slow machine reaches later."""

PAUSE: Final = (2.0, 4.5)
"""After the web process answers again: sometimes the worker has not even started."""

SEED: Final = 20261122
VICTIMS: Final = (("web",), ("worker",), ("second worker",), ("web", "worker"))
IN_HAND: Final = 64


@dataclass
class Crew:
    """The web process and the two workers that run just now, as `flask serve` has them on two cores."""

    machine: Machine
    running: dict[str, Process]

    def strike(self, victims: tuple[str, ...]) -> None:
        """Kill these, and start the next ones at once."""
        for victim in victims:
            self.running[victim].kill()
        self.running |= {victim: self._start(victim) for victim in victims}
        self.machine.wait_for_web()

    def _start(self, name: str) -> Process:
        return self.machine.start_web() if name == "web" else self.machine.start_worker()


def load_of(machine: Machine) -> Plan:
    """Full load."""
    return machine.plan(rate=RATE, seconds=SECONDS, users=2000)


def test_twenty_kills_at_random_points_lose_nothing(
    machine_with: MakeMachine, write: Write
) -> None:
    machine = machine_with()
    web, worker = machine.start_both()
    crew = Crew(machine, {"web": web, "worker": worker, "second worker": machine.start_worker()})
    chance = random.Random(SEED)
    done = 0

    with account.under(load_of(machine), is_enough=lambda: done == KILLS) as load:
        machine.wait_until(lambda: bool(machine.stub.calls()))
        while done < KILLS and not load.done():
            time.sleep(chance.uniform(*PAUSE))
            crew.strike(chance.choice(VICTIMS))
            done += 1
    ledger = account.settle(machine, load.result())

    ends = account.ends(machine, load.result())
    write(ledger, f"{done} kills, seed {SEED}, ends {ends}, {dict(load.result().outcomes)}")
    assert done == KILLS
    assert (ledger.lost, ledger.doubled) == (0, 0)
    # LINE, too, gives up on whom it finds gone again and again: on a busy machine a start is slow.
    assert ledger.acked >= 0.9 * ledger.sent
    assert ledger.reply_calls <= ledger.sent + KILLS * IN_HAND
