"""A records database in a real file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.records import store


@pytest.fixture
def records_url(tmp_path: Path) -> str:
    """The address of a records database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'records.db'}"


@pytest.fixture
def records(records_url: str) -> Iterator[Engine]:
    """An open, empty records database."""
    engine = store.open_store(records_url)
    yield engine
    engine.dispose()
