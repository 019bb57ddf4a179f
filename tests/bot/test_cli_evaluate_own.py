"""`flask evaluate` on a folder's own questions: its page, its noise, its baseline."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskCliRunner


@pytest.fixture
def flask_in(tmp_path: Path, runner: FlaskCliRunner) -> Iterator[Any]:
    """Run `flask evaluate` in a folder with two questions of its own."""
    (tmp_path / "tests/questions").mkdir(parents=True)
    rows = [
        {"id": "1", "query": "粗大ごみを出してみたか", "expect": ["bulky-waste"], "kind": "<i>"},
        {"id": "2", "query": "<script>alert('粗大ごみ')</script>", "expect": ["passport"]},
    ]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "tests/questions/own.jsonl").write_text(text, "utf-8")
    with contextlib.chdir(tmp_path):
        yield lambda *arguments: runner.invoke(args=["evaluate", *arguments])


def test_the_page_shows_questions_as_data(flask_in: Any, tmp_path: Path) -> None:
    result = flask_in("--html", "report.html")

    page = (tmp_path / "report.html").read_text("utf-8")
    assert json.loads(result.output)["questions"] == 2
    assert "&lt;script&gt;alert(&#39;粗大ごみ&#39;)&lt;/script&gt;" in page
    assert [mark for mark in ("<script", "<i>", "src=", "href=") if mark in page] == []


def test_noise_is_measured_instead_and_repeats_with_its_seed(flask_in: Any) -> None:
    first, again = (json.loads(flask_in("--noise", "typo", "--seed", "3").output) for _ in "12")

    assert first["questions"] == 2
    assert first["in_domain"] == again["in_domain"]


def test_several_noises_are_measured_together(flask_in: Any) -> None:
    assert json.loads(flask_in("--noise", "typo", "--noise", "kana").output)["questions"] == 4


def test_the_baseline_is_recorded_with_its_provenance(flask_in: Any, tmp_path: Path) -> None:
    flask_in("--baseline", "--date", "2026-11-22")

    stored = json.loads((tmp_path / "tests/questions/baseline.json").read_text("utf-8"))
    provenance = {"date": "2026-11-22", "engine": "lexical", "questions": 2}
    assert stored["lexical"]["provenance"] == provenance
    assert stored["lexical"]["measures"]["right_first"] == {"count": 1, "of": 2}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--fit", "--baseline"),
        ("--fit", "--noise", "typo"),
        ("--baseline", "--noise", "typo"),
        ("--baseline", "--queries", "tests/questions/own.jsonl"),
        ("tests", "--html", "report.html"),
        ("tests", "--noise", "typo"),
        ("--noise", "thunder"),
    ],
)
def test_contradictions_end_with_2(flask_in: Any, arguments: tuple[str, ...]) -> None:
    assert flask_in(*arguments).exit_code == 2


def test_a_page_that_cannot_be_written_ends_with_1(flask_in: Any) -> None:
    assert flask_in("--html", "no/such/folder.html").exit_code == 1
