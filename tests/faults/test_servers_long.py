"""Servers that are killed while the bot runs on them, and two machines of which one dies."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import account
from tests.faults.conftest import MakeMachine, Write, machines
from tests.faults.servers_to_kill import Postgres, Redis

pytestmark = pytest.mark.faults


@pytest.fixture
def machine_with(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeMachine]:
    """Makes machines that end with their test: on one server they would answer for each other."""
    with machines(template, tmp_path_factory) as make:
        yield make


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    """A PostgreSQL of the test's own."""
    server = Postgres(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A Redis of the test's own."""
    server = Redis(tmp_path)
    yield server
    server.thaw()
    server.kill()


def test_postgresql_killed_and_started_again_loses_nothing(
    machine_with: MakeMachine, postgres: Postgres, write: Write
) -> None:
    machine = machine_with(BOT_RECORDS_URL=postgres.url, BOT_QUEUE_URL=postgres.url)
    machine.start_both()

    with account.under(machine.plan(rate=30, seconds=10)) as load:
        time.sleep(2)
        postgres.kill()
        time.sleep(2)
        postgres.start()
    ledger = account.settle(machine, load.result())

    ends = account.ends(machine, load.result())
    write(ledger, f"ends {ends}, deliveries {dict(load.result().outcomes)}")
    assert (ledger.acked, ledger.lost, ledger.doubled) == (ledger.sent, 0, 0)


def killed(server: Redis) -> None:
    """With it goes all that was queued."""
    server.kill()
    time.sleep(2)
    server.start()


def frozen(server: Redis) -> None:
    """It keeps its connections and says nothing for longer than anybody waits."""
    server.freeze()
    time.sleep(5)
    server.thaw()


@pytest.mark.parametrize("blow", [killed, frozen])
def test_a_redis_that_fails_under_load_loses_nothing(
    machine_with: MakeMachine, redis: Redis, blow: Callable[[Redis], None], write: Write
) -> None:
    machine = machine_with(BOT_QUEUE_URL=redis.url)
    machine.start_both()

    with account.under(machine.plan(rate=30, seconds=8)) as load:
        time.sleep(2)
        blow(redis)
    ledger = account.settle(machine, load.result())

    write(ledger, f"deliveries {dict(load.result().outcomes)}")
    assert (ledger.acked, ledger.lost, ledger.doubled) == (ledger.sent, 0, 0)


def test_one_of_two_machines_killed_and_replaced_loses_nothing(
    machine_with: MakeMachine, postgres: Postgres, write: Write
) -> None:
    one = machine_with(BOT_RECORDS_URL=postgres.url, BOT_QUEUE_URL=postgres.url)
    other = machine_with(**one.settings)
    other.stub = one.stub
    one.start_both()
    other.start_both()
    one.line()

    with (
        account.under(one.plan(rate=30, seconds=6)) as to_one,
        account.under(other.plan(rate=30, seconds=6, seed=1)) as to_other,
    ):
        time.sleep(2)
        other.close()
        time.sleep(1)
        other.start_web()
        other.start_worker()
    first = account.settle(one, to_one.result())
    second = account.settle(one, to_other.result())

    write(first, "through the machine that lived")
    write(second, "through the machine that was killed")
    assert (first.acked, first.lost, first.doubled) == (first.sent, 0, 0)
    assert (second.acked, second.lost, second.doubled) == (second.sent, 0, 0)
