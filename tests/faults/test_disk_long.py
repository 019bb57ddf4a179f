"""A full disk: the bot goes on answering, a monitor is told, and space alone mends it."""

import errno
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from bot.direct import OUTAGE_SECONDS
from tests.faults import account
from tests.faults.conftest import MakeMachine, Write
from tests.faults.machine import Machine, copied

pytestmark = pytest.mark.faults

DISK_SIZE: Final = "16m"
WELL: Final = 200
UNWELL: Final = 503


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE}", "tmpfs", str(folder)]
    made = subprocess.run(mount, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def machine(machine_with: MakeMachine, template: Path, disk: Path) -> Machine:
    """Web and worker whose files are on the small disk."""
    copied(template, disk)
    names = {"BOT_RECORDS_URL": "records.db", "BOT_QUEUE_URL": "queue.db"}
    urls = {variable: f"sqlite:///{disk / name}" for variable, name in names.items()}
    machine = machine_with(BOT_DATABASE=str(disk / "kb.db"), **urls)
    machine.start_both()
    return machine


def fill(disk: Path) -> Path:
    """Write a file until nothing more fits; returns the file."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                os.write(file.fileno(), b"0" * size)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                size //= 2
    return ballast


def test_with_a_full_disk_the_bot_answers_and_recovers_alone(
    machine: Machine, disk: Path, write: Write
) -> None:
    ballast = fill(disk)
    with account.under(machine.plan(rate=10, seconds=6)) as load:
        pass
    full = account.settle(machine, load.result())
    health_when_full = machine.health()
    ends_when_full = account.ends(machine, load.result())

    ballast.unlink()
    machine.wait_until(lambda: machine.health() == WELL, seconds=30)
    time.sleep(OUTAGE_SECONDS + 0.5)
    machine.line()
    with account.under(machine.plan(rate=10, seconds=3, seed=1)) as load:
        pass
    after = account.settle(machine, load.result())

    write(full, f"full: health {health_when_full}, ends {ends_when_full}")
    write(after, f"space again: ends {account.ends(machine, load.result())}")
    assert (full.replied, full.lost, full.doubled) == (full.sent, 0, 0)
    assert (after.replied, after.lost, after.doubled) == (after.sent, 0, 0)
    assert account.ends(machine, load.result()) == {"done": after.sent}
    assert health_when_full == UNWELL
