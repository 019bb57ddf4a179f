"""A database that takes no rows into one table, as on a full disk, while it erases as before."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from knowledge.records.store import Store

REFUSES = {
    "sqlite": (
        "CREATE TRIGGER no_new BEFORE INSERT ON {} BEGIN SELECT RAISE(ABORT, 'full'); END",
        "CREATE TRIGGER no_other BEFORE UPDATE ON {} BEGIN SELECT RAISE(ABORT, 'full'); END",
    ),
    "postgresql": ("ALTER TABLE {} ADD CONSTRAINT is_full CHECK (false) NOT VALID",),
}
TAKES_AGAIN = {
    "sqlite": ("DROP TRIGGER no_new", "DROP TRIGGER no_other"),
    "postgresql": ("ALTER TABLE {} DROP CONSTRAINT is_full",),
}


@contextmanager
def full(records: Store, table: str) -> Iterator[None]:
    """The database itself refuses every new and every changed row of a table for as long."""
    _run(records, table, REFUSES[records.dialect.name])
    try:
        yield
    finally:
        _run(records, table, TAKES_AGAIN[records.dialect.name])


def _run(records: Store, table: str, statements: tuple[str, ...]) -> None:
    with records.begin() as connection:
        for statement in statements:
            connection.execute(text(statement.format(table)))
