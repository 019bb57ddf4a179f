"""A stand-in for the bot that takes everything and writes down what a proxy handed to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True)
class Seen:
    """One request as it arrived; `peer` is the connection it came through."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    peer: int

    def values(self, name: str) -> list[str]:
        """What a header says, once per line it stands on."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass
class Recorder:
    """What arrived so far; with `hangs_up` it dies after reading instead of answering."""

    port: int = 0
    hangs_up: bool = False
    seen: list[Seen] = field(default_factory=list)

    def forget(self) -> None:
        """Start a new page, friendly again."""
        self.seen.clear()
        self.hangs_up = False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    recorder: Recorder

    def do_GET(self) -> None:
        self._take()

    def do_POST(self) -> None:
        self._take()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base class
        """Say nothing."""

    def _take(self) -> None:
        headers = tuple(self.headers.items())
        seen = Seen(self.command, self.path, headers, self.client_address[1])
        self.recorder.seen.append(seen)
        self._read_body()
        if self.recorder.hangs_up:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.send_header("Strict-Transport-Security", "max-age=1")
        self.end_headers()

    def _read_body(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        while self.headers.get("Transfer-Encoding"):
            size = int(self.rfile.readline(), 16)
            self.rfile.read(size + 2)
            if not size:
                return


@contextmanager
def recording() -> Iterator[Recorder]:
    """A recorder that listens on a free loopback port."""
    recorder = Recorder()
    handler = type("Handler", (_Handler,), {"recorder": recorder})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        recorder.port = server.server_port
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield recorder
        server.shutdown()
        thread.join()
