"""The truth check: nothing stands in an entry that no source of that entry says."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from knowledge.entry import Entry
from knowledge.plan import PlanRow
from knowledge.seed import Problem
from knowledge.text import compare_key

CALL_CENTRE_PHONE = "095-822-8888"
CALL_CENTRE_HOURS = "8:00〜20:00"
HOME_PAGE = "https://www.city.nagasaki.lg.jp/"
ALWAYS_KNOWN = f"{CALL_CENTRE_PHONE} {CALL_CENTRE_HOURS} {HOME_PAGE} 119 110"
"""What every answer may say without naming a source (DESIGN.md, "Truth rule")."""

MAX_SUMMARY = 120
MIN_PHRASINGS = 10
MIN_PHRASINGS_RICH = 15
RICH_CATEGORIES = frozenset({"スマホ・デジタル", "支払い・キャッシュレス", "手続き・証明"})
RICH_IDS = re.compile(
    r"waste-|bulky-waste|nursery-application|sick-child-care|child-|infant-checkup|"
    r"maternity-handbook|cancer-screening|night-clinic|elderly-care|hazard-map|nagasaki-map"
)
"""The entries most needed by those who struggle: more phrasings, and やさしい日本語 (issue A §1)."""

_STEP = re.compile(r"^\s*\d+\. ", re.MULTILINE)
_TIME = re.compile(r"(午前|午後|夜|朝)?(\d{1,2})(?:時(?:(\d{1,2})分|(半))?|:(\d{2}))")
_REIWA = re.compile(r"令和(\d{1,2}|元)年")
_DIGITS = "〇一二三四五六七八九"
_UNITS = {"十": 10, "百": 100, "千": 1000}
_ERA_BASE = {"令和": 2018}
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_URL = re.compile(r"(?:https?://|www\.)[^\s（）()、。「」]+|[\w.+-]+@[\w.-]+\w", re.ASCII)
_KANJI_FEE = re.compile(r"(?<![\d〇一二三四五六七八九十百千万])[一二三四五六七八九十百千万]+(?=円)")
_PHONE = re.compile(r"(?<![\d-])(?:0\d{1,4}-\d{1,4}-\d{3,4}|0\d{9,10}|#\d{4})(?!\d)")
_FEE = re.compile(r"(\d+)(万)?円")
_DATE = re.compile(
    r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日|(\d{4})年(\d{1,2})月(?!\d)|"
    r"(\d{4})-(\d\d)(?:-(\d\d))?(?![\d-])"
)
_SLASH_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")
_NUMBER = re.compile(r"\d+")


def check(
    entries: Sequence[Entry],
    file_of: Mapping[str, str],
    plan_rows: Mapping[str, PlanRow],
    day: date,
) -> list[Problem]:
    """Every problem of a whole catalog on a day, in the order of its entries."""
    return [p for found in one_by_one(entries, file_of, plan_rows, day) for p in found]


def one_by_one(
    entries: Sequence[Entry],
    file_of: Mapping[str, str],
    plan_rows: Mapping[str, PlanRow],
    day: date,
) -> Iterator[list[Problem]]:
    """The problems of each entry, for whoever has something else to do in between."""
    ids = {entry.id for entry in entries}
    doubles = _phrasings_used_twice(entries)
    for entry in entries:
        found = [
            *_shape(entry, day),
            *_references(entry, ids, plan_rows),
            *_doubled(entry, doubles),
            *_unproved(entry, plan_rows),
        ]
        yield [Problem(file_of.get(entry.id, ""), entry.id, f, m) for f, m in found]


def _shape(entry: Entry, day: date) -> Iterator[tuple[str, str]]:
    if len(entry.summary) > MAX_SUMMARY:
        yield "summary", f"{len(entry.summary)}字です。{MAX_SUMMARY}字以内にしてください"
    is_rich = entry.category in RICH_CATEGORIES or RICH_IDS.match(entry.id) is not None
    needed = MIN_PHRASINGS_RICH if is_rich else MIN_PHRASINGS
    if len(entry.phrasings) < needed and entry.state != "retired":  # a successor took them over
        yield "phrasings", f"{len(entry.phrasings)}個です。{needed}個以上にしてください"
    if is_rich and not entry.easy_ja:
        yield "easy_ja", "やさしい日本語が必要な項目です"
    if not entry.contact.department.strip():
        yield "contact", "担当課がありません"
    if entry.review_by < day:
        yield "review_by", f"見直しの期限（{entry.review_by}）が過ぎています"
    if not entry.sources and not entry.plan:
        yield "sources", "出典がありません"


def _references(
    entry: Entry, ids: set[str], plan_rows: Mapping[str, PlanRow]
) -> Iterator[tuple[str, str]]:
    for row in entry.plan:
        if row not in plan_rows:
            yield "plan", f"計画にない行です（{row}）"
    for other in entry.related:
        if other not in ids or other == entry.id:
            yield "related", f"ない項目です（{other}）"
    yield from _link_problems(entry)


def _link_problems(entry: Entry) -> Iterator[tuple[str, str]]:
    known = {source.url for source in entry.sources}
    for link in entry.links:
        if not link.url.startswith("https://"):
            yield "links", f"https:// で始まる住所だけを載せます（{link.url}）"
        if link.source not in known:
            yield "links", f"出典（sources）にない根拠です（{link.source}）"
    if entry.available is not None and entry.available.source not in known:
        yield "available", f"出典（sources）にない根拠です（{entry.available.source}）"


def _phrasings_used_twice(entries: Sequence[Entry]) -> dict[str, str]:
    """compare_key → the titles that share it, for every wording that stands twice."""
    owners: dict[str, list[str]] = {}
    for entry in entries:
        for phrasing in entry.phrasings:
            owners.setdefault(compare_key(phrasing), []).append(entry.title)
    return {key: "・".join(titles) for key, titles in owners.items() if len(titles) > 1}


def _doubled(entry: Entry, doubles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for phrasing in entry.phrasings:
        titles = doubles.get(compare_key(phrasing))
        if titles is not None:
            yield "phrasings", f"「{phrasing}」が二度あります（{titles}）"


def _unproved(entry: Entry, plan_rows: Mapping[str, PlanRow]) -> Iterator[tuple[str, str]]:
    proofs = [ALWAYS_KNOWN, *(plan_rows[row].text for row in entry.plan if row in plan_rows)]
    for source in entry.sources:
        proofs += [source.value, source.url, source.date or ""]
    proved = _facts("\n".join(proofs))
    for field, text in _texts(entry):
        for kind, missing in _missing(_facts(text), proved):
            yield field, f"{kind}「{missing}」が出典にありません"


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "title", entry.title
    yield "summary", entry.summary
    yield "body", entry.body
    yield "easy_ja", entry.easy_ja or ""
    yield (
        "contact",
        f"{entry.contact.department} {entry.contact.phone or ''} {entry.contact.hours or ''}",
    )
    if entry.available is not None:
        yield "available", f"{entry.available.since:%Y年%m月}"
    for language, text in entry.translations.items():
        yield f"translations.{language}", text
    for link in entry.links:
        yield "links", f"{link.label} {link.url}"


Facts = dict[str, Counter[str]]


def _facts(text: str) -> Facts:
    """Everything in a text that needs a source: addresses, telephones, fees, dates, other numbers."""
    text = _plain(text)
    urls, rest = _take(_URL, text)
    rest = _SLASH_DATE.sub(r"\1月\2日", rest)
    phones, rest = _take(_PHONE, rest)
    fees = [str(int(n) * (10000 if man else 1)) for n, man in _FEE.findall(rest)]
    rest = _FEE.sub(" ", rest)
    times, rest = _take(_CLOCK, rest)
    dates = [_date(match) for match in _DATE.finditer(rest)]
    return {
        "URL": Counter(urls),
        "電話番号": Counter(phone.replace("-", "") for phone in phones),
        "金額": Counter(fees),
        "時刻": Counter(times),
        "日付": Counter(dates),
        "数字": Counter(str(int(n)) for n in _NUMBER.findall(_DATE.sub(" ", rest))),
    }


def _missing(wanted: Facts, proved: Facts) -> Iterable[tuple[str, str]]:
    numbers = proved["数字"] | Counter(
        str(int(n)) for day in proved["日付"] for n in day.split("-") if n
    )
    for kind, facts in wanted.items():
        known = numbers if kind == "数字" else proved[kind]
        for fact in facts:
            if fact not in known and not _is_part_of_known_date(kind, fact, known):
                yield kind, fact


def _is_part_of_known_date(kind: str, fact: str, known: Iterable[str]) -> bool:
    """「1月18日」 is proved by 2026-01-18, and 「2026年1月」 too."""
    if kind != "日付":
        return False
    wanted = fact.split("-")
    return any(
        all(w in ("", k) for w, k in zip(wanted, day.split("-"), strict=True)) for day in known
    )


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
            total, section, digit = (total + (section + digit or 1)) * 10_000, 0, 0
        else:
            section, digit = section + (digit or 1) * _UNITS[character], 0
    return total + section + digit


def _clock(match: re.Match[str]) -> str:
    half, hour, minute, half_past, colon_minute = match.groups()
    late = half in ("午後", "夜") and int(hour) < 12
    minutes = colon_minute or minute or ("30" if half_past else "00")
    return f" {int(hour) + (12 if late else 0)}:{int(minutes):02d} "
