"""Chores go on whatever happens: what was stored but not answered is found again and answered."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.chores import Chore, Chores, sweep
from bot.line_api import Outcome
from bot.parts import Parts
from knowledge.base import KnowledgeBase
from knowledge.records import inbox
from knowledge.records.inbox import LEASE_SECONDS, REQUEUE_SECONDS
from tests import servers
from tests.bot.stillbot import MENU, OTHER_USER, WASTE, StillBot
from tests.bot.test_queue import eventually
from tests.knowledge.records import on


@pytest.fixture
def bot_without_queue(tmp_path: Path, kb: KnowledgeBase) -> Iterator[StillBot]:
    """A bot whose queue's server is down."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        bot = StillBot(tmp_path, kb, queue_url=f"redis://127.0.0.1:{held.getsockname()[1]}/0")
        yield bot
        bot.close()


def test_a_chore_is_done_again_and_again_although_it_breaks(bot: StillBot) -> None:
    turns: list[Parts] = []

    def break_down(parts: Parts) -> None:
        turns.append(parts)
        raise RuntimeError

    chores = Chores(bot.parts, (Chore("breaking", 0.01, break_down),))
    chores.start()
    goes_on = eventually(lambda: len(turns) >= 3)
    chores.stop()

    assert goes_on
    assert turns[0] is bot.parts


def test_what_was_stored_but_never_queued_is_queued_once_in_a_while(
    bot_without_queue: StillBot, bot: StillBot
) -> None:
    """The web process stored it and was killed; here its queue was down."""
    event = bot_without_queue.message()
    assert bot_without_queue.post(event) == 200

    counts = []
    for _ in range(4):
        counts.append(sweep(bot.parts))
        bot.clock.now += REQUEUE_SECONDS / 2 + 1

    assert counts == [0, 0, 1, 0]
    assert len(bot.parts.queue) == 1


def test_what_a_killed_worker_had_in_hand_is_answered_after_a_sweep(bot: StillBot) -> None:
    event = bot.message()
    bot.post(event)
    on(bot.parts.records, inbox.claim, event["webhookEventId"], bot.clock.now)

    bot.clock.now += LEASE_SECONDS + 1
    swept = sweep(bot.parts)
    bot.answer(event)

    assert swept == 1
    assert bot.said_to(event) == [WASTE]


def test_a_sweep_leaves_alone_what_is_answered_or_in_work(bot: StillBot) -> None:
    answered, in_work = bot.message("メニュー"), bot.message("メニュー", OTHER_USER)
    bot.hears(answered)
    bot.post(in_work)
    bot.clock.now += REQUEUE_SECONDS + 1
    on(bot.parts.records, inbox.claim, in_work["webhookEventId"], bot.clock.now)

    assert sweep(bot.parts) == 0


def test_without_a_queue_the_sweep_answers_by_itself_once_and_in_order(
    bot_without_queue: StillBot,
) -> None:
    bot = bot_without_queue
    first, second = bot.message("メニュー"), bot.message("粗大ごみ")
    assert bot.post(second, first) == 200

    bot.clock.now += REQUEUE_SECONDS + 1
    counts = [sweep(bot.parts), sweep(bot.parts)]

    assert counts == [2, 0]
    assert bot.said_to(first, second) == [MENU, WASTE]


def test_what_could_not_be_tried_is_brought_back_by_the_sweep(bot: StillBot) -> None:
    event = bot.message()
    bot.line.moods.append(Outcome.NOT_TRIED)
    bot.post(event)
    bot.answer(event)

    bot.clock.now += 4
    swept = sweep(bot.parts)
    bot.answer(event)

    assert swept == 1
    assert bot.said_to(event) == [WASTE]


def test_without_records_a_sweep_finds_nothing_and_goes_on(
    tmp_path: Path, kb: KnowledgeBase
) -> None:
    bot = StillBot(tmp_path, kb, records_url=servers.records_file(tmp_path))
    bot.close()
    for path in tmp_path.glob("records.db*"):
        path.unlink()

    assert sweep(bot.parts) == 0
    bot.close()
