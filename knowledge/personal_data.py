"""The shapes of personal numbers, mail addresses and birth dates.

Every finder takes a folded text (see `privacy`) in which all found earlier is masked by private-use
characters, and yields spans; a span that meets an earlier one is dropped by the caller. All
repetitions are bounded or run over one class of characters, so that time grows with length only.
"""

import re
from collections.abc import Iterator
from typing import Literal

Type = Literal["phone", "mynumber", "email", "address", "card", "account", "birthdate", "name"]
Span = tuple[int, int]

MASK: dict[Type, str] = {
    "phone": "\ue001",
    "mynumber": "\ue002",
    "email": "\ue003",
    "address": "\ue004",
    "card": "\ue005",
    "account": "\ue006",
    "birthdate": "\ue007",
    "name": "\ue008",
}
PLAIN_MASK = "\ue000"
"""Stands for what is public: web addresses and the city's own numbers."""
MASKS = frozenset({PLAIN_MASK, *MASK.values()})

URL = re.compile(r"(?:https?://|www\.)[A-Za-z0-9._~:/?#@!$&'*+=%-]+")
KANJI = "一-鿿々〆ヶ㐀-䶿\uf900-\ufaff\U00020000-\U0003ffff"
KATAKANA = "ァ-ヴー\u3099\u309a"

_J = r"[-ー.・の()/ ]{0,3}"
"""What people put between groups of digits; the long vowel and 「の」 included."""
_GAP = r"[はがもの:=、 「(]{0,4}"

_NATIONAL = (
    rf"[5-9]0{_J}\d{{4}}{_J}\d{{4}}",
    rf"[346]{_J}\d{{4}}{_J}\d{{4}}",
    rf"[1-9]\d{_J}\d{{3}}{_J}\d{{4}}",
    rf"[1-9]\d\d{_J}(?:\d\d{_J}\d{{4}}|\d{{3}}{_J}\d{{3,4}})",
    rf"[1-9]\d{{3}}{_J}\d{_J}\d{{4}}",
)
"""Numbers after the leading zero: mobile and IP, then area codes of two to five digits."""
_PHONE = re.compile(
    rf"(?:\((?=0\d{{1,4}}\)))?(?:\+81{_J}(?:0{_J})?|(?<!\d)0)(?:{'|'.join(_NATIONAL)})(?!\d)", re.A
)
_LOCAL_PHONE = re.compile(
    rf"(?:電話|でんわ|TEL|Tel|tel|携帯|連絡先|☎)(?:番号)?{_GAP}(\d{{2,4}}[-ーの]\d{{4}})(?!\d)",
    re.A,
)
_LOCAL_DIGITS = range(6, 9)

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+ ?(?:@|アット(?:マーク)?) ?"
    r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)

_FOURS = re.compile(rf"(?<![\d+])\d{{4}}(?:{_J}\d{{4}})+(?!\d|[円万])", re.A)
_OTHER_TWELVES = re.compile(
    rf"(?<![\d+])(?:\d{{3}}(?:{_J}\d{{3}}){{3}}|\d{{6}}{_J}\d{{6}})(?!{_J}\d)", re.A
)
_NAMED_TWELVE = re.compile(
    rf"(?:マイナンバー|まいなんばー|個人番号)(?:カード)?(?:番号)?{_GAP}(\d(?:{_J}\d){{11}})(?!\d)",
    re.A,
)
_YEARS = re.compile(r"(?:(?:19|20)\d\d\D+)+(?:19|20)\d\d", re.A)
_MY_NUMBER_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)

_CARDS = tuple(
    re.compile(rf"(?<!\d)(?=({shape})(?!\d))", re.A)
    for shape in (
        rf"[2-6]\d{{3}}(?:{_J}\d{{4}}){{3}}{_J}\d{{1,3}}",
        rf"[2-6]\d{{3}}(?:{_J}\d{{4}}){{3}}",
        rf"3\d{{3}}{_J}\d{{6}}{_J}\d{{4,5}}",
        rf"[2-6]\d{{3}}(?:{_J}\d{{4}}){{2}}{_J}\d{{1,3}}",
    )
)
_NAMED_CARD = re.compile(
    rf"(?:カード番号|クレジットカード|クレジット番号){_GAP}(\d(?:{_J}\d){{12,18}})(?!\d)", re.A
)

_SEVEN = r"\d(?:[- ]?\d){6}(?!\d|[,桁円]|万)"
_ACCOUNTS = tuple(
    re.compile(pattern, re.A)
    for pattern in (
        rf"記号(?:番号)?{_GAP}(\d{{5}}(?:[- ]\d)?[、, -]{{0,2}}(?:番号)?{_GAP}\d{{6,8}})(?!\d)",
        r"(?:ゆうちょ|郵便貯金)[^\d\n]{0,8}(\d{5}[-ー ]\d{6,8})(?!\d)",
        rf"(?:口座|通帳)の?番号{_GAP}(\d{{4,8}})(?!\d|[,桁円]|万)",
        rf"(?:口座|通帳)の?番号{_GAP}({_SEVEN})",
        rf"(?:普通|当座|貯蓄|総合)(?:預金)?(?:口座)?{_GAP}({_SEVEN})",
        rf"(?:口座|銀行|金庫|農協|支店|本店|出張所){_GAP}({_SEVEN})",
    )
)
_BANK_REACH = 40
_BANK = re.compile(
    r"\w{1,12}?(?:銀行|金庫|信金|農協|組合)[ 、]?(?:\w{0,8}?(?:支店|本店|出張所)[ 、]?)?"
    r"(?:(?:普通|当座|貯蓄|総合)(?:預金)?(?:口座)?)?(?:の?番号)?[ :は]{0,3}\Z"
)
"""Seven digits are an account only after a word that says so; at Japan Post, sign and number."""

_PART = r"(?:\d{1,2}|[元〇一二三四五六七八九十]{1,3})"
_DATE = re.compile(
    rf"(?<![\dA-Za-z])(?:(?:(?:明治|大正|昭和|平成|令和|[MTSHRmtshr])[. ]?{_PART}|(?:19|20)\d\d) ?"
    rf"[年./ー -] ?{_PART} ?[月./ー -] ?{_PART}(?: ?日)?|(?:19|20)\d{{6}}|[MTSHR]\d{{6}})(?!\d)",
    re.A,
)
_BORN_BEFORE = re.compile(
    r"(?:生年月日|誕生日|生まれ(?:た日?)?|うまれ|出生日)"
    r"(?:西暦|和暦|[はがのもに:=、,?「() ]){0,4}\Z"
    rf"|{MASK['name']}(?:さん|様)?[ 、,\n(・/:]{{0,3}}\Z"
)
_BORN_AFTER = re.compile(
    r"[^\d\n。]{0,8}?(?:(?:生|産)まれ(?!変)|うまれ|生れ|誕生|生年月日)"
    rf"|\)? ?生(?![{KANJI}])|[ 、,)(・/:]{{0,2}}{MASK['name']}"
)
_RANGE_AFTER = re.compile(r" ?(?:以降|以後|以前|から|より|まで|[~〜-])")
_RANGE_BEFORE = re.compile(r"(?:から|より|[~〜]) ?\Z")
"""「令和2年4月2日から令和3年4月1日生まれ」 tells a school year, not a person."""


def emails(text: str) -> Iterator[Span]:
    """Mail addresses, with a space around the at sign or the sign written out."""
    yield from (found.span() for found in _EMAIL.finditer(text))


def phones(text: str) -> Iterator[Span]:
    """Domestic and +81 numbers; a number without area code only after a word for telephone."""
    yield from (found.span() for found in _PHONE.finditer(text))
    yield from (found.span(1) for found in _LOCAL_PHONE.finditer(text))


def is_public(phone: str, public: frozenset[str]) -> bool:
    """Whether a phone number, however written, is one of these (digits only, leading zero)."""
    digits = _digits(phone)
    if "+81" in phone:
        digits = "0" + digits[2:].lstrip("0")
    if len(digits) in _LOCAL_DIGITS:
        return any(number.endswith(digits) for number in public)
    return digits in public


def my_numbers(text: str) -> Iterator[Span]:
    """Every twelve digits in one or in fours; in another grouping the check digit decides."""
    yield from (found.span(1) for found in _NAMED_TWELVE.finditer(text))
    for found in _FOURS.finditer(text):
        if len(_digits(found[0])) % 12 == 0 and not _YEARS.fullmatch(found[0]):
            yield found.span()
    for found in _OTHER_TWELVES.finditer(text):
        if _is_my_number(_digits(found[0])):
            yield found.span()


def cards(text: str) -> Iterator[Span]:
    """Thirteen to nineteen digits that pass the Luhn check, or that are called a card number."""
    for pattern in _CARDS:
        yield from (found.span(1) for found in pattern.finditer(text) if _is_card(found[1]))
    yield from (found.span(1) for found in _NAMED_CARD.finditer(text))


def accounts(text: str) -> Iterator[Span]:
    """Account numbers, with the bank and branch that stand right before them."""
    for pattern in _ACCOUNTS:
        for found in pattern.finditer(text):
            start, end = found.span(1)
            bank = _BANK.search(text, max(0, start - _BANK_REACH), start)
            yield (bank.start() if bank else start), end


def birthdates(text: str) -> Iterator[Span]:
    """Full dates beside a word for birth or beside a name, unless they bound a range."""
    for found in _DATE.finditer(text):
        start, end = found.span()
        before, after = text[max(0, start - 16) : start], text[end : end + 16]
        if _RANGE_BEFORE.search(before) or _RANGE_AFTER.match(after):
            continue
        if _BORN_BEFORE.search(before) or _BORN_AFTER.match(after):
            yield start, end


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _is_my_number(digits: str) -> bool:
    """The check digit of 個人番号 (総務省令第85号, 2014, article 5)."""
    total = sum(int(d) * w for d, w in zip(digits[:11], _MY_NUMBER_WEIGHTS, strict=True))
    rest = total % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def _is_card(number: str) -> bool:
    """The Luhn check."""
    digits = [int(digit) for digit in reversed(_digits(number))]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
