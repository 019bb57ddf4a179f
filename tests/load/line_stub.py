"""A fast stand-in for LINE's API as a process of its own: `python -m tests.load.line_stub --port N`."""

import argparse
import asyncio
import gc
import json
import re
import socket
import ssl
import struct
from typing import Final

from tests.load.line_rules import Answer, Line, Manner, Reply, Settings, answer

HEAD_END: Final = b"\r\n\r\n"
MAX_HEAD_BYTES: Final = 64 * 1024
LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
BEARER: Final = re.compile(rb"\r\nauthorization:[ \t]*bearer[ \t]+\S", re.IGNORECASE)
DONE: Final = answer(200, b"{}")
UNKNOWN_PAGE: Final = answer(404, b"{}")
BAD_SETTINGS: Final = answer(400, b"{}")
# Linger on, for zero seconds: the close becomes a reset, as from a machine that fell over.
RESET: Final = struct.pack("ii", 1, 0)


class Connection(asyncio.Protocol):
    """One keep-alive connection: just enough HTTP/1.1 for clients that send one request at a time."""

    _transport: asyncio.Transport

    def __init__(self, line: Line) -> None:
        self._line = line
        self._loop = asyncio.get_running_loop()
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer what is complete, keep the rest."""
        self._buffer += data
        while True:
            end = self._buffer.find(HEAD_END)
            if end < 0:
                break
            head = self._buffer[:end]
            length = LENGTH.search(head)
            start = end + len(HEAD_END)
            stop = start + (int(length[1]) if length else 0)
            if len(self._buffer) < stop:
                return
            body = self._buffer[start:stop]
            self._buffer = self._buffer[stop:]
            self._answer(head, body)
        if len(self._buffer) > MAX_HEAD_BYTES:
            self._transport.abort()

    def _answer(self, head: bytes, body: bytes) -> None:
        method, path, _ = head.split(b" ", 2)
        if method == b"POST" and path.startswith(b"/v2/"):
            has_bearer = BEARER.search(head) is not None
            self._deliver(self._line.take(path, body, has_bearer=has_bearer))
        else:
            page = _page(self._line, method + b" " + path, body)
            self._write(page.head + page.body)

    def _deliver(self, reply: Reply) -> None:
        if reply.manner is Manner.CLOSE:
            self._loop.call_later(reply.delay, self._break_off)
        elif reply.manner is Manner.DRIP_ALL:
            self._loop.call_later(reply.delay, self._drip, reply.answer.head + reply.answer.body)
        elif reply.manner is Manner.DRIP_BODY:
            self._loop.call_later(reply.delay, self._write_then_drip, reply.answer)
        else:
            # A timer does what `asyncio.sleep` would, without the cost of a task per call.
            self._loop.call_later(reply.delay, self._write, reply.answer.head + reply.answer.body)

    def _write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    def _write_then_drip(self, whole: Answer) -> None:
        self._write(whole.head)
        self._loop.call_later(self._line.settings.byte_ms / 1000, self._drip, whole.body)

    def _drip(self, data: bytes) -> None:
        if data and not self._transport.is_closing():
            self._transport.write(data[:1])
            self._loop.call_later(self._line.settings.byte_ms / 1000, self._drip, data[1:])

    def _break_off(self) -> None:
        raw = self._transport.get_extra_info("socket")
        if raw is not None and not self._transport.is_closing():
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._transport.abort()


def _page(line: Line, request: bytes, body: bytes) -> Answer:
    """The stand-in's own pages, for the tests."""
    if request == b"GET /":
        return DONE
    if request == b"GET /ledger":
        return answer(200, json.dumps(line.ledger()).encode())
    if request == b"POST /reset":
        line.reset()
        return DONE
    if request == b"POST /control":
        return _control(line, body)
    return UNKNOWN_PAGE


def _control(line: Line, body: bytes) -> Answer:
    try:
        line.configure(Settings(**json.loads(body)))
    except (TypeError, ValueError):
        return BAD_SETTINGS
    return DONE


async def serve(port: int, context: ssl.SSLContext | None) -> None:
    """Answer on this machine until the process is ended."""
    line = Line()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(line), "127.0.0.1", port, ssl=context, backlog=1024
    )
    async with server:
        await server.serve_forever()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tls-cert")
    parser.add_argument("--tls-key")
    options = parser.parse_args()
    context = None
    if options.tls_cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.tls_cert, options.tls_key)
    # Every call is kept: the collector would walk them all again and again, and find nothing.
    gc.disable()
    asyncio.run(serve(options.port, context))


if __name__ == "__main__":
    main()
