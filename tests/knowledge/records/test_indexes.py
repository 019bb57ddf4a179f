"""What pages and sign-ins ask for is found by an index: no table is read from end to end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from knowledge.records import accounts, audit, jobs, reviews, store

LOOKS: dict[str, Callable[[Connection], object]] = {
    "trail of a person": lambda c: audit.trail(c, person_id="1" * 32),
    "trail of an entry": lambda c: audit.trail(c, "library"),
    "publications": lambda c: list(audit.publications(c, "library")),
    "name of an entry": lambda c: audit.is_told(c, "library", {"save_draft"}),
    "lines of a job": lambda c: audit.subjects_of(c, "1" * 32, 1.0),
    "account": lambda c: accounts.find(c, "Hanako@example.jp"),
    "sign-in begins": lambda c: accounts.forget_failures(c, before=1.0),
    "sign-in succeeds": lambda c: accounts.forget_failures(c, [1, 2], "account"),
    "changes that wait": lambda c: jobs.unsettled(c, ("teach", "outside")),
    "reviews": lambda c: reviews.of(c, ["a" * 64, "b" * 64]),
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Records in SQLite, which tells how it would look before there is anything to find."""
    engine = store.open_store(f"sqlite:///{tmp_path / 'records.db'}")
    yield engine
    engine.dispose()


@contextmanager
def noted(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are run meanwhile, with their values."""
    found: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        found.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def plan_of(engine: Engine, statement: str, values: Any) -> list[str]:
    """How SQLite would look for the rows of a statement."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row.detail for row in rows]


@pytest.mark.parametrize("name", LOOKS)
def test_it_is_found_by_an_index(engine: Engine, name: str) -> None:
    with noted(engine) as statements, store.writing(engine) as connection:
        LOOKS[name](connection)

    steps = [step for one in statements for step in plan_of(engine, *one)]
    assert any(step.startswith("SEARCH") for step in steps)
    assert [step for step in steps if step.startswith("SCAN") and "CONSTANT" not in step] == []
