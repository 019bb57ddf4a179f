"""What a citizen's wording must be before it may teach the guide something; pure."""

import unicodedata
from collections.abc import Iterable

from knowledge import privacy
from knowledge.index import Document, Index
from knowledge.text import compare_key

MAX_CHARS = 100

EMPTY = "言葉を書いてください。"
TOO_LONG = f"{MAX_CHARS}文字までにしてください。"
MASKED = "〔 〕の印は、伏せた個人情報です。印のない言い方に書き直してください。"
PERSONAL = "電話番号や名前のようなものが入っています。取ってください。"

_UNSEEN = frozenset({"Cf", "Co", "Cs", "Cn"})
_BREAKS = frozenset({"Cc", "Zl", "Zp"})


def clean(text: str) -> str:
    """Without marks nobody sees, such as those that turn the direction of writing, on one line."""
    return " ".join("".join(map(_seen, text)).split())


def fault(text: str, public_numbers: frozenset[str]) -> str:
    """Why a wording may not be used, in a sentence; empty when it may."""
    if not compare_key(text):
        return EMPTY
    if len(text) > MAX_CHARS:
        return TOO_LONG
    if "〔" in text or "〕" in text:
        return MASKED
    return PERSONAL if list(privacy.find(text, public_numbers)) else ""


def spelling(text: str) -> str:
    """The form in which two wordings count as the same."""
    return compare_key(text)


def owners(index: Index, texts: Iterable[str]) -> dict[str, Document]:
    """For each wording that is known already, however spelled, the document it belongs to."""
    wanted: dict[str, list[str]] = {}
    for text in texts:
        wanted.setdefault(compare_key(text), []).append(text)
    return {
        text: index.documents[index.phrase_document[row]]
        for row, key in enumerate(index.phrase_keys)
        for text in wanted.get(key, ())
    }


def _seen(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in _UNSEEN:
        return ""
    return " " if category in _BREAKS else letter
