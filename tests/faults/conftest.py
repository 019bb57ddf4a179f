"""Machines to break, each with a LINE of its own, and the table of all accounts at the end."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.faults.machine import FLASK, Machine, copied
from tests.load import stub_control
from tests.load.ledger import Ledger

ACCOUNT: Final = "account"

MakeMachine = Callable[..., Machine]
Write = Callable[..., None]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a machine that has started before: the catalog is in."""
    folder = tmp_path_factory.mktemp("template")
    with stub_control.running(tmp_path_factory.mktemp("line")) as stub:
        assert Machine(folder, stub).start([FLASK, "kb", "import"]).wait() == 0
    return folder


@contextmanager
def machines(template: Path, folders: pytest.TempPathFactory) -> Iterator[MakeMachine]:
    """Makes machines with the given settings; nothing runs on them yet, nothing stays of them."""
    with ExitStack() as open_ones:

        def make(**settings: str) -> Machine:
            stub = stub_control.running(folders.mktemp("line"))
            folder = copied(template, folders.mktemp("machine"))
            machine = Machine(folder, open_ones.enter_context(stub), settings)
            machine.line()
            return open_ones.enter_context(closing(machine))

        yield make


@pytest.fixture(scope="module")
def machine_with(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeMachine]:
    """Makes machines that end with the tests of one file."""
    with machines(template, tmp_path_factory) as make:
        yield make


@pytest.fixture(scope="session")
def machine(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Web and worker at work, for tests that harm neither of them nor their files for good."""
    with machines(template, tmp_path_factory) as make:
        machine = make()
        machine.start_both()
        yield machine


@pytest.fixture
def write(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Write:
    """Enters an account in the table that is shown after the tests."""

    def enter(ledger: Ledger, remark: str = "") -> None:
        name = str(request.node.name).removeprefix("test_").replace("_", " ")
        parts = (name, ledger.as_table(), remark)
        record_property(ACCOUNT, "\n    ".join(part for part in parts if part))

    return enter


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    found = [text for report in reports for name, text in report.user_properties if name == ACCOUNT]
    if found:
        terminalreporter.section("faults: what became of the messages")
        for text in found:
            terminalreporter.write_line(text)
