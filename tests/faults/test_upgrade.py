"""The steps of bot/deploy/README.md, tried: from the version before to this one, and back."""

import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.faults.conftest import MakeMachine
from tests.faults.machine import FLASK, Machine
from tests.load import processes
from tests.load.driver import Report, drive
from tests.load.ledger import join
from tests.load.processes import Process

pytestmark = pytest.mark.faults

BEFORE: Final = "2cdeda9226faf780ba1b0bfee790eb1b01325538"
RECORDS_BEFORE: Final = "0001"


@pytest.fixture(scope="module")
def old_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree of the version before records had versions, out of this repository's history."""
    folder = tmp_path_factory.mktemp("old")
    packed = folder / "old.tar"
    command = ["git", "archive", f"--output={packed}", BEFORE]
    taken = subprocess.run(command, cwd=processes.ROOT, capture_output=True, check=False)
    if taken.returncode != 0:
        pytest.skip("the history of this checkout does not reach back to the version before")
    with tarfile.open(packed) as archive:
        archive.extractall(folder / "program", filter="data")
    return folder / "program"


@pytest.fixture
def machine(machine_with: MakeMachine) -> Iterator[Machine]:
    """A machine with nothing on it yet: the old program brings its own knowledge."""
    made = machine_with()
    for path in made.folder.glob("*.db*"):
        path.unlink()
    return made


def serve_old(machine: Machine, program: Path) -> Process:
    """The old program, which answers inside the webhook: its first answer takes long."""
    command = ["env", "-C", str(program), FLASK, "serve"]
    old = machine.start(command, f"{machine.url}/healthz")
    machine.wait_for_worker()
    return old


def talk(machine: Machine, seed: int) -> Report:
    """A few people ask, again where they got no 200 in time; every event is answered once."""
    machine.line()
    report = drive(machine.plan(rate=10, seconds=1, seed=seed))
    machine.wait_until(lambda: len(accepted(machine)) >= report.sent)
    ledger = join(report, machine.stub.calls(), {})
    assert (ledger.sent, ledger.acked, ledger.lost, ledger.doubled) == (10, 10, 0, 0)
    return report


def accepted(machine: Machine) -> list[object]:
    """The answers LINE took."""
    return [call for call in machine.stub.calls() if call["accepted"]]


def test_an_upgrade_and_the_way_back_lose_nothing(machine: Machine, old_program: Path) -> None:
    with serve_old(machine, old_program) as old:
        before = talk(machine, seed=1)
        old.terminate()

    with machine.serve() as new:
        known_after_upgrade = machine.statuses()
        talk(machine, seed=2)
        new.terminate(seconds=40)
    back = machine.start([FLASK, "records", "migrate", "--to", RECORDS_BEFORE])
    assert back.wait() == 0, back.output
    with serve_old(machine, old_program) as old:
        talk(machine, seed=3)
        old.terminate()

    with machine.serve():
        known_at_the_end = machine.statuses()
    ids = {event.event_id for event in before.events}
    assert {known_after_upgrade[event_id] for event_id in ids} == {"done"}
    assert ids <= known_at_the_end.keys()
