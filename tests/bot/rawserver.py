"""Small real servers that misbehave on purpose, byte by byte, for tests of our HTTP calls."""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
DRIP_SECONDS = 0.02
Behaviour = Callable[["RawServer", socket.socket], None]


def answer(status: int, body: bytes = b"{}", *headers: str) -> bytes:
    """An HTTP answer as bytes."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class RawServer:
    """Hands each connection to `serve` in its own thread; `requests` are those read whole."""

    def __init__(self, serve: Behaviour, port: int = 0) -> None:
        self._serve = serve
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.closing = threading.Event()
        self._links: list[socket.socket] = []
        self.requests: list[bytes] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def __enter__(self) -> "RawServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in self._links:
            with contextlib.suppress(OSError):  # already closed
                link.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=10)

    @property
    def connections(self) -> int:
        """How many there were."""
        return len(self._links)

    def read(self, link: socket.socket) -> bytes:
        """One whole request; empty when the caller hung up."""
        received = b""
        while not _is_whole(received):
            piece = link.recv(65_536)
            if not piece:
                return b""
            received += piece
        self.requests.append(received)
        return received

    def drip(self, link: socket.socket, start: bytes, drop: bytes) -> None:
        """Send the start, then one small drop after another until the test is over."""
        link.sendall(start)
        while not self.closing.wait(DRIP_SECONDS):
            link.sendall(drop)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                link, _ = self._listener.accept()
                self._links.append(link)
                self._threads.append(threading.Thread(target=self._run, args=(link,)))
                self._threads[-1].start()

    def _run(self, link: socket.socket) -> None:
        link.settimeout(10)
        with link, contextlib.suppress(OSError):  # the caller hung up
            self._serve(self, link)


def _is_whole(received: bytes) -> bool:
    head, end_of_head, body = received.partition(b"\r\n\r\n")
    lengths = [line[15:] for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"]
    return bool(end_of_head) and len(body) >= int(lengths[0] if lengths else 0)


def answering(*steps: bytes | Behaviour, port: int = 0) -> RawServer:
    """Takes the next step at each request, over kept connections; afterwards answers OK."""
    script = iter(steps)

    def serve(server: RawServer, link: socket.socket) -> None:
        while server.read(link):
            step = next(script, OK)
            if callable(step):
                step(server, link)
                return
            link.sendall(step)

    return RawServer(serve, port)


def hang(server: RawServer, _link: socket.socket) -> None:
    """Say nothing until the test is over."""
    server.closing.wait()


def sip(server: RawServer, link: socket.socket) -> None:
    """Read so slowly that a large request never ends."""
    while not server.closing.wait(DRIP_SECONDS / 10) and link.recv(16_384):
        pass


def reset(_server: RawServer, link: socket.socket) -> None:
    """Break the connection off hard."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drip(start: bytes, drop: bytes) -> Behaviour:
    """Send the start of an answer and never come to its end."""
    return lambda server, link: server.drip(link, start, drop)


def own_certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The TLS contexts of a server on this machine and of a caller who trusts it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "certificate", folder / "key")
    return server, ssl.create_default_context(cafile=str(folder / "certificate"))
