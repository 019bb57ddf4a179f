"""Keep one web process and its workers running: start, restart, drain. Standard library only.

It replaces the `flask serve` that started it, so that nothing heavy stays in memory beside the
processes that do the work.
"""

import argparse
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from types import FrameType

from bot import logs

POLL_SECONDS = 0.2
HEALTHY_SECONDS = 10.0
MAX_PAUSE_SECONDS = 30.0
DRAIN_SECONDS = 25.0
"""Longer than a worker's own limit of 20 s for the answers in its hands."""

log = logging.getLogger("bot.supervisor")


@dataclass
class Child:
    """One process to keep alive, and when it may start again."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_after: float = 0.0
    failures: int = 0

    def start(self) -> None:
        """Start it, telling it whose place it takes."""
        before = ["--after", str(self.process.pid)] if self.process else []
        self.process = subprocess.Popen([*self.command, "--parent", str(os.getpid()), *before])  # noqa: S603 - our own commands
        self.started_at = time.monotonic()
        log.info("process_started", extra={"worker": self.name})

    def look_after(self) -> None:
        """Start it again when it has ended; the sooner it ended, the later."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None and self.start_after <= self.started_at:
            lived = now - self.started_at
            self.failures = 0 if lived > HEALTHY_SECONDS else self.failures + 1
            pause = min(MAX_PAUSE_SECONDS, 0.5 * 2**self.failures) if self.failures > 1 else 0.0
            self.start_after = now + pause
            log.error(
                "process_ended", extra={"worker": self.name, "status": self.process.returncode}
            )
        if now >= self.start_after:
            self.start()

    def ask_to_stop(self) -> None:
        """SIGTERM: take nothing more, finish what is in hand."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_until(self, deadline: float) -> None:
        """Wait for its end; after the deadline it is killed."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def supervise(web: Child, workers: list[Child], stopping: threading.Event) -> None:
    """Keep all of them alive until told to stop; then the web process goes first."""
    while not stopping.wait(POLL_SECONDS):
        for child in (web, *workers):
            child.look_after()
    for group in ([web], workers):
        deadline = time.monotonic() + DRAIN_SECONDS
        for child in group:
            child.ask_to_stop()
        for child in group:
            child.wait_until(deadline)
    log.info("stopped")


def follow_parent(parent: int) -> None:
    """End this process when its supervisor is gone, so that nothing stays behind on the port."""
    threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def stopping_event() -> threading.Event:
    """Set by SIGTERM and SIGINT."""
    stopping = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping


def command(host: str, workers: int) -> list[str]:
    """The command line of a supervisor."""
    return [sys.executable, "-m", "bot.supervisor", "--host", host, "--workers", str(workers)]


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    logs.configure()
    stopping = stopping_event()
    flask = [sys.executable, "-m", "flask"]
    web = Child("web", [*flask, "web", "--host", options.host])
    workers = [Child(f"worker-{n + 1}", [*flask, "worker"]) for n in range(options.workers)]
    supervise(web, workers, stopping)


if __name__ == "__main__":
    main()
