"""The parts of one running bot, handed to everything at the edge."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock

from flask import Flask
from sqlalchemy import Engine

from bot.config import Config
from bot.line_api import Line
from bot.link_checker import LinkChecker
from bot.metrics import Metrics, State
from bot.queue import Queue
from handlers.staff.desk import Desk
from knowledge import plan, privacy
from knowledge.base import KnowledgeBase
from knowledge.records import inbox, store
from knowledge.sealed import Seal

ALARM_SECONDS = 600.0
"""How long a monitor is told of an event that was never finished, as after a crash."""


@dataclass(frozen=True)
class Parts:
    """The outside world of the bot; `clock` gives seconds since 1970."""

    config: Config
    kb: KnowledgeBase
    records: Engine
    queue: Queue
    seal: Seal
    line: Line
    metrics: Metrics
    clock: Callable[[], float]
    thinking: Lock = field(default_factory=Lock)
    """Held while an answer is worked out: two at once would only slow each other and the writers."""

    def today(self) -> date:
        """The date in Japan by the bot's clock."""
        return plan.today(datetime.fromtimestamp(self.clock(), tz=UTC))

    def chat_key(self, user_id: str) -> str:
        """The keyed hash under which a chat is remembered this month."""
        return privacy.user_key(self.config.secret_key.encode(), user_id, self.today())

    def chat_keys(self, user_id: str) -> list[str]:
        """The same for every month that records are kept."""
        months = self.config.retention_days // 28 + 2
        secret = self.config.secret_key.encode()
        return privacy.user_keys(secret, user_id, self.today(), months)

    def desk(self) -> Desk:
        """What the staff's site works with."""
        return Desk(
            kb=self.kb,
            records=self.records,
            clock=self.clock,
            secret_key=self.config.secret_key.encode(),
            base_url=self.config.base_url.rstrip("/"),
            check_link=LinkChecker().check,
        )

    def state(self) -> State:
        """What a monitor is told of the queue and the knowledge; raises when records are down."""
        now = self.clock()
        store.check_writable(self.records)
        oldest = inbox.oldest_unfinished(self.records, now - ALARM_SECONDS)
        return State(
            queue_length=len(self.queue),
            queue_age_seconds=0.0 if oldest is None else max(0.0, now - oldest),
            knowledge_revision=self.kb.revision,
            engine=self.kb.engine,
        )


def of(app: Flask) -> Parts:
    """The parts an app was assembled from."""
    parts: Parts = app.extensions["bot"]
    return parts
