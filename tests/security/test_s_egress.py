"""OPS.md §4, S4: the bot calls LINE and its databases, and nobody else, whatever a citizen writes."""

import json
import subprocess
import sys

import pytest

from tests.bot.rawserver import answering
from tests.load.processes import ROOT, clean_environment


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a bot's process did, and which answers its LINE received."""
    folder = tmp_path_factory.mktemp("egress")
    with answering() as line:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.security.egress", str(folder), line.url],
            cwd=ROOT,
            env=clean_environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return {**json.loads(ended.stdout), "line": line.port, "answers": list(line.requests)}


def test_s4_only_line_is_called(report: dict) -> None:
    assert report["statuses"] == [200, 200, 200, 200, 200, 404]
    assert len(report["answers"]) == 3
    assert [call for call in report["called"] if call.startswith("connect")] == [
        f"connect ('127.0.0.1', {report['line']})"
    ]


def test_s4_no_other_name_is_looked_up(report: dict) -> None:
    looked_up = [call for call in report["called"] if not call.startswith("connect")]

    assert [call for call in looked_up if "127.0.0.1" not in call] == []


def test_s4_what_leaves_is_the_answer_and_not_the_question(report: dict) -> None:
    sent = b"".join(report["answers"])

    assert b"/v2/bot/message/reply" in sent
    assert b"evil.example.jp" not in sent
    assert b"203.0.113.9" not in sent
