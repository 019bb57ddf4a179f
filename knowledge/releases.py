"""Carry the whole knowledge from the machine that changed it to all others: release by release.

The shelf of releases in the records database is the truth; each machine's kb.db is a copy, which
its processes load into memory. An edit and its release are one: while editing, kb.db waits with its
commit until the shelf has committed, so that a crash leaves both or neither (or the shelf alone,
and the copy follows).
"""

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlite_utils import Database

from knowledge import applied, entries, outside, release_content, seed
from knowledge.applied import Applied
from knowledge.base import KnowledgeBase
from knowledge.entries import CATALOG_EDITOR, Imported
from knowledge.records import release as shelf
from knowledge.records.release import Published
from knowledge.release_content import SCHEMA, Content, Release, ReleaseError

BUSY = "ほかの人が保存しているところです。少し待って、もう一度お試しください。"
NO_DATABASE = (
    "データベースが使えないため、終えられませんでした。少し待って、もう一度確かめてください。"
)
NOT_KEPT = "版 {number} はありません。戻せる版は flask kb releases で分かります。"

log = logging.getLogger(__name__)


def pack(kb: KnowledgeBase) -> Release:
    """The knowledge of this machine as the release after the one it holds."""
    with _in_plain_words(), kb.writing() as db:
        return _pack(db, applied.get(db).number + 1)


def apply(kb: KnowledgeBase, release: Release) -> bool:
    """Take a release in, whole or not at all; False when another process was here meanwhile.

    Raises ReleaseError for a release that is broken or of a newer form; then nothing has changed.
    """
    return _apply(kb, release, kb.release)


def fetch(kb: KnowledgeBase, records: Engine) -> bool:
    """Take in the newest release where this machine does not hold it; True for who did so.

    One small query when there is nothing new. Raises ReleaseError; the old knowledge stays.
    """
    with _in_plain_words(), records.connect() as connection:
        return _catch_up(kb, connection)


@contextmanager
def editing(
    kb: KnowledgeBase, records: Engine, editor: str, clock: Callable[[], float]
) -> Iterator[None]:
    """Save inside: on the newest knowledge, one editor at a time of all machines, then published.

    Raises ReleaseError when it cannot begin or be published; then nothing was saved.
    """
    with _editing(kb, records, editor, clock):
        yield


def publish(kb: KnowledgeBase, records: Engine, editor: str, now: float) -> int | None:
    """Publish what differs from the newest release; the new number, or None.

    Only needed for what was saved outside `editing`; where the newest release has another text
    for the same entry, the release's stands and ours is in the history.
    """
    with _editing(kb, records, editor, lambda: now):
        before = kb.release.number
    after = kb.release.number
    return after if after != before else None


def rollback(
    kb: KnowledgeBase, records: Engine, number: int, editor: str, now: float
) -> int | None:
    """Publish the entries of an earlier release anew; the new number, None when they are the same.

    It also works when the newest release is broken. The catalogs stay known as brought in,
    so that no restart takes the rollback back.
    """
    with _in_plain_words(), shelf.alone(records) as shared:
        content = release_content.unpack(_release(shared, number))
        _catch_up_if_possible(kb, shared)
        with kb.writing() as db:
            entries.replace_all(db, content.rows, content.last_revision, editor)
            outside.replace_all(db, content.outside)
            applied.add_catalogs(db, content.catalogs)
            new = _publish(db, shared, editor, now)
            shared.commit()
    return new


def published(records: Engine) -> list[Published]:
    """The releases one can go back to, newest first."""
    with _in_plain_words(), records.connect() as connection:
        return shelf.shelf(connection)


def start(
    kb: KnowledgeBase,
    records: Engine,
    clock: Callable[[], float],
    files: Sequence[Path] | None = None,
) -> Imported | None:
    """Bring a starting machine up to date: the newest release, then the catalog if it is a new one.

    A catalog that was ever brought in, on whatever machine, is not brought in again: a machine
    that still has the old one must not undo the new one. Where the newest release cannot be read,
    it starts with what it has, or with its own catalog, unpublished.
    """
    paths = seed.files() if files is None else files
    try:
        with _editing(kb, records, CATALOG_EDITOR, clock) as db:
            if _catalog_hash(paths) in applied.catalogs(db):
                return None
            return _import(kb, db, paths)
    except ReleaseError as error:
        log.warning("starting with the knowledge of this machine: %s", error)
    if not kb.all_entries():
        return kb.import_catalog(seed.load(paths).entries)
    return None


def import_catalog(
    kb: KnowledgeBase,
    records: Engine,
    clock: Callable[[], float],
    files: Sequence[Path] | None = None,
) -> Imported:
    """Bring a catalog in because somebody asked for it, even one that was brought in before."""
    with _editing(kb, records, CATALOG_EDITOR, clock) as db:
        return _import(kb, db, seed.files() if files is None else files)


def _apply(kb: KnowledgeBase, release: Release, held: Applied) -> bool:
    """Only over the release that was seen: another process may have brought a newer one."""
    with _in_plain_words():
        content = release_content.unpack(release)
        with kb.writing() as db:
            if applied.get(db) != held:
                return False
            _replace(db, release, content)
    return True


@contextmanager
def _editing(
    kb: KnowledgeBase, records: Engine, editor: str, clock: Callable[[], float]
) -> Iterator[Database]:
    with _in_plain_words(), shelf.alone(records) as shared:
        _catch_up(kb, shared)
        with kb.writing() as db:
            yield db
            _publish(db, shared, editor, clock())
            shared.commit()


def _catch_up(kb: KnowledgeBase, connection: Connection) -> bool:
    """Kept even when the edit after it is given up: its editor must then see the newest text."""
    held, newest = kb.release, shelf.newest(connection)
    if newest is None or (newest.number, newest.sha256) == (held.number, held.sha256):
        return False
    return _apply(kb, _release(connection, newest.number), held)


def _catch_up_if_possible(kb: KnowledgeBase, connection: Connection) -> None:
    try:
        _catch_up(kb, connection)
    except ReleaseError as error:
        log.warning("going back without the newest release: %s", error)


def _publish(db: Database, shared: Connection, editor: str, now: float) -> int | None:
    """Put this knowledge on the shelf unless it is there already; the caller commits both."""
    newest = shelf.newest(shared)
    number = max(newest.number if newest else 0, applied.get(db).number) + 1
    release = _pack(db, number)
    if newest is not None and newest.sha256 == release.sha256:
        return None
    shelf.add(shared, Published(number, release.sha256, now, editor), release.content)
    applied.put(db, Applied(number, release.sha256, _last_revision(db)))
    return number


def _replace(db: Database, release: Release, content: Content) -> None:
    unpublished = {r.id for r in entries.rows(db) if r.revision > applied.get(db).last_revision}
    changed = entries.replace_all(
        db, content.rows, content.last_revision, f"release {release.number}"
    )
    outside.replace_all(db, content.outside)
    applied.set_catalogs(db, content.catalogs)
    applied.put(db, Applied(release.number, release.sha256, content.last_revision))
    lost = sorted(unpublished.intersection(changed))
    if lost:
        log.warning("release %d replaced unpublished texts of: %s", release.number, ", ".join(lost))


def _import(kb: KnowledgeBase, db: Database, paths: Sequence[Path]) -> Imported:
    applied.add_catalogs(db, [_catalog_hash(paths)])
    return kb.import_catalog(seed.load(paths).entries)


def _pack(db: Database, number: int) -> Release:
    rows = tuple(entries.rows(db))
    content = Content(_last_revision(db), applied.catalogs(db), rows, outside.load(db))
    return release_content.pack(content, number)


def _last_revision(db: Database) -> int:
    highest = max((row.revision for row in entries.rows(db)), default=0)
    return max(highest, applied.get(db).last_revision)


def _release(connection: Connection, number: int) -> Release:
    found = shelf.content(connection, number)
    if found is None:
        raise ReleaseError(NOT_KEPT.format(number=number))
    return Release(number, *found)


def _catalog_hash(paths: Sequence[Path]) -> str:
    """Of the files as they are: reading them as YAML would take a start's quarter of a second."""
    digest = hashlib.sha256(str(SCHEMA).encode())
    for path in paths:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """Whatever a database does, the caller has one exception to know."""
    try:
        yield
    except shelf.BusyError as error:
        raise ReleaseError(BUSY) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise ReleaseError(NO_DATABASE) from error
