"""A LINE on this machine for the tests: the stub with a clock of its own, behind real servers."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
import urllib3
from flask import Flask
from waitress.server import create_server
from werkzeug.serving import make_server

from bot.simulator import LineStub, create_blueprint
from tests import webserver
from tests.clock import Clock

CHANNEL_TOKEN: Final = "token-of-the-test-channel"


@dataclass
class Webhook:
    """Takes what would be sent to the bot."""

    status: int = 200
    payloads: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, payload: dict[str, Any]) -> int:
        self.payloads.append(payload)
        return self.status

    def events(self) -> list[dict[str, Any]]:
        return [event for payload in self.payloads for event in payload["events"]]


@contextmanager
def _werkzeug(app: Flask) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def _waitress(app: Flask) -> Iterator[int]:
    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    yield server.effective_port
    webserver.stop(server)


SERVERS: Final = {"waitress": _waitress, "werkzeug": _werkzeug}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stub(clock: Clock) -> LineStub:
    return LineStub(CHANNEL_TOKEN, clock)


@pytest.fixture
def webhook() -> Webhook:
    return Webhook()


@pytest.fixture
def app(stub: LineStub, webhook: Webhook) -> Flask:
    made = Flask(__name__)
    made.register_blueprint(create_blueprint(stub, webhook), url_prefix="/simulator")
    return made


@pytest.fixture(params=sorted(SERVERS))
def each_server(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    """The address of the simulator, once behind each server we use."""
    with SERVERS[request.param](app) as port:
        yield f"http://127.0.0.1:{port}/simulator"


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """The address of the simulator behind one real server."""
    with _werkzeug(app) as port:
        yield f"http://127.0.0.1:{port}/simulator"


@pytest.fixture
def http() -> Iterator[urllib3.PoolManager]:
    """A client that neither retries nor follows."""
    with urllib3.PoolManager(retries=False, timeout=10) as pool:
        yield pool


@pytest.fixture
def call(server: str, http: urllib3.PoolManager) -> Callable[..., urllib3.BaseHTTPResponse]:
    """Call the LINE API as the bot does."""

    def post(
        endpoint: str, body: Any = None, *, method: str = "POST", **headers: str
    ) -> urllib3.BaseHTTPResponse:
        sent = {"Authorization": f"Bearer {CHANNEL_TOKEN}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        address = f"{server}/line/v2/bot/{endpoint}"
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return http.request(method, address, body=raw, headers=sent)

    return post
