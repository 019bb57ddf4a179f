"""OPS.md §4, S1: what is secret stays out of sight, whatever is printed, logged, shown or broken."""

import traceback
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot.app import create_app
from bot.config import SECRETS
from tests.bot.fakeline import FakeLine
from tests.builders import a_config
from tests.load.processes import PYTHON, Process, free_port, start
from tests.security.door import Door, Header, delivery

VALUES = {
    name: f"fictional-{name.lower().replace('_', '-')}-0000"
    for name in SECRETS
    if "URL" not in name
}
PASSWORD = "fictional-password-0000"
UNREACHABLE = f"postgresql://bot:{PASSWORD}@127.0.0.1:1/bot"
HOSTS: list[Header] = [("X-Host", "evil.example.jp"), ("Host", "evil.example.jp")]
FLASK = [PYTHON, "-m", "flask"]


def environment(folder: Path, port: int) -> dict[str, str]:
    """A production bot's, its secrets in files as systemd and Docker hand them over."""
    for name, value in VALUES.items():
        (folder / name).write_text(f"{value}\n", encoding="utf-8")
    return {
        **{f"{name}_FILE": str(folder / name) for name in VALUES},
        "BOT_DATABASE": str(folder / "kb.db"),
        "BOT_RECORDS_URL": f"sqlite:///{folder / 'records.db'}",
        "BOT_QUEUE_URL": f"sqlite:///{folder / 'queue.db'}",
        "LINE_API_BASE": f"http://127.0.0.1:{free_port()}",
        "BOT_ENGINE": "lexical",
        "PORT": str(port),
    }


def seen_in(text: str) -> list[str]:
    """The names of the secrets that stand in a text."""
    return [name for name, value in {**VALUES, "password": PASSWORD}.items() if value in text]


def fetched(url: str, **headers: str) -> str:
    """The headers and the body of a page."""
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as response:
        return f"{response.headers}\n{response.read().decode()}"


@pytest.fixture(scope="module")
def port() -> int:
    """Where the bot answers."""
    return free_port()


@pytest.fixture(scope="module")
def running(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """`flask web`, all its secrets from files."""
    folder = tmp_path_factory.mktemp("secrets")
    ready = f"http://127.0.0.1:{port}/healthz"
    with start([*FLASK, "web"], environment(folder, port), ready, folder) as process:
        yield process


def test_s1_secrets_from_files_are_used_and_not_shown(running: Process, port: int) -> None:
    authorization = f"Bearer {VALUES['BOT_METRICS_TOKEN']}"

    pages = [fetched(f"http://127.0.0.1:{port}{path}") for path in ("/", "/healthz")]
    pages.append(fetched(f"http://127.0.0.1:{port}/metrics", Authorization=authorization))

    assert "line_bot_" in pages[-1]
    assert [seen_in(page) for page in pages] == [[], [], []]


def test_s1_the_log_holds_no_secret(running: Process, port: int) -> None:
    door = Door(port)
    forged = ("X-Line-Signature", VALUES["LINE_CHANNEL_ACCESS_TOKEN"])

    statuses = [door.status(delivery(b"junk", [host, forged])) for host in HOSTS]

    assert statuses == [400, 400]
    assert "host_refused" in running.output
    assert seen_in(running.output) == []


def test_s1_a_database_that_is_down_does_not_tell_its_password(tmp_path: Path) -> None:
    config = a_config(tmp_path, is_local=False, records_url=UNREACHABLE, queue_url="memory://")

    with pytest.raises(SQLAlchemyError) as caught:
        create_app(config, line=FakeLine())

    told = "".join(traceback.format_exception(caught.value))
    assert "OperationalError" in told
    assert seen_in(told) == []
    assert seen_in(repr(config)) == []


def test_s1_an_example_secret_stops_the_start_and_is_not_repeated(tmp_path: Path) -> None:
    env = environment(tmp_path, free_port())
    (tmp_path / "BOT_SECRET_KEY").write_text("changeme\n", encoding="utf-8")

    with start([*FLASK, "web"], env, None, tmp_path) as process:
        status = process.wait(30)

    assert status == 1
    assert "BOT_SECRET_KEY が見本のままです。" in process.output
    assert "changeme" not in process.output
    assert "Traceback" not in process.output
