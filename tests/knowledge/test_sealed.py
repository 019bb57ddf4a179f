"""A sealed text can be read with its key and purpose alone, and cannot be changed unseen."""

import pytest

from knowledge.sealed import Seal

SECRET = b"fictional-secret-of-the-tests"
SEAL = Seal(SECRET, "inbox")


@pytest.mark.parametrize("text", ["", "住民票", "👨‍👩‍👧‍👦𠮷\x00\n", "あ" * 5000])
def test_what_was_sealed_is_read_again(text: str) -> None:
    assert SEAL.open(SEAL.close(text)) == text


def test_a_seal_of_another_process_with_the_same_secret_opens_it() -> None:
    sealed = SEAL.close("住民票")

    assert Seal(SECRET, "inbox").open(sealed) == "住民票"


def test_nothing_of_the_text_shows() -> None:
    sealed = SEAL.close("canary canary canary")

    assert b"canary" not in sealed


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert SEAL.close("住民票") != SEAL.close("住民票")


@pytest.mark.parametrize(
    "other", [Seal(b"another-secret-of-the-tests", "inbox"), Seal(SECRET, "backup")]
)
def test_another_secret_or_purpose_does_not_open_it(other: Seal) -> None:
    sealed = SEAL.close("住民票")

    with pytest.raises(ValueError, match="another key"):
        other.open(sealed)


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b"junk",
        SEAL.close("住民票")[:-1],
        SEAL.close("住民票").replace(b"g", b"h"),
        "住民票".encode(),
        b"\xff" * 100,
    ],
    ids=["empty", "junk", "short", "changed", "plain", "bytes"],
)
def test_what_was_spoilt_is_refused(spoilt: bytes) -> None:
    with pytest.raises(ValueError, match="another key"):
        SEAL.open(spoilt)
