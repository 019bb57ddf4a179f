"""`flask records check` tells whether the trail of what staff did is as it was written."""

import re
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from bot import parts
from bot.app import create_app
from knowledge.records import audit
from knowledge.records.accounts import Person
from knowledge.records.audit import Act
from tests.bot.fakeline import FakeLine
from tests.builders import a_config
from tests.knowledge.records import on
from tests.knowledge.records.test_audit import REWRITES, run, unlock

HANAKO = Person("1" * 32, "hanako@example.jp", "長崎花子", "publisher")


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A bot with three lines in its trail."""
    made = create_app(a_config(tmp_path, queue_url="memory://"), line=FakeLine())
    for number in range(3):
        on(parts.of(made).records, audit.note, HANAKO, Act("publish", f"entry-{number}"), number)
    return made


def check(app: Flask, *options: str) -> Result:
    """Run the command."""
    return app.test_cli_runner().invoke(args=["records", "check", *options])


def last_line(app: Flask) -> str:
    """What somebody writes down of it."""
    return re.findall(r"最後の行　(\S+)", check(app).output)[0]


def test_a_whole_trail_is_called_whole(app: Flask) -> None:
    result = check(app)

    assert result.exit_code == 0
    assert "操作の記録 3 行は、書いたときのままです。" in result.output


def test_a_line_that_was_changed_is_named(app: Flask) -> None:
    records = parts.of(app).records
    unlock(records)
    run(records, REWRITES[0])

    result = check(app)

    assert result.exit_code == 1
    assert "2 行目" in result.output


def test_a_line_written_down_before_is_still_there_when_more_was_done(app: Flask) -> None:
    seen = last_line(app)
    on(parts.of(app).records, audit.note, HANAKO, Act("publish", "entry-3"), 4.0)

    assert check(app, "--seen", seen).exit_code == 0


def test_a_cut_end_is_noticed_by_the_line_written_down(app: Flask) -> None:
    seen, records = last_line(app), parts.of(app).records
    unlock(records)
    run(records, "DELETE FROM audit WHERE number = 3")
    on(records, audit.note, HANAKO, Act("publish", "something-else"), 4.0)

    result = check(app, "--seen", seen)

    assert result.exit_code == 1
    assert "切り取られたおそれ" in result.output


@pytest.mark.parametrize("seen", ["x", "3", "3:", "99999999999999999999:ab", ":ab"])
def test_what_is_no_line_is_not_found(app: Flask, seen: str) -> None:
    assert check(app, "--seen", seen).exit_code == 1
