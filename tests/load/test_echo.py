"""The two bots we compare with answer every message, as real processes, over TLS too."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.load import certificate, processes, stub_control
from tests.load.driver import drive
from tests.load.ledger import join
from tests.load.letters import Plan
from tests.load.stub_control import Stub

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"


@contextmanager
def serving(module: str, stub: Stub, folder: Path) -> Iterator[str]:
    """An echo bot in its own process; where its webhook is."""
    port = processes.free_port()
    url = f"http://127.0.0.1:{port}/"
    options = ["--port", str(port), "--line-api", stub.url, "--secret", SECRET, "--token", "t"]
    if stub.certificate:
        options += ["--ca", str(stub.certificate.cert)]
    command = [processes.PYTHON, "-m", f"tests.load.{module}", *options]
    with processes.start(command, {}, url, folder):
        yield f"{url}callback"


@pytest.fixture(scope="module", params=["echo_sdk over http", "echo_bare over https"])
def echo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Stub]]:
    """Each bot in front of a stand-in of its own: the webhook's address, and the stand-in."""
    module, _, scheme = request.param.split()
    folder = tmp_path_factory.mktemp(module)
    trusted = certificate.make(folder) if scheme == "https" else None
    with stub_control.running(folder, trusted) as stub, serving(module, stub, folder) as url:
        yield url, stub


def test_an_echo_answers_every_message_once(echo: tuple[str, Stub]) -> None:
    url, stub = echo
    stub.reset()

    report = drive(Plan(url, SECRET, ["ごみの出し方"], rate=50, seconds=0.2))

    calls = stub.calls()
    ledger = join(report, calls, {})
    assert (ledger.sent, ledger.acked, ledger.replied, ledger.lost) == (10, 10, 10, 0)
    assert {call["first_text"] for call in calls} == {"ごみの出し方"}


def test_an_echo_refuses_a_wrong_signature(echo: tuple[str, Stub]) -> None:
    url, stub = echo
    stub.reset()

    report = drive(Plan(url, "another secret", ["ごみ"], rate=10, seconds=0.1))

    assert report.outcomes == {"400": 1}
    assert stub.calls() == []
