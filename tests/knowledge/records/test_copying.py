"""All records move from one database to another, whole or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table, select, text

from knowledge.records import copying, migrations, store
from knowledge.records.inbox import event_table
from knowledge.records.offers import offer_table
from knowledge.records.questions import question_table
from tests.knowledge.records import conftest, oldstore

EVENTS = [
    {"event_id": f"01KEVENT{number:05d}", "received_at": number, "status": "received",
     "body": bytes([0, number % 256, 255])}
    for number in range(copying.BATCH_ROWS * 2 + 1)
]  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite database with some of everything."""
    engine = store.open_store(f"sqlite:///{tmp_path / 'source.db'}")
    with engine.begin() as connection:
        connection.execute(event_table.insert(), EVENTS)
        connection.execute(offer_table.insert(), oldstore.OFFER)
        connection.execute(question_table.insert(), oldstore.QUESTION)
    yield engine
    engine.dispose()


target = conftest.either_store


def rows(engine: Engine, table: Table) -> list[tuple[Any, ...]]:
    """Everything in a table, by its key."""
    with engine.connect() as connection:
        found = connection.execute(select(table).order_by(*table.primary_key)).all()
    return [tuple(row) for row in found]


def test_every_row_arrives_as_it_was(source: Engine, target: Engine) -> None:
    copying.copy(source, target)

    assert rows(target, event_table) == rows(source, event_table)
    assert rows(target, offer_table) == rows(source, offer_table)
    assert rows(target, question_table) == rows(source, question_table)


def test_the_rows_of_every_table_are_told(source: Engine, target: Engine) -> None:
    copied = copying.copy(source, target)

    assert {table: rows for table, rows in copied.items() if rows} == {
        "event": len(EVENTS),
        "offer": 1,
        "question": 1,
    }
    assert {"release", "staff", "audit", "draft"} <= copied.keys()


def test_the_way_back_is_open_too(source: Engine, target: Engine, tmp_path: Path) -> None:
    copying.copy(source, target)
    back = store.open_store(f"sqlite:///{tmp_path / 'back.db'}")

    copying.copy(target, back)

    found = rows(back, event_table)
    back.dispose()
    assert found == rows(source, event_table)


def test_a_target_that_holds_a_row_is_refused(source: Engine, target: Engine) -> None:
    with target.begin() as connection:
        connection.execute(offer_table.insert(), oldstore.OFFER)

    with pytest.raises(copying.CopyError, match="空のデータベース"):
        copying.copy(source, target)

    assert rows(target, event_table) == []


def test_a_target_of_another_version_is_refused(source: Engine, target: Engine) -> None:
    migrations.move_to(target, "0002")

    with pytest.raises(copying.CopyError, match="版"):
        copying.copy(source, target)


def test_a_copy_that_fails_half_way_leaves_the_target_empty(source: Engine, target: Engine) -> None:
    with target.begin() as connection:
        connection.execute(text("ALTER TABLE question DROP COLUMN engine"))
        connection.execute(text("ALTER TABLE question ADD COLUMN nobody_knows INTEGER"))

    with pytest.raises(Exception, match="nobody_knows"):
        copying.copy(source, target)

    assert rows(target, event_table) == []
