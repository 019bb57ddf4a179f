"""The knowledge base file between processes: migrating, saving and dying at once harm nothing."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from knowledge import entries, schema
from knowledge.entries import Imported, StaleRevisionError
from tests.builders import an_entry
from tests.knowledge.halted_import import AT_THE_END, COUNT, a_catalog, kill_inside
from tests.knowledge.processes import at_once

INSIDE_THE_IMPORT = [
    pytest.param("UPDATE base", 1, id="before-the-first-change"),
    pytest.param("INSERT INTO entry_history (", 1, id="between-an-entry-and-its-history"),
    pytest.param("INSERT INTO entry (", COUNT, id="before-the-last-entry"),
    pytest.param("COMMIT", 1, id="as-it-commits"),
]


def migrate(path: Path) -> None:
    """Bring a file up to date, in whatever process."""
    schema.migrate(path)


def import_it(path: Path, title: str) -> Imported:
    """Migrate and import as a starting process does."""
    schema.migrate(path)
    return entries.import_catalog(Database(path), a_catalog(title))


def save_it(path: Path, title: str) -> str:
    """Save as an editor who has seen revision 1; says how it went."""
    try:
        entries.save(Database(path), an_entry(id="entry-0", title=title), title, seen_revision=1)
    except StaleRevisionError:
        return "stale"
    return "saved"


def schema_of(path: Path) -> list[tuple[str, str]]:
    """Names and definitions of all that the file holds."""
    return [(table.name, table.schema) for table in Database(path).tables]


def titles(path: Path) -> set[str]:
    """Every title in the file."""
    return {stored.entry.title for stored in entries.load_all(Database(path))}


def test_a_second_migration_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kb.db"
    schema.migrate(path)
    entries.import_catalog(Database(path), a_catalog("前"))
    before = schema_of(path)

    schema.migrate(path)

    assert schema_of(path) == before
    assert titles(path) == {"前"}
    assert entries.revision(Database(path)) == 1


def test_a_migration_makes_the_folders_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "kb.db"

    schema.migrate(path)

    assert entries.revision(Database(path)) == 0


def test_two_processes_may_migrate_one_new_file_at_once(tmp_path: Path) -> None:
    path, alone = tmp_path / "kb.db", tmp_path / "alone.db"
    schema.migrate(alone)

    at_once(migrate, [(path,), (path,)])

    assert schema_of(path) == schema_of(alone)
    assert [dict(row) for row in Database(path)["base"].rows] == [{"id": 1, "revision": 0}]


def test_processes_that_start_at_once_import_the_catalog_only_once(tmp_path: Path) -> None:
    path = tmp_path / "kb.db"

    imported = at_once(import_it, [(path, "前")] * 4)

    assert sorted(len(each.added) for each in imported) == [0, 0, 0, COUNT]
    assert entries.revision(Database(path)) == 1


def test_of_two_saves_at_once_in_two_processes_one_is_stale(tmp_path: Path) -> None:
    path = tmp_path / "kb.db"
    import_it(path, "前")

    results = at_once(save_it, [(path, "山田"), (path, "佐藤")])

    assert sorted(results) == ["saved", "stale"]
    assert entries.revision(Database(path)) == 2


@pytest.mark.parametrize(("statement", "count"), INSIDE_THE_IMPORT)
def test_a_first_import_that_is_killed_leaves_nothing(
    tmp_path: Path, statement: str, count: int
) -> None:
    path = tmp_path / "kb.db"
    schema.migrate(path)

    kill_inside(path, "前", statement, count)

    db = Database(path)
    assert entries.load_all(db) == []
    assert entries.revision(db) == db["entry_history"].count == 0


@pytest.mark.parametrize(("statement", "count"), INSIDE_THE_IMPORT)
def test_a_later_import_that_is_killed_leaves_the_earlier_whole(
    tmp_path: Path, statement: str, count: int
) -> None:
    path = tmp_path / "kb.db"
    import_it(path, "前")

    kill_inside(path, "後", statement, count)

    db = Database(path)
    assert titles(path) == {"前"}
    assert (entries.revision(db), db["entry_history"].count) == (1, COUNT)


def test_an_import_killed_after_its_end_has_left_everything(tmp_path: Path) -> None:
    path = tmp_path / "kb.db"
    import_it(path, "前")

    kill_inside(path, "後", AT_THE_END, 1)

    db = Database(path)
    assert titles(path) == {"後"}
    assert (entries.revision(db), db["entry_history"].count) == (2, 2 * COUNT)


def test_after_a_killed_import_the_next_one_does_the_whole_work(tmp_path: Path) -> None:
    path = tmp_path / "kb.db"
    schema.migrate(path)
    kill_inside(path, "前", "INSERT INTO entry (", COUNT // 2)

    imported = import_it(path, "後")

    assert len(imported.added) == COUNT
    assert titles(path) == {"後"}


def test_a_catalog_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kb.db"
    schema.migrate(path)
    unstorable = replace(an_entry(), id="unstorable", title="\ud800")

    with pytest.raises(ValueError, match="surrogate"):
        entries.import_catalog(Database(path), [*a_catalog("前"), unstorable])

    assert entries.load_all(Database(path)) == []
    assert import_it(path, "後").added
