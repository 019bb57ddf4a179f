"""A call ends with its deadline, wherever its peer drips, hangs or stalls; others go on as ever."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from bot import deadline
from bot.deadline import Deadline
from tests.bot import rawserver
from tests.bot.rawserver import OK, Behaviour, RawServer

HEADER = b"HTTP/1.1 200 OK\r\nX-Slow: "
BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
TLS_RECORD = b"\x16\x03\x03\x3f\xff"
SLOW = {
    "status line": (b"HTT", b"P"),
    "one long header": (HEADER, b"x"),
    "headers without end": (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "answers before the answer": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (BODY, b"x"),
    "chunks without end": (CHUNKS, b"1\r\nx\r\n"),
    "body until the connection closes": (b"HTTP/1.0 200 OK\r\n\r\n", b"x"),
}
ENDED = 4.5
"""Seconds; the deadlines here are far shorter, and nothing else would end the calls."""


@pytest.fixture
def pool() -> Iterator[urllib3.PoolManager]:
    """A pool whose own timeouts would never end a drip."""
    with urllib3.PoolManager(
        retries=False, timeout=urllib3.Timeout(connect=60, read=60)
    ) as manager:
        deadline.install(manager)
        yield manager


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS context, and that of a caller who trusts it."""
    folder: Path = tmp_path_factory.mktemp("tls")
    server, caller = rawserver.own_certificate(folder)
    return server, deadline.guarded(caller)


@pytest.fixture
def full_address() -> Iterator[str]:
    """A port whose queue is full, so that connecting to it hangs."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(closing(socket.socket()))
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def in_tls(context: ssl.SSLContext, serve: Behaviour) -> RawServer:
    """A server that behaves like that inside TLS."""

    def wrapped(server: RawServer, link: socket.socket) -> None:
        with context.wrap_socket(link, server_side=True) as secured:
            serve(server, secured)

    return RawServer(wrapped)


def broken_off(pool: urllib3.PoolManager, url: str, body: bytes = b"{}") -> tuple[bool, Deadline]:
    """Whether a call ended by its deadline of 0.5 s, and that deadline."""
    started = time.monotonic()
    with deadline.within(0.5) as current, pytest.raises(HTTPError):
        pool.request("POST", url, body=body)
    return time.monotonic() - started < ENDED, current


@pytest.mark.parametrize(("start", "drop"), SLOW.values(), ids=SLOW)
def test_an_answer_that_drips_ends_with_the_deadline(
    pool: urllib3.PoolManager, start: bytes, drop: bytes
) -> None:
    with rawserver.answering(rawserver.drip(start, drop)) as server:
        ended, current = broken_off(pool, server.url)

    assert ended
    assert current.sent


def test_a_server_that_says_nothing_ends_with_the_deadline(pool: urllib3.PoolManager) -> None:
    with RawServer(rawserver.hang) as server:
        ended, current = broken_off(pool, server.url)

    assert ended
    assert current.sent


@pytest.mark.parametrize("read", [rawserver.hang, rawserver.sip], ids=["nothing", "little"])
def test_a_server_that_hardly_reads_ends_with_the_deadline(
    pool: urllib3.PoolManager, read: Behaviour
) -> None:
    with RawServer(read) as server:
        ended, current = broken_off(pool, server.url, body=b"x" * 60_000_000)

    assert ended
    assert current.sent


def test_connecting_ends_with_the_deadline_and_nothing_was_sent(
    pool: urllib3.PoolManager, full_address: str
) -> None:
    with deadline.within(0.5) as current, pytest.raises(ConnectTimeoutError):
        pool.request("POST", full_address)

    assert not current.sent


def test_a_closed_port_is_refused_and_nothing_was_sent(pool: urllib3.PoolManager) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"

    with deadline.within(5) as current, pytest.raises(NewConnectionError):
        pool.request("POST", address)

    assert not current.sent


def test_the_next_address_of_a_name_is_tried(pool: urllib3.PoolManager) -> None:
    with rawserver.answering() as server, deadline.within(5):
        status = pool.request("POST", f"http://localhost:{server.port}/").status  # ::1 comes first

    assert status == 200


def test_a_tls_handshake_that_drips_ends_with_the_deadline(pool: urllib3.PoolManager) -> None:
    def serve(server: RawServer, link: socket.socket) -> None:
        server.drip(link, TLS_RECORD, b"\x02")

    with RawServer(serve) as server:
        ended, current = broken_off(pool, f"https://127.0.0.1:{server.port}/")

    assert ended
    assert not current.sent


@pytest.mark.parametrize(("start", "drop"), [(HEADER, b"x"), (BODY, b"x")], ids=["header", "body"])
def test_an_answer_that_drips_inside_tls_ends_with_the_deadline(
    pool: urllib3.PoolManager,
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
    start: bytes,
    drop: bytes,
) -> None:
    def serve(server: RawServer, link: socket.socket) -> None:
        server.read(link)
        server.drip(link, start, drop)

    deadline.install(pool, contexts[1])
    with in_tls(contexts[0], serve) as server:
        ended, current = broken_off(pool, f"https://127.0.0.1:{server.port}/")

    assert ended
    assert current.sent


@pytest.mark.parametrize("read", [rawserver.hang, rawserver.sip], ids=["nothing", "little"])
def test_a_server_that_hardly_reads_inside_tls_ends_with_the_deadline(
    pool: urllib3.PoolManager, contexts: tuple[ssl.SSLContext, ssl.SSLContext], read: Behaviour
) -> None:
    deadline.install(pool, contexts[1])
    with in_tls(contexts[0], read) as server:
        ended, current = broken_off(
            pool, f"https://127.0.0.1:{server.port}/", body=b"x" * 60_000_000
        )

    assert ended
    assert current.sent


def test_a_drip_inside_one_tls_record_ends_with_the_deadline(
    pool: urllib3.PoolManager, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    def serve(server: RawServer, link: socket.socket) -> None:
        server.read(link)
        raw = socket.socket(fileno=link.detach())
        with raw:
            server.drip(raw, b"\x17\x03\x03\x3f\xff", b"x")

    deadline.install(pool, contexts[1])
    with in_tls(contexts[0], serve) as server:
        ended, _ = broken_off(pool, f"https://127.0.0.1:{server.port}/")

    assert ended


def test_tls_calls_share_one_connection(
    pool: urllib3.PoolManager, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    def serve(server: RawServer, link: socket.socket) -> None:
        while server.read(link):
            link.sendall(OK)

    deadline.install(pool, contexts[1])
    with in_tls(contexts[0], serve) as server, deadline.within(5):
        statuses = [
            pool.request("POST", f"https://127.0.0.1:{server.port}/").status for _ in range(3)
        ]
        pool.clear()

    assert statuses == [200, 200, 200]
    assert server.connections == 1


def test_a_stranger_s_certificate_is_refused_before_anything_is_sent(
    pool: urllib3.PoolManager, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    with (
        in_tls(contexts[0], rawserver.hang) as server,
        deadline.within(5) as current,
        pytest.raises(urllib3.exceptions.SSLError),
    ):
        pool.request("POST", f"https://127.0.0.1:{server.port}/")

    assert not current.sent


def test_a_kept_connection_gets_each_call_s_own_deadline(pool: urllib3.PoolManager) -> None:
    with rawserver.answering() as server:
        with deadline.within(1):
            pool.request("POST", server.url)
        time.sleep(1.05)
        with deadline.within(5):
            status = pool.request("POST", server.url).status

    assert status == 200
    assert server.connections == 1


def test_without_a_deadline_the_pool_s_own_timeouts_hold(pool: urllib3.PoolManager) -> None:
    with RawServer(rawserver.hang) as server, pytest.raises(HTTPError, match="timed out"):
        pool.request("POST", server.url, timeout=0.1)


def test_a_deadline_that_is_over_lets_nothing_more_begin() -> None:
    current = Deadline(0)

    with pytest.raises(TimeoutError):
        current.left()
