"""A sealed file opens with its secret alone, and no change to it goes unseen."""

import io
import random
from collections.abc import Iterator

import pytest

from knowledge import sealed_file
from knowledge.sealed_file import CHUNK_BYTES, DamagedError, WrongKeyError

SECRET = b"fictional-secret-of-the-tests"
NOISE = random.Random(1).randbytes(CHUNK_BYTES * 2 + 100)
HEADER_BYTES = len(sealed_file.MAGIC) + sealed_file.SALT_BYTES


def sealed(*pieces: bytes) -> bytes:
    """The file that keeps these bytes."""
    file = io.BytesIO()
    sealed_file.seal(pieces, file, SECRET)
    return file.getvalue()


def read(file: bytes, secret: bytes = SECRET) -> bytes:
    """What was kept."""
    return sealed_file.opened(io.BytesIO(file), secret).read()


def chunks(file: bytes) -> Iterator[bytes]:
    """The chunks as they stand in a file, each with its length."""
    rest = file[HEADER_BYTES:]
    while rest:
        length = 4 + int.from_bytes(rest[:4], "big")
        yield rest[:length]
        rest = rest[length:]


@pytest.fixture(scope="module")
def file() -> bytes:
    """A sealed file of three chunks."""
    return sealed(NOISE)


@pytest.mark.parametrize(
    "plain", [b"", b"x", NOISE[:CHUNK_BYTES], NOISE[: CHUNK_BYTES + 1], NOISE], ids=len
)
def test_what_was_sealed_is_read_again(plain: bytes) -> None:
    assert read(sealed(plain)) == plain


def test_it_may_come_and_be_read_in_pieces_of_any_size() -> None:
    file = sealed(NOISE[:10], b"", NOISE[10 : CHUNK_BYTES + 5], NOISE[CHUNK_BYTES + 5 :])

    opened = sealed_file.opened(io.BytesIO(file), SECRET)

    assert opened.read(CHUNK_BYTES + 7) + opened.read(3) + opened.read() == NOISE


def test_nothing_of_it_shows_and_it_is_sealed_differently_each_time() -> None:
    first, second = sealed(b"canary" * 1000), sealed(b"canary" * 1000)

    assert b"canary" not in first
    assert first[HEADER_BYTES:] != second[HEADER_BYTES:]


def test_what_repeats_takes_little_room() -> None:
    assert len(sealed(b"canary" * 100_000)) < 10_000


def test_another_secret_does_not_open_it(file: bytes) -> None:
    with pytest.raises(WrongKeyError):
        read(file, b"another-fictional-secret")


@pytest.mark.parametrize("length", [0, 10, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 2])
def test_a_file_cut_off_in_its_beginning_is_damaged(file: bytes, length: int) -> None:
    with pytest.raises(DamagedError):
        read(file[:length])


@pytest.mark.parametrize("order", [(0, 1), (0, 2), (0, 2, 1), (0, 1, 1, 2), (0, 1, 2, 2)], ids=str)
def test_chunks_cannot_be_left_out_moved_or_repeated(file: bytes, order: tuple[int, ...]) -> None:
    parts = list(chunks(file))

    with pytest.raises(DamagedError):
        read(file[:HEADER_BYTES] + b"".join(parts[number] for number in order))


def test_a_chunk_of_another_file_with_the_same_secret_is_refused(file: bytes) -> None:
    own, other = list(chunks(file)), list(chunks(sealed(NOISE)))

    with pytest.raises(DamagedError):
        read(file[:HEADER_BYTES] + own[0] + other[1] + own[2])


@pytest.mark.parametrize("place", [CHUNK_BYTES * 3 // 2, -1], ids=["middle", "end"])
def test_a_changed_bit_is_seen(file: bytes, place: int) -> None:
    changed = bytearray(file)
    changed[place] ^= 1

    with pytest.raises(DamagedError):
        read(bytes(changed))


@pytest.mark.parametrize(
    "added", [b"\0", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\x01x"], ids=repr
)
def test_nothing_can_be_added(file: bytes, added: bytes) -> None:
    with pytest.raises(DamagedError):
        read(file + added)


def test_a_file_of_anything_else_is_damaged() -> None:
    with pytest.raises(DamagedError):
        read(b"SQLite format 3\0" + NOISE)
