"""A certificate for 127.0.0.1, made on the spot, so that TLS can be measured without a network."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True)
class Certificate:
    """Two PEM files; the certificate is its own authority."""

    cert: Path
    key: Path

    def environment(self) -> dict[str, str]:
        """What makes a child process trust it beside the authorities this machine trusts.

        Those count: where OpenSSL reads one large file, every new client loads them all (20 ms).
        """
        known = ssl.get_default_verify_paths().cafile
        bundle = self.cert.with_name("bundle.crt")
        roots = Path(known).read_bytes() if known else b""
        bundle.write_bytes(roots + b"\n" + self.cert.read_bytes())
        return {"SSL_CERT_FILE": str(bundle)}

    def client_context(self) -> ssl.SSLContext:
        """What a client needs to trust it, and nothing else."""
        return ssl.create_default_context(cafile=str(self.cert))


def make(folder: Path) -> Certificate:
    """Write a new certificate and its key into a folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Certificate(folder / "stub.crt", folder / "stub.key")
    made.cert.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made
