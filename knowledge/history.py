"""Every text an entry ever had, as the knowledge base file remembers it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from knowledge import entry as entry_module
from knowledge.base import KnowledgeBase
from knowledge.entries import GONE
from knowledge.entry import Entry, EntryError

_MARK_LENGTH = 8


@dataclass(frozen=True)
class Version:
    """One text of an entry: when (seconds since 1970) and by whom it came; None once it was removed.

    `mark` names the text itself: a revision can stand twice in the history, when a release was
    taken back or replaced a text that was never published.
    """

    entry_id: str
    revision: int
    mark: str
    changed_at: float
    editor: str
    document: Mapping[str, Any] | None


def versions(kb: KnowledgeBase, entry_id: str, limit: int = 50, skip: int = 0) -> list[Version]:
    """The versions of an entry, the newest first."""
    found = kb.reading().query(
        """
        SELECT entry_id, revision, changed_at, editor, document FROM entry_history
        WHERE entry_id = :entry_id ORDER BY number DESC LIMIT :limit OFFSET :skip
        """,
        {"entry_id": entry_id, "limit": limit, "skip": skip},
    )
    return [_version(row) for row in found]


def version(kb: KnowledgeBase, entry_id: str, mark: str) -> Version | None:
    """One version by its mark, or None where this machine has never had it."""
    found = kb.reading().query(
        """
        SELECT entry_id, revision, changed_at, editor, document FROM entry_history
        WHERE entry_id = :entry_id AND revision = :revision ORDER BY number DESC
        """,
        {"entry_id": entry_id, "revision": _revision_in(mark)},
    )
    return _first(_version(row) for row in found if _mark(row) == mark)


def entry_at(kb: KnowledgeBase, entry_id: str, revision: int) -> Entry | None:
    """What an entry was at a revision; None where this machine cannot tell, or not for certain."""
    found = kb.reading().query(
        "SELECT DISTINCT document FROM entry_history WHERE entry_id = :entry_id AND revision = :revision",
        {"entry_id": entry_id, "revision": revision},
    )
    documents = [row["document"] for row in found]
    if len(documents) != 1 or documents[0] == GONE:
        return None
    try:
        return entry_module.from_data(json.loads(documents[0]))
    except EntryError:
        return None


def marks_of(kb: KnowledgeBase, entry: Entry, seen_revision: int) -> dict[str, str]:
    """The mark of a text that was saved over a revision, and of the one before it, for the trail.

    Empty when it never was, at least not on this machine.
    """
    found, document = versions(kb, entry.id), entry_module.to_data(entry)
    for number, version in enumerate(found):
        if version.revision > seen_revision and version.document == document:
            before = "".join(older.mark for older in found[number + 1 : number + 2])
            return {"text": version.mark, "text_before": before}
    return {}


def count(kb: KnowledgeBase, entry_id: str) -> int:
    """How many versions there are."""
    row = kb.reading().execute(
        "SELECT COUNT(*) FROM entry_history WHERE entry_id = :entry_id", {"entry_id": entry_id}
    )
    return int(row.fetchone()[0])


def _version(row: Mapping[str, Any]) -> Version:
    is_gone = row["document"] == GONE
    return Version(
        entry_id=row["entry_id"],
        revision=row["revision"],
        mark=_mark(row),
        changed_at=datetime.fromisoformat(row["changed_at"]).timestamp(),
        editor=row["editor"],
        document=None if is_gone else json.loads(row["document"]),
    )


def _mark(row: Mapping[str, Any]) -> str:
    digest = hashlib.sha256(row["document"].encode()).hexdigest()
    return f"{row['revision']}-{digest[:_MARK_LENGTH]}"


def _revision_in(mark: str) -> int:
    number = mark.partition("-")[0]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 12 else -1


def _first(found: Iterable[Version]) -> Version | None:
    return next(iter(found), None)
