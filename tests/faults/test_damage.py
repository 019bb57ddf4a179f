"""Files that are empty or hold nonsense at the start: the bot starts, and answers.

An import killed half-way and two processes that migrate at once are in
tests/knowledge/test_entries_processes.py and tests/knowledge/records/test_migrations.py.
"""

from typing import Final

import pytest

from tests.faults import account
from tests.faults.conftest import MakeMachine, Write
from tests.faults.machine import Machine

NONSENSE: Final = b"this was a database once\n" * 2000


@pytest.fixture(scope="module")
def machine(machine_with: MakeMachine) -> Machine:
    """A machine that has never run, to spoil."""
    return machine_with()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(NONSENSE, id="nonsense"),
        pytest.param(b"", id="empty", marks=pytest.mark.faults),
    ],
)
def test_with_spoilt_files_the_bot_starts_and_answers(
    machine: Machine, content: bytes, write: Write
) -> None:
    machine.close()
    for path in machine.folder.glob("*.db*"):
        path.unlink()
    for path in (machine.records, machine.queue, machine.knowledge):
        path.write_bytes(content)

    machine.start_both()
    with account.under(machine.plan(rate=10, seconds=1)) as load:
        pass
    ledger = account.settle(machine, load.result())

    write(ledger)
    assert (ledger.replied, ledger.lost, ledger.doubled) == (ledger.sent, 0, 0)
    kept = {
        path.name.partition(".corrupt-")[0]: path for path in machine.folder.glob("*.corrupt-*")
    }
    assert set(kept) == ({"records.db", "queue.db", "kb.db"} if content else set())
    assert all(path.read_bytes() == content for path in kept.values())
