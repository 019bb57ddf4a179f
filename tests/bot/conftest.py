"""A bot at a test's fingertips: in this process, with a LINE that only remembers."""

import pytest
from flask import Flask

from bot.app import create_app
from tests.bot.fakeline import FakeLine
from tests.bot.signed import OFFICIAL_SECRET, OLD_SECRET
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
    return create_app(a_config(folder, line_channel_secrets=secrets), line=line)
