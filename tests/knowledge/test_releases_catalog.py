"""Catalogs and releases: machines with old and new programs side by side end with the new texts."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge import releases
from knowledge.records import store
from tests.knowledge import nodes
from tests.knowledge.nodes import (
    BULKY,
    LIBRARY,
    NOW,
    MakeNode,
    a_release,
    catalog_file,
    put_on_shelf,
    spoil,
)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Engine]:
    """The records that all machines share."""
    engine = store.open_store(f"sqlite:///{tmp_path / 'records.db'}")
    yield engine
    engine.dispose()


node = nodes.node


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The catalog of the old program."""
    return catalog_file(tmp_path / "old.yaml", replace(BULKY, title="前"))


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """The catalog of the new program."""
    return catalog_file(tmp_path / "new.yaml", replace(BULKY, title="後"), LIBRARY)


def test_the_first_start_brings_the_catalog_in_and_publishes_it(node: MakeNode, old: Path) -> None:
    one, two = node("one"), node("two")

    one.start(old)

    two.fetch()
    assert one.shelf() == [1]
    assert two.titles() == {"bulky-waste": "前"}


def test_a_second_start_publishes_nothing(node: MakeNode, old: Path) -> None:
    one, two = node("one"), node("two")
    one.start(old)
    before = one.everything()

    one.start(old)
    two.start(old)

    assert one.everything() == before
    assert two.shelf() == [1]


def test_a_new_program_brings_its_catalog_to_all(node: MakeNode, old: Path, new: Path) -> None:
    one, two = node("one"), node("two")
    one.start(old)
    two.start(old)

    two.start(new)

    one.fetch()
    assert one.titles() == two.titles() == {"bulky-waste": "後", "library": "図書館"}


def test_an_old_program_that_starts_again_does_not_undo_the_new_one(
    node: MakeNode, old: Path, new: Path
) -> None:
    one, two, late = node("one"), node("two"), node("late")
    one.start(old)
    two.start(new)

    one.start(old)
    late.start(old)

    assert one.titles() == late.titles() == {"bulky-waste": "後", "library": "図書館"}
    assert one.shelf() == [2, 1]


def test_a_catalog_that_changes_nothing_is_known_to_all_the_same(
    node: MakeNode, old: Path, new: Path, tmp_path: Path
) -> None:
    same = tmp_path / "same.yaml"
    same.write_text(old.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    one, two = node("one"), node("two")
    one.start(old)
    two.start(same)
    two.start(new)

    one.start(same)

    assert one.titles()["bulky-waste"] == "後"


def test_staff_s_texts_stay_when_another_machine_brings_a_new_catalog(
    node: MakeNode, old: Path, new: Path
) -> None:
    one, two = node("one"), node("two")
    one.start(old)
    one.save(replace(BULKY, title="職員が直した"))

    two.start(new)

    one.fetch()
    assert one.titles() == {"bulky-waste": "職員が直した", "library": "図書館"}


def test_an_entry_from_another_machine_can_still_be_updated_by_a_catalog(
    node: MakeNode, old: Path, new: Path
) -> None:
    one, two = node("one"), node("two")
    one.start(old)
    two.fetch()

    two.start(new)

    assert two.titles()["bulky-waste"] == "後"


def test_no_restart_takes_a_rollback_back(node: MakeNode, old: Path, new: Path) -> None:
    one, two = node("one"), node("two")
    one.start(old)
    two.start(new)
    one.rollback(1)

    two.start(new)
    one.start(new)

    assert one.titles() == two.titles() == {"bulky-waste": "前"}


def test_a_catalog_comes_in_again_when_somebody_asks_for_it(
    node: MakeNode, old: Path, new: Path
) -> None:
    one = node("one")
    one.start(old)
    one.start(new)

    imported = releases.import_catalog(one.kb, one.records, lambda: NOW, [old])

    assert imported.updated == ("bulky-waste",)
    assert one.titles()["bulky-waste"] == "前"
    assert one.shelf() == [3, 2, 1]


def test_a_knowledge_base_from_before_releases_keeps_its_texts(node: MakeNode, old: Path) -> None:
    one, two = node("one"), node("two")
    one.kb.import_catalog([replace(BULKY, title="前")])
    one.kb.save(replace(BULKY, title="職員が直した"), "sato", one.revision_of("bulky-waste"))

    one.start(old)

    two.start(old)
    assert two.titles() == one.titles() == {"bulky-waste": "職員が直した"}


def test_with_an_unreadable_release_a_machine_starts_with_what_it_has(
    node: MakeNode, old: Path, new: Path
) -> None:
    one, fresh = node("one"), node("fresh")
    one.start(old)
    put_on_shelf(one.records, a_release(2, LIBRARY))
    spoil(one.records, 2)

    one.start(new)
    fresh.start(new)

    assert one.titles() == {"bulky-waste": "前"}
    assert fresh.titles() == {"bulky-waste": "後", "library": "図書館"}
    assert fresh.shelf() == [2, 1]


def test_the_city_s_own_catalog_is_the_one_of_a_start(node: MakeNode) -> None:
    one, two = node("one"), node("two")

    imported = releases.start(one.kb, one.records, lambda: NOW)

    again = releases.start(two.kb, two.records, lambda: NOW)
    assert imported is not None
    assert again is None
    assert imported.added == tuple(two.titles())
