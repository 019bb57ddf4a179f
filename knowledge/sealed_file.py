"""Seal a stream of bytes of any length into a file that only its secret opens, whole or not at all.

The file: MAGIC, a salt, then chunks, each with its length before it. A chunk is compressed and
sealed with AES-256-GCM; its number and whether it is the last are part of the nonce, so that none
can be altered, cut off, added or put in another place unseen.
"""

import io
import secrets
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"nagasaki-line-backup-1\n"
SALT_BYTES = 16
CHUNK_BYTES = 1024 * 1024
MAX_SEALED_BYTES = CHUNK_BYTES + 64 * 1024
"""What a chunk grows to at most by sealing; a longer one is damage, not worth the memory."""

_LENGTH = struct.Struct(">I")


class WrongKeyError(ValueError):
    """The first chunk does not open: another secret, or a damaged beginning."""


class DamagedError(ValueError):
    """The file is no sealed one, is cut off or was altered."""


def is_sealed(file: BinaryIO) -> bool:
    """True for what begins as a file of `seal` does."""
    return file.read(len(MAGIC)) == MAGIC


def seal(plain: Iterable[bytes], file: BinaryIO, secret: bytes) -> None:
    """Write everything that comes, sealed."""
    header = MAGIC + secrets.token_bytes(SALT_BYTES)
    cipher = AESGCM(_key(secret, header))
    file.write(header)
    chunks = _even(plain)
    chunk: bytes | None = next(chunks, b"")
    number = 0
    while chunk is not None:
        following = next(chunks, None)
        nonce = _nonce(number, is_last=following is None)
        sealed = cipher.encrypt(nonce, zlib.compress(chunk, 1), header)
        file.write(_LENGTH.pack(len(sealed)) + sealed)
        chunk, number = following, number + 1


def opened(file: BinaryIO, secret: bytes) -> io.BufferedReader:
    """What was sealed, to be read; any read may raise WrongKeyError or DamagedError."""
    return io.BufferedReader(_Stream(_chunks(file, secret)))


class _Stream(io.RawIOBase):
    """Chunks of bytes as a file; BufferedReader adds everything else."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def _chunks(file: BinaryIO, secret: bytes) -> Iterator[bytes]:
    header = file.read(len(MAGIC) + SALT_BYTES)
    if not header.startswith(MAGIC) or len(header) != len(MAGIC) + SALT_BYTES:
        raise DamagedError
    cipher = AESGCM(_key(secret, header))
    sealed, number = _sealed(file), 0
    while sealed:
        following = _sealed(file)
        try:
            chunk = cipher.decrypt(_nonce(number, is_last=not following), sealed, header)
        except InvalidTag as error:
            raise DamagedError if number else WrongKeyError from error
        yield zlib.decompress(chunk)
        sealed, number = following, number + 1
    if not number:
        raise DamagedError


def _sealed(file: BinaryIO) -> bytes:
    """The next chunk as it stands in the file; empty at its end."""
    prefix = file.read(_LENGTH.size)
    if not prefix:
        return b""
    length = _LENGTH.unpack(prefix)[0] if len(prefix) == _LENGTH.size else 0
    sealed = file.read(length) if 0 < length <= MAX_SEALED_BYTES else b""
    if not sealed or len(sealed) != length:
        raise DamagedError
    return sealed


def _even(plain: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of one size; the last may be shorter."""
    rest = b""
    for piece in plain:
        rest += piece
        while len(rest) >= CHUNK_BYTES:
            yield rest[:CHUNK_BYTES]
            rest = rest[CHUNK_BYTES:]
    if rest:
        yield rest


def _nonce(number: int, *, is_last: bool) -> bytes:
    """Never twice under a key, as every file has a key of its own."""
    return number.to_bytes(11, "big") + bytes([is_last])


def _key(secret: bytes, salt: bytes) -> bytes:
    """A tenth of a second and 32 MB of memory, so that a secret cannot be guessed in bulk."""
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(secret)
