"""What a release of the knowledge holds, as bytes that every machine reads and checks alike; pure."""

import gzip
import hashlib
import json
import zlib
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from knowledge import entry as entry_module
from knowledge.entries import Row
from knowledge.entry import Entry, EntryError
from knowledge.outside import Examples

SCHEMA = 1
"""Grows when an Entry takes a form that the version before this one cannot read."""

OUTSIDE_SCHEMA = 2
"""Of a release that holds staff's examples of what is not answered; others stay as they were."""

BROKEN = "知識の版が壊れています（{why}）。今までの知識で答え続けます。"
NEWER = "知識の版が新しい形式です（{found}。このプログラムは{known}まで）。プログラムを新しくしてください。"

Count = Annotated[int, Field(ge=0, lt=2**53)]


class ReleaseError(Exception):
    """A release that cannot be taken in or published, in a Japanese sentence; nothing has changed."""


@dataclass(frozen=True)
class Release:
    """A release as it travels: gzip of JSON, and the SHA-256 of that JSON."""

    number: int
    sha256: str
    content: bytes


@dataclass(frozen=True)
class Packed:
    """One row of the entry table; what its columns repeat of the document is left out."""

    __pydantic_config__ = ConfigDict(extra="forbid")
    position: Count
    revision: Count
    catalog_hash: str | None
    document: str


@dataclass(frozen=True)
class Content:
    """All of a knowledge base: every entry, and the catalogs that were ever brought in.

    No entry of any release so far is of a later revision than `last_revision`.
    """

    last_revision: int
    catalogs: tuple[str, ...]
    rows: tuple[Row, ...]
    outside: Examples = ()


@dataclass(frozen=True)
class _Json:
    __pydantic_config__ = ConfigDict(extra="forbid")
    schema: int
    last_revision: Count
    catalogs: tuple[str, ...]
    entries: tuple[Packed, ...]
    outside: Examples = ()


_ADAPTER = TypeAdapter(_Json)


def pack(content: Content, number: int) -> Release:
    """The release of a content: the same content gives the same bytes on every machine."""
    entries = tuple(
        Packed(row.position, row.revision, row.catalog_hash, row.document) for row in content.rows
    )
    data = asdict(_Json(SCHEMA, content.last_revision, content.catalogs, entries, content.outside))
    if content.outside:
        data["schema"] = OUTSIDE_SCHEMA
    else:
        del data["outside"]
    plain = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return Release(number, _hash(plain), gzip.compress(plain, compresslevel=6, mtime=0))


def unpack(release: Release) -> Content:
    """What a release holds, every entry checked; raises ReleaseError."""
    try:
        plain = gzip.decompress(release.content)
    except (OSError, EOFError, zlib.error) as error:
        raise ReleaseError(BROKEN.format(why="開けません")) from error
    if _hash(plain) != release.sha256:
        raise ReleaseError(BROKEN.format(why="ハッシュが合いません"))
    data = _shape(plain)
    rows = tuple(_row(packed) for packed in data.entries)
    doubles = [entry_id for entry_id, n in Counter(row.id for row in rows).items() if n > 1]
    if doubles:
        raise ReleaseError(BROKEN.format(why=f"項目 {doubles[0]} が二つあります"))
    return Content(data.last_revision, data.catalogs, rows, data.outside)


def _shape(plain: bytes) -> _Json:
    """The schema comes first: of a newer one nothing else is known."""
    try:
        data: Any = json.loads(plain)
        schema = int(data["schema"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ReleaseError(BROKEN.format(why="読めません")) from error
    if schema > OUTSIDE_SCHEMA:
        raise ReleaseError(NEWER.format(found=schema, known=OUTSIDE_SCHEMA))
    try:
        return _ADAPTER.validate_python(data)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise ReleaseError(BROKEN.format(why=f"{place} の形が違います")) from error


def _row(packed: Packed) -> Row:
    entry = _entry(packed.document)
    return Row(
        entry.id,
        entry.category,
        entry.state,
        packed.position,
        packed.revision,
        packed.catalog_hash,
        packed.document,
    )


def _entry(document: str) -> Entry:
    try:
        data = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise ReleaseError(BROKEN.format(why="項目を読めません")) from error
    try:
        return entry_module.from_data(data)
    except EntryError as error:
        name = data.get("id") if isinstance(data, dict) else None
        raise ReleaseError(BROKEN.format(why=f"{name}：{error.problems[0]}")) from error


def _hash(plain: bytes) -> str:
    return hashlib.sha256(plain).hexdigest()
