"""Whatever version a database is of, opening it brings it to ours; and a version can go back."""

import importlib
import logging
import pkgutil
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, inspect, text

import knowledge.records
from knowledge.records import migrations, store
from tests.knowledge.processes import at_once
from tests.knowledge.records import oldstore


def every_table() -> MetaData:
    """All tables of all modules of the records."""
    for module in pkgutil.iter_modules(knowledge.records.__path__, "knowledge.records."):
        importlib.import_module(module.name)
    return store.metadata


def differences(connection: Connection, tables: MetaData) -> list[Any]:
    """What Alembic would change to get from a database to the tables.

    It takes SQLite's spelling of a default text for another default.
    """
    options = {"compare_server_default": connection.dialect.name != "sqlite"}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), tables))


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    """What a statement finds."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def set_version(url: str, version: str) -> None:
    """Open a database, then claim another version for it."""
    engine = store.open_store(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    engine.dispose()


def open_and_count(url: str) -> int:
    """Open a database, in whatever process; the number of its tables, less that of the versions."""
    engine = store.open_store(url)
    tables = inspect(engine).get_table_names()
    engine.dispose()
    return len(tables) - 1


def test_the_newest_version_is_the_one_the_program_works_with() -> None:
    settings = Config()
    settings.set_main_option("script_location", str(Path(migrations.__file__).parent))

    head = ScriptDirectory.from_config(settings).get_current_head()

    assert head == migrations.HEAD


def test_an_empty_database_gets_the_tables_of_the_modules(empty_url: str) -> None:
    engine = store.open_store(empty_url)

    with engine.connect() as connection:
        found = differences(connection, every_table())

    engine.dispose()
    assert found == []


def test_an_old_database_gets_the_tables_of_the_modules(empty_url: str) -> None:
    oldstore.make(empty_url)
    engine = store.open_store(empty_url)

    with engine.connect() as connection:
        found = differences(connection, every_table())

    engine.dispose()
    assert found == []


def test_an_old_database_keeps_every_event_id(empty_url: str) -> None:
    oldstore.make(empty_url)

    engine = store.open_store(empty_url)

    found = rows(engine, 'SELECT event_id, received_at, status FROM "event" ORDER BY event_id')
    engine.dispose()
    assert found == [("01KDONE", 1000, "done"), ("01KLOST", 2000, "expired")]


def test_what_an_old_process_lost_is_finished_and_alarms_nobody(empty_url: str) -> None:
    oldstore.make(empty_url)

    engine = store.open_store(empty_url)

    found = rows(engine, 'SELECT event_id FROM "event" WHERE finished_at IS NULL')
    engine.dispose()
    assert found == []


def test_an_old_database_keeps_its_questions_and_offers(empty_url: str) -> None:
    oldstore.make(empty_url)

    engine = store.open_store(empty_url)

    questions = rows(engine, "SELECT redacted, next_steps, message_id FROM question")
    offers = rows(engine, "SELECT chat_key, offered_at FROM offer")
    engine.dispose()
    assert questions == [("ごみの日は？", "solved", None)]
    assert offers == [("chat-1", 1400)]


def test_an_old_database_with_only_some_of_its_tables_gets_the_rest(empty_url: str) -> None:
    plain = oldstore.plain(empty_url)
    oldstore.old_offer.create(plain)
    plain.dispose()

    engine = store.open_store(empty_url)

    found = set(inspect(engine).get_table_names())
    engine.dispose()
    assert {"event", "offer", "question", "unsent", "release"} <= found


def test_opening_again_changes_nothing(empty_url: str) -> None:
    oldstore.make(empty_url)
    store.open_store(empty_url).dispose()

    engine = store.open_store(empty_url)

    found = rows(engine, 'SELECT count(*) FROM "event"')
    engine.dispose()
    assert found == [(2,)]


def test_six_processes_may_open_one_empty_database_at_once(empty_url: str) -> None:
    counts = at_once(open_and_count, [(empty_url,)] * 6)

    assert counts == [len(every_table().tables)] * 6


def test_six_processes_may_open_one_old_database_at_once(empty_url: str) -> None:
    oldstore.make(empty_url)

    counts = at_once(open_and_count, [(empty_url,)] * 6)

    assert counts == [len(every_table().tables)] * 6


def test_the_way_back_to_the_time_before_versions_keeps_what_that_time_knew(
    empty_url: str,
) -> None:
    oldstore.make(empty_url)
    engine = store.open_store(empty_url)

    migrations.move_to(engine, "0001")

    with engine.connect() as connection:
        found = differences(connection, oldstore.old)
    events = rows(engine, 'SELECT event_id, outcome FROM "event" ORDER BY event_id')
    questions = rows(engine, "SELECT redacted FROM question")
    engine.dispose()
    assert found == []
    assert events == [("01KDONE", "done"), ("01KLOST", "expired")]
    assert questions == [("ごみの日は？",)]


def test_an_event_in_work_is_unfinished_after_the_way_back(empty_url: str) -> None:
    engine = store.open_store(empty_url)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO event (event_id, received_at, status) VALUES ('1', 5, 'received')")
        )

    migrations.move_to(engine, "0001")

    found = rows(engine, 'SELECT event_id, outcome FROM "event"')
    engine.dispose()
    assert found == [("1", None)]


@pytest.mark.parametrize(
    "version", ["0008", "0007", "0006", "0005", "0004", "0003", "0002", "0001", "base"]
)
def test_after_a_way_back_the_way_forward_is_open(empty_url: str, version: str) -> None:
    engine = store.open_store(empty_url)

    migrations.move_to(engine, version)
    migrations.upgrade(engine)

    with engine.connect() as connection:
        found = differences(connection, every_table())
    engine.dispose()
    assert found == []


def test_a_draft_of_the_version_before_is_kept_and_is_nobody_s_own(empty_url: str) -> None:
    engine = store.open_store(empty_url)
    migrations.move_to(engine, "0007")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO draft VALUES ('library', 5, 1, '{}', '田中', 1000)"))

    migrations.upgrade(engine)

    found = rows(engine, "SELECT entry_id, person_name, person_id FROM draft")
    engine.dispose()
    assert found == [("library", "田中", "")]


def test_a_way_back_that_fails_leaves_everything_as_it_was(empty_url: str) -> None:
    engine = store.open_store(empty_url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE offer"))

    with pytest.raises(Exception, match="offer"):
        migrations.move_to(engine, "base")

    with engine.connect() as connection:
        version = migrations.version_of(connection)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    assert version == migrations.HEAD
    assert {"event", "question", "unsent", "release"} <= found


def test_a_database_of_a_later_version_is_opened_as_it_is(
    empty_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    set_version(empty_url, "0099")

    with caplog.at_level(logging.WARNING):
        engine = store.open_store(empty_url)

    with engine.connect() as connection:
        version = migrations.version_of(connection)
    engine.dispose()
    assert version == "0099"
    assert "0099" in caplog.text


def test_a_database_of_an_unknown_version_is_refused(empty_url: str) -> None:
    set_version(empty_url, "somebody-elses")

    with pytest.raises(migrations.UnknownVersionError, match="版"):
        store.open_store(empty_url)
