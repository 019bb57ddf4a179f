"""A LINE that fails, and deliveries that come twice, in disorder or late, on real processes."""

from collections.abc import Set
from typing import Final

import pytest

from tests.faults import account
from tests.faults.conftest import Write
from tests.faults.machine import Machine
from tests.load.ledger import SETTLED, Ledger

COUNT: Final = 10


def after_one(
    machine: Machine, mode: str, settled: Set[str] = SETTLED
) -> tuple[Ledger, dict[str, int]]:
    """What becomes of ten messages when LINE behaves so for one of them, and how they end."""
    machine.line(mode, every=5, count=1)
    with account.under(machine.plan(rate=20, seconds=COUNT / 20)) as load:
        pass
    ledger = account.settle(machine, load.result(), settled)
    return ledger, account.ends(machine, load.result())


@pytest.mark.parametrize("mode", ["status429", "status500", "html", "reset"])
def test_when_line_fails_once_the_second_attempt_answers(
    machine: Machine, mode: str, write: Write
) -> None:
    ledger, ends = after_one(machine, mode)

    write(ledger)
    assert (ledger.replied, ledger.lost, ledger.doubled) == (COUNT, 0, 0)
    assert ledger.reply_calls == COUNT + 1
    assert ends == {"done": COUNT}


@pytest.mark.parametrize("mode", ["reset_accepted", "drip"])
def test_when_line_answers_and_cannot_say_so_nobody_is_answered_twice(
    machine: Machine, mode: str, write: Write
) -> None:
    ledger, ends = after_one(machine, mode)

    write(ledger)
    assert (ledger.replied, ledger.lost, ledger.doubled) == (COUNT, 0, 0)
    assert ends == {"done": COUNT - 1, "unknown": 1}


def test_a_message_that_line_refuses_is_not_sent_again(machine: Machine, write: Write) -> None:
    ledger, ends = after_one(machine, "status400", settled={"failed"})

    write(ledger)
    assert (ledger.replied, ledger.lost, ledger.reply_calls) == (COUNT - 1, 0, COUNT)
    assert ends == {"done": COUNT - 1, "failed": 1}


def test_events_delivered_twice_and_in_disorder_are_answered_once_each(
    machine: Machine, write: Write
) -> None:
    machine.line()
    plan = machine.plan(rate=30, seconds=2, users=5, duplicate_every=2, reorder_seconds=1.0)

    with account.under(plan) as load:
        pass
    ledger = account.settle(machine, load.result())

    write(ledger)
    assert (ledger.replied, ledger.lost, ledger.doubled) == (60, 0, 0)
    assert ledger.reply_calls == 60


def test_events_of_hours_ago_end_when_line_refuses_their_tokens(
    machine: Machine, write: Write
) -> None:
    machine.line()

    with account.under(machine.plan(rate=20, seconds=COUNT / 20, age_seconds=3 * 3600)) as load:
        pass
    ledger = account.settle(machine, load.result())

    write(ledger)
    assert (ledger.acked, ledger.lost, ledger.reply_calls) == (COUNT, 0, COUNT)
    assert account.ends(machine, load.result()) == {"token_rejected": COUNT}
