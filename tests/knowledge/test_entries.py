"""Entries in SQLite: the catalog comes in whole, staff's edits stay, every save leaves its history."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from knowledge import entries, schema, seed
from knowledge.entries import Imported, StaleRevisionError
from knowledge.entry import Available, Contact, Link, Source
from knowledge.plan import JST
from tests.builders import an_entry

ONE = an_entry(id="one", title="一つ目")
TWO = an_entry(id="two", title="二つ目")
LAST_BY_NAME = an_entry(id="zzz", title="三つ目")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A new knowledge base file, migrated."""
    path = tmp_path / "kb.db"
    schema.migrate(path)
    database = Database(path)
    yield database
    database.close()


def history(db: Database) -> list[tuple[str, int, str]]:
    """Entry, revision and editor of every change, oldest first."""
    rows = db["entry_history"].rows_where(order_by="number")
    return [(row["entry_id"], row["revision"], row["editor"]) for row in rows]


def everything(db: Database) -> list[dict[str, Any]]:
    """Every row of every table of the room."""
    return [row for name in ("base", "entry", "entry_history") for row in db[name].rows]


def titles(db: Database) -> list[str]:
    """The titles, in the order of the base."""
    return [stored.entry.title for stored in entries.load_all(db)]


def test_a_new_base_is_empty_at_revision_zero(db: Database) -> None:
    stored = entries.load_all(db)

    assert stored == []
    assert entries.revision(db) == 0


def test_the_city_s_catalog_comes_in_unchanged_and_in_order(db: Database) -> None:
    catalog = seed.load().entries

    imported = entries.import_catalog(db, catalog)

    assert [stored.entry for stored in entries.load_all(db)] == list(catalog)
    assert imported == Imported(tuple(entry.id for entry in catalog), (), ())


def test_an_import_is_one_revision_with_a_history_row_for_each_entry(db: Database) -> None:
    entries.import_catalog(db, [ONE, TWO])

    assert entries.revision(db) == 1
    assert history(db) == [("one", 1, "catalog"), ("two", 1, "catalog")]


def test_a_second_import_changes_nothing(db: Database) -> None:
    catalog = seed.load().entries
    entries.import_catalog(db, catalog)
    before = everything(db)

    imported = entries.import_catalog(db, catalog)

    assert imported == Imported((), (), ())
    assert everything(db) == before


def test_an_empty_catalog_removes_nothing(db: Database) -> None:
    entries.import_catalog(db, [ONE])

    imported = entries.import_catalog(db, [])

    assert imported == Imported((), (), ())
    assert titles(db) == ["一つ目"]


def test_a_changed_catalog_entry_is_updated(db: Database) -> None:
    entries.import_catalog(db, [ONE, TWO])

    imported = entries.import_catalog(db, [ONE, replace(TWO, title="新しい二つ目")])

    assert imported == Imported((), ("two",), ())
    assert titles(db) == ["一つ目", "新しい二つ目"]
    assert [stored.revision for stored in entries.load_all(db)] == [1, 2]


def test_a_new_catalog_entry_is_added(db: Database) -> None:
    entries.import_catalog(db, [ONE])

    imported = entries.import_catalog(db, [ONE, TWO])

    assert imported == Imported(("two",), (), ())
    assert titles(db) == ["一つ目", "二つ目"]


def test_a_catalog_entry_added_in_the_middle_stands_in_the_middle(db: Database) -> None:
    entries.import_catalog(db, [ONE, TWO])

    entries.import_catalog(db, [ONE, LAST_BY_NAME, TWO])

    assert titles(db) == ["一つ目", "三つ目", "二つ目"]


def test_a_catalog_entry_added_at_the_front_stands_at_the_front(db: Database) -> None:
    entries.import_catalog(db, [ONE, TWO])

    entries.import_catalog(db, [LAST_BY_NAME, ONE, TWO])

    assert titles(db) == ["三つ目", "一つ目", "二つ目"]


def test_an_entry_edited_by_staff_is_kept_and_reported(db: Database) -> None:
    entries.import_catalog(db, [ONE, TWO])
    entries.save(db, replace(TWO, title="職員が直した"), "yamada", seen_revision=1)

    imported = entries.import_catalog(db, [ONE, replace(TWO, title="新しい二つ目")])

    assert imported == Imported((), (), ("two",))
    assert titles(db) == ["一つ目", "職員が直した"]


def test_a_staff_edit_survives_every_later_import(db: Database) -> None:
    newer = [ONE, replace(TWO, title="新しい二つ目")]
    entries.import_catalog(db, [ONE, TWO])
    entries.save(db, replace(TWO, title="職員が直した"), "yamada", seen_revision=1)
    entries.import_catalog(db, newer)
    before = everything(db)

    again = entries.import_catalog(db, newer)

    assert again == Imported((), (), ("two",))
    assert everything(db) == before


def test_an_entry_retired_by_staff_does_not_come_back(db: Database) -> None:
    entries.import_catalog(db, [ONE])
    entries.save(db, replace(ONE, state="retired"), "yamada", seen_revision=1)

    entries.import_catalog(db, [replace(ONE, title="新しい一つ目")])

    assert [stored.entry.state for stored in entries.load_all(db)] == ["retired"]


def test_an_entry_created_by_staff_is_not_taken_over_by_the_catalog(db: Database) -> None:
    entries.save(db, replace(ONE, title="職員が書いた"), "yamada", seen_revision=0)

    imported = entries.import_catalog(db, [ONE])

    assert imported == Imported((), (), ("one",))
    assert titles(db) == ["職員が書いた"]


def test_an_edit_that_staff_took_back_no_longer_keeps_the_catalog_out(db: Database) -> None:
    entries.import_catalog(db, [ONE])
    edited = entries.save(db, replace(ONE, title="職員が直した"), "yamada", seen_revision=1)
    entries.save(db, ONE, "yamada", seen_revision=edited)

    imported = entries.import_catalog(db, [replace(ONE, title="新しい一つ目")])

    assert imported == Imported((), ("one",), ())


def test_a_save_gives_a_new_revision_to_base_and_entry(db: Database) -> None:
    entries.import_catalog(db, [ONE, TWO])

    new_revision = entries.save(db, replace(ONE, title="直した"), "yamada", seen_revision=1)

    assert new_revision == entries.revision(db) == 2
    assert [stored.revision for stored in entries.load_all(db)] == [2, 1]


def test_every_save_leaves_history(db: Database) -> None:
    entries.import_catalog(db, [ONE])
    entries.save(db, replace(ONE, title="直した"), "yamada", seen_revision=1)
    entries.save(db, replace(ONE, title="また直した"), "sato", seen_revision=2)

    rows = list(db["entry_history"].rows_where(order_by="number"))

    assert history(db) == [("one", 1, "catalog"), ("one", 2, "yamada"), ("one", 3, "sato")]
    assert ["一つ目" in row["document"] for row in rows] == [True, False, False]
    assert "また直した" in rows[2]["document"]


def test_history_tells_the_time_in_japan(db: Database) -> None:
    before = datetime.now(tz=JST).replace(microsecond=0)

    entries.save(db, ONE, "yamada", seen_revision=0)

    changed_at = [datetime.fromisoformat(row["changed_at"]) for row in db["entry_history"].rows]
    assert before <= changed_at[0] <= datetime.now(tz=JST)
    assert changed_at[0].utcoffset() == JST.utcoffset(None)


@pytest.mark.parametrize("seen_revision", [0, 1, 3, -1])
def test_a_save_with_a_stale_revision_changes_nothing(db: Database, seen_revision: int) -> None:
    entries.import_catalog(db, [ONE])
    entries.save(db, replace(ONE, title="先に直した"), "yamada", seen_revision=1)
    before = everything(db)

    with pytest.raises(StaleRevisionError):
        entries.save(db, replace(ONE, title="後から直した"), "sato", seen_revision)

    assert everything(db) == before


def test_a_new_entry_must_not_have_been_seen_before(db: Database) -> None:
    before = everything(db)

    with pytest.raises(StaleRevisionError):
        entries.save(db, ONE, "yamada", seen_revision=1)

    assert everything(db) == before


def test_after_a_stale_save_the_next_one_works(db: Database) -> None:
    entries.import_catalog(db, [ONE])
    with pytest.raises(StaleRevisionError):
        entries.save(db, ONE, "sato", seen_revision=0)

    entries.save(db, replace(ONE, title="直した"), "sato", seen_revision=1)

    assert titles(db) == ["直した"]


def test_an_entry_by_staff_comes_after_the_catalog(db: Database) -> None:
    entries.import_catalog(db, [ONE, TWO])

    entries.save(db, an_entry(id="a", title="追加"), "yamada", seen_revision=0)

    assert titles(db) == ["一つ目", "二つ目", "追加"]


def test_every_detail_of_an_entry_comes_back(db: Database) -> None:
    full = an_entry(
        contact=Contact("課", "095-829-1153", "8:45〜17:30"),
        links=(Link("頁", "https://a.example/", "https://a.example/", date(2026, 1, 18)),),
        plan=("1-1-①-1",),
        available=Available(date(2026, 1, 18), "https://a.example/"),
        easy_ja="一行目\n二行目 𠮷 👨\u200d👩\u200d👧 葛\U000e0100",
        translations={"en": "Bulky waste", "ko": "대형 쓰레기"},
        related=("waste-days",),
        valid_until=date(2026, 12, 31),
        state="draft",
        sources=(Source("値'; DROP TABLE entry; --", "https://a.example/", "official", "2026"),),
    )

    entries.save(db, full, "yamada", seen_revision=0)

    assert entries.get(db, full.id) == entries.Stored(full, 1)


def test_an_unknown_entry_is_none(db: Database) -> None:
    entries.import_catalog(db, [ONE])

    found = entries.get(db, "nobody")

    assert found is None
