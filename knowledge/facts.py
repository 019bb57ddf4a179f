"""The facts of a text, each in one spelling: what needs a source, and what a source proves."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product

from knowledge import phones

Facts = dict[str, Counter[str]]
"""Kind → its facts, as often as they stand there."""

# No pattern may read a run of letters again from each of its letters: people write long texts.
_STEP = re.compile(r"^[^\S\n]*+\d++\. ", re.MULTILINE)
_TIME = re.compile(r"(午前|午後|夜|朝)?(\d{1,2})(?:時(?:(\d{1,2})分|(半))?|:(\d{2}))")
_REIWA = re.compile(r"令和(\d{1,2}|元)年")
_DIGITS = "〇一二三四五六七八九"
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MOST = 10**20
"""More than any fee; 万万万… shall not grow beyond what can be written."""
_ERA_BASE = {"令和": 2018}
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s（）()、。「」]+|(?<![\w.+-])[\w.+-]++@[\w.-]+\w", re.ASCII
)
_KANJI_FEE = re.compile(
    r"(?<![\d〇一二三四五六七八九十百千万])[一二三四五六七八九十百千万]++(?=円)"
)
_PHONE = re.compile(r"(?<![\d-])(?:0\d{1,4}-\d{1,4}-\d{3,4}|0\d{9,10}|#\d{4})(?!\d)")
_FEE = re.compile(r"(?<!\d)(\d++)(万)?円")
_DATE = re.compile(
    r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日|(\d{4})年(\d{1,2})月(?!\d)|"
    r"(\d{4})-(\d\d)(?:-(\d\d))?(?![\d-])"
)
_SLASH_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")
_NUMBER = re.compile(r"\d+")
_AS_WRITTEN = re.compile(
    rf"[(（]?[0０]\d{{1,4}}[()（）－～{phones.DASHES}]\d{{1,4}}[)）－～{phones.DASHES}]\d{{3,4}}(?!\d)|"
    r"(?:午前|午後|夜|朝)?\d{1,2}(?:時(?:\d{1,2}分|半)?|[:：]\d\d)|"
    r"(?:令和(?:\d{1,2}|元)|\d{4})年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日|"
    r"\d{1,2}[/／]\d{1,2}(?!\d)|\d{4}[-－]\d\d(?:[-－]\d\d)?(?!\d)|"
    r"[#＃]?\d++(?:[,，]\d++)*万?円?|[〇一二三四五六七八九十百千万]++円?"
)
"""A fact in the letters of whoever wrote it, to quote it."""


def of(text: str) -> Facts:
    """Everything in a text that needs a source: addresses, telephones, fees, dates, other numbers."""
    text = _plain(text)
    urls, rest = _take(_URL, text)
    rest = _SLASH_DATE.sub(r"\1月\2日", rest)
    numbers, rest = _take(_PHONE, rest)
    fees = [_number(f"{n}0000" if man else n) for n, man in _FEE.findall(rest)]
    rest = _FEE.sub(" ", rest)
    times, rest = _take(_CLOCK, rest)
    dates = [_date(match) for match in _DATE.finditer(rest)]
    return {
        "URL": Counter(urls),
        "電話番号": Counter(number.replace("-", "") for number in numbers),
        "金額": Counter(fees),
        "時刻": Counter(times),
        "日付": Counter(dates),
        "数字": Counter(map(_number, _NUMBER.findall(_DATE.sub(" ", rest)))),
    }


def _number(digits: str) -> str:
    """One spelling of a number; as text, because `int` refuses more than 4,300 digits."""
    if not digits.isascii():
        digits = "".join(str(unicodedata.decimal(digit)) for digit in digits)
    return digits.lstrip("0") or "0"


def missing(wanted: Facts, proved: Facts) -> Iterable[tuple[str, str]]:
    """(kind, fact) of everything wanted that nothing proves."""
    numbers = proved["数字"].keys() | {
        _number(n) for day in proved["日付"] for n in day.split("-") if n
    }
    days = {part for day in proved["日付"] for part in _parts_of_day(day)}
    known = {**proved, "数字": numbers, "日付": days}
    for kind, facts in wanted.items():
        yield from ((kind, fact) for fact in facts if fact not in known[kind])


def _parts_of_day(day: str) -> Iterator[str]:
    """「1月18日」 is proved by 2026-01-18, and 「2026年1月」 too."""
    return map("-".join, product(*((part, "") for part in day.split("-"))))


def _date(match: re.Match[str]) -> str:
    year, month, day, year_only, month_only, iso_year, iso_month, iso_day = match.groups()
    if iso_year:
        return f"{iso_year}-{int(iso_month)}-{int(iso_day) if iso_day else ''}"
    if year_only:
        return f"{year_only}-{int(month_only)}-"
    return f"{year or ''}-{int(month)}-{int(day)}"


def _take(pattern: re.Pattern[str], text: str) -> tuple[list[str], str]:
    return pattern.findall(text), pattern.sub(" ", text)


def _plain(text: str) -> str:
    """One spelling of widths, thousands, eras and clock times: 午後5時30分 and 17:30 become equal."""
    text = unicodedata.normalize("NFKC", text)
    text = _STEP.sub("", text)
    text = phones.with_hyphens(text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = _REIWA.sub(lambda m: f"{_ERA_BASE['令和'] + int(m[1].replace('元', '1'))}年", text)
    text = _KANJI_FEE.sub(lambda match: str(_kanji_number(match[0])), text)
    return _TIME.sub(_clock, text)


def _kanji_number(kanji: str) -> int:
    """五百 → 500, 三万 → 30000."""
    total = section = digit = 0
    for character in kanji:
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        elif character == "万":
            total = min((total + (section + digit or 1)) * 10_000, _MOST)
            section = digit = 0
        else:
            section, digit = section + (digit or 1) * _UNITS[character], 0
    return total + section + digit


def _clock(match: re.Match[str]) -> str:
    half, hour, minute, half_past, colon_minute = match.groups()
    late = half in ("午後", "夜") and int(hour) < 12
    minutes = colon_minute or minute or ("30" if half_past else "00")
    return f" {int(hour) + (12 if late else 0)}:{int(minutes):02d} "


def as_written(text: str) -> dict[tuple[str, str], str]:
    """(kind, fact) → the letters that a person wrote for it, 410円 for 410."""
    found: dict[tuple[str, str], str] = {}
    for match in _AS_WRITTEN.finditer(text):
        for kind, facts in of(match[0]).items():
            for fact in facts:
                found.setdefault((kind, fact), match[0])
    return found
