"""Run the shipped nginx.conf and Caddyfile for real, with only ports, paths and addresses changed."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.load.processes import free_port

DEPLOY = Path(__file__).parents[2] / "bot/deploy"
HOST = "bot.example.jp"
"""The name the shipped files are written for; nothing ever looks it up here."""

Headers = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What came back to the client."""

    status: int
    headers: tuple[tuple[str, str], ...]

    def values(self, name: str) -> list[str]:
        """What a header says, once per line it stands on."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass(frozen=True)
class Proxy:
    """A running proxy, seen from outside."""

    https_port: int
    http_port: int
    folder: Path

    def connect(self, name: str = HOST) -> ssl.SSLSocket:
        """A TLS connection that asks for a name and trusts only the test's certificate."""
        context = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        plain = socket.create_connection(("127.0.0.1", self.https_port), timeout=10)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return context.wrap_socket(plain, server_hostname=name)

    def get(self, path: str, headers: Headers | None = None) -> Answer:
        """GET over TLS."""
        return self.raw(head("GET", path, headers))

    def post(self, path: str, body: bytes, headers: Headers | None = None) -> Answer:
        """POST over TLS with a length."""
        length = {"Content-Length": str(len(body)), **(headers or {})}
        return self.raw(head("POST", path, length), body)

    def raw(self, *parts: bytes) -> Answer:
        """Bytes over TLS as they are."""
        with closing(self.connect()) as connection:
            return exchange(connection, *parts)

    def plain(self, path: str, headers: Headers | None = None) -> Answer:
        """GET without TLS."""
        address = ("127.0.0.1", self.http_port)
        with closing(socket.create_connection(address, timeout=10)) as connection:
            return exchange(connection, head("GET", path, headers))


def head(method: str, path: str, headers: Headers | None = None) -> bytes:
    """The first lines of a request, to the shipped name unless told otherwise."""
    lines = {"Host": HOST, **(headers or {})}
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{text}\r\n".encode()


def exchange(connection: socket.socket, *parts: bytes) -> Answer:
    """Send bytes and read one answer, also when it comes before everything was sent."""
    try:
        for part in parts:
            connection.sendall(part)
    except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
        pass  # a refusal may close the door while we still talk
    with closing(HTTPResponse(connection, method=parts[0].split()[0].decode())) as response:
        response.begin()
        response.read()
        return Answer(response.status, tuple(response.getheaders()))


def is_installed(name: str) -> bool:
    """True when the proxy's program is on this machine."""
    return shutil.which(name) is not None


@contextmanager
def running(
    name: str, folder: Path, bots: Sequence[int], changes: Mapping[str, str] | None = None
) -> Iterator[Proxy]:
    """nginx or caddy from the shipped file, with an operator's changes, in front of these ports."""
    _write_certificate(folder)
    proxy = Proxy(free_port(), free_port(), folder)
    command = {"nginx": _nginx, "caddy": _caddy}[name](proxy, bots, changes or {})
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder)}
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        _wait_until_open(proxy, process)
        yield proxy
    finally:
        process.terminate()
        process.wait(timeout=60)


def _nginx(proxy: Proxy, bots: Sequence[int], changes: Mapping[str, str]) -> list[str]:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {proxy.folder}/{kind};\n" for kind in kinds)
    config = _edited(
        "nginx.conf",
        proxy.folder,
        {
            "user www-data;": "user root;",  # who owns the test's folder; ignored without root
            "/run/nginx.pid": f"{proxy.folder}/nginx.pid",
            "/var/log/nginx/": f"{proxy.folder}/",
            "http {": f"http {{\n{temporary}",
            "/etc/line-bot/tls/": f"{proxy.folder}/",
            "server 127.0.0.1:8000;": "".join(f"server 127.0.0.1:{bot};" for bot in bots),
            "listen [::]:": "# listen [::]:",
            "listen 443 ": f"listen 127.0.0.1:{proxy.https_port} ",
            "listen 80": f"listen 127.0.0.1:{proxy.http_port}",
            **changes,
        },
    )
    return ["nginx", "-c", str(config), "-g", "daemon off;"]


def _caddy(proxy: Proxy, bots: Sequence[int], changes: Mapping[str, str]) -> list[str]:
    ports = f"http_port {proxy.http_port}\nhttps_port {proxy.https_port}\ndefault_bind 127.0.0.1"
    config = _edited(
        "Caddyfile",
        proxy.folder,
        {
            "admin off": f"{ports}\nadmin off",
            ":443 {": f":{proxy.https_port} {{",
            "/etc/line-bot/tls/": f"{proxy.folder}/",
            "/var/log/caddy/": f"{proxy.folder}/",
            "127.0.0.1:8000": " ".join(f"127.0.0.1:{bot}" for bot in bots),
            **changes,
        },
    )
    return ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"]


def _edited(name: str, folder: Path, changes: Mapping[str, str]) -> Path:
    """The shipped file as an operator edits it; a line that is gone is an error, not a skip."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{name} no longer has: {old}"
        text = text.replace(old, new)
    written = folder / name
    written.write_text(text, encoding="utf-8")
    return written


def _wait_until_open(proxy: Proxy, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert process.poll() is None, (proxy.folder / "output").read_text("utf-8")
        try:
            socket.create_connection(("127.0.0.1", proxy.https_port), timeout=1).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the proxy did not open its port")


def _write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(tz=UTC)
    certificate = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(private)
