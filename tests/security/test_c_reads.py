"""OPS.md §4, C1: looking changes nothing. Forms and their tokens come with the staff site."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from bot import parts
from bot.app import create_app
from bot.simulator.events import text_event
from tests import servers
from tests.bot.fakeline import FakeLine
from tests.bot.signed import OFFICIAL_SECRET, as_json, post_signed
from tests.builders import a_config
from tests.security.webmap import every_get


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A bot with every page there is, which has answered somebody."""
    folder = tmp_path_factory.mktemp("reads")
    config = a_config(folder, line_channel_secrets=(OFFICIAL_SECRET,), queue_url="memory://")
    app = create_app(config, line=FakeLine())
    assert post_signed(app, as_json(text_event("住民票"))) == 200
    app.test_client().get(
        "/"
    )  # what is costly to compute is kept in the file by the first who asks
    return app


def contents(app: Flask) -> list[object]:
    """All rows of the knowledge base and of the records."""
    config = parts.of(app).config
    if not config.records_url.startswith("sqlite:///"):
        return [_rows(config.database), servers.contents(config.records_url)]
    return [_rows(config.database), _rows(Path(config.records_url.removeprefix("sqlite:///")))]


def _rows(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_c1_reading_every_page_changes_nothing(local: Flask, method: str) -> None:
    before = contents(local)
    paths = [*every_get(local), "/?q=<script>", "/nowhere", "/callback", "/simulator/send"]

    answers = []
    for path in paths:
        with local.test_client().open(path, method=method) as response:
            answers.append(response.status_code)

    assert len(answers) >= 10
    assert max(answers) < 500
    assert contents(local) == before


def test_c1_the_comparison_would_notice_a_change(local: Flask) -> None:
    before = contents(local)

    post_signed(local, as_json(text_event("印鑑登録")))

    assert contents(local) != before
