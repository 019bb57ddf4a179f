"""Keep the entries in SQLite: every write is one transaction with its history and a new revision."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from knowledge import entry as entry_module
from knowledge.entry import Entry
from knowledge.plan import JST

CATALOG_EDITOR = "catalog"
GONE = "null"


class StaleRevisionError(Exception):
    """Somebody else saved this entry after the editor had opened it."""


@dataclass(frozen=True)
class Stored:
    """An entry as it stands in the database, with the revision of its last change."""

    entry: Entry
    revision: int


@dataclass(frozen=True)
class Row:
    """A row as the table holds it; `document` is the entry as JSON, never put in another form.

    `catalog_hash` is that of the catalog's text this entry came from; None when staff wrote it.
    """

    id: str
    category: str
    state: str
    position: int
    revision: int
    catalog_hash: str | None
    document: str


@dataclass(frozen=True)
class Imported:
    """What an import of the catalog did: ids added, updated, and left because staff had edited them."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    kept: tuple[str, ...]


def revision(db: Database) -> int:
    """The number that grows with every change of any entry."""
    row = db.execute("SELECT revision FROM base WHERE id = 1").fetchone()
    return int(row[0])


def load_all(db: Database) -> list[Stored]:
    """Every entry, in the order of the catalog."""
    rows = db.query("SELECT document, revision FROM entry ORDER BY position, id")
    return [Stored(_from_document(row["document"]), row["revision"]) for row in rows]


def get(db: Database, entry_id: str) -> Stored | None:
    """One entry, or None."""
    rows = db.query("SELECT document, revision FROM entry WHERE id = :id", {"id": entry_id})
    for row in rows:
        return Stored(_from_document(row["document"]), row["revision"])
    return None


def save(db: Database, entry: Entry, editor: str, seen_revision: int) -> int:
    """Write one entry and return its new revision.

    `seen_revision` is the one the editor had read (0 for a new entry); StaleRevisionError when
    the entry has changed since.
    """
    with writing(db):
        stored = get(db, entry.id)
        if seen_revision != (stored.revision if stored else 0):
            raise StaleRevisionError(entry.id)
        new_revision = _next_revision(db)
        catalog_hash = _catalog_hash(db, entry.id)
        position = _position(db, entry.id)
        _write(db, _row(entry, position, new_revision, catalog_hash), editor)
    return new_revision


def import_catalog(db: Database, catalog: Sequence[Entry]) -> Imported:
    """Bring the catalog's entries in, all or none; what staff edited since stays as they left it.

    A second run with the same catalog changes nothing, not even the revision.
    """
    added, updated, kept = [], [], []
    with writing(db):
        known = _known(db)
        changes = []
        for position, entry in enumerate(catalog):
            row = known.get(entry.id)
            catalog_hash = _hash(_to_document(entry))
            if row is None:
                added.append(entry.id)
            elif row.catalog_hash == catalog_hash:
                continue
            elif row.document_hash != row.catalog_hash:
                kept.append(entry.id)
                continue
            else:
                updated.append(entry.id)
            changes.append((entry, position, catalog_hash))
        moved = _moved(catalog, known)
        new_revision = _next_revision(db) if changes or moved else 0
        for entry, position, catalog_hash in changes:
            _write(db, _row(entry, position, new_revision, catalog_hash), CATALOG_EDITOR)
        _move(db, moved)
    return Imported(tuple(added), tuple(updated), tuple(kept))


@dataclass(frozen=True)
class _Known:
    document_hash: str
    catalog_hash: str | None
    position: int


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """One write transaction from its first statement on; inside another, a part of that one.

    sqlite-utils' own atomic() begins as a reader and then fails to become a writer under load
    (OPS.md §2.2: 73 % "database is locked"), hence BEGIN IMMEDIATE.
    """
    if db.conn.in_transaction:
        with db.atomic():
            yield
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.commit()
    except BaseException:
        db.rollback()
        raise


def rows(db: Database) -> list[Row]:
    """Every row, in the order of the catalog."""
    return [
        Row(**row)
        for row in db.query(
            """
            SELECT id, category, state, position, revision, catalog_hash, document
            FROM entry ORDER BY position, id
            """
        )
    ]


def replace_all(db: Database, wanted: Sequence[Row], last_revision: int, editor: str) -> list[str]:
    """Make these the only entries, in one new revision after `last_revision`; ids of new texts.

    An entry that is not among them goes; its history ends with JSON's null.
    """
    with writing(db):
        db.execute("UPDATE base SET revision = MAX(revision, ?) WHERE id = 1", (last_revision,))
        before = {row.id: row for row in rows(db)}
        after = {row.id: row for row in wanted}
        if before == after:
            return []
        new_revision = _next_revision(db)
        gone = [
            replace(row, revision=new_revision, document=GONE)
            for row in before.values()
            if row.id not in after
        ]
        texts = {row.id: row.document for row in before.values()}
        changed = [row for row in wanted if row.document != texts.get(row.id)]
        for row in wanted:
            _put(db, row)
        for row in gone:
            db.execute("DELETE FROM entry WHERE id = ?", (row.id,))
        for row in [*changed, *gone]:
            _note(db, row, editor)
    return [row.id for row in [*changed, *gone]]


def _row(entry: Entry, position: int, revision: int, catalog_hash: str | None) -> Row:
    document = _to_document(entry)
    return Row(entry.id, entry.category, entry.state, position, revision, catalog_hash, document)


def _write(db: Database, row: Row, editor: str) -> None:
    _put(db, row)
    _note(db, row, editor)


def _put(db: Database, row: Row) -> None:
    db.execute(
        """
        INSERT INTO entry (id, category, state, position, revision, catalog_hash, document)
        VALUES (:id, :category, :state, :position, :revision, :catalog_hash, :document)
        ON CONFLICT (id) DO UPDATE SET
            category = excluded.category, state = excluded.state, position = excluded.position,
            revision = excluded.revision, catalog_hash = excluded.catalog_hash,
            document = excluded.document
        """,
        vars(row),
    )


def _note(db: Database, row: Row, editor: str) -> None:
    db.execute(
        """
        INSERT INTO entry_history (entry_id, revision, changed_at, editor, document)
        VALUES (:id, :revision, :changed_at, :editor, :document)
        """,
        {
            **vars(row),
            "changed_at": datetime.now(tz=JST).isoformat(timespec="seconds"),
            "editor": editor,
        },
    )


def _next_revision(db: Database) -> int:
    row = db.execute("UPDATE base SET revision = revision + 1 WHERE id = 1 RETURNING revision")
    return int(row.fetchone()[0])


def _known(db: Database) -> dict[str, _Known]:
    rows = db.query("SELECT id, document, catalog_hash, position FROM entry")
    return {r["id"]: _Known(_hash(r["document"]), r["catalog_hash"], r["position"]) for r in rows}


def _moved(catalog: Sequence[Entry], known: Mapping[str, _Known]) -> dict[str, int]:
    """The entries whose place in the catalog is a new one."""
    places = {entry.id: position for position, entry in enumerate(catalog)}
    return {i: p for i, p in places.items() if i in known and known[i].position != p}


def _move(db: Database, positions: Mapping[str, int]) -> None:
    for entry_id, position in positions.items():
        db.execute("UPDATE entry SET position = ? WHERE id = ?", (position, entry_id))


def _catalog_hash(db: Database, entry_id: str) -> str | None:
    row = db.execute("SELECT catalog_hash FROM entry WHERE id = :id", {"id": entry_id}).fetchone()
    return row[0] if row else None


def _position(db: Database, entry_id: str) -> int:
    row = db.execute(
        """
        SELECT COALESCE(
            (SELECT position FROM entry WHERE id = :id),
            (SELECT MAX(position) + 1 FROM entry),
            0
        )
        """,
        {"id": entry_id},
    ).fetchone()
    return int(row[0])


def _to_document(entry: Entry) -> str:
    return json.dumps(entry_module.to_data(entry), ensure_ascii=False, sort_keys=True)


def _from_document(document: str) -> Entry:
    return entry_module.from_data(json.loads(document))


def _hash(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()
