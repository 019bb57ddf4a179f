"""Start, end and kill real processes, each with a small clean environment and a log file."""

import contextlib
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

ROOT: Final = Path(__file__).parent.parent.parent
PYTHON: Final = sys.executable
READY_SECONDS: Final = 30.0
POLL_SECONDS: Final = 0.03
PORTS: Final = range(10_000, 32_000)
"""Below those that the system gives out by itself, so that nobody gets one before it is used, nor
while the process on it is down."""

INHERITED: Final = ("PATH", "HOME", "LANG")
TICKS: Final = os.sysconf("SC_CLK_TCK")


class NotReadyError(RuntimeError):
    """A process ended, or did not answer in time; the message holds the end of its log."""


class Process:
    """A running command and everything it starts: one process group."""

    def __init__(self, popen: subprocess.Popen[bytes], log: Path) -> None:
        self._popen = popen
        self.log = log
        self.pid = popen.pid

    def __enter__(self) -> Self:
        """Itself; killed at the end of the block if it still runs."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave nothing behind."""
        self.kill()

    @property
    def is_running(self) -> bool:
        """True until the command itself ended."""
        return self._popen.poll() is None

    @property
    def output(self) -> str:
        """What it and its children printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """SIGKILL for the whole group at once; returns when the last of it is dead."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()
        while self.members():
            time.sleep(POLL_SECONDS / 10)

    def terminate(self, seconds: float = 20.0) -> int:
        """SIGTERM for the command alone, as an operator sends it; returns how it ended."""
        self._popen.terminate()
        return self.wait(seconds)

    def wait(self, seconds: float = 20.0) -> int:
        """Wait for its end; subprocess.TimeoutExpired when it does not come."""
        return self._popen.wait(seconds)

    def members(self) -> list[int]:
        """The process ids of the whole group that are alive, the command first."""
        pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        return sorted(pid for pid in pids if _group(pid) == self.pid)

    def cpu_seconds(self) -> float:
        """CPU time of the running group so far, and of its children that ended."""
        return sum(_ticks(pid) for pid in self.members()) / TICKS


def start(
    command: Sequence[str],
    env: Mapping[str, str],
    ready: str | None,
    folder: Path,
    seconds: float = READY_SECONDS,
) -> Process:
    """Run a command from the project's root; returns when `ready` (a URL) answers below 500."""
    log = folder / f"process-{len(list(folder.glob('process-*.log')))}.log"
    with log.open("wb") as output:
        popen = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**clean_environment(), **env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    process = Process(popen, log)
    try:
        if ready is not None:
            _wait_until_ready(process, ready, time.monotonic() + seconds)
    except BaseException:
        process.kill()
        raise
    return process


def clean_environment() -> dict[str, str]:
    """The little a child needs of this process's environment: no keys, no proxies."""
    mine = os.environ  # noqa: TID251 - a child process needs a PATH; nothing is read for the bot
    return {name: mine[name] for name in INHERITED if name in mine}


def free_port() -> int:
    """A port nobody listens on just now."""
    while True:
        port = secrets.choice(PORTS)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def _wait_until_ready(process: Process, url: str, deadline: float) -> None:
    while not _answers(url):
        if not process.is_running or time.monotonic() > deadline:
            raise NotReadyError(f"{url} does not answer\n{process.output[-2000:]}")
        time.sleep(POLL_SECONDS)


def _answers(url: str) -> bool:
    # Only whether it answers is asked here, so a certificate made for the test will do.
    anything = ssl.create_default_context()
    anything.check_hostname = False
    anything.verify_mode = ssl.CERT_NONE
    context = anything if url.startswith("https") else None
    try:
        with urllib.request.urlopen(url, timeout=2, context=context) as response:
            return int(response.status) < 500
    except urllib.error.HTTPError as error:
        error.close()
        return error.code < 500
    except OSError:
        return False


def _fields(pid: int) -> list[str]:
    """What /proc tells after the command's name, which may hold spaces and brackets."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return stat.rpartition(")")[2].split()


def _group(pid: int) -> int:
    """The group of a living process; a dead one that nobody has fetched yet belongs to none."""
    fields = _fields(pid)
    return int(fields[2]) if fields and fields[0] not in "ZX" else 0


def _ticks(pid: int) -> int:
    return sum(int(field) for field in _fields(pid)[11:15])
