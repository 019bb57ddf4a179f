"""kill -9 in the middle of a burst: nobody waits for ever, nobody is answered twice."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import pytest

from bot import parts, webhook
from bot.app import create_app
from bot.config import Config
from bot.simulator import events as letters
from handlers.line import event as events
from knowledge.records import store
from tests.faults import account
from tests.faults.conftest import MakeMachine, Write
from tests.faults.machine import UNFINISHED, Machine, pids
from tests.load.ledger import Ledger
from tests.load.processes import Process

RED_WITHIN_SECONDS: Final = 15.0
IN_HAND: Final = 64
"""Answers that one worker may have under way: so many calls may be made again after its death."""

Blow = Callable[[Machine], float]


@dataclass(frozen=True)
class Burst:
    """What became of the messages of a burst; how many of all its events ended how; and the seconds
    until health was red (0: not awaited)."""

    ledger: Ledger
    ends: Counter[str]
    red_after: float = 0.0


def kill_the_worker(machine: Machine) -> float:
    """The next one starts only when a monitor has seen that nobody answers."""
    _, worker = machine.started
    worker.kill()
    dead_since = time.monotonic()
    machine.wait_until(lambda: machine.health() == 503)
    red_after = time.monotonic() - dead_since
    machine.start_worker()
    return red_after


def kill_the_web(machine: Machine) -> float:
    """With one more event stored that it cannot queue any more; the next one starts at once."""
    web, _ = machine.started
    web.kill()
    store_without_queueing(machine)
    machine.start_web()
    return 0.0


def store_without_queueing(machine: Machine) -> None:
    """What a web process does with an event until just before it queues it."""
    bot = parts.of(create_app(Config.from_env(machine.environment())))
    event = letters.text_event("住民票がほしい", user_id="U" + "7" * 32, reply_token="rt-stored")
    with store.writing(bot.records) as connection:
        webhook.store(connection, [events.parse(event)], bot)
    bot.records.dispose()


def kill_both(machine: Machine) -> float:
    """Both at once; their supervisor starts the next ones."""
    serving = machine.started[0]
    children = pids(serving, "web") + pids(serving, "worker")
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    machine.wait_until(lambda: _are_replaced(serving, children))
    return 0.0


def _are_replaced(serving: Process, before: list[int]) -> bool:
    now = pids(serving, "web") + pids(serving, "worker")
    return len(now) == len(before) and not set(now) & set(before)


BLOWS: Final = (kill_the_worker, kill_the_web, kill_both)


def burst(machine: Machine, blow: Blow) -> Burst:
    """A burst of messages with a blow in its middle, LINE slow enough to have answers in hand."""
    start = machine.serve if blow is kill_both else machine.start_both
    start()
    machine.line(latency_ms=300)
    with account.under(machine.plan(rate=40, seconds=3)) as load:
        time.sleep(1.5)
        red_after = blow(machine)
    ledger = account.settle(machine, load.result())
    machine.wait_until(lambda: not UNFINISHED & set(machine.statuses().values()))
    return Burst(ledger, Counter(machine.statuses().values()), red_after)


@pytest.fixture(scope="module")
def bursts(machine_with: MakeMachine) -> dict[Blow, Burst]:
    """All at once, on a machine each: most of their time is waiting for leases to end."""
    machines = [machine_with() for _ in BLOWS]
    with ThreadPoolExecutor(len(BLOWS)) as threads:
        return dict(zip(BLOWS, threads.map(burst, machines, BLOWS), strict=True))


@pytest.mark.parametrize("blow", BLOWS)
def test_a_kill_in_a_burst_loses_nothing(
    bursts: dict[Blow, Burst], blow: Blow, write: Write
) -> None:
    ledger = bursts[blow].ledger

    write(ledger)
    assert (ledger.acked, ledger.lost, ledger.doubled) == (ledger.sent, 0, 0)
    assert ledger.replied + ledger.expired == ledger.sent
    assert ledger.reply_calls <= ledger.sent + IN_HAND


def test_what_the_web_process_had_stored_and_not_queued_is_answered(
    bursts: dict[Blow, Burst],
) -> None:
    burst = bursts[kill_the_web]

    assert burst.ends == {"done": burst.ledger.sent + 2}  # the one before the burst, and this one


def test_health_is_red_within_15_s_of_the_last_worker_s_death(bursts: dict[Blow, Burst]) -> None:
    red_after = bursts[kill_the_worker].red_after

    # Five seconds for asking on a machine that stalls; tests/bot/test_app.py has the limit itself.
    assert 0 < red_after <= RED_WITHIN_SECONDS + 5
