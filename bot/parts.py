"""The parts of one running bot, handed to everything at the edge."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import Flask
from sqlalchemy import Engine

from bot.config import Config
from bot.line_api import Line
from knowledge import plan
from knowledge.base import KnowledgeBase


@dataclass(frozen=True)
class Parts:
    """The outside world of the bot; `clock` gives seconds since 1970."""

    config: Config
    kb: KnowledgeBase
    records: Engine
    line: Line
    clock: Callable[[], float]

    def today(self) -> date:
        """The date in Japan by the bot's clock."""
        return plan.today(datetime.fromtimestamp(self.clock(), tz=UTC))


def of(app: Flask) -> Parts:
    """The parts an app was assembled from."""
    parts: Parts = app.extensions["bot"]
    return parts
