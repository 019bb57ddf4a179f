"""Unmistakable words, names and ids are sent every way there is, then looked for in every byte."""

import io
import json
import logging
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot import logs
from bot.cli_backup import backup
from bot.cli_logs import logs_commands
from bot.simulator import events
from bot.simulator.events import Event
from bot.simulator.stub import Fault
from knowledge import sealed_file
from knowledge.records import retention
from tests import servers
from tests.localbot import LocalBot

DAY = 24 * 60 * 60
KEY = "fictional-backup-key-of-the-tests"
LIMIT = 3

PERSONAL = ("090-0000-4321", "09000004321", "canary-7@example.jp", "長崎花子", "架空町9-9-9")
SAID = (
    "09000004321か090-0000-4321、canary-7@example.jp、名前は長崎花子です。住所は長崎市架空町9-9-9"
)

KEPT = ("カナリアの粗大ごみ壱", "カナリアの図書館弐", "カナリアの住民票参")
"""Of the answered, of those whose answer LINE refused, and of who left: without the person."""

NEVER_KEPT = (
    "カナリアの転入届四",
    "カナリアの犬の登録五",
    "カナリアの避難所六",
    "カナリアの偽物七",
)
"""Of a handler's error, of a message taken back, of who wrote too fast, and of a forger."""


@dataclass
class Traces:
    """What was sent, and all that it may have left somewhere."""

    bot: LocalBot
    folder: Path
    log: io.StringIO
    sent: list[Event] = field(default_factory=list)
    pages: list[bytes] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)

    def say(self, text: str, user_id: str) -> Event:
        """A citizen's message, answered."""
        event = events.text_event(text, user_id=user_id)
        self.deliver(event)
        return event

    def deliver(self, event: Event) -> None:
        """Any event, answered."""
        self.sent.append(event)
        assert self.bot.deliver(event) == 200

    def run(self, command: Any, *arguments: str) -> None:
        """A flask command; what it prints is kept."""
        result = self.bot.app.test_cli_runner().invoke(command, list(arguments))
        assert result.exit_code == 0, result.output
        self.printed.append(result.output)

    def stored(self) -> bytes:
        """Every byte of the bot's folder, and of its records wherever they are."""
        files = [path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()]
        return b"".join(files) + servers.contents(self.bot.config.records_url)

    def told(self) -> bytes:
        """Everything that was shown to somebody: logs, pages, the output of commands."""
        return b"".join([self.log.getvalue().encode(), "".join(self.printed).encode(), *self.pages])


def spellings(word: str) -> set[bytes]:
    """A word as files, JSON and addresses write it."""
    quoted = "".join(f"%{byte:02X}" for byte in word.encode())
    return {word.encode(), json.dumps(word).strip('"').encode(), quoted.encode()}


def found(words: list[str] | tuple[str, ...], content: bytes) -> list[str]:
    """Which of the words stand in some bytes."""
    return [word for word in words if any(each in content for each in spellings(word))]


@pytest.fixture(scope="module")
def log() -> Iterator[io.StringIO]:
    """The log as a server writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.TextFree(logs.json_line))
    levels = {room: logging.getLogger(room).level for room in logs.ROOMS}
    logging.root.addHandler(handler)
    for room in logs.ROOMS:
        logging.getLogger(room).setLevel(logging.DEBUG)
    yield stream
    logging.root.removeHandler(handler)
    for room, level in levels.items():
        logging.getLogger(room).setLevel(level)


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory, log: io.StringIO) -> Iterator[Traces]:
    """A bot that has been through everything."""
    folder = tmp_path_factory.mktemp("canaries")
    bot = LocalBot(folder, rate_limit=LIMIT, backup_key=KEY)
    traces = Traces(bot, folder, log)
    everything_happens(traces)
    yield traces
    bot.close()
    bot.parts.records.dispose()


def everything_happens(traces: Traces) -> None:
    """Success, LINE's failure, our own, taken back, gone, too fast, and forged."""
    answered, refused, left, broken, unsent, fast = (traces.bot.chat().user_id for _ in range(6))
    traces.say(f"{KEPT[0]} {SAID}", answered)
    traces.say("1", answered)
    traces.bot.stub.script_faults([Fault("status", status=400, message="Invalid reply token")])
    traces.say(f"{KEPT[1]} {SAID}", refused)
    traces.say(f"{KEPT[2]} {SAID}", left)
    traces.deliver(events.unfollow_event(user_id=left))
    with broken_knowledge(traces):
        traces.say(f"{NEVER_KEPT[0]} {SAID}", broken)
        traces.pages.append(page(traces, "GET", f"/?q={quoted(NEVER_KEPT[3])}", 500))
    message = traces.say(f"{NEVER_KEPT[1]} {SAID}", unsent)
    traces.deliver(events.unsend_event(message["message"]["id"], user_id=unsent))
    for _ in range(LIMIT):
        traces.say("メニュー", fast)
    traces.say(f"{NEVER_KEPT[2]} {SAID}", fast)
    traces.say(f"{NEVER_KEPT[2]} {SAID}", fast)
    forged_and_wrong(traces)
    retention.purge(traces.bot.parts.records, time.time())  # as every hour: empties the journal


@contextmanager
def broken_knowledge(traces: Traces) -> Iterator[None]:
    """The knowledge base lacks its tables for a while."""
    with closing(Database(traces.bot.config.database)) as db:
        for name in ("base", "entry"):
            db.execute(f"ALTER TABLE {name} RENAME TO hidden_{name}")
        yield
        for name in ("base", "entry"):
            db.execute(f"ALTER TABLE hidden_{name} RENAME TO {name}")


def forged_and_wrong(traces: Traces) -> None:
    """Requests that no server should take, each with words in it."""
    words = f"{NEVER_KEPT[3]} {SAID}".encode()
    asked = quoted(NEVER_KEPT[3])
    traces.pages += [
        page(traces, "POST", f"/callback?q={asked}", 400, words),
        page(traces, "GET", f"/{asked}?q={asked}", 404),
        page(traces, "GET", f"/callback?q={asked}", 405),
        page(traces, "POST", "/callback", 413, words * 20_000),
        raw_page(traces, b"GET / HTTP/1.1\r\n" + words + b"\r\n\r\n"),
    ]


def quoted(word: str) -> str:
    """A word in an address."""
    return "".join(f"%{byte:02X}" for byte in word.encode())


def page(traces: Traces, method: str, path: str, status: int, body: bytes = b"") -> bytes:
    """The whole answer to a request, of which the status is known."""
    headers = {"X-Line-Signature": "Y2FuYXJ5", "X-Forwarded-For": "192.0.2.7"}
    with closing(HTTPConnection("127.0.0.1", traces.bot.config.port, timeout=10)) as connection:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        assert answer.status == status
        return str(answer.getheaders()).encode() + answer.read()


def raw_page(traces: Traces, request: bytes) -> bytes:
    """The answer to bytes that are no request."""
    with socket.create_connection(("127.0.0.1", traces.bot.config.port), timeout=10) as connection:
        connection.sendall(request)
        return connection.makefile("rb").read()


@pytest.fixture(scope="module")
def unsealed(traces: Traces, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """All that a backup holds, opened."""
    target = tmp_path_factory.mktemp("backups") / "bot.backup"
    traces.run(backup, str(target))
    with target.open("rb") as file:
        return target.read_bytes() + sealed_file.opened(file, KEY.encode()).read()


def people(traces: Traces) -> list[str]:
    """The ids of all who wrote."""
    return sorted({event["source"]["userId"] for event in traces.sent})


def tokens(traces: Traces) -> list[str]:
    """All reply tokens."""
    return [event["replyToken"] for event in traces.sent if "replyToken" in event]


SECRETS: dict[str, Callable[[Traces], Any]] = {
    "user ids": people,
    "reply tokens": tokens,
    "personal data": lambda _: PERSONAL,
    "words that are not kept": lambda _: NEVER_KEPT,
}


def test_everything_happened_as_meant(traces: Traces) -> None:
    statuses = set(traces.bot.statuses(*traces.sent).values())

    assert statuses >= {"done", "token_rejected", "failed", "slowed", "ignored"}
    assert '"answer_failed"' in traces.log.getvalue()


@pytest.mark.parametrize("secret", SECRETS)
def test_it_stands_in_no_file(traces: Traces, secret: str) -> None:
    assert found(SECRETS[secret](traces), traces.stored()) == []


@pytest.mark.parametrize("secret", SECRETS)
def test_it_stands_in_no_backup(traces: Traces, unsealed: bytes, secret: str) -> None:
    assert found(SECRETS[secret](traces), unsealed) == []


def test_no_file_log_or_backup_holds_anything_like_a_user_id(
    traces: Traces, unsealed: bytes
) -> None:
    everything = traces.stored() + traces.told() + unsealed

    assert re.findall(rb"[UCR][0-9a-f]{32}(?![0-9a-f])", everything) == []


def test_logs_pages_and_commands_tell_nothing_of_anybody(traces: Traces, unsealed: bytes) -> None:
    traces.run(logs_commands, "purge")
    message_ids = [event["message"]["id"] for event in traces.sent if "message" in event]
    secrets = [*people(traces), *tokens(traces), *PERSONAL, *NEVER_KEPT, *KEPT, *message_ids]

    assert found(secrets, traces.told()) == []


def test_a_question_is_kept_in_its_row_until_it_is_erased_everywhere(traces: Traces) -> None:
    before = found(KEPT, traces.stored())

    traces.run(logs_commands, "erase", "--containing", KEPT[0], "--yes")
    erased = found(KEPT, traces.stored())
    retention.purge(traces.bot.parts.records, time.time() + 91 * DAY)

    assert before == list(KEPT)
    assert erased == list(KEPT[1:])
    assert found(KEPT, traces.stored()) == []


def test_after_four_months_no_message_id_is_left(traces: Traces) -> None:
    message_ids = [event["message"]["id"] for event in traces.sent if "message" in event]

    retention.purge(traces.bot.parts.records, time.time() + 121 * DAY)

    assert found(message_ids, traces.stored()) == []
