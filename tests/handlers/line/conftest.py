"""What the tests of answers share."""

import pytest

from handlers.line.reply import Chat
from knowledge.base import KnowledgeBase
from tests.builders import DAY


@pytest.fixture
def citizen(kb: KnowledgeBase) -> Chat:
    """A new chat on the tests' day."""
    return Chat(kb, DAY)
