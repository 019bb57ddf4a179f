"""A bot whose time stands still and whose queue nobody works on, until the test says so."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bot import replier, webhook
from bot.line_api import Message, Outcome
from bot.metrics import Metrics
from bot.parts import Parts
from bot.queue import Queue
from bot.simulator.events import Event, text_event
from handlers.line import words
from knowledge.base import KnowledgeBase
from knowledge.records import store
from knowledge.records.event_table import event_table
from knowledge.sealed import Seal
from tests import servers
from tests.bot.fakeline import FakeLine
from tests.bot.signed import NAME, as_json
from tests.builders import DAY, SECRET, a_config
from tests.clock import Clock

NOON = datetime.combine(DAY, time(3), tzinfo=UTC).timestamp()
"""In Nagasaki."""

USER = "U" + "a" * 32
OTHER_USER = "U" + "b" * 32

WASTE = "【粗大ごみの申込み】"
MENU = words.MENU.splitlines()[0]
"""The first lines of answers."""


@dataclass
class MoodyLine(FakeLine):
    """A LINE whose next answers a test may choose; afterwards it takes everything."""

    moods: deque[Outcome] = field(default_factory=deque)

    def reply(self, reply_token: str, messages: list[Message]) -> Outcome:
        """Answer an event; one that was not tried or not taken says nothing to anybody."""
        outcome = self.moods.popleft() if self.moods else Outcome.DONE
        if outcome is Outcome.DONE:
            super().reply(reply_token, messages)
        return outcome


class StillBot:
    """The parts of a bot around a shared knowledge base, so that a test can have its own."""

    def __init__(
        self,
        folder: Path,
        kb: KnowledgeBase,
        line: MoodyLine | None = None,
        **config_changes: Any,
    ) -> None:
        queue = {"queue_url": f"sqlite:///{folder / 'queue.db'}"}
        config = a_config(folder, **{**queue, **config_changes})
        self.folder, self.clock, self.line = folder, Clock(NOON), line or MoodyLine()
        self._sent_at = count(int(NOON * 1000))
        self.parts = Parts(
            config=config,
            kb=kb,
            records=store.open_store(config.records_url),
            queue=Queue(config.queue_url, lambda event_id: replier.answer(event_id, self.parts)),
            seal=Seal(config.secret_key.encode(), "inbox"),
            line=self.line,
            metrics=Metrics(),
            clock=self.clock,
        )
        self.app = Flask("bot")
        self.app.register_blueprint(webhook.create_blueprint(self.parts))

    def close(self) -> None:
        """Let the records go."""
        self.parts.records.dispose()

    def post(self, *sent: Event) -> int:
        """One signed webhook; the status."""
        body = as_json(*sent)
        headers = {NAME: webhook.sign(body, SECRET).decode()}
        return self.app.test_client().post("/callback", data=body, headers=headers).status_code

    def answer(self, *queued: Event) -> None:
        """What a worker does with ids from the queue, one after the other."""
        for event in queued:
            replier.answer(event["webhookEventId"], self.parts)

    def hears(self, *sent: Event) -> list[str]:
        """Post events and answer them at once; what was said to them."""
        assert self.post(*sent) == 200
        self.answer(*sent)
        return self.said_to(*sent)

    def asked(self, text: str, user_id: str = USER, **details: Any) -> list[str]:
        """A citizen's message; the answer."""
        return self.hears(self.message(text, user_id, **details))

    def message(self, text: str = "粗大ごみ", user_id: str = USER, **details: Any) -> Event:
        """A message that is sent after all others, by LINE's clock, which is not the bot's."""
        envelope = {"user_id": user_id, "timestamp": next(self._sent_at), **details}
        return text_event(text, **envelope)

    def said_to(self, *events: Event) -> list[str]:
        """The first words of each answer to these events, in the order they were sent."""
        tokens = {event.get("replyToken") for event in events}
        return [first_line(said) for token, said in self.line.sent if token in tokens]

    def statuses(self, *events: Event) -> list[str]:
        """How far events are, or how they ended."""
        columns = event_table.c
        with self.parts.records.connect() as connection:
            rows = connection.execute(select(columns.event_id, columns.status)).all()
        known = {row.event_id: row.status for row in rows}
        return [known.get(event["webhookEventId"], "unknown to us") for event in events]

    def rows(self) -> list[dict[str, Any]]:
        """The inbox, in the order things were sent."""
        statement = event_table.select().order_by(event_table.c.sent_at)
        with self.parts.records.connect() as connection:
            return [dict(row._mapping) for row in connection.execute(statement)]

    def files(self, pattern: str = "*") -> bytes:
        """Every byte the bot has written."""
        return b"".join(path.read_bytes() for path in self.folder.rglob(pattern) if path.is_file())


def first_line(messages: Iterable[Message]) -> str:
    """What an answer begins with."""
    texts = [str(message["text"]) for message in messages if message["type"] == "text"]
    return texts[0].splitlines()[0]


@pytest.fixture
def in_files(tmp_path: Path, kb: KnowledgeBase) -> Iterator[StillBot]:
    """A bot of the test's own, with its records in a file that can be searched for words."""
    made = StillBot(tmp_path, kb, records_url=servers.records_file(tmp_path))
    yield made
    made.close()
