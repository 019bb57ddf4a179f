"""Normalise what people type, so that width, case, kana kind, emoji and marks do not matter."""

import re
import unicodedata

MAX_QUERY_CHARS = 400
"""Longer messages are searched by their first part only; a question fits well within it."""

_LONG_VOWEL = re.compile(r"(?<=[ぁ-ゖァ-ヺー])[-‐‑‒–—―−ー~〜～]+")
_DASHES = re.compile(r"[‐‑‒–—―−]")
_SPACES = re.compile(r"\s+")
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_HIRAGANA_TO_KATAKANA = {code: kana for kana, code in _KATAKANA_TO_HIRAGANA.items()}
_KEPT_MARKS = frozenset("ー々〆-")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def without_lone_surrogates(text: str) -> str:
    """Replace unpaired surrogates, which JSON may carry but UTF-8 and SQLite refuse, by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def normalise(text: str) -> str:
    """Fold width, case, dashes and long vowels; turn punctuation and emoji into single spaces.

    Idempotent; the result may be empty.
    """
    folded = unicodedata.normalize("NFKC", without_lone_surrogates(text)).lower()
    folded = _LONG_VOWEL.sub("ー", _DASHES.sub("-", folded))
    folded = "".join(map(_kept_or_space, folded))
    folded = _LONG_VOWEL.sub("ー", unicodedata.normalize("NFKC", folded))
    return _SPACES.sub(" ", folded).strip()


def fold_kana(text: str) -> str:
    """Write katakana as hiragana, so that ゴミ equals ごみ."""
    return text.translate(_KATAKANA_TO_HIRAGANA)


def either_kana(text: str) -> set[str]:
    """A text as it stands, all in hiragana, and all in katakana."""
    hiragana = fold_kana(text)
    return {text, hiragana, hiragana.translate(_HIRAGANA_TO_KATAKANA)}


def compare_key(text: str) -> str:
    """The form in which two wordings count as the same: normalised, hiragana, without spaces."""
    return fold_kana(normalise(text)).replace(" ", "")


def _kept_or_space(character: str) -> str:
    if character in _KEPT_MARKS:
        return character
    category = unicodedata.category(character)
    if category.startswith("M"):
        return character if category == "Mc" or character in "\u3099\u309a" else ""
    if category in _DROPPED_CATEGORIES:
        return " " if character in "\n\t\r" else ""
    return " " if category[0] in "PSZ" else character
