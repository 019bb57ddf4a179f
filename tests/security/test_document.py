"""SECURITY.md keeps its word: every row has a test that exists, or says why there is none."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bot.config import DEFAULT_RETENTION_DAYS
from bot.line_api import Pace
from knowledge.records import retention

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| ([A-Z]\d) \| .+? \| (.+) \|$", TEXT, re.MULTILINE))
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py::\w+)`", TEXT)))
REQUIRED = [
    *(f"W{n}" for n in range(1, 9)),
    *("R1", "R2", "R3", "L1", "L2", "X1", "X2", "X3", "C1", "C2"),
    *(f"A{n}" for n in range(1, 8)),
    *(f"P{n}" for n in range(1, 9)),
    *(f"S{n}" for n in range(1, 6)),
]


@cache
def functions_of(file: str) -> set[str]:
    """The names of the functions of a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("named", NAMED)
def test_a_test_that_is_named_exists(named: str) -> None:
    file, _, test = named.partition("::")

    assert (ROOT / file).is_file()
    assert test in functions_of(file)


@pytest.mark.parametrize("row", REQUIRED)
def test_every_requirement_has_a_test_or_a_reason(row: str) -> None:
    assert row in ROWS
    assert "::test_" in ROWS[row] or "試験なし：" in ROWS[row]


def test_nothing_is_named_that_looks_like_a_test_and_is_none() -> None:
    assert len(re.findall(r"::test_", TEXT)) == len(
        re.findall(r"`tests/[\w/]+\.py::test_\w+`", TEXT)
    )


def test_the_times_it_tells_are_those_of_the_program() -> None:
    pace = Pace()

    assert "90日（`BOT_RETENTION_DAYS`）" in TEXT
    assert (DEFAULT_RETENTION_DAYS, retention.EVENT_DAYS, retention.BODY_DAYS) == (90, 400, 1)
    assert (pace.connect_seconds, pace.whole_seconds) == (1.0, 3.0)


def test_it_invents_no_address() -> None:
    assert re.findall(r"[\w.]+@[\w.]+", TEXT) == []
    assert set(re.findall(r"\d{2,4}-\d{3,4}-\d{4}", TEXT)) == {"095-822-8888"}
