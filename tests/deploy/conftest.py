"""Each proxy twice: before a real bot, and before a recorder that shows what got through."""

import os
from collections.abc import Iterator

import pytest

from tests.deploy import proxies
from tests.deploy.proxies import HOST, Proxy
from tests.deploy.recorder import Recorder, recording
from tests.localbot import LocalBot


@pytest.fixture(scope="session", params=["nginx", "caddy"])
def kind(request: pytest.FixtureRequest) -> str:
    """A proxy we ship a file for."""
    return _required(request.param)


@pytest.fixture
def nginx() -> str:
    """For what only nginx is asked to do: several bots, and limits on sign-ins."""
    return _required("nginx")


def _required(name: str) -> str:
    """Skip where the program is not installed, except in CI, where that is a failure."""
    if not proxies.is_installed(name):
        reason = f"{name} is not installed (apt-get install {name})"
        in_ci = os.environ.get("CI")  # noqa: TID251 - a switch of the tests, not of the bot
        pytest.fail(reason) if in_ci else pytest.skip(reason)
    return name


@pytest.fixture(scope="session")
def public_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBot]:
    """A whole bot that knows its public address."""
    bot = LocalBot(tmp_path_factory.mktemp("bot"), base_url=f"https://{HOST}")
    yield bot
    bot.close()


@pytest.fixture(scope="session")
def front(
    kind: str, public_bot: LocalBot, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    """A proxy before a whole bot."""
    with proxies.running(kind, tmp_path_factory.mktemp(kind), [public_bot.config.port]) as proxy:
        yield proxy


@pytest.fixture(scope="session")
def _recorder() -> Iterator[Recorder]:
    with recording() as recorder:
        yield recorder


@pytest.fixture
def recorder(_recorder: Recorder) -> Recorder:
    """What stands behind `glass`, with an empty page."""
    _recorder.forget()
    return _recorder


@pytest.fixture(scope="session")
def glass(
    kind: str, _recorder: Recorder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    """A proxy before the recorder."""
    with proxies.running(kind, tmp_path_factory.mktemp(kind), [_recorder.port]) as proxy:
        yield proxy
