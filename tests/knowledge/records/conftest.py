"""Records databases: of the store this run tests, and of each store there is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.records import store
from tests import servers


@pytest.fixture
def records_url(tmp_path: Path) -> str:
    """The address of a records database without rows, in the store of this run."""
    return servers.records_url(tmp_path)


@pytest.fixture
def records(records_url: str) -> Iterator[Engine]:
    """An open, empty records database."""
    engine = store.open_store(records_url)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_url() -> str:
    """The address of a PostgreSQL database in which nothing is yet."""
    address = servers.fresh_database()
    if address is None:
        pytest.skip("no PostgreSQL is installed on this machine")
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database in which nothing is yet, in either store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def either_store(empty_url: str) -> Iterator[Engine]:
    """An open, empty records database, in either store.

    A module of tests takes it by a name of its own: `records = conftest.either_store`.
    """
    engine = store.open_store(empty_url)
    yield engine
    engine.dispose()
