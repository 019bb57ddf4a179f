"""Fixtures that cost something to make, made once."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase
from tests.localbot import Chat, LocalBot


@pytest.fixture(scope="session")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """The whole catalog in a real file; tests must not write to it."""
    base = KnowledgeBase(tmp_path_factory.mktemp("kb") / "kb.db")
    base.import_catalog()
    return base


@pytest.fixture(scope="session")
def local_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBot]:
    """The whole bot with the local LINE, on a real port."""
    bot = LocalBot(tmp_path_factory.mktemp("bot"))
    yield bot
    bot.close()


@pytest.fixture
def chat(local_bot: LocalBot) -> Chat:
    """A new citizen in a quiet LINE."""
    local_bot.rest()  # what the test before left in work
    local_bot.stub.reset()
    return local_bot.chat()


@pytest.fixture
def own_bot(tmp_path: Path) -> Iterator[LocalBot]:
    """A bot of the test's own, for tests that break or restart things."""
    bot = LocalBot(tmp_path)
    yield bot
    bot.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Half a letter that a test has logged cannot travel to the process that collects reports."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections
    ]
    return report
