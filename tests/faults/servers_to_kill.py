"""A PostgreSQL and a Redis of a test's own, to be killed, frozen, and started again on their data."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

import psycopg
import pytest
import redis

from tests import servers
from tests.load import processes

START_SECONDS: Final = 30.0
POSTGRES: Final = ("max_connections=200", "shared_buffers=32MB", "listen_addresses=127.0.0.1")


class Postgres:
    """One server in one folder; `url` names its database."""

    def __init__(self, folder: Path) -> None:
        binaries = servers._newest_postgres()
        if binaries is None:
            pytest.skip("PostgreSQL is not installed")
        self._binaries, self._folder = binaries, folder
        self._user = "postgres" if os.geteuid() == 0 else None
        self._port = processes.free_port()
        self.url = f"postgresql://bot@127.0.0.1:{self._port}/postgres"
        _open_to(folder, self._user)
        initdb = [f"{binaries}/initdb", "-D", str(folder / "data"), "-U", "bot", "-A", "trust"]
        self._run([*initdb, "-E", "UTF8", "--locale=C", "--no-sync"]).wait(START_SECONDS)
        self.start()

    def start(self) -> None:
        """Again and again until it holds: what a kill left behind takes a moment to go."""
        command = [f"{self._binaries}/postgres", "-D", str(self._folder / "data")]
        command += ["-k", str(self._folder), "-p", str(self._port)]
        command += [part for setting in POSTGRES for part in ("-c", setting)]
        deadline = time.monotonic() + START_SECONDS
        self._process = self._run(command)
        while not self._answers():
            assert time.monotonic() < deadline, (self._folder / "log").read_text("utf-8")
            if self._process.poll() is not None:
                self._process = self._run(command)
            time.sleep(0.1)

    def kill(self) -> None:
        """SIGKILL; its children end when they notice."""
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, command: list[str]) -> subprocess.Popen[bytes]:
        return servers._run(command, self._folder, self._user or "")


class Redis:
    """One server that keeps nothing: with it goes whatever was queued."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("redis-server") is None:
            pytest.skip("Redis is not installed")
        self._folder = folder
        self._port = processes.free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.start()

    def start(self) -> None:
        """Empty."""
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self._port), "--save", ""]
        self._process = subprocess.Popen(command, cwd=self._folder, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """It keeps its connections and says nothing more."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it was."""
        self._process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                client.ping()
        except redis.ConnectionError:
            return False
        return True


def _open_to(folder: Path, user: str | None) -> None:
    """pytest's folders are root's alone; the server's own user must get through them."""
    if user is None:
        return
    shutil.chown(folder, user)
    for parent in folder.parents:
        if parent.stat().st_uid == 0 and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
