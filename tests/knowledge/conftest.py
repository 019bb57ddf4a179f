"""What the tests of the knowledge room share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from knowledge.base import KnowledgeBase
from knowledge.entry import Entry
from knowledge.tokens import Tokenizer

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"

settings.register_profile("patient", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("patient")


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """One Sudachi for all."""
    return Tokenizer()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder the catalog was written from; it does not stand beside every clone."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"{SHARED_DATA} is not on this machine")
    return SHARED_DATA


@pytest.fixture
def base_of(tmp_path: Path) -> Callable[..., KnowledgeBase]:
    """Make a knowledge base of a few entries in a real file."""

    def make(*entries: Entry) -> KnowledgeBase:
        base = KnowledgeBase(tmp_path / "kb.db")
        base.import_catalog(entries)
        return base

    return make
