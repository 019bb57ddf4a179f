"""One machine that runs the bot: its files, its processes, and how to look at it."""

import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

from sqlalchemy import NullPool, create_engine, select
from sqlalchemy.exc import SQLAlchemyError

from knowledge.records.event_table import event_table
from tests.load import processes
from tests.load.driver import drive
from tests.load.letters import LINE_REDELIVERY, Plan
from tests.load.processes import NotReadyError, Process
from tests.load.stub_control import Stub

SECRET: Final = "fictional-channel-secret-0123456789"
FLASK: Final = str(Path(processes.PYTHON).with_name("flask"))
SERVE: Final = (processes.PYTHON, "-m", "bot.supervisor", "--workers", "1")
"""What `flask serve` becomes, with one worker."""

START_SECONDS: Final = 180.0
"""Far more than a start takes, on a busy machine too."""

MESSAGE_LIVES: Final = 45.0
"""Seconds; a little less than the bot itself gives it."""

POLL_SECONDS: Final = 0.1
TEXTS: Final = ("住民票がほしい", "粗大ごみを捨てたい", "スマホの使い方を教えて", "ありがとう")
LATENCY_MS: Final = 50.0
UNFINISHED: Final = frozenset({"received", "processing"})


@dataclass
class Machine:
    """Starts the bot's commands on files of its own; whatever still runs dies with it."""

    folder: Path
    stub: Stub
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=processes.free_port)
    started: list[Process] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where its web process listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def records(self) -> Path:
        """The file of its records, unless they are elsewhere."""
        return self.folder / "records.db"

    @property
    def queue(self) -> Path:
        """The file of its queue, unless it is elsewhere."""
        return self.folder / "queue.db"

    @property
    def knowledge(self) -> Path:
        """The file of its knowledge."""
        return self.folder / "kb.db"

    def environment(self) -> dict[str, str]:
        """What its processes are told."""
        return {
            "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": "fictional-channel-access-token",
            "BOT_SECRET_KEY": "fictional-secret-key-for-the-faults",
            "LINE_API_BASE": self.stub.url,
            "BOT_DATABASE": str(self.knowledge),
            "BOT_RECORDS_URL": f"sqlite:///{self.records}",
            "BOT_QUEUE_URL": f"sqlite:///{self.queue}",
            "BOT_ENGINE": "lexical",
            "BOT_RATE_LIMIT": "10000",
            "PORT": str(self.port),
            **self.settings,
        }

    def start(self, command: Sequence[str], ready: str | None = None) -> Process:
        """Run a command with this machine's settings, until `ready` answers where it is given."""
        process = processes.start(
            command, self.environment(), ready, self.folder, seconds=START_SECONDS
        )
        self.started.append(process)
        return process

    def start_web(self) -> Process:
        """`flask web`, still starting."""
        return self.start([FLASK, "web"])

    def start_worker(self) -> Process:
        """`flask worker`, still starting."""
        return self.start([FLASK, "worker"])

    def start_both(self) -> tuple[Process, Process]:
        """Web and worker, both at work: a first message has been answered."""
        both = self.start_web(), self.start_worker()
        self.wait_for_web()
        self.wait_for_worker()
        return both

    def wait_for_worker(self) -> None:
        """Until a message of our own is answered; LINE forgets it afterwards.

        One that died before the worker was there is followed by another.
        """
        seeds = count()
        self.wait_until(lambda: self._is_answered(next(seeds)))
        self.wait_until(lambda: not UNFINISHED & set(self.statuses().values()))
        self.line()

    def _is_answered(self, seed: int) -> bool:
        drive(self.plan(rate=1, seconds=1, users=1, seed=seed))
        try:
            self.wait_until(lambda: any(c["accepted"] for c in self.stub.calls()), MESSAGE_LIVES)
        except NotReadyError:
            return False
        return True

    def line(self, mode: str = "ok", **settings: float | None) -> None:
        """LINE with an empty ledger, behaving so from now on."""
        self.stub.reset()
        self.stub.mode(mode, **{"latency_ms": LATENCY_MS, **settings})

    def wait_for_web(self) -> None:
        """Until the web process answers, well or not."""
        self.wait_until(lambda: self.health() is not None)

    def wait_until(self, is_so: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        """Until something is so; NotReadyError with the logs' ends when it does not come."""
        deadline = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > deadline:
                ends = "\n".join(process.output[-1500:] for process in self.started)
                raise NotReadyError(f"not within {seconds} s\n{ends}")
            time.sleep(POLL_SECONDS)

    def health(self) -> int | None:
        """The status of /healthz; None when nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return None

    def plan(self, rate: float, seconds: float, **changes: Any) -> Plan:
        """Messages of many people for this machine, delivered again for longer than a start takes."""
        usual = {"redeliver_after": LINE_REDELIVERY, "grace_seconds": 40, "users": 200}
        given = {**usual, **changes}
        return Plan(f"{self.url}/callback", SECRET, TEXTS, rate, seconds, **given)

    def statuses(self) -> dict[str, str]:
        """How far every event is; nothing while the records cannot be read."""
        url = self.environment()["BOT_RECORDS_URL"].replace("postgresql:", "postgresql+psycopg:")
        engine = create_engine(url, poolclass=NullPool)
        columns = event_table.c
        try:
            with engine.connect() as connection:
                rows = connection.execute(select(columns.event_id, columns.status))
                return {row.event_id: row.status for row in rows}
        except SQLAlchemyError:
            return {}

    def serve(self) -> Process:
        """A supervisor with one web process and one worker, answering."""
        serving = self.start(SERVE, f"{self.url}/healthz")
        self.wait_for_worker()
        return serving

    def close(self) -> None:
        """End whatever it started."""
        for process in self.started:
            process.kill()


def copied(template: Path, folder: Path) -> Path:
    """A folder with a template's files."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return folder


def pids(process: Process, name: str) -> list[int]:
    """Its children that run `flask web` or `flask worker`."""
    return [pid for pid in process.members() if name.encode() in _words(pid)]


def _words(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
