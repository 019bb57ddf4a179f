"""The databases of a bot, to be saved and brought back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from knowledge import backups
from knowledge.backups import BackupError
from knowledge.base import KnowledgeBase
from knowledge.records import store
from knowledge.records.questions import question_table
from tests.builders import an_entry
from tests.knowledge.records import arrivals
from tests.knowledge.records.arrivals import NOW, an_arrival

SECRET = "fictional-secret-of-the-tests"


@dataclass(frozen=True)
class Bot:
    """The databases of a bot."""

    kb: KnowledgeBase
    kb_file: Path
    records: Engine
    records_url: str

    def back_up(self, target: Path, **changes: Any) -> backups.Manifest:
        """Write a backup."""
        given = {"secret": SECRET, "now": NOW, **changes}
        return backups.write(target, self.kb_file, self.records, **given)

    def restore(self, source: Path, **changes: Any) -> list[Path]:
        """Restore a backup; where the former files are."""
        given = {"secret": SECRET, "now": NOW, **changes}
        return backups.restore(source, self.kb_file, self.records, **given)[1]

    def words(self) -> list[str]:
        """The texts that are kept."""
        statement = select(question_table.c.redacted).order_by(question_table.c.event_id)
        with self.records.connect() as connection:
            return list(connection.execute(statement).scalars())

    def titles(self) -> list[str]:
        """The titles of all entries."""
        return [stored.entry.title for stored in self.kb.all_entries()]

    def files(self) -> list[str]:
        """The names in its folder, without journals and locks."""
        names = (path.name for path in self.kb_file.parent.iterdir())
        return sorted(name for name in names if not name.endswith(("-wal", "-shm", ".lock")))


def a_bot(folder: Path, records_url: str | None = None) -> Bot:
    """A bot that knows one entry and remembers nothing."""
    folder.mkdir(exist_ok=True)
    kb = KnowledgeBase(folder / "kb.db")
    url = records_url or f"sqlite:///{folder / 'records.db'}"
    kb.import_catalog([an_entry(title="粗大ごみ")])
    return Bot(kb, folder / "kb.db", store.open_store(url), url)


def refused(bot: Bot, source: Path, **changes: Any) -> str:
    """Why a backup is refused; whatever the bot holds stays."""
    before = (bot.titles(), bot.words(), bot.files())
    with pytest.raises(BackupError) as refusal:
        bot.restore(source, **changes)
    assert (bot.titles(), bot.words(), bot.files()) == before
    return str(refusal.value)


@contextmanager
def citizens(bot: Bot) -> Iterator[None]:
    """Messages that come in meanwhile, one after the other."""
    stopping = threading.Event()

    def write() -> None:
        number = 0
        while not stopping.wait(0.002):
            arrivals.store(bot.records, an_arrival(f"meanwhile-{number}"))
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    yield
    stopping.set()
    thread.join()
