"""Speak HTTP byte by byte, as no decent client would."""

import socket
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from bot.simulator.events import text_event
from bot.webhook import sign
from tests.bot.signed import NAME, OFFICIAL_SECRET, as_json

WAIT_SECONDS = 30.0
Header = tuple[str, str]


@dataclass(frozen=True)
class Door:
    """A bot's port on this machine."""

    port: int

    def connect(self) -> socket.socket:
        """A new connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=WAIT_SECONDS)

    def raw(self, request: bytes) -> bytes:
        """All that comes back before the door falls silent for a moment or closes."""
        with closing(self.connect()) as connection:
            connection.sendall(request)
            return everything(connection)

    def status(self, request: bytes) -> int:
        """The status of the first answer, as soon as it is there."""
        with closing(self.connect()) as connection:
            connection.sendall(request)
            return int(connection.recv(4096).split(b" ", 2)[1])

    def deliver(self, body: bytes, *headers: Header) -> int:
        """The status for a body that LINE signed."""
        signature = sign(body, OFFICIAL_SECRET).decode()
        return self.status(delivery(body, [(NAME, signature), *headers]))

    def is_well(self) -> bool:
        """True when an ordinary question is still taken in."""
        return self.deliver(as_json(text_event("住民票"))) == 200


def delivery(body: bytes, headers: Sequence[Header] = ()) -> bytes:
    """A POST to the webhook as bytes."""
    lines = [f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers)]
    return head("POST /callback", *lines) + body


def head(start: str, *lines: str) -> bytes:
    """The head of a request, up to and with its empty line."""
    return "\r\n".join([f"{start} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode()


def everything(connection: socket.socket, silence_seconds: float = 1.0) -> bytes:
    """What arrives until the other side closes, or says nothing more."""
    received = b""
    try:
        while piece := connection.recv(65_536):
            received += piece
            connection.settimeout(silence_seconds)
    except (TimeoutError, ConnectionResetError):
        pass
    return received
