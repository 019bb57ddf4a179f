"""Hold the shape of the code: sizes, rooms, and no SQL outside the knowledge room."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "knowledge")
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 55
SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN)\s")


def _files(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _functions(path: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("path", _files(*ROOMS, "tests"), ids=_name)
def test_a_file_has_at_most_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_FILE_LINES


@pytest.mark.parametrize("path", _files(*ROOMS), ids=_name)
def test_a_module_says_its_job_first(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", _files(*ROOMS), ids=_name)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    long = [
        f.name for f in _functions(path) if (f.end_lineno or 0) - f.lineno >= MAX_FUNCTION_LINES
    ]

    assert long == []


@pytest.mark.parametrize("path", _files(*ROOMS), ids=_name)
def test_no_import_hides_inside_a_function(path: Path) -> None:
    hidden = [
        node.lineno
        for function in _functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


@pytest.mark.parametrize("path", _files("bot", "handlers"), ids=_name)
def test_sql_stays_in_the_knowledge_room(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    strings = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]

    assert [s for s in strings if isinstance(s, str) and SQL.match(s)] == []


def test_the_rooms_know_each_other_in_one_direction_only() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]

    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout
