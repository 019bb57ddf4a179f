"""Records on a server are saved while it works, and brought back into an empty one only."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import database_copies, releases
from knowledge.records import questions
from tests import servers
from tests.knowledge.records import on
from tests.knowledge.records.arrivals import NOW
from tests.knowledge.records.test_retention import ASKED
from tests.knowledge.savedbot import Bot, a_bot, citizens, refused


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Bot]:
    """A bot with its records on a PostgreSQL server, where it has published its catalog."""
    url = servers.fresh_database()
    if url is None:
        pytest.skip("no PostgreSQL is installed on this machine")
    bot = a_bot(tmp_path / "server", url)
    releases.publish(bot.kb, bot.records, "catalog", NOW)
    yield bot
    bot.records.dispose()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Bot]:
    """A bot with its records in a file."""
    bot = a_bot(tmp_path / "machine")
    yield bot
    bot.records.dispose()


def test_records_on_a_server_are_saved_while_it_works(
    server: Bot, machine: Bot, tmp_path: Path
) -> None:
    on(server.records, questions.keep, ASKED)
    with citizens(server):
        server.back_up(tmp_path / "server.backup")

    machine.restore(tmp_path / "server.backup")

    assert machine.words() == [ASKED.redacted]


def test_they_come_back_into_an_empty_server(server: Bot, machine: Bot, tmp_path: Path) -> None:
    on(machine.records, questions.keep, ASKED)
    machine.back_up(tmp_path / "machine.backup")

    aside = server.restore(tmp_path / "machine.backup")

    assert server.words() == [ASKED.redacted]
    assert [path.name for path in aside] == ["kb.db.before-restore-20270115T080000Z"]


def test_a_server_that_holds_records_is_never_overwritten(
    server: Bot, machine: Bot, tmp_path: Path
) -> None:
    on(server.records, questions.keep, replace(ASKED, redacted="ほかの質問"))
    machine.back_up(tmp_path / "machine.backup")

    reason = refused(server, tmp_path / "machine.backup")

    assert reason == database_copies.NOT_EMPTY
