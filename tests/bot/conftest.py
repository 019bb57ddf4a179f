"""A bot at a test's fingertips: in this process, with a LINE that only remembers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from bot.app import create_app
from knowledge.base import KnowledgeBase
from tests.bot.fakeline import FakeLine
from tests.bot.signed import OFFICIAL_SECRET, OLD_SECRET
from tests.bot.stillbot import StillBot
from tests.builders import a_config


@pytest.fixture(scope="session")
def line() -> FakeLine:
    """Where the app's answers go."""
    return FakeLine()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, line: FakeLine) -> Flask:
    """A bot with the secret of LINE's example, in the middle of a rotation."""
    secrets = (OFFICIAL_SECRET, OLD_SECRET)
    folder = tmp_path_factory.mktemp("app")
    config = a_config(folder, line_channel_secrets=secrets, queue_url="memory://")
    return create_app(config, line=line)


@pytest.fixture(scope="session")
def runner(app: Flask) -> FlaskCliRunner:
    """The command line of that bot; its commands must not write to the knowledge base."""
    return app.test_cli_runner()


@pytest.fixture
def own_runner(tmp_path: Path) -> FlaskCliRunner:
    """The command line of a bot of the test's own, for commands that write."""
    return create_app(a_config(tmp_path), line=FakeLine()).test_cli_runner()


@pytest.fixture
def bot(tmp_path: Path, kb: KnowledgeBase) -> Iterator[StillBot]:
    """A bot of the test's own, whose time stands still."""
    made = StillBot(tmp_path, kb)
    yield made
    made.close()
