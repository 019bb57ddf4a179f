"""Find the personal data citizens type, take it out of texts, and make ids that cannot be traced.

What is recognised stands in `personal_data`, `personal_addresses` and `personal_names`.
Names are found by their context only: a bare name in running text is not, which is why the
notice to citizens and the short retention of texts must carry the rest (OPS.md, P2).
"""

import hmac
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from knowledge import personal_addresses, personal_data, personal_names
from knowledge.personal_data import MASK, PLAIN_MASK, Span, Type

LABELS: dict[Type, str] = {
    "phone": "〔電話番号〕",
    "mynumber": "〔マイナンバー〕",
    "email": "〔メールアドレス〕",
    "address": "〔住所〕",
    "card": "〔カード番号〕",
    "account": "〔口座番号〕",
    "birthdate": "〔生年月日〕",
    "name": "〔名前〕",
}

PUBLIC_NUMBERS = frozenset(
    {
        "0958228888",
        *("0958011217", "0958208699", "0958223308"),
        *("0120061338", "0120279338", "0120279889", "0120997777", "0570064556"),
    }
)
"""The city's call centre, then the medical and crisis lines: a citizen may always name these."""

_FINDERS: tuple[tuple[Type, Callable[[str], Iterator[Span]]], ...] = (
    ("email", personal_data.emails),
    ("card", personal_data.cards),
    ("phone", personal_data.phones),
    ("mynumber", personal_data.my_numbers),
    ("account", personal_data.accounts),
    ("address", personal_addresses.addresses),
    ("name", personal_names.names),
    ("birthdate", personal_data.birthdates),
)
"""In this order, each on what the earlier ones left: the surest first, dates after names."""

_WORK = 10_000
"""Characters scanned at most, in passes over a text: what was masked may uncover its neighbour
(「1234 5678 9012 090-…」). Two passes are the rule; a long chain in a long text is left unfinished.
"""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−⁃﹣"), "-")
_LABEL = re.compile("|".join(LABELS.values()))


@dataclass(frozen=True)
class Finding:
    """Personal data in a text: code points of the original, end exclusive."""

    type: Type
    start: int
    end: int


@dataclass(frozen=True)
class _Folded:
    """A text with width and dashes evened out, and where each of its characters came from."""

    text: str
    origin: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "_Folded":
        folded: list[str] = []
        origin: list[int] = []
        for position, character in enumerate(text):
            kept = _fold(character)
            folded.append(kept)
            origin.extend([position] * len(kept))
        return cls("".join(folded), tuple(origin))

    def finding(self, kind: Type, span: Span) -> Finding:
        start, end = span
        return Finding(kind, self.origin[start], self.origin[end - 1] + 1)


def find(text: str, public_numbers: Iterable[str] = PUBLIC_NUMBERS) -> list[Finding]:
    """All personal data, in order and without overlaps; public phone numbers are left alone."""
    folded = _Folded.of(text)
    masked, public = _hide_harmless(folded.text), frozenset(public_numbers)
    spans: list[tuple[Type, Span]] = []
    for _ in range(_rounds(text)):
        before = masked
        found, masked = _scan(before, public)
        spans += found
        if masked == before:
            break
    return _without_overlaps(folded.finding(kind, span) for kind, span in spans)


def redact(text: str, findings: Sequence[Finding] | None = None) -> str:
    """The text as people may read it: a Japanese label stands for each piece of personal data."""
    chosen = find(text) if findings is None else findings
    return _replace(text, chosen, lambda finding: LABELS[finding.type])


def without(text: str, findings: Sequence[Finding] | None = None) -> str:
    """The text as it may be searched: a space stands for each piece of personal data.

    Unlike a label, a space may join what stood on both sides, so the result is looked at again.
    """
    if findings is not None:
        return _replace(text, findings, lambda _: " ")
    for _ in range(_rounds(text)):
        found = find(text)
        if not found:
            break
        text = _replace(text, found, lambda _: " ")
    return text


def user_key(secret: bytes, user_id: str, day: date) -> str:
    """A user's pseudonym for one month; only the secret links it to the id or to another month."""
    month_key = hmac.digest(secret, f"{day:%Y-%m}".encode(), "sha256")
    return hmac.digest(month_key, user_id.encode("utf-8", "surrogatepass"), "sha256").hex()


def user_keys(secret: bytes, user_id: str, day: date, months: int) -> list[str]:
    """The pseudonyms of this month and the ones before it, newest first."""
    keys = []
    for _ in range(months):
        keys.append(user_key(secret, user_id, day))
        day = day.replace(day=1) - timedelta(days=1)
    return keys


@lru_cache(maxsize=8192)
def _fold(character: str) -> str:
    """Digits of any script become ASCII, but ① stays: it is an item's number, never part of one."""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category in {"Cf", "Me"} or "\ufe00" <= character <= "\ufe0f":
        return ""
    if character == "\n" or category == "No":
        return character
    if category in {"Cc", "Cs", "Co", "Cn"} or character.isspace():
        return " "
    return unicodedata.normalize("NFKC", character).translate(_DASHES)


def _rounds(text: str) -> int:
    return max(2, _WORK // (len(text) + 1))


def _hide_harmless(text: str) -> str:
    """Mask what is no personal data though it may look so: web addresses, and labels set before."""
    masks = {label: MASK[kind] for kind, label in LABELS.items()}
    labelled = _LABEL.sub(lambda label: masks[label[0]] * len(label[0]), text)
    return personal_data.URL.sub(lambda url: PLAIN_MASK * len(url[0]), labelled)


def _scan(text: str, public: frozenset[str]) -> tuple[list[tuple[Type, Span]], str]:
    """One pass of all finders: what they found, and the text with it masked."""
    found: list[tuple[Type, Span]] = []
    for kind, finder in _FINDERS:
        for start, end in list(finder(text)):
            if set(text[start:end]) & personal_data.MASKS:
                continue
            is_public = kind == "phone" and personal_data.is_public(text[start:end], public)
            mask = PLAIN_MASK if is_public else MASK[kind]
            text = f"{text[:start]}{mask * (end - start)}{text[end:]}"
            if not is_public:
                found.append((kind, (start, end)))
    return found, text


def _without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """Two findings may meet in one original character (㍼); the first keeps it."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda found: (found.start, found.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return kept


def _replace(text: str, findings: Iterable[Finding], by: Callable[[Finding], str]) -> str:
    parts, position = [], 0
    for finding in findings:
        parts += [text[position : finding.start], by(finding)]
        position = finding.end
    return "".join([*parts, text[position:]])
