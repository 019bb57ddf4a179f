"""The truth check: nothing stands in an entry that no source of that entry says."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from knowledge import facts, phones
from knowledge.entry import Contact, Entry
from knowledge.plan import PlanRow
from knowledge.seed import Problem
from knowledge.text import compare_key

CALL_CENTRE_PHONE = "095-822-8888"
CALL_CENTRE_HOURS = "8:00〜20:00"
HOME_PAGE = "https://www.city.nagasaki.lg.jp/"
ALWAYS_KNOWN = f"{CALL_CENTRE_PHONE} {CALL_CENTRE_HOURS} {HOME_PAGE} 119 110"
"""What every answer may say without naming a source (DESIGN.md, "Truth rule")."""

MAX_SUMMARY = 120
UNPROVED = "が出典にありません。「出典」に、そう書いてあるページを加えるか、ここから消してください"
NO_SUCH_SOURCE = "は「出典」にありません。「出典」に加えるか、「出典」にある住所を書いてください"
TWICE = "：同じ言い回しが二度あります。片方を消してください"
MAX_SHOWN = 200
"""Letters of a fact that a problem tells."""
MAX_TITLES = 5
MIN_PHRASINGS = 10
MIN_PHRASINGS_RICH = 15
RICH_CATEGORIES = frozenset({"スマホ・デジタル", "支払い・キャッシュレス", "手続き・証明"})
RICH_IDS = re.compile(
    r"waste-|bulky-waste|nursery-application|sick-child-care|child-|infant-checkup|"
    r"maternity-handbook|cancer-screening|night-clinic|elderly-care|hazard-map|nagasaki-map"
)
"""The entries most needed by those who struggle: more phrasings, and やさしい日本語 (issue A §1)."""


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
        yield "contact.department", "担当課がありません。書いてください"
    if entry.contact.phone and not phones.is_one(entry.contact.phone):
        yield "contact.phone", phones.NOT_ONE
    if entry.review_by < day:
        yield "review_by", f"見直しの期限（{entry.review_by}）が過ぎています"
    if not entry.sources and not entry.plan:
        yield "sources", "出典がありません。書かれているページを加えてください"


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
    for number, link in enumerate(entry.links):
        if not link.url.startswith("https://"):
            yield f"links.{number}.url", f"https:// で始まる住所だけを載せます（{link.url}）"
        if link.source not in known:
            yield f"links.{number}.source", f"根拠「{link.source[:MAX_SHOWN]}」{NO_SUCH_SOURCE}"
    if entry.available is not None and entry.available.source not in known:
        source = entry.available.source[:MAX_SHOWN]
        yield "available.source", f"根拠「{source}」{NO_SUCH_SOURCE}"


Titles = dict[str, str]
"""Id → title."""


def _phrasings_used_twice(entries: Sequence[Entry]) -> dict[str, Titles]:
    """compare_key → the entries that share it, for every wording of more than one entry."""
    owners: dict[str, Titles] = {}
    for entry in entries:
        for phrasing in entry.phrasings:
            owners.setdefault(compare_key(phrasing), {})[entry.id] = entry.title
    return {key: titles for key, titles in owners.items() if len(titles) > 1}


def _doubled(entry: Entry, doubles: Mapping[str, Titles]) -> Iterator[tuple[str, str]]:
    spellings: dict[str, list[str]] = {}
    for phrasing in entry.phrasings:
        spellings.setdefault(compare_key(phrasing), []).append(phrasing)
    for key, (phrasing, *again) in spellings.items():
        if again:
            yield "phrasings", f"「{phrasing}」{TWICE}"
        others = [title for other, title in doubles.get(key, {}).items() if other != entry.id]
        if others:
            where = "」「".join(others[:MAX_TITLES])
            message = f"「{phrasing}」は「{where}」の言い回しにもあります。どちらかを消してください"
            yield "phrasings", message


def _unproved(entry: Entry, plan_rows: Mapping[str, PlanRow]) -> Iterator[tuple[str, str]]:
    proofs = [ALWAYS_KNOWN, *(plan_rows[row].text for row in entry.plan if row in plan_rows)]
    for source in entry.sources:
        proofs += [source.value, source.url, source.date or ""]
    proved = facts.of("\n".join(proofs))
    for field, text in _texts(entry):
        missing = list(facts.missing(facts.of(text), proved))
        written = facts.as_written(text) if missing else {}
        for kind, fact in missing:
            yield field, f"{kind}「{written.get((kind, fact), fact)[:MAX_SHOWN]}」{UNPROVED}"


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "title", entry.title
    yield "summary", entry.summary
    yield "body", entry.body
    yield "easy_ja", entry.easy_ja or ""
    yield from _contact_texts(entry.contact)
    if entry.available is not None:
        yield "available", f"{entry.available.since:%Y年%m月}"
    for language, text in entry.translations.items():
        yield f"translations.{language}", text
    for number, link in enumerate(entry.links):
        yield f"links.{number}.label", link.label
        yield f"links.{number}.url", link.url


def _contact_texts(contact: Contact) -> Iterator[tuple[str, str]]:
    yield "contact.department", contact.department
    if contact.phone and phones.is_one(contact.phone):  # of any other the parts prove nothing
        yield "contact.phone", contact.phone
    yield "contact.hours", contact.hours or ""
