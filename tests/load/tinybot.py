"""A very small webhook receiver on a real socket, which answers as it is told."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANG_UP = 0


class TinyBot:
    """Keeps what it got; answers, after a delay, with the scripted statuses, then 200."""

    def __init__(self, *statuses: int, delay: float = 0.0) -> None:
        self.bodies: list[bytes] = []
        self.signatures: list[str] = []
        self.url = ""
        self._delay = delay
        self._statuses = deque(statuses)

    def receive(self, body: bytes, signature: str) -> int:
        """Note one request; the status to answer with."""
        self.bodies.append(body)
        self.signatures.append(signature)
        time.sleep(self._delay)
        return self._statuses.popleft() if self._statuses else 200


def _handler(bot: TinyBot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = bot.receive(body, self.headers["X-Line-Signature"])
            if status == HANG_UP:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Say nothing."""

    return Handler


@contextmanager
def serving(bot: TinyBot) -> Iterator[TinyBot]:
    """The bot behind a port of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(bot)) as server:
        server.daemon_threads = True
        bot.url = f"http://127.0.0.1:{server.server_port}/callback"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield bot
        server.shutdown()
        thread.join()
