"""The sender signs the very bytes it posts, over a real socket, and never raises."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Request, request
from linebot.v3.webhook import SignatureValidator
from werkzeug.serving import make_server

from bot.simulator.events import payload, text_event
from bot.simulator.sender import WebhookSender

SECRET = "secret of the channel"


class Callback:
    """Keeps what it receives."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.bodies: list[bytes] = []
        self.requests: list[Request] = []

    def __call__(self) -> tuple[str, int]:
        self.bodies.append(request.get_data())
        self.requests.append(request._get_current_object())
        return "", self.status


@pytest.fixture
def callback() -> Callback:
    return Callback()


@pytest.fixture
def url(callback: Callback) -> Iterator[str]:
    app = Flask(__name__)
    app.add_url_rule("/callback", "callback", callback, methods=["POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/callback"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("text", ["こんにちは", "👨‍👩‍👧‍👦𠮷", 'a"\\\n', "\ud83d"])
def test_the_signature_fits_the_raw_body(url: str, callback: Callback, text: str) -> None:
    sent = payload(text_event(text))

    assert WebhookSender(url, SECRET).send(sent) == 200

    body, received = callback.bodies[0], callback.requests[0]
    signature = received.headers["x-line-signature"]
    assert SignatureValidator(SECRET).validate(body.decode(), signature)
    assert received.get_json() == sent


@pytest.mark.parametrize("status", [400, 500, 503])
def test_the_bots_status_is_returned(url: str, callback: Callback, status: int) -> None:
    callback.status = status
    assert WebhookSender(url, SECRET).send(payload()) == status
    assert len(callback.bodies) == 1


def test_a_bot_that_is_not_there_counts_as_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert WebhookSender(f"http://127.0.0.1:{port}/callback", SECRET).send(payload()) == 0


def test_a_bot_that_does_not_answer_in_time_counts_as_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/callback"
        assert WebhookSender(url, SECRET, timeout=0.2).send(_event()) == 0


def _event() -> dict[str, Any]:
    return payload(text_event("a"))
