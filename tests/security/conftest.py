"""A bot as citizens meet it: connected to a channel, behind its public name, on the real server."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.app import create_app
from bot.cli_serve import listen
from tests import webserver
from tests.bot.fakeline import FakeLine
from tests.bot.signed import OFFICIAL_SECRET
from tests.builders import a_config
from tests.load.processes import free_port
from tests.security.door import Door

PUBLIC = "bot.example.jp"


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A production bot whose public name is bot.example.jp."""
    config = a_config(
        tmp_path_factory.mktemp("production"),
        is_local=False,
        port=free_port(),
        base_url=f"https://{PUBLIC}",
        line_channel_secrets=(OFFICIAL_SECRET,),
        queue_url="memory://",
    )
    return create_app(config, line=FakeLine())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor of that bot."""
    return app.test_client()


@pytest.fixture(scope="session")
def door(app: Flask) -> Iterator[Door]:
    """The same bot on a socket, served as `flask web` serves it."""
    server = listen(app, "127.0.0.1")
    yield Door(int(server.effective_port))
    webserver.stop(server)
