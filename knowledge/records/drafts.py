"""Drafts of entries: one an entry, saved over only by somebody who has seen its newest version."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from knowledge.records.desk_tables import draft_table
from knowledge.records.store import insert


@dataclass(frozen=True)
class Draft:
    """A text that is not public yet; `document` is like `entry.to_data`'s, perhaps unfinished.

    `base_revision` is the revision of the published entry it was begun from (0 for a new entry).
    `person_id` tells whose it is; empty for a draft from before ids were kept.
    """

    entry_id: str
    version: int
    base_revision: int
    document: Mapping[str, Any]
    person_name: str
    saved_at: float
    person_id: str = ""


@dataclass(frozen=True)
class Head:
    """What is known of a draft without reading its text."""

    entry_id: str
    version: int
    person_name: str
    saved_at: float
    person_id: str


class StaleDraftError(Exception):
    """The draft is not the one that was seen; `theirs` is what stands there now, if anything."""

    def __init__(self, theirs: Draft | None) -> None:
        super().__init__("the draft has changed")
        self.theirs = theirs


def get(connection: Connection, entry_id: str) -> Draft | None:
    """The draft of an entry."""
    statement = select(draft_table).where(draft_table.c.entry_id == entry_id)
    row = connection.execute(statement).first()
    return None if row is None else _draft(row)


def all(connection: Connection) -> list[Draft]:  # noqa: A001  # drafts.all reads as it is meant
    """Every draft, the newest first."""
    newest_first = (draft_table.c.saved_at.desc(), draft_table.c.entry_id)
    statement = select(draft_table).order_by(*newest_first)
    return [_draft(row) for row in connection.execute(statement)]


def heads(connection: Connection) -> list[Head]:
    """Every draft without its text, which may be long, the newest first."""
    columns = draft_table.c
    light = (columns.entry_id, columns.version, columns.person_name, columns.saved_at)
    statement = select(*light, columns.person_id)
    rows = connection.execute(statement.order_by(columns.saved_at.desc(), columns.entry_id))
    return [Head(*row[:3], row.saved_at / 1000, row.person_id) for row in rows]


def put(connection: Connection, draft: Draft, seen_version: int) -> int:
    """Save over the version that was seen (0 for none) and return the new one.

    Raises StaleDraftError when another draft stands there, unless its text is the very same.
    A version never comes twice, also when a draft is thrown away and another begun: it is the
    time in seconds, or one more than the version before.
    """
    version = max(seen_version + 1, int(draft.saved_at))
    values = {
        "version": version,
        "base_revision": draft.base_revision,
        "document": json.dumps(draft.document, ensure_ascii=False),
        "person_name": draft.person_name,
        "saved_at": int(draft.saved_at * 1000),
        "person_id": draft.person_id,
    }
    if _write(connection, draft.entry_id, seen_version, values):
        return version
    theirs = get(connection, draft.entry_id)
    if theirs is None or not _is_same(theirs, draft):
        raise StaleDraftError(theirs)
    return theirs.version


def remove(connection: Connection, entry_id: str, seen_version: int | None = None) -> bool:
    """Throw a draft away, whatever it says or only the version that was seen; False if there is none."""
    columns = draft_table.c
    statement = delete(draft_table).where(columns.entry_id == entry_id)
    if seen_version is not None:
        statement = statement.where(columns.version == seen_version)
    return connection.execute(statement).rowcount > 0


def _write(connection: Connection, entry_id: str, seen: int, values: dict[str, Any]) -> bool:
    """True when the draft was the one seen: a second writer finds no row to change."""
    columns = draft_table.c
    if seen:
        is_seen = (columns.entry_id == entry_id) & (columns.version == seen)
        return connection.execute(update(draft_table).where(is_seen).values(values)).rowcount == 1
    new = insert(connection, draft_table).values(entry_id=entry_id, **values)
    return connection.execute(new.on_conflict_do_nothing()).rowcount == 1


def _is_same(theirs: Draft, mine: Draft) -> bool:
    same_text = dict(theirs.document) == dict(mine.document)
    return same_text and theirs.base_revision == mine.base_revision


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        entry_id=row.entry_id,
        version=row.version,
        base_revision=row.base_revision,
        document=json.loads(row.document),
        person_name=row.person_name,
        saved_at=row.saved_at / 1000,
        person_id=row.person_id,
    )
