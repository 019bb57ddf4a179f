"""Keep everything the bot knows in one sealed file, and bring it back from there.

The copies are made while the bot runs. Messages that wait for an answer are left out: they are
worth a minute. Nothing here asks whether a bot is running: a database is replaced in one
transaction, which its processes see as any other change.
"""

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlite_utils import Database

from knowledge import database_copies, schema, sealed_file
from knowledge.records import copying, migrations, store

FORMAT = 1
KNOWLEDGE, RECORDS = "kb.db", "records.db"
PIECE_BYTES = 1024 * 1024

WRONG_KEY = (
    "控えを開けません。鍵（BOT_BACKUP_KEY、なければ BOT_SECRET_KEY）が控えを作ったときと違うか、"
    "ファイルの初めが壊れています。"
)
DAMAGED = "控えのファイルが壊れているか、途中で切れているか、書き換えられています。"
NOT_OURS = "そのファイルは控えではありません。別の名前を指定してください。"
NEWER = (
    "この控えは、新しい版のプログラムで作られています。プログラムを新しくしてから戻してください。"
)
BUSY = "ほかの控えの命令が動いています。終わってから、もう一度お試しください。"
NO_FILE = "ファイルの読み書きができませんでした（{reason}）。"
NO_DATABASE = "データベースが使えませんでした（{reason}）。"


class BackupError(ValueError):
    """The backup or the restoring cannot be done; says why in Japanese."""


@dataclass(frozen=True)
class Part:
    """One database in a backup; `rows` counts them by table."""

    name: str
    size: int
    sha256: str
    rows: dict[str, int]


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, and in which versions; `made_at` in UTC."""

    format: int
    made_at: str
    knowledge_revision: int
    knowledge_migrations: tuple[str, ...]
    records_version: str
    parts: tuple[Part, ...]


def write(target: Path, kb_file: Path, records: Engine, secret: str, now: float) -> Manifest:
    """Write a backup, and restore it in a folder of its own before it counts.

    The target is replaced when all is well, or stays as it was. Raises BackupError.
    """
    with _in_plain_words(), _workshop(kb_file) as folder:
        _refuse_other_files(target)
        database_copies.copy_file(kb_file, folder / KNOWLEDGE)
        database_copies.copy_records(records, folder / RECORDS, now)
        manifest = _describe(folder, now)
        unfinished = target.with_name(f"{target.name}.part")
        try:
            _write(unfinished, manifest, folder, secret)
            if _unpack(unfinished, secret, _new(folder / "again")) != manifest:
                raise BackupError(DAMAGED)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    return manifest


def restore(
    source: Path, kb_file: Path, records: Engine, secret: str, now: float
) -> tuple[Manifest, list[Path]]:
    """Put a backup in the place of the knowledge base and the records.

    Returns what it held and where the former SQLite files are kept; records on PostgreSQL must be
    empty. Raises BackupError; whatever is wrong with the backup is found before anything changes.
    """
    with _in_plain_words(), _workshop(kb_file) as folder:
        manifest = _unpack(source, secret, folder)
        _bring_up_to_date(folder, manifest)
        stamp = datetime.fromtimestamp(now, tz=UTC).strftime("%Y%m%dT%H%M%SZ")
        aside = [_keep_aside(file, stamp) for file in database_copies.file_of(records)]
        database_copies.replace_records(records, folder / RECORDS)
        aside.append(_keep_aside(kb_file, stamp))
        database_copies.replace(kb_file, folder / KNOWLEDGE)
    return manifest, aside


def _keep_aside(file: Path, stamp: str) -> Path:
    place = file.with_name(f"{file.name}.before-restore-{stamp}")
    database_copies.copy_file(file, place)
    return place


def _describe(folder: Path, now: float) -> Manifest:
    with closing(Database(folder / KNOWLEDGE)) as db:
        revision = db.execute("SELECT revision FROM base").fetchone()[0]
        applied = tuple(migration.name for migration in schema.migrations.applied(db))
    with closing(sqlite3.connect(folder / RECORDS)) as connection:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return Manifest(
        format=FORMAT,
        made_at=datetime.fromtimestamp(now, tz=UTC).isoformat(timespec="seconds"),
        knowledge_revision=revision,
        knowledge_migrations=applied,
        records_version=version,
        parts=(_part(folder / KNOWLEDGE), _part(folder / RECORDS)),
    )


def _part(file: Path) -> Part:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Part(file.name, file.stat().st_size, digest, _rows(file))


def _rows(file: Path) -> dict[str, int]:
    """How many rows each table has; raises BackupError when SQLite finds the file unsound."""
    with closing(sqlite3.connect(file)) as connection:
        if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
            raise BackupError(DAMAGED)
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
        ).fetchall()
        count = 'SELECT count(*) FROM "{}"'
        return {
            name: connection.execute(count.format(name)).fetchone()[0] for (name,) in sorted(names)
        }


def _write(target: Path, manifest: Manifest, folder: Path, secret: str) -> None:
    target.unlink(missing_ok=True)
    mine_alone = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(mine_alone, "wb") as file:
        sealed_file.seal(_plain(manifest, folder), file, secret.encode())
        file.flush()
        os.fsync(file.fileno())


def _plain(manifest: Manifest, folder: Path) -> Iterator[bytes]:
    """One line of JSON, then the databases one after the other."""
    yield json.dumps(asdict(manifest)).encode() + b"\n"
    for part in manifest.parts:
        with (folder / part.name).open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece


def _unpack(source: Path, secret: str, folder: Path) -> Manifest:
    """Write the databases of a backup into a folder, each checked to be what it was."""
    with source.open("rb") as file, sealed_file.opened(file, secret.encode()) as plain:
        manifest = _manifest(plain.readline())
        for part in manifest.parts:
            _write_part(plain, part, folder / part.name)
            if _part(folder / part.name) != part:
                raise BackupError(DAMAGED)
        if plain.read(1):
            raise BackupError(DAMAGED)
    return manifest


def _manifest(line: bytes) -> Manifest:
    data: dict[str, Any] = json.loads(line)
    if data["format"] > FORMAT:
        raise BackupError(NEWER)
    parts = tuple(Part(**part) for part in data["parts"])
    if [part.name for part in parts] != [KNOWLEDGE, RECORDS]:
        raise BackupError(DAMAGED)
    names = tuple(data["knowledge_migrations"])
    return Manifest(**{**data, "knowledge_migrations": names, "parts": parts})


def _write_part(plain: BinaryIO, part: Part, target: Path) -> None:
    left = part.size
    with target.open("xb") as file:
        while left and (piece := plain.read(min(left, PIECE_BYTES))):
            file.write(piece)
            left -= len(piece)


def _bring_up_to_date(folder: Path, manifest: Manifest) -> None:
    known = {migration.name for migration in schema.migrations.pending(Database(memory=True))}
    if not known.issuperset(manifest.knowledge_migrations):
        raise BackupError(NEWER)
    if manifest.records_version > migrations.HEAD:
        raise BackupError(NEWER)
    schema.migrate(folder / KNOWLEDGE)
    store.open_store(f"sqlite:///{folder / RECORDS}").dispose()


def _refuse_other_files(target: Path) -> None:
    """A slip of the finger must not replace a database by its own backup."""
    if target.exists():
        with target.open("rb") as file:
            if not sealed_file.is_sealed(file):
                raise BackupError(NOT_OURS)


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


@contextmanager
def _workshop(kb_file: Path) -> Iterator[Path]:
    """A folder for open copies beside the database, for its owner only; a killed run's is removed."""
    prefix = f".{kb_file.name}.backup-"
    with kb_file.with_name(f"{kb_file.name}.backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(BUSY) from error
        for left in kb_file.parent.glob(f"{prefix}*"):
            shutil.rmtree(left, ignore_errors=True)
        with TemporaryDirectory(prefix=prefix, dir=kb_file.parent) as folder:
            yield Path(folder)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except sealed_file.WrongKeyError as error:
        raise BackupError(WRONG_KEY) from error
    except sealed_file.DamagedError as error:
        raise BackupError(DAMAGED) from error
    except copying.CopyError as error:
        raise BackupError(str(error)) from error
    except OSError as error:
        raise BackupError(NO_FILE.format(reason=type(error).__name__)) from error
    except (sqlite3.Error, SQLAlchemyError) as error:
        raise BackupError(NO_DATABASE.format(reason=type(error).__name__)) from error
