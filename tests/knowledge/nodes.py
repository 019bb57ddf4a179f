"""Machines of a city that share the records but no disk: what the tests of releases act on."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, delete, update

from knowledge import entry as entry_module
from knowledge import release_content, releases
from knowledge.base import KnowledgeBase
from knowledge.entry import Entry
from knowledge.records import release as shelf
from knowledge.release_content import Content, Release
from tests.builders import DAY, an_entry

NOW = 1_795_000_000.0

BULKY = an_entry()
LIBRARY = an_entry(
    id="library",
    title="図書館",
    category="子育て・教育",
    summary="図書館では本を借りられます。",
    body="内容：本を貸し出します。",
    phrasings=("図書館で本を借りたい", "本を返したい"),
)


@dataclass(frozen=True)
class Node:
    """One machine: its own kb.db and the records all share."""

    kb: KnowledgeBase
    records: Engine
    name: str = "yamada"

    def fetch(self) -> bool:
        """What every process does every two seconds."""
        return releases.fetch(self.kb, self.records)

    def save(self, entry: Entry, seen_revision: int | None = None) -> None:
        """What a staff page does; by default the editor has just read the entry."""
        seen = self.revision_of(entry.id) if seen_revision is None else seen_revision
        self.save_all((entry, seen))

    def save_all(self, *entries: tuple[Entry, int]) -> None:
        """Save several entries with the revisions their editor had seen, as one edit."""
        with releases.editing(self.kb, self.records, self.name, lambda: NOW):
            for entry, seen_revision in entries:
                self.kb.save(entry, self.name, seen_revision)

    def start(self, *files: Path) -> None:
        """Start a program that came with these catalog files."""
        releases.start(self.kb, self.records, lambda: NOW, files)

    def rollback(self, number: int) -> int | None:
        """Go back to an earlier release."""
        return releases.rollback(self.kb, self.records, number, self.name, NOW)

    def shelf(self) -> list[int]:
        """The numbers on the shelf, newest first."""
        return [each.number for each in releases.published(self.records)]

    def titles(self) -> dict[str, str]:
        """Every entry's title."""
        return {s.entry.id: s.entry.title for s in self.kb.all_entries()}

    def revision_of(self, entry_id: str) -> int:
        """The revision of an entry as this machine knows it; 0 where it knows none."""
        found = {s.entry.id: s.revision for s in self.kb.all_entries()}
        return found.get(entry_id, 0)

    def answer(self, text: str) -> list[str]:
        """The ids a citizen would see."""
        return [match.entry_id for match in self.kb.find(text, DAY).matches]

    def history(self, entry_id: str) -> list[tuple[str, str | None]]:
        """Editor and title of every text of an entry, oldest first; None where it went."""
        with self.kb.writing() as db:
            rows = db.query(
                "SELECT editor, document FROM entry_history WHERE entry_id = ? ORDER BY number",
                [entry_id],
            )
            texts = [(row["editor"], json.loads(row["document"])) for row in rows]
        return [(editor, text and text["title"]) for editor, text in texts]

    def everything(self) -> list[Any]:
        """Every row that a refused release must leave as it was."""
        names = ("base", "entry", "entry_history", "applied_release", "catalog")
        with self.kb.writing() as db:
            return [row for name in names for row in db.table(name).rows]


MakeNode = Callable[[str], Node]


@pytest.fixture
def node(records: Engine, tmp_path: Path) -> MakeNode:
    """Set up a machine with a name of its own."""
    return lambda name: Node(KnowledgeBase(tmp_path / name / "kb.db"), records, name)


def a_release(number: int, *entries: Entry, **changes: Any) -> Release:
    """A sound release of a few entries, made by nobody's machine; its parts may be overridden."""
    rows = [
        entries_row(position, entry_module.to_data(entry)) for position, entry in enumerate(entries)
    ]
    return replace(release_content.pack(Content(7, (), tuple(rows)), number), **changes)


def entries_row(position: int, data: dict[str, Any]) -> release_content.Row:
    """A row whose text may be anything."""
    document = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return release_content.Row("", "", "", position, 7, None, document)


def put_on_shelf(records: Engine, release: Release) -> None:
    """Publish by hand."""
    with records.begin() as connection:
        described = shelf.Published(release.number, release.sha256, NOW, "sato")
        shelf.add(connection, described, release.content)


def spoil(records: Engine, number: int) -> None:
    """Damage the bytes of a release on the shelf."""
    with records.begin() as connection:
        statement = update(shelf.release_table).where(shelf.release_table.c.number == number)
        connection.execute(statement.values(content=b"damaged"))


def empty_shelf(records: Engine) -> None:
    """Lose every release, as with a new records database."""
    with records.begin() as connection:
        connection.execute(delete(shelf.release_table))


def catalog_file(path: Path, *entries: Entry) -> Path:
    """A catalog as a version of the program brings it along."""
    data = {"entries": [entry_module.to_data(entry) for entry in entries]}
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path
