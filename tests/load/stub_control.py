"""The tests' hand on the stand-in for LINE: start it, change its mode, read its ledger."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.load import processes
from tests.load.certificate import Certificate
from tests.load.processes import Process


@dataclass(frozen=True)
class Stub:
    """A running stand-in; `url` is what `LINE_API_BASE` should be."""

    url: str
    process: Process
    certificate: Certificate | None = None

    def mode(self, mode: str = "ok", **settings: float | None) -> None:
        """Behave otherwise from now on; what is not given takes its default (line_rules.Settings)."""
        self._ask("/control", json.dumps({"mode": mode, **settings}).encode())

    def reset(self) -> None:
        """Forget all calls and tokens, and behave well."""
        self._ask("/reset", b"")

    def calls(self) -> list[dict[str, Any]]:
        """The ledger."""
        return list(json.loads(self._ask("/ledger", None)))

    def _ask(self, path: str, body: bytes | None) -> bytes:
        context = self.certificate.client_context() if self.certificate else None
        with urllib.request.urlopen(self.url + path, body, timeout=30, context=context) as answer:
            return bytes(answer.read())


@contextmanager
def running(folder: Path, certificate: Certificate | None = None) -> Iterator[Stub]:
    """A stand-in for LINE in its own process, with TLS when a certificate is given."""
    port = processes.free_port()
    url = f"{'https' if certificate else 'http'}://127.0.0.1:{port}"
    command = [processes.PYTHON, "-m", "tests.load.line_stub", "--port", str(port)]
    if certificate:
        command += ["--tls-cert", str(certificate.cert), "--tls-key", str(certificate.key)]
    with processes.start(command, {}, url, folder) as process:
        yield Stub(url, process, certificate)
