"""How a telephone number is written: one spelling, whatever keys a person found for it."""

import re
import unicodedata

DASHES = "\\-‐‑‒–—―−─ー〜~"
"""What people type between the parts, after NFKC, as it stands in a class of a pattern."""

NOT_ONE = (
    "電話番号は 095-822-8888 のように、一つだけ書いてください。内線は「くわしい説明」に書きます"
)

_ONE = re.compile(r"0\d{1,4}-\d{1,4}-\d{3,4}|0\d{9,10}|#\d{4}|1\d\d", re.ASCII)
_BETWEEN = re.compile(rf"[\s(){DASHES}]+")
_INSIDE = re.compile(
    rf"(?<!\d)(?<!\d-)\(?(0\d{{1,4}})[(){DASHES}](\d{{1,4}})[){DASHES}](\d{{3,4}})(?!\d)", re.ASCII
)
_LONG = re.compile(r"(?<!\d)0\d{1,4}-\d{1,4}-\d{3,4}(?!\d)|(?<!\d)0\d{9,10}(?!\d)", re.ASCII)
_DIALLED = re.compile(r"[#+*]?[0-9][0-9#*-]*")


def is_one(text: str) -> bool:
    """True for one number that a telephone can dial: 095-822-8888, 0958228888, #7119 or 119."""
    return _ONE.fullmatch(text) is not None


def one_spelling(text: str) -> str:
    """０９５（８２２）８８８８ → 095-822-8888; what is not one number stays as it was written."""
    number = _BETWEEN.sub("-", _plain(text)).strip("-")
    return number if is_one(number) else text


def with_hyphens(text: str) -> str:
    """A text whose numbers of three parts have hyphens between them: 095(822)8888 too."""
    return _INSIDE.sub(r"\1-\2-\3", text)


def dialled(text: str) -> str:
    """What a telephone can dial of a text: its first number; empty when there is none."""
    plain = with_hyphens(_plain(one_spelling(text)))
    found = _LONG.search(plain) or _DIALLED.search(plain)
    return found[0].rstrip("-") if found else ""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("♯", "#")
