"""A release that is broken, damaged or of a newer form is refused in words, and nothing changes."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import releases
from knowledge.base import KnowledgeBase
from knowledge.records import store
from knowledge.release_content import Release, ReleaseError
from tests.knowledge.nodes import BULKY, LIBRARY, Node, a_release, spoil


def repacked(plain: bytes) -> Release:
    """Bytes of JSON as a release whose hash is right."""
    return Release(9, hashlib.sha256(plain).hexdigest(), gzip.compress(plain))


def changed(**changes: object) -> Release:
    """A sound release with parts of its JSON replaced."""
    data = json.loads(gzip.decompress(a_release(9, LIBRARY).content))
    return repacked(json.dumps({**data, **changes}).encode())


SOUND = a_release(9, LIBRARY)
BROKEN = {
    "wrong-hash": replace(SOUND, sha256="0" * 64),
    "cut-off": replace(SOUND, content=SOUND.content[:-20]),
    "no-gzip": replace(SOUND, content=b"\x00" * 100),
    "empty": replace(SOUND, content=b""),
    "no-json": repacked(b"\xff{"),
    "no-object": repacked(b"[]"),
    "endless-nesting": repacked(b"[" * 200_000),
    "newer-schema": changed(schema=2, unknown="anything"),
    "schema-in-words": changed(schema="new"),
    "part-missing": repacked(b'{"schema":1,"last_revision":1,"entries":[]}'),
    "revision-too-large": changed(last_revision=2**63),
    "no-entry": changed(
        entries=[{"position": 0, "revision": 1, "catalog_hash": None, "document": "3"}]
    ),
    "an-invalid-entry": a_release(9, LIBRARY, replace(BULKY, state="secret")),
    "an-entry-twice": a_release(9, LIBRARY, BULKY, LIBRARY),
}


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Node]:
    """A machine whose records are its own file."""
    engine = store.open_store(f"sqlite:///{tmp_path / 'records.db'}")
    yield Node(KnowledgeBase(tmp_path / "kb.db"), engine)
    engine.dispose()


@pytest.mark.parametrize("release", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_release_is_refused_in_words_and_changes_nothing(
    alone: Node, release: Release
) -> None:
    alone.save(BULKY)
    before = alone.everything()

    with pytest.raises(ReleaseError, match="。"):
        releases.apply(alone.kb, release)

    assert alone.everything() == before
    assert alone.answer("ソファを捨てたい") == ["bulky-waste"]


def test_a_release_is_refused_when_the_shelf_is_damaged_and_rolling_back_mends_it(
    alone: Node, tmp_path: Path
) -> None:
    one, two = alone, Node(KnowledgeBase(tmp_path / "two" / "kb.db"), alone.records)
    one.save(BULKY)
    two.fetch()
    one.save(replace(BULKY, title="直した"))
    spoil(one.records, 2)
    with pytest.raises(ReleaseError):
        two.fetch()
    with pytest.raises(ReleaseError):
        two.save(LIBRARY)

    number = two.rollback(1)

    one.fetch()
    assert number == 3
    assert one.titles() == two.titles() == {"bulky-waste": "粗大ごみの申込み"}
