"""flask backup and flask restore: one file, whose key is ours, and back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click import Command
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from bot import parts
from bot.app import create_app
from bot.cli_backup import NO_KEY, backup, restore
from knowledge import backups
from knowledge.records import questions
from knowledge.records.questions import question_table
from tests import servers
from tests.bot.fakeline import FakeLine
from tests.bot.test_cli_logs import ASKED
from tests.builders import a_config
from tests.knowledge.records import on
from tests.knowledge.records.arrivals import NOW

KEY = "fictional-backup-key-of-the-tests"


def an_app(folder: Path, **changes: Any) -> Flask:
    """A bot on one machine, some time in 2027, that was asked something a minute ago."""
    own = {"records_url": servers.records_file(folder), "queue_url": "memory://"}
    given = {"backup_key": KEY, **own, **changes}
    app = create_app(a_config(folder, **given), line=FakeLine(), clock=lambda: NOW)
    on(parts.of(app).records, questions.keep, replace(ASKED, asked_at=NOW - 60))
    return app


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """A bot with a key for its backups."""
    app = an_app(tmp_path)
    yield app
    parts.of(app).records.dispose()


def run(app: Flask, command: Command, *arguments: str | Path) -> Result:
    """Run a command."""
    return app.test_cli_runner().invoke(command, [str(each) for each in arguments])


def words(app: Flask) -> list[str]:
    """The texts that are kept."""
    with parts.of(app).records.connect() as connection:
        return list(connection.execute(select(question_table.c.redacted)).scalars())


def test_a_backup_tells_what_it_holds(app: Flask, tmp_path: Path) -> None:
    result = run(app, backup, tmp_path / "bot.backup")

    assert result.exit_code == 0
    first, second, third, last = result.output.splitlines()
    assert first == "2027-01-15 17:00 の控え"
    assert second.startswith("知識：86 項目（版 ")
    assert third.startswith("記録：質問 1 件、受信 0 件（データベースの版 ")
    assert last.startswith("bot.backup に書きました（")


def test_what_was_backed_up_comes_back(app: Flask, tmp_path: Path) -> None:
    run(app, backup, tmp_path / "bot.backup")
    on(parts.of(app).records, questions.keep, replace(ASKED, event_id="later", asked_at=NOW))

    result = run(app, restore, tmp_path / "bot.backup")

    assert result.exit_code == 0
    assert "  records.db.before-restore-20270115T080000Z" in result.output.splitlines()
    assert words(app) == [ASKED.redacted]


def test_texts_whose_time_was_over_do_not_come_back(app: Flask, tmp_path: Path) -> None:
    long_ago = replace(ASKED, event_id="old", asked_at=NOW - 91 * 24 * 60 * 60)
    on(parts.of(app).records, questions.keep, long_ago)
    run(app, backup, tmp_path / "bot.backup")

    run(app, restore, tmp_path / "bot.backup")

    assert sorted(words(app)) == ["", ASKED.redacted]


def test_another_key_is_refused_with_1(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = an_app(tmp_path / "other", backup_key="another-fictional-key")
    run(other, backup, tmp_path / "bot.backup")
    parts.of(other).records.dispose()

    result = run(app, restore, tmp_path / "bot.backup")

    assert (result.exit_code, result.output) == (1, f"{backups.WRONG_KEY}\n")
    assert words(app) == [ASKED.redacted]


def test_a_production_bot_uses_its_own_secret_without_a_key(tmp_path: Path) -> None:
    app = an_app(tmp_path, backup_key="", is_local=False)
    made = run(app, backup, tmp_path / "bot.backup")

    result = run(app, restore, tmp_path / "bot.backup")

    parts.of(app).records.dispose()
    assert (made.exit_code, result.exit_code) == (0, 0)


@pytest.mark.parametrize("command", [backup, restore], ids=["backup", "restore"])
def test_a_trial_without_a_key_is_refused_with_1(tmp_path: Path, command: Command) -> None:
    app = an_app(tmp_path, backup_key="")
    (tmp_path / "bot.backup").touch()

    result = run(app, command, tmp_path / "bot.backup")

    parts.of(app).records.dispose()
    assert (result.exit_code, result.output) == (1, f"{NO_KEY}\n")


def test_a_folder_that_is_not_there_is_refused_with_1(app: Flask, tmp_path: Path) -> None:
    result = run(app, backup, tmp_path / "missing" / "bot.backup")

    assert result.exit_code == 1
    assert result.output == "ファイルの読み書きができませんでした（FileNotFoundError）。\n"


def test_a_file_that_is_not_there_is_a_wrong_usage(app: Flask, tmp_path: Path) -> None:
    assert run(app, restore, tmp_path / "missing.backup").exit_code == 2
