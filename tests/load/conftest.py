"""A stand-in for LINE in its own process, quiet again for every test."""

from collections.abc import Iterator

import pytest

from tests.load import stub_control
from tests.load.stub_control import Stub


@pytest.fixture(scope="session")
def running_stub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stub]:
    """Started once: a process costs more than a test."""
    with stub_control.running(tmp_path_factory.mktemp("stub")) as stub:
        yield stub


@pytest.fixture
def stub(running_stub: Stub) -> Stub:
    """Empty, well-behaved and quick to answer."""
    running_stub.reset()
    running_stub.mode("ok", latency_ms=5)
    return running_stub
