"""Real processes: started when they answer, ended as a whole, with a clean environment."""

import signal
import time
from pathlib import Path

import pytest

from tests.load import processes, stub_control
from tests.load.processes import PYTHON, NotReadyError

SLEEPS = "import time; time.sleep(60)"
# The parent waits for its child and would survive it; both must go at one kill.
HAS_A_CHILD = (
    "import subprocess, sys;"
    f"child = subprocess.Popen([sys.executable, '-c', {SLEEPS!r}]);"
    "print(child.pid, flush=True); child.wait()"
)


def wait_for_output(process: processes.Process) -> str:
    """The first line a process prints."""
    while "\n" not in process.output:
        assert process.is_running, process.output
        time.sleep(0.01)
    return process.output


def test_a_child_gets_a_clean_environment_and_what_it_is_given(tmp_path: Path) -> None:
    command = [PYTHON, "-c", "import os; print(*sorted(os.environ))"]

    with processes.start(command, {"GIVEN": "1"}, None, tmp_path) as process:
        process.wait()

    names = set(process.output.split()) - {"LC_CTYPE"}  # Python sets this one itself
    assert names <= {"GIVEN", "PATH", "HOME", "LANG"}
    assert "GIVEN" in names


def test_a_kill_takes_the_children_along(tmp_path: Path) -> None:
    with processes.start([PYTHON, "-c", HAS_A_CHILD], {}, None, tmp_path) as process:
        child = int(wait_for_output(process))
        assert child in process.members()

        process.kill()

    assert process.wait() == -signal.SIGKILL
    assert process.members() == []


def test_terminate_asks_the_command_alone(tmp_path: Path) -> None:
    with processes.start([PYTHON, "-c", HAS_A_CHILD], {}, None, tmp_path) as process:
        child = int(wait_for_output(process))

        ended = process.terminate()

        assert (ended, process.is_running) == (-signal.SIGTERM, False)
        assert process.members() == [child]


def test_leaving_the_block_leaves_nothing_behind(tmp_path: Path) -> None:
    with processes.start([PYTHON, "-c", SLEEPS], {}, None, tmp_path) as process:
        assert process.is_running

    assert not Path(f"/proc/{process.pid}").exists()


def test_a_command_that_dies_at_once_says_why(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{processes.free_port()}/"

    with pytest.raises(NotReadyError, match="no such luck"):
        processes.start([PYTHON, "-c", "raise SystemExit('no such luck')"], {}, url, tmp_path)


def test_a_command_that_never_answers_is_given_up_and_killed(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{processes.free_port()}/"

    with pytest.raises(NotReadyError):
        processes.start([PYTHON, "-c", SLEEPS], {}, url, tmp_path, seconds=0.1)


def test_cpu_time_is_counted_while_a_process_works(tmp_path: Path) -> None:
    with processes.start([PYTHON, "-c", "while True: pass"], {}, None, tmp_path) as process:
        while process.cpu_seconds() < 0.05:
            time.sleep(0.01)

        assert process.members() == [process.pid]


def test_the_stub_can_be_killed_and_started_again(tmp_path: Path) -> None:
    with stub_control.running(tmp_path) as stub:
        stub.process.kill()

        with pytest.raises(OSError, match="refused"):
            stub.calls()

    with stub_control.running(tmp_path) as again:
        assert again.calls() == []
