"""One keep-alive connection of the load driver: a request out, the status of its answer back."""

import asyncio
import re
from collections.abc import Callable
from typing import Final

HEAD_END: Final = b"\r\n\r\n"
LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
CLOSES: Final = re.compile(rb"\r\nconnection:[ \t]*close", re.IGNORECASE)
CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked", re.IGNORECASE)
LAST_CHUNK: Final = b"0\r\n\r\n"

Ended = Callable[["Wire", str], None]


class Wire(asyncio.Protocol):
    """Calls `ended(wire, outcome)` once per request: a status such as "200", "reset" or "timeout"."""

    _transport: asyncio.Transport

    def __init__(self, ended: Ended, timeout: float) -> None:
        self._ended = ended
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._buffer = b""
        self._alarm: asyncio.TimerHandle | None = None
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready for a first request."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.is_open = True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """The other side hung up: whatever waits for an answer will get none."""
        self.is_open = False
        self._end("reset")

    def post(self, request: bytes) -> None:
        """Send one request; only when the one before has ended."""
        self._buffer = b""
        self._alarm = self._loop.call_later(self._timeout, self._give_up)
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Read until the answer is whole."""
        self._buffer += data
        end = self._buffer.find(HEAD_END)
        if end < 0 or not self._is_whole(end):
            return
        status = self._buffer[9:12].decode("ascii", "replace")
        if CLOSES.search(self._buffer, 0, end + 2):
            self.close()
        self._end(status)

    def close(self) -> None:
        """Hang up."""
        self.is_open = False
        self._transport.abort()

    def _is_whole(self, end: int) -> bool:
        if CHUNKED.search(self._buffer, 0, end + 2):
            return self._buffer.endswith(LAST_CHUNK)
        length = LENGTH.search(self._buffer, 0, end + 2)
        return len(self._buffer) >= end + len(HEAD_END) + (int(length[1]) if length else 0)

    def _give_up(self) -> None:
        self.close()
        self._end("timeout")

    def _end(self, outcome: str) -> None:
        if self._alarm is None:
            return
        self._alarm.cancel()
        self._alarm = None
        self._ended(self, outcome)
