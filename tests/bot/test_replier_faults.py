"""Whatever goes wrong with one answer, it is known how it ended, and the next one is given."""

import sqlite3
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot import replier
from bot.line_api import Message, Outcome
from bot.simulator.events import group_source
from knowledge.base import KnowledgeBase, Pinned
from knowledge.decide import Decision
from tests import servers
from tests.bot.stillbot import MENU, USER, WASTE, MoodyLine, StillBot


class FragileKnowledge(KnowledgeBase):
    """A knowledge base that breaks at one word."""

    def pinned(self, day: date) -> Pinned:
        """As fragile as the whole."""
        return FragilePinned(self, self.snapshot(day))


class FragilePinned(Pinned):
    """What a handler gets of it."""

    def find(self, text: str, day: date) -> Decision:
        """Break, or answer."""
        if "こわれる" in text:
            raise RuntimeError
        return super().find(text, day)


class LockingLine(MoodyLine):
    """A LINE during whose first call another process takes the records for itself."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._holders: list[sqlite3.Connection] = []

    def reply(self, reply_token: str, messages: list[Message]) -> Outcome:
        """Answer an event."""
        if not self._holders:
            holder = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            holder.execute("BEGIN IMMEDIATE")
            self._holders.append(holder)
        return super().reply(reply_token, messages)

    def let_go(self) -> None:
        """The other process is done."""
        for holder in self._holders:
            holder.close()


@pytest.mark.parametrize("mood", [Outcome.TOKEN_REJECTED, Outcome.UNKNOWN, Outcome.FAILED])
def test_what_line_did_with_an_answer_is_how_its_event_ended_and_it_is_not_tried_again(
    bot: StillBot, mood: Outcome
) -> None:
    event, after = bot.message("粗大ごみ"), bot.message("メニュー")
    bot.line.moods.append(mood)
    bot.post(event, after)

    bot.answer(event, event)

    assert bot.statuses(event, after) == [str(mood), "done"]
    assert bot.said_to(event, after) == [MENU]


def test_what_could_not_be_tried_is_answered_later_once_and_in_order(bot: StillBot) -> None:
    first, second = bot.message("メニュー"), bot.message("粗大ごみ")
    bot.line.moods.append(Outcome.NOT_TRIED)
    bot.post(first, second)

    bot.answer(first, second)
    assert bot.statuses(first, second) == ["received", "received"]

    bot.clock.now += replier.POSTPONED_SECONDS + 1
    bot.answer(second, first)
    assert bot.said_to(first, second) == [MENU, WASTE]
    assert bot.statuses(first, second) == ["done", "done"]


def test_what_can_never_be_tried_expires(bot: StillBot) -> None:
    event = bot.message()
    bot.line.moods.extend([Outcome.NOT_TRIED] * 100)
    bot.post(event)

    for _ in range(20):
        bot.answer(event)
        bot.clock.now += replier.POSTPONED_SECONDS + 1

    assert bot.statuses(event) == ["expired"]


def test_an_event_that_breaks_its_handler_has_failed_and_the_next_is_answered(
    bot: StillBot,
) -> None:
    event, after = bot.message("こわれる"), bot.message("メニュー")
    bot.post(event, after)
    fragile = replace(bot.parts, kb=FragileKnowledge(bot.folder / "kb.db"))

    replier.answer(event["webhookEventId"], fragile)

    assert bot.statuses(event, after) == ["failed", "done"]
    assert bot.said_to(event, after) == [MENU]


def test_an_event_sealed_with_another_key_has_failed_and_the_next_is_answered(
    bot: StillBot, kb: KnowledgeBase
) -> None:
    event = bot.message()
    bot.post(event)
    restarted = StillBot(bot.folder, kb, secret_key="another-fictional-secret-key")
    after = restarted.message("メニュー")

    restarted.answer(event)
    answer = restarted.hears(after)
    restarted.close()

    assert bot.statuses(event, after) == ["failed", "done"]
    assert answer == [MENU]


def test_a_message_with_letters_that_databases_refuse_is_answered_once(bot: StillBot) -> None:
    event = bot.message("粗大\x00ごみ\x00")

    bot.hears(event)

    assert len(bot.line.sent) == 1
    assert bot.statuses(event) == ["done"]


def test_a_group_that_cannot_be_left_yet_is_left_later(bot: StillBot) -> None:
    event = bot.message(source=group_source(USER, "C" + "0" * 32))
    bot.line.moods.append(Outcome.NOT_TRIED)
    bot.post(event)

    bot.answer(event)
    bot.clock.now += replier.POSTPONED_SECONDS + 1
    bot.answer(event)

    assert ("group", "C" + "0" * 32) in bot.line.left
    assert len(bot.said_to(event)) == 1


def test_an_answer_whose_end_cannot_be_written_at_once_is_not_given_again(
    tmp_path: Path, kb: KnowledgeBase
) -> None:
    line = LockingLine(tmp_path / "records.db")
    bot = StillBot(tmp_path, kb, line, records_url=servers.records_file(tmp_path))
    event = bot.message()
    bot.post(event)

    threading.Timer(1.2, line.let_go).start()  # longer than a connection waits by itself
    bot.answer(event)

    assert bot.said_to(event) == [WASTE]
    assert bot.statuses(event) == ["done"]
    bot.close()
