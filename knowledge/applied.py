"""Which published release a knowledge base file holds, kept in the file itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True)
class Applied:
    """The release a file holds; an entry of a revision after `last_revision` is not published yet."""

    number: int
    sha256: str
    last_revision: int


def get(db: Database) -> Applied:
    """The release this file holds; number 0 before the first."""
    row = db.execute("SELECT number, sha256, last_revision FROM applied_release WHERE id = 1")
    return Applied(*row.fetchone())


def put(db: Database, release: Applied) -> None:
    """Note the release that this file holds from now on."""
    db.execute(
        """
        UPDATE applied_release
        SET number = :number, sha256 = :sha256, last_revision = :last_revision
        WHERE id = 1
        """,
        vars(release),
    )


def catalogs(db: Database) -> tuple[str, ...]:
    """The hashes of all catalogs that were ever brought in, sorted."""
    return tuple(row["sha256"] for row in db.query("SELECT sha256 FROM catalog ORDER BY sha256"))


def add_catalogs(db: Database, hashes: Iterable[str]) -> None:
    """Remember catalogs, so that an older machine does not bring them in again."""
    for sha256 in hashes:
        db.execute("INSERT OR IGNORE INTO catalog (sha256) VALUES (?)", (sha256,))


def set_catalogs(db: Database, hashes: Iterable[str]) -> None:
    """Remember these catalogs and no others."""
    db.execute("DELETE FROM catalog")
    add_catalogs(db, hashes)
