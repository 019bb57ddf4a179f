"""The tables of the knowledge base file, brought up to date step by step."""

import fcntl
from pathlib import Path

from sqlite_utils import Database, Migrations

from knowledge.records import damage

migrations = Migrations("knowledge")


@migrations()
def create_entries(db: Database) -> None:
    """Entries with their text as one JSON document, every earlier text, and the revision counter."""
    db.table("entry").create(
        {
            "id": str,
            "category": str,
            "state": str,
            "position": int,
            "revision": int,
            "catalog_hash": str,
            "document": str,
        },
        pk="id",
        not_null={"category", "state", "position", "revision", "document"},
    )
    db.table("entry_history").create(
        {
            "number": int,
            "entry_id": str,
            "revision": int,
            "changed_at": str,
            "editor": str,
            "document": str,
        },
        pk="number",
        not_null={"entry_id", "revision", "changed_at", "editor", "document"},
    )
    db.table("entry_history").create_index(["entry_id"])
    db.table("base").create({"id": int, "revision": int}, pk="id", not_null={"revision"})
    db.table("base").insert({"id": 1, "revision": 0})


@migrations()
def create_vectors(db: Database) -> None:
    """Sentence vectors of entry texts, by encoder and hash of the text: costly to make, cheap to keep."""
    db.table("vector").create(
        {"engine": str, "text_hash": str, "vector": bytes},
        pk=("engine", "text_hash"),
        not_null={"vector"},
    )


@migrations()
def create_releases(db: Database) -> None:
    """Which published release this file holds, and the catalogs that were ever brought in."""
    db.table("applied_release").create(
        {"id": int, "number": int, "sha256": str, "last_revision": int},
        pk="id",
        not_null={"number", "sha256", "last_revision"},
    )
    db.table("applied_release").insert({"id": 1, "number": 0, "sha256": "", "last_revision": 0})
    db.table("catalog").create({"sha256": str}, pk="sha256")


@migrations()
def create_outside_examples(db: Database) -> None:
    """Staff's own examples of questions that the guide does not answer, by topic."""
    db.table("outside_example").create({"topic": str, "example": str}, pk=("topic", "example"))


def migrate(path: Path) -> None:
    """Apply what is missing; a file lock keeps two starting processes apart (OPS.md §2.2)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        damage.set_aside(path)
        db = Database(path)
        try:
            db.enable_wal()
            migrations.apply(db)
        finally:
            db.close()
