"""Carry all records from one database to another, when one machine is outgrown."""

from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    NullPool,
    Table,
    cast,
    create_engine,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import REGCLASS

from knowledge.records import migrations

BATCH_ROWS = 500
NO_RECORDS = ("alembic_", "huey_")


class CopyError(ValueError):
    """The copy cannot be made, or would not be whole; nothing was written."""


def copy(source: Engine, target: Engine) -> dict[str, int]:
    """Copy every table in one transaction; returns the rows per table.

    Both come from `open_store`, the bot must be stopped, and the target must hold no row: raises
    CopyError otherwise, and also when the source changed meanwhile. The target is all or nothing.
    """
    tables = _tables(target)
    with _patient(source).connect() as reading, _patient(target).begin() as writing:
        _check(reading, writing, tables)
        return {table.name: _copy_table(reading, writing, table) for table in tables}


def _patient(engine: Engine) -> Engine:
    """The connections of the pool give up after two seconds; a big table takes its time."""
    return create_engine(engine.url, poolclass=NullPool)


def _tables(engine: Engine) -> list[Table]:
    """What a migrated database holds, asked of itself: no table can be forgotten here.

    A queue that shares the database is not copied: its events are in the inbox.
    """
    found = MetaData()
    found.reflect(engine)
    return [table for table in found.sorted_tables if not table.name.startswith(NO_RECORDS)]


def _check(reading: Connection, writing: Connection, tables: list[Table]) -> None:
    versions = [migrations.version_of(connection) for connection in (reading, writing)]
    if versions != [migrations.HEAD, migrations.HEAD]:
        raise CopyError("コピー元とコピー先の、データベースの版が違います。")
    if any(_count(writing, table) for table in tables):
        raise CopyError("コピー先にすでに記録があります。空のデータベースを指定してください。")


def _copy_table(reading: Connection, writing: Connection, table: Table) -> int:
    rows = reading.execution_options(yield_per=BATCH_ROWS).execute(select(table))
    for batch in rows.mappings().partitions():
        writing.execute(table.insert(), [dict(row) for row in batch])
    written = _count(writing, table)
    if written != _count(reading, table):
        raise CopyError(
            "コピー中に記録が変わりました。ボットを止めてから、もう一度お試しください。"
        )
    if writing.dialect.name == "postgresql":
        _count_on(writing, table)
    return written


def _count_on(connection: Connection, table: Table) -> None:
    """A server's counters do not see the numbers that were written: the next row needs a new one."""
    for column in table.primary_key:
        counter = cast(func.pg_get_serial_sequence(table.name, column.name), REGCLASS)
        highest = select(func.max(column)).scalar_subquery()
        if column.type.python_type is int:
            connection.execute(select(func.setval(counter, highest)))


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
