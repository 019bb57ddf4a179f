"""OPS.md §4, R2: what somebody recorded months ago and sends again is not answered again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.simulator.events import redelivered
from knowledge.base import KnowledgeBase
from knowledge.records import retention
from tests.bot.stillbot import StillBot

DAY_SECONDS = 24 * 3600.0


@pytest.fixture
def bot(tmp_path: Path, kb: KnowledgeBase) -> Iterator[StillBot]:
    """A bot whose clock a test may move."""
    still = StillBot(tmp_path, kb, queue_url="memory://")
    yield still
    still.close()


@pytest.mark.parametrize("days", [1, 91, 365])
def test_r2_a_recorded_delivery_is_not_answered_again_although_its_words_are_forgotten(
    bot: StillBot, days: int
) -> None:
    event = bot.message("住民票")
    first = bot.hears(event)

    for _ in range(days // 30 + 1):
        bot.clock.now += days / (days // 30 + 1) * DAY_SECONDS
        retention.purge(bot.parts.records, bot.clock(), bot.parts.config.retention_days)
    again = bot.hears(event)

    assert len(first) == 1
    assert again == first
    assert bot.statuses(event) == ["done"]


def test_r2_a_recorded_event_among_new_ones_is_the_only_one_not_answered(bot: StillBot) -> None:
    event = bot.message("住民票")
    first = bot.hears(event)

    bot.clock.now += 200 * DAY_SECONDS
    news = bot.message("印鑑登録")
    bot.hears(redelivered(event), news)

    assert bot.said_to(event) == first
    assert len(bot.said_to(news)) == 1
