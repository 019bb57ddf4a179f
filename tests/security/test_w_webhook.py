"""OPS.md §4, W: whatever bytes come to the production server, it refuses them and stays well."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

import pytest
import waitress

from bot.cli_serve import LIMITS
from bot.simulator.events import text_event
from bot.webhook import sign
from tests import webserver
from tests.bot.signed import NAME, OFFICIAL_SECRET, as_json
from tests.security.door import Door, delivery, head

SIGNED = (NAME, sign(as_json(), OFFICIAL_SECRET).decode())
STALLED = 300


@dataclass
class Recorder:
    """A program that writes down what gets through to it."""

    bodies: list[bytes] = field(default_factory=list)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., object]
    ) -> list[bytes]:
        """The WSGI call."""
        self.bodies.append(environ["wsgi.input"].read())
        start_response("200 OK", [("Content-Length", "0")])
        return []


@pytest.fixture
def recorder() -> Recorder:
    """What stands behind `strict`."""
    return Recorder()


@pytest.fixture
def strict(recorder: Recorder) -> Iterator[Door]:
    """The recorder, served with the bot's own limits."""
    server = waitress.create_server(recorder, host="127.0.0.1", port=0, threads=2, **LIMITS)
    threading.Thread(target=server.run, daemon=True).start()
    yield Door(int(server.effective_port))
    webserver.stop(server)


@pytest.mark.parametrize(
    "body",
    [
        b'{"events":[' + b"[" * 200_000 + b"]" * 200_000 + b"]}",
        b'{"events":[' + b'{"a":' * 150_000 + b"1" + b"}" * 150_000 + b"]}",
        b'{"events":[' + b"9" * 5_000 + b"]}",
        '{"events":[]}'.encode("utf-16"),
        '{"events":[]}'.encode("utf-8-sig"),
        b'{"events":["\xff\xfe"]}',
        b'{"events":[\x00]}',
        b'{"events":{"0":[]}}',
        b"",
    ],
    ids="lists|objects|digits|utf-16|bom|no utf-8|nul|no list|empty".split("|"),
)
def test_w4_a_signed_body_that_is_no_delivery_is_refused_and_the_server_stays_well(
    door: Door, body: bytes
) -> None:
    status = door.deliver(body)

    assert status == 400
    assert door.is_well()


@pytest.mark.parametrize("number", [b"NaN", b"-Infinity", b"1e999"])
def test_w4_numbers_that_are_none_harm_nobody(door: Door, number: bytes) -> None:
    body = b'{"events":[{"type":"message","timestamp":' + number + b"}]}"

    status = door.deliver(body)

    assert status in (200, 400)
    assert door.is_well()


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/xml; charset=utf-16",
        "\xff",
        "",
    ],
)
def test_w4_the_content_type_does_not_matter(door: Door, content_type: str) -> None:
    body = as_json(text_event("住民票"))

    assert door.deliver(body, ("Content-Type", content_type)) == 200


def test_w4_a_body_that_says_it_is_packed_is_taken_as_it_is(door: Door) -> None:
    body = as_json(text_event("住民票"))

    assert door.deliver(body, ("Content-Encoding", "gzip")) == 200


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 3\r\nContent-Length: 6",
        "Content-Length: 6\r\nContent-Length: 6",
        "Content-Length: -1",
        "Content-Length: +6",
        "Content-Length: 0x6",
        "Content-Length: 1_0",
        "Content-Length : 6",
        "Content-Length: 6\nTransfer-Encoding: chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    ],
)
def test_w6_a_body_of_doubtful_length_never_reaches_the_bot(
    strict: Door, recorder: Recorder, framing: str
) -> None:
    answer = strict.raw(head("POST /callback", framing) + b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n")

    assert answer == b"" or answer.split()[1] in (b"400", b"501")
    assert recorder.bodies == []


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
    ],
)
def test_w6_of_length_and_chunks_the_chunks_count_as_the_standard_says(
    strict: Door, recorder: Recorder, framing: str
) -> None:
    strict.raw(head("POST /callback", framing) + b"1\r\nx\r\n0\r\n\r\n")

    assert recorder.bodies == [b"x"]


def test_w7_a_signature_under_a_name_with_underscores_does_not_count(door: Door) -> None:
    body = as_json(text_event("住民票"))
    signature = sign(body, OFFICIAL_SECRET).decode()

    assert door.status(delivery(body, [("X_Line_Signature", signature)])) == 400


def test_w8_three_hundred_stalled_uploads_delay_no_webhook(door: Door) -> None:
    half = head("POST /callback", "Content-Length: 1000", ": ".join(SIGNED)) + b"a" * 500
    with ExitStack() as opened:
        for _ in range(STALLED):
            opened.enter_context(closing(door.connect())).sendall(half)

        seconds = [_seconds_for_a_delivery(door) for _ in range(5)]

    assert min(seconds) < 1


def _seconds_for_a_delivery(door: Door) -> float:
    started = time.monotonic()
    assert door.is_well()
    return time.monotonic() - started
