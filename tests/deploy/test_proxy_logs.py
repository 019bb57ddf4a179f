"""What the proxies write down of those who come: a place, and nothing that tells or opens anything."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy import proxies
from tests.deploy.proxies import Proxy
from tests.deploy.recorder import Recorder
from tests.load.processes import free_port

LINK = "/staff/invitation/fictional-token"
FLOOD = 30
"""More than nginx lets through at once, so that it writes of a refusal as well."""


@pytest.fixture
def lonely(kind: str, tmp_path: Path) -> Iterator[Proxy]:
    """A proxy whose bot is down."""
    with proxies.running(kind, tmp_path, [free_port()]) as proxy:
        yield proxy


def test_the_log_holds_no_question_and_no_signature(glass: Proxy, recorder: Recorder) -> None:
    glass.post("/callback?q=fictional-question", b"{}", {"X-Line-Signature": "fictional-mark"})

    log = log_with(glass, "/callback")
    assert "/callback" in log
    assert "fictional" not in log


def test_no_log_holds_the_link_of_an_invitation_whatever_goes_wrong(lonely: Proxy) -> None:
    statuses = {lonely.post(LINK, b"", {}).status for _ in range(FLOOD)}
    statuses |= {lonely.get(f"{LINK}?a=b").status, lonely.get("/staff/the-last").status}

    log = log_with(lonely, "/staff/the-last")
    files = [path for path in lonely.folder.rglob("*") if path.is_file()]
    everything = "".join(file.read_text("utf-8", "replace") for file in files)
    assert 502 in statuses
    assert "/staff/invitation/" in log
    assert "fictional-token" not in everything


def log_with(proxy: Proxy, word: str) -> str:
    """The access log, once the line is there: both proxies write it after the answer."""
    log = ""
    for _ in range(600):
        log = (proxy.folder / "access.log").read_text(encoding="utf-8")
        if word in log:
            break
        time.sleep(0.05)
    return log
