"""What our own code never does: evaluate or unpickle data, run a shell, build SQL from text."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "knowledge")
CODE = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
WITH_SQL = [path for path in CODE if path.is_relative_to(ROOT / "knowledge")]
TEMPLATES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.html"))

FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "Markup", "render_template_string"}
FORBIDDEN_METHODS = {
    ("yaml", "load"),
    ("yaml", "unsafe_load"),
    ("yaml", "full_load"),
    ("os", "system"),
    ("os", "popen"),
    ("subprocess", "getoutput"),
}
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "dill", "telnetlib", "ftplib", "smtplib"}
REVIEWED = {
    "count.format(name)": "names of tables, which cannot be parameters, from SQLite's own list",
}
SQL_CALLS = {"execute", "executemany", "executescript", "exec_driver_sql", "text", "query"}


def name(path: Path) -> str:
    """As it stands in the repository."""
    return str(path.relative_to(ROOT))


def calls(source: str) -> Iterator[ast.Call]:
    """Every call in a module."""
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def dangerous_calls(source: str) -> list[int]:
    """The lines that evaluate, unpickle or start a shell."""
    return [call.lineno for call in calls(source) if _is_dangerous(call)]


def _is_dangerous(call: ast.Call) -> bool:
    if any(keyword.arg == "shell" for keyword in call.keywords):
        return True
    if isinstance(call.func, ast.Name):
        return call.func.id in FORBIDDEN_CALLS
    if not isinstance(call.func, ast.Attribute) or not isinstance(call.func.value, ast.Name):
        return False
    return (call.func.value.id, call.func.attr) in FORBIDDEN_METHODS


def forbidden_imports(source: str) -> list[str]:
    """The modules that should not be there."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            found.append(node.module or "")
    return [module for module in found if module.partition(".")[0] in FORBIDDEN_MODULES]


def statements_built_from_text(source: str) -> list[str]:
    """The statements that hold anything but literals and constants of the module.

    PRAGMA takes no parameters, and nothing a citizen wrote is a setting of the database.
    """
    found = (call for call in calls(source) if _called(call) in SQL_CALLS and _is_built(call))
    return [ast.unparse(call.args[0]) for call in found]


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_built(call: ast.Call) -> bool:
    if not call.args:
        return False
    statement = call.args[0]
    if isinstance(statement, ast.Call) and _called(statement) == "format":
        return True
    if not isinstance(statement, ast.JoinedStr | ast.BinOp):
        return False
    if _first_words(statement).startswith("PRAGMA "):
        return False
    names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return any(not (each.isupper() or each == "int") for each in names)


def _first_words(statement: ast.expr) -> str:
    first = statement.values[0] if isinstance(statement, ast.JoinedStr) else statement
    return str(first.value) if isinstance(first, ast.Constant) else ""


@pytest.mark.parametrize("path", CODE, ids=name)
def test_nothing_is_evaluated_unpickled_or_given_to_a_shell(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert dangerous_calls(source) == []
    assert forbidden_imports(source) == []


@pytest.mark.parametrize("path", WITH_SQL, ids=name)
def test_no_sql_is_built_from_text(path: Path) -> None:
    found = statements_built_from_text(path.read_text(encoding="utf-8"))

    assert [statement for statement in found if statement not in REVIEWED] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_template_switches_escaping_off(path: Path) -> None:
    page = path.read_text(encoding="utf-8")

    assert re.findall(r"\|\s*safe\b|autoescape\s+false", page) == []


@pytest.mark.parametrize(
    "source",
    [
        "eval(x)",
        "subprocess.run(x, shell=True)",
        "yaml.load(x)",
        "os.system(x)",
        "Markup(x)",
    ],
)
def test_the_gate_sees_what_is_dangerous(source: str) -> None:
    assert dangerous_calls(source) == [1]


@pytest.mark.parametrize(
    "source",
    [
        'db.execute(f"SELECT * FROM t WHERE a = {value}")',
        'db.execute("SELECT * FROM t WHERE a = " + value)',
        'db.execute("SELECT * FROM t WHERE a = %s" % value)',
        'connection.execute(text("SELECT {}".format(value)))',
    ],
)
def test_the_gate_sees_sql_that_is_built(source: str) -> None:
    assert len(statements_built_from_text(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        'db.execute("SELECT * FROM t WHERE a = :a", {"a": value})',
        'db.execute(f"PRAGMA busy_timeout = {patience}")',
        "db.execute(f\"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'\")",
        "kb.find(text(value))",
    ],
)
def test_the_gate_lets_sound_sql_through(source: str) -> None:
    assert statements_built_from_text(source) == []


def test_pickled_modules_are_seen() -> None:
    assert forbidden_imports("import pickle\nfrom marshal import loads") == ["pickle", "marshal"]
