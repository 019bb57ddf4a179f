"""A backup holds all, tells nobody, and is refused rather than half restored."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from knowledge import backups, sealed_file
from knowledge.backups import BackupError
from knowledge.records import inbox, migrations, questions
from knowledge.records.event_table import event_table
from tests import servers
from tests.builders import an_entry
from tests.knowledge.records import arrivals, on
from tests.knowledge.records.arrivals import NOW, an_arrival
from tests.knowledge.records.test_retention import ASKED
from tests.knowledge.savedbot import SECRET, Bot, a_bot, citizens, refused


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    """A bot in the store of this run that was asked something."""
    bot = a_bot(tmp_path / "bot", servers.records_url(tmp_path))
    on(bot.records, questions.keep, ASKED)
    arrivals.store(bot.records, an_arrival(body=b"sealed words"))
    yield bot
    bot.records.dispose()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Bot]:
    """Another bot, without any questions, to restore into."""
    bot = a_bot(tmp_path / "other", servers.records_url(tmp_path / "other"))
    yield bot
    bot.records.dispose()


@pytest.fixture
def backup(bot: Bot, tmp_path: Path) -> Path:
    """A backup of the bot."""
    bot.back_up(tmp_path / "bot.backup")
    return tmp_path / "bot.backup"


def test_a_restored_bot_knows_and_remembers_what_the_backup_holds(backup: Path, other: Bot) -> None:
    other.kb.save(an_entry(title="書きかえた題"), "clerk", other.kb.revision)

    other.restore(backup)

    assert other.titles() == ["粗大ごみ"]
    assert other.words() == [ASKED.redacted]


def test_a_backup_tells_what_it_holds(bot: Bot, tmp_path: Path) -> None:
    manifest = bot.back_up(tmp_path / "bot.backup")

    knowledge, records = manifest.parts
    assert manifest.made_at == "2027-01-15T08:00:00+00:00"
    assert knowledge.rows["entry"] == 1
    assert (records.rows["question"], records.rows["event"]) == (1, 1)


def test_messages_in_work_are_not_in_it_and_are_not_answered_after_restoring(
    backup: Path, other: Bot
) -> None:
    other.restore(backup)

    with other.records.connect() as connection:
        (row,) = connection.execute(select(event_table)).all()
    assert (row.status, row.body) == ("expired", None)
    assert inbox.oldest_unfinished(other.records, since=0) is None


def test_a_backup_shows_nothing_and_is_for_its_owner_only(backup: Path) -> None:
    content = backup.read_bytes()

    assert backup.stat().st_mode & 0o777 == 0o600
    assert b"SQLite" not in content
    assert "カナリア".encode() not in content


def test_no_open_copy_is_left_behind(bot: Bot, other: Bot, backup: Path) -> None:
    other.restore(backup)

    names = [path.name for folder in (bot, other) for path in folder.kb_file.parent.iterdir()]
    assert [name for name in names if "backup-" in name] == []
    assert not backup.with_name("bot.backup.part").exists()


def test_copies_left_by_a_killed_backup_are_removed_by_the_next(bot: Bot, tmp_path: Path) -> None:
    left = bot.kb_file.parent / ".kb.db.backup-killed"
    left.mkdir()
    (left / "records.db").write_bytes(b"words")

    bot.back_up(tmp_path / "bot.backup")

    assert not left.exists()


def test_a_backup_of_a_bot_at_work_is_of_one_moment(bot: Bot, other: Bot, tmp_path: Path) -> None:
    with citizens(bot):
        manifest = bot.back_up(tmp_path / "bot.backup")

    other.restore(tmp_path / "bot.backup")

    with other.records.connect() as connection:
        assert len(connection.execute(select(event_table)).all()) == manifest.parts[1].rows["event"]


def test_a_bot_at_work_sees_what_was_restored(tmp_path: Path) -> None:
    bot = a_bot(tmp_path / "bot")
    bot.back_up(tmp_path / "empty.backup")
    on(bot.records, questions.keep, ASKED)

    with citizens(bot):
        bot.restore(tmp_path / "empty.backup")

    assert bot.words() == []
    assert arrivals.store(bot.records, an_arrival("afterwards")) == ["afterwards"]
    bot.records.dispose()


def test_the_former_files_are_kept_for_their_owner(tmp_path: Path) -> None:
    bot = a_bot(tmp_path / "bot")
    bot.back_up(tmp_path / "empty.backup")
    on(bot.records, questions.keep, ASKED)

    aside = bot.restore(tmp_path / "empty.backup")

    names = ["records.db.before-restore-20270115T080000Z", "kb.db.before-restore-20270115T080000Z"]
    assert [path.name for path in aside] == names
    assert [path.stat().st_mode & 0o777 for path in aside] == [0o600, 0o600]
    with closing(sqlite3.connect(aside[0])) as connection:
        assert connection.execute("SELECT redacted FROM question").fetchall() == [(ASKED.redacted,)]
    assert bot.words() == []
    bot.records.dispose()


def test_another_key_opens_nothing_and_changes_nothing(backup: Path, bot: Bot) -> None:
    assert refused(bot, backup, secret="another-fictional-secret") == backups.WRONG_KEY


@pytest.mark.parametrize("kept", [0, 20, 100, -1], ids=str)
def test_a_backup_that_is_cut_off_changes_nothing(backup: Path, bot: Bot, kept: int) -> None:
    backup.write_bytes(backup.read_bytes()[:kept])

    assert refused(bot, backup) in (backups.DAMAGED, backups.WRONG_KEY)


def test_a_backup_that_was_altered_changes_nothing(backup: Path, bot: Bot) -> None:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)

    assert refused(bot, backup) in (backups.DAMAGED, backups.WRONG_KEY)


def test_a_file_that_is_no_backup_changes_nothing(bot: Bot, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("買い物")

    assert refused(bot, tmp_path / "notes.txt") == backups.DAMAGED


def rewritten(backup: Path, **changes: Any) -> Path:
    """A backup with another manifest, sealed with the right key."""
    with backup.open("rb") as file:
        line, rest = sealed_file.opened(file, SECRET.encode()).read().split(b"\n", 1)
    manifest = json.dumps({**json.loads(line), **changes}).encode()
    with backup.open("wb") as file:
        sealed_file.seal([manifest, b"\n", rest], file, SECRET.encode())
    return backup


@pytest.mark.parametrize(
    "changes",
    [{"format": 2}, {"records_version": "9999"}, {"knowledge_migrations": ["of_tomorrow"]}],
    ids=str,
)
def test_a_backup_of_a_newer_program_changes_nothing(
    backup: Path, bot: Bot, changes: dict[str, Any]
) -> None:
    assert refused(bot, rewritten(backup, **changes)) == backups.NEWER


def test_a_backup_whose_content_is_not_what_it_says_changes_nothing(backup: Path, bot: Bot) -> None:
    manifest = backups.write(backup, bot.kb_file, bot.records, SECRET, NOW)
    parts = [vars(replace(part, sha256="0" * 64)) for part in manifest.parts]

    assert refused(bot, rewritten(backup, parts=parts)) == backups.DAMAGED


def test_an_older_backup_is_brought_up_to_date(tmp_path: Path, other: Bot) -> None:
    old = a_bot(tmp_path / "old")
    on(old.records, questions.keep, ASKED)
    migrations.move_to(old.records, "0002")
    old.back_up(tmp_path / "old.backup")
    old.records.dispose()

    other.restore(tmp_path / "old.backup")

    with other.records.connect() as connection:
        assert migrations.version_of(connection) == migrations.HEAD
    assert other.words() == [ASKED.redacted]


def test_a_database_is_never_taken_for_the_file_to_write(bot: Bot) -> None:
    with pytest.raises(BackupError, match="控えではありません"):
        bot.back_up(bot.kb_file)

    assert bot.titles() == ["粗大ごみ"]


def test_a_folder_that_cannot_be_written_is_told(bot: Bot, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="FileNotFoundError"):
        bot.back_up(tmp_path / "missing" / "bot.backup")


def test_two_backups_at_once_take_turns(bot: Bot, tmp_path: Path) -> None:
    with backups._workshop(bot.kb_file), pytest.raises(BackupError, match="ほかの控え"):
        bot.back_up(tmp_path / "bot.backup")
