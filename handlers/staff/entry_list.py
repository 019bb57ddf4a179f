"""What the list of entries shows of each, and which of them somebody wants to see."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict

from knowledge import plan
from knowledge.base import KnowledgeBase
from knowledge.entries import Stored
from knowledge.entry import Available, Entry
from knowledge.plan import Status, StatusKind
from knowledge.records.drafts import Draft
from knowledge.text import fold_kana

_NUMBER = re.compile(r"(?:[-ー]?[0-9]){6,}")

PAGE_SIZE = 50
MAX_QUERY = 100

STATES = {
    "public": "公開中",
    "ended": "公開の期間が終わった",
    "hidden": "まだ公開していない",
    "retired": "取り下げた",
}
PLAN_STATES = {
    StatusKind.AVAILABLE: "利用できる",
    StatusKind.STUDYING: "検討中",
    StatusKind.PARTLY: "一部で実施（計画）",
    StatusKind.PLANNED: "実施（計画）",
    StatusKind.EXPANDING: "拡充して実施（計画）",
    StatusKind.NOT_TOLD: "計画からは分からない",
    StatusKind.UNCONFIRMED: "確認中（計画の期間のあと）",
    StatusKind.BEFORE_PLAN: "計画の期間の前",
}


@dataclass(frozen=True)
class Listed:
    """An entry as the list needs it; `written` is everything a search for words looks at."""

    entry_id: str
    title: str
    category: str
    state: str
    owner: str
    review_by: date | None
    valid_until: date | None
    has_link: bool
    has_easy_ja: bool
    plan: tuple[str, ...]
    available: Available | None
    written: str

    @cached_property
    def text(self) -> str:
        """The same in the form that words are compared in; folding 5,000 takes half a second."""
        return _folded(self.written)

    def state_on(self, day: date) -> str:
        """One of STATES."""
        if self.state != "published":
            return "retired" if self.state == "retired" else "hidden"
        is_over = self.valid_until is not None and self.valid_until < day
        return "ended" if is_over else "public"

    def statuses_on(self, day: date) -> list[Status]:
        """What can honestly be said of each of its rows of the plan."""
        rows = (plan.rows().get(row) for row in self.plan)
        return [plan.status(row.marks, day, self.available) for row in rows if row]

    def plan_on(self, day: date) -> tuple[StatusKind, ...]:
        """The same, each kind once."""
        return tuple(dict.fromkeys(status.kind for status in self.statuses_on(day)))


@dataclass(frozen=True)
class Days:
    """Today, and the last day that is soon."""

    today: date
    soon: date

    @classmethod
    def of(cls, today: date, soon_days: int) -> "Days":
        """So many days ahead."""
        return cls(today, today + timedelta(soon_days))


def _is_overdue(row: Listed, days: Days) -> bool:
    return row.state != "retired" and row.review_by is not None and row.review_by < days.today


def _is_due(row: Listed, days: Days) -> bool:
    by = row.review_by
    return row.state != "retired" and by is not None and days.today <= by <= days.soon


def _is_ending(row: Listed, days: Days) -> bool:
    until = row.valid_until
    return row.state != "retired" and until is not None and until <= days.soon


def _is_unconfirmed(row: Listed, days: Days) -> bool:
    """The plan has run out, and nobody has yet written what became of the service."""
    return row.state != "retired" and any(s.needs_staff for s in row.statuses_on(days.today))


def _has_no_link(row: Listed, _: Days) -> bool:
    return row.state != "retired" and not row.has_link


def _has_no_easy_ja(row: Listed, _: Days) -> bool:
    return row.state != "retired" and not row.has_easy_ja


TO_DO: Mapping[str, tuple[str, Callable[[Listed, Days], bool]]] = {
    "overdue": ("見直す日を過ぎた", _is_overdue),
    "due": ("もうすぐ見直す日", _is_due),
    "ending": ("もうすぐ終わる・終わった", _is_ending),
    "unconfirmed": ("計画の期間が終わり、確認が要る", _is_unconfirmed),
    "no_link": ("リンクがない", _has_no_link),
    "no_easy_ja": ("やさしい日本語がない", _has_no_easy_ja),
}
"""What asks for somebody's hand; a retired entry asks for nothing."""

DRAFTED = "draft"
ONLY = {name: label for name, (label, _) in TO_DO.items()} | {DRAFTED: "下書きがある"}


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: each part is empty where it does not matter."""

    query: str = ""
    how: str = ""
    category: str = ""
    state: str = ""
    owner: str = ""
    plan: str = ""
    only: tuple[str, ...] = ()

    @classmethod
    def of(cls, asked: MultiDict[str, str]) -> "Wanted":
        """From the address of the page; what it cannot mean is left out."""
        return cls(
            query=asked.get("query", "").strip()[:MAX_QUERY],
            how="question" if asked.get("how") == "question" else "",
            category=asked.get("category", ""),
            state=_one_of(STATES, asked.get("state", "")),
            owner=asked.get("owner", ""),
            plan=_one_of(PLAN_STATES, asked.get("plan", "")),
            only=tuple(name for name in ONLY if name in asked.getlist("only")),
        )

    def arguments(self) -> dict[str, Any]:
        """The same for another address of the page."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def is_narrowed(self) -> bool:
        """True when more than words were asked for."""
        return any((self.category, self.state, self.owner, self.plan, self.only))


class EntryList:
    """Every entry, read once for each revision of the knowledge: 5,000 take a second."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._read: tuple[int, tuple[Listed, ...]] = (-1, ())

    def rows(self, drafted: Sequence[Draft] = ()) -> list[Listed]:
        """The entries in the catalog's order, and after them drafts that are no entry yet."""
        revision = self._kb.revision
        held = self._read
        if held[0] != revision:
            held = self._read = (revision, tuple(map(listed, self._kb.all_entries())))
        known = {row.entry_id for row in held[1]}
        return [*held[1], *(_unpublished(d) for d in drafted if d.entry_id not in known)]


def matching(
    rows: Sequence[Listed], wanted: Wanted, days: Days, drafted: Collection[str]
) -> list[Listed]:
    """Those that somebody wants to see; where words are looked for, titles with them come first."""
    found = [row for row in rows if _is_wanted(row, wanted, days, drafted)]
    if not wanted.query or wanted.how:
        return found
    patterns = [_pattern(word) for word in wanted.query.split()]
    found = [row for row in found if all(p.search(row.text) for p in patterns)]
    return sorted(found, key=lambda row: not all(p.search(_folded(row.title)) for p in patterns))


def ranked(rows: Sequence[Listed], ids: Sequence[str]) -> list[Listed]:
    """Only these entries, in this order."""
    by_id = {row.entry_id: row for row in rows}
    return [by_id[entry_id] for entry_id in ids if entry_id in by_id]


def in_need(rows: Sequence[Listed], name: str, days: Days) -> int:
    """How many entries ask for one thing of TO_DO."""
    return sum(TO_DO[name][1](row, days) for row in rows)


def listed(stored: Stored) -> Listed:
    """An entry as the list needs it."""
    entry = stored.entry
    return Listed(
        entry_id=entry.id,
        title=entry.title,
        category=entry.category,
        state=entry.state,
        owner=entry.owner,
        review_by=entry.review_by,
        valid_until=entry.valid_until,
        has_link=bool(entry.links),
        has_easy_ja=bool(entry.easy_ja),
        plan=entry.plan,
        available=entry.available,
        written=_searched(entry),
    )


def _is_wanted(row: Listed, wanted: Wanted, days: Days, drafted: Collection[str]) -> bool:
    if wanted.category not in ("", row.category) or wanted.owner not in ("", row.owner):
        return False
    if wanted.state not in ("", row.state_on(days.today)):
        return False
    if wanted.plan and wanted.plan not in row.plan_on(days.today):
        return False
    if DRAFTED in wanted.only and row.entry_id not in drafted:
        return False
    return all(TO_DO[name][1](row, days) for name in wanted.only if name in TO_DO)


def _unpublished(draft: Draft) -> Listed:
    """A new entry, of which nothing need be written yet."""
    document = draft.document
    title = str(document.get("title") or "（題名がまだありません）")
    return Listed(
        entry_id=draft.entry_id,
        title=title,
        category=str(document.get("category") or ""),
        state="draft",
        owner=str(document.get("owner") or ""),
        review_by=None,
        valid_until=None,
        has_link=bool(document.get("links")),
        has_easy_ja=bool(document.get("easy_ja")),
        plan=(),
        available=None,
        written=f"{draft.entry_id}\n{title}\n{document.get('summary') or ''}",
    )


def _searched(entry: Entry) -> str:
    contact = entry.contact
    told = (entry.title, *entry.phrasings, entry.summary, entry.body, entry.easy_ja or "")
    whom = (contact.department, contact.phone or "", contact.hours or "", entry.owner)
    links = (f"{link.label} {link.url}" for link in entry.links)
    sources = (f"{source.value} {source.url}" for source in entry.sources)
    return "\n".join((entry.id, *told, *entry.translations.values(), *whom, *links, *sources))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _pattern(word: str) -> re.Pattern[str]:
    """A word in hiragana or katakana: folding the kana of 5,000 entries would take a second.

    A telephone number is found with and without its hyphens.
    """
    folded = _folded(word)
    if _NUMBER.fullmatch(folded):
        return re.compile("-?".join(filter(str.isdecimal, folded)))
    return re.compile("".join(map(_either_kana, folded)))


def _either_kana(letter: str) -> str:
    if "ぁ" <= (hiragana := fold_kana(letter)) <= "ゖ":
        return f"[{hiragana}{chr(ord(hiragana) + 0x60)}]"
    return re.escape(letter)


def _one_of(known: Collection[str], value: str) -> str:
    return value if value in known else ""
