"""Places in a transaction that only one of all processes and machines is in at a time."""

from sqlalchemy import Connection, func, select, text

AUDIT = 616263
SIGN_IN = 616264
"""Any numbers that nobody else locks."""

_NOTHING = text("DELETE FROM alembic_version WHERE FALSE")


def take(connection: Connection, place: int) -> None:
    """Wait for those who are in the place; it is ours until our transaction ends.

    SQLite lets one transaction write, but begins one with its first write only: what was read
    before that may be old when it is written to.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(place)))
    else:
        connection.execute(_NOTHING)
