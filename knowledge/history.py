"""Every text an entry ever had, as the knowledge base file remembers it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from knowledge.base import KnowledgeBase
from knowledge.entries import GONE

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
    found = _db(kb).query(
        """
        SELECT entry_id, revision, changed_at, editor, document FROM entry_history
        WHERE entry_id = :entry_id ORDER BY number DESC LIMIT :limit OFFSET :skip
        """,
        {"entry_id": entry_id, "limit": limit, "skip": skip},
    )
    return [_version(row) for row in found]


def version(kb: KnowledgeBase, entry_id: str, mark: str) -> Version | None:
    """One version by its mark, or None where this machine has never had it."""
    found = _db(kb).query(
        """
        SELECT entry_id, revision, changed_at, editor, document FROM entry_history
        WHERE entry_id = :entry_id AND revision = :revision ORDER BY number DESC
        """,
        {"entry_id": entry_id, "revision": _revision_in(mark)},
    )
    return _first(_version(row) for row in found if _mark(row) == mark)


def count(kb: KnowledgeBase, entry_id: str) -> int:
    """How many versions there are."""
    row = _db(kb).execute(
        "SELECT COUNT(*) FROM entry_history WHERE entry_id = :entry_id", {"entry_id": entry_id}
    )
    return int(row.fetchone()[0])


def _db(kb: KnowledgeBase) -> Database:
    return kb._db()  # noqa: SLF001 - another look at the same file, through the thread's connection


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
