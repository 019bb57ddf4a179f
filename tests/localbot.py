"""A whole bot on a real socket with the local LINE, for tests that read like conversations."""

import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import waitress
from flask import Flask
from sqlalchemy import select

from bot import parts
from bot.app import create_app
from bot.simulator import events
from bot.simulator.sender import WebhookSender
from bot.simulator.stub import LineStub
from bot.worker import Worker
from knowledge.records import inbox
from tests import webserver
from tests.builders import a_config

Message = dict[str, Any]

ANSWERED_WITHIN_SECONDS = 30.0
WORKER_THREADS = 4


class LocalBot:
    """The bot behind a real port; `stub` is the LINE it talks to."""

    def __init__(self, folder: Path, **config_changes: Any) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        changes = {
            "port": port,
            "base_url": self.url,
            "line_api_base": f"{self.url}/simulator/line",
            **config_changes,
        }
        self.config = a_config(folder, **changes)
        self.app: Flask = create_app(self.config)
        self.parts = parts.of(self.app)
        self.worker = Worker(self.parts, WORKER_THREADS)
        self.worker.start()
        self.stub: LineStub = self.app.extensions["line_stub"]
        self._server = waitress.create_server(self.app, sockets=[listener], threads=16)
        threading.Thread(target=self._server.run, daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self.stub.reset()
        self.worker.stop()
        webserver.stop(self._server)

    def deliver(self, *sent: events.Event) -> int:
        """Post events in one signed webhook, and wait until all are answered; returns the status."""
        status = self.post(*sent)
        self.rest()
        return status

    def rest(self) -> None:
        """Wait until nothing is in work."""
        deadline = time.monotonic() + ANSWERED_WITHIN_SECONDS
        while self.is_working() and time.monotonic() < deadline:
            time.sleep(0.005)

    def post(self, *sent: events.Event) -> int:
        """Post events in one signed webhook, as LINE does; returns the status at once."""
        for event in sent:
            self.stub.register(event)
        sender = WebhookSender(f"{self.url}/callback", self.config.line_channel_secrets[0])
        return sender.send(events.payload(*sent))

    def statuses(self, *sent: events.Event) -> dict[str, str]:
        """How events ended, by event id; "received" or "processing" while they have not."""
        ids = [event.get("webhookEventId", "") for event in sent]
        columns = inbox.event_table.c
        statement = select(columns.event_id, columns.status).where(columns.event_id.in_(ids))
        with self.parts.records.connect() as connection:
            return {row.event_id: row.status for row in connection.execute(statement)}

    def is_working(self) -> bool:
        """True while an event waits for its answer."""
        return inbox.oldest_unfinished(self.parts.records, since=0) is not None

    def chat(self) -> "Chat":
        """A new citizen."""
        return Chat(self, "U" + secrets.token_hex(16))


class Chat:
    """One citizen's chat with the bot."""

    def __init__(self, bot: LocalBot, user_id: str) -> None:
        self.bot = bot
        self.user_id = user_id
        self._seen = 0

    def says(self, text: str) -> list[Message]:
        """Send a text; the bot's answer."""
        return self.does(events.text_event, text)

    def taps(self, data: str) -> list[Message]:
        """Press a button; the bot's answer."""
        return self.does(events.postback_event, data)

    def does(self, build: Callable[..., events.Event], *args: Any, **fields: Any) -> list[Message]:
        """Cause any event; the bot's answer, empty when it stays silent."""
        status = self.bot.deliver(build(*args, user_id=self.user_id, **fields))
        assert status == 200
        return self.answers()

    def answers(self) -> list[Message]:
        """What the bot has said since the last look."""
        entries = self.bot.stub.chat(self.user_id, after=self._seen)["entries"]
        self._seen = max([self._seen, *(entry.seq for entry in entries)])
        return [entry.message for entry in entries if entry.author == "bot"]


@pytest.fixture(scope="module")
def at_rest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBot]:
    """A bot whose chores rest, so that a change stays as a test left it.

    A module of tests takes it by a name of its own: `bot = localbot.at_rest`.
    """
    running = LocalBot(tmp_path_factory.mktemp("bot"))
    running.worker._chores.stop()
    yield running
    running.close()
