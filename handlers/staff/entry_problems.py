"""What keeps a text from being published: every problem with the field it belongs to."""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.staff import entry_help as words
from handlers.staff.desk import Desk
from knowledge import entry as entry_module
from knowledge import plan, truth
from knowledge.base import Snapshot
from knowledge.entry import Entry, EntryError
from knowledge.sheet_columns import COLUMNS
from knowledge.text import compare_key

NEEDED = "書いてください。"
CHOOSE = "選んでください。"
A_DATE = f"日付は {words.DATE}"
IS_OVER = "この日は過ぎているので、公開しても市民には見えません。先の日にするか、空にしてください。"

_REQUIRED = {
    "title": NEEDED,
    "category": CHOOSE,
    "audience": CHOOSE,
    "summary": NEEDED,
    "body": NEEDED,
    "owner": NEEDED,
    "review_by": NEEDED,
    "contact.department": NEEDED,
}
_ROW_NEEDS = {
    "links": ("label", "url", "source"),
    "sources": ("value", "url", "confidence"),
}
_DATES = ("review_by", "valid_until", "available.since")
_AT = re.compile(r"項目 ([^：]+)：(.*)", re.DOTALL)
_NOT_ALONE = frozenset({"related"})
"""What the truth check cannot judge from one entry: here it is judged with all the others."""

_BLANKS: Mapping[str, Any] = {
    "title": "",
    "category": "ごみ・くらし",
    "audience": ["市民"],
    "summary": "",
    "body": "",
    "phrasings": [],
    "contact": {"department": ""},
    "owner": "",
    "review_by": date.max.isoformat(),
}
_PART_BLANKS: Mapping[str, Any] = {
    "department": "",
    "links": [],
    "translations": {},
    "related": [],
    "since": date.min.isoformat(),
    "confidence": "official",
}
"""What stands in for a field that cannot be read: nothing that the truth check would find wrong."""

_PROOFS = frozenset({"sources", "plan"})


@dataclass(frozen=True)
class Trouble:
    """A field as a path ("links.0.url"), and a sentence."""

    field: str
    message: str


def checked(desk: Desk, document: Mapping[str, Any]) -> tuple[Entry | None, list[Trouble]]:
    """The entry a document makes, or None, and everything that must be mended before publishing."""
    too_long = [trouble.field for trouble in _too_long(document)]
    troubles = [*_missing(document), *_wrong_dates(document), *_too_long(document)]
    told = {trouble.field for trouble in troubles}
    unread = list(_unread(document))
    troubles += [trouble for trouble in unread if trouble.field not in told]
    told |= {trouble.field for trouble in unread}
    entry = _filled(document, [*too_long, *(trouble.field for trouble in unread)])
    if entry is None or not _PROOFS.isdisjoint(too_long):
        return None, troubles
    troubles += [t for t in _untrue(desk, entry) if not _is_told(t.field, told)]
    snapshot = desk.kb.snapshot(desk.today())
    troubles += [*_doubled(snapshot, entry), *_unrelated(desk, entry)]
    if entry.valid_until is not None and entry.valid_until < desk.today():
        troubles.append(Trouble("valid_until", IS_OVER))
    return (None if troubles else entry), troubles


def _unread(document: Mapping[str, Any]) -> Iterator[Trouble]:
    """What cannot be read at all, such as a date that is none."""
    try:
        entry_module.from_data(document)
    except EntryError as error:
        yield from map(_located, error.problems)


def _filled(document: Mapping[str, Any], paths: Iterable[str]) -> Entry | None:
    """The entry with blanks at those paths, so that all the rest can be judged in the same round."""
    filled = deepcopy({**_BLANKS, **document})
    for path in paths:
        *steps, name = path.split(".")
        place = _at(filled, ".".join(steps)) if steps else filled
        if isinstance(place, dict):
            place[name] = {**_BLANKS, **_PART_BLANKS}.get(name)
    try:
        return entry_module.from_data(filled)
    except EntryError:
        return None


def _missing(document: Mapping[str, Any]) -> Iterator[Trouble]:
    for path, message in _REQUIRED.items():
        if not _at(document, path):
            yield Trouble(path, message)
    for path in _row_paths(document):
        if not _at(document, path):
            yield Trouble(path, CHOOSE if path.endswith("confidence") else NEEDED)


def _row_paths(document: Mapping[str, Any]) -> Iterator[str]:
    """What each row that was begun must say."""
    for name, columns in _ROW_NEEDS.items():
        rows = range(len(document.get(name) or ()))
        yield from (f"{name}.{number}.{column}" for number in rows for column in columns)
    if document.get("available"):
        yield from ("available.since", "available.source")


def _wrong_dates(document: Mapping[str, Any]) -> Iterator[Trouble]:
    links = range(len(document.get("links") or ()))
    for path in (*_DATES, *(f"links.{number}.checked_on" for number in links)):
        written = _at(document, path)
        if written and not _is_date(written):
            yield Trouble(path, A_DATE)


def _too_long(document: Mapping[str, Any]) -> Iterator[Trouble]:
    """By the limits of the sheet, so that whatever is published here can be sent in there too."""
    for column in COLUMNS:
        message = column.too_long(_length(_at(document, column.field)))
        if message:
            yield Trouble(column.field, message)


def _length(value: Any) -> int:
    """The letters of a text; of several, as a sheet has them, one below the other."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return sum(map(_length, value)) + max(0, len(value) - 1)
    return len(value) if isinstance(value, str) else 0


def _untrue(desk: Desk, entry: Entry) -> Iterator[Trouble]:
    """The truth check of this entry alone: of thousands, it would take seconds."""
    unproved: dict[str, list[str]] = {}
    for problem in truth.check([entry], {}, plan.rows(), desk.today()):
        if problem.message.endswith(truth.UNPROVED):
            fact = problem.message.removesuffix(truth.UNPROVED)
            unproved.setdefault(problem.field, []).append(fact)
        elif problem.field not in _NOT_ALONE:
            yield Trouble(problem.field, f"{problem.message}。")
    for field, found in unproved.items():
        yield Trouble(field, f"{'、'.join(found)}{truth.UNPROVED}。")


def _doubled(snapshot: Snapshot, entry: Entry) -> Iterator[Trouble]:
    keys = {compare_key(phrasing): phrasing for phrasing in entry.phrasings}
    index = snapshot.index
    for place, key in enumerate(index.phrase_keys):
        if key not in keys:
            continue
        other = snapshot.entries.get(index.documents[index.phrase_document[place]].id)
        if other is not None and other.id != entry.id and index.phrases[place] in other.phrasings:
            message = f"「{keys[key]}」は「{other.title}」の言い回しにもあります。どちらかを消してください。"
            yield Trouble("phrasings", message)


def _unrelated(desk: Desk, entry: Entry) -> Iterator[Trouble]:
    for number, other in enumerate(entry.related):
        if other == entry.id or desk.kb.stored(other) is None:
            yield Trouble(f"related.{number}", f"「{other}」という項目はありません。")


def _located(problem: str) -> Trouble:
    match = _AT.fullmatch(problem)
    path, message = match.groups() if match else ("title", problem)
    return Trouble("title" if path == "全体" else path, f"{message}。")


def _is_told(field: str, told: Iterable[str]) -> bool:
    """A row or a part of this field has a problem of its own: the whole need not be judged too."""
    return any(path == field or path.startswith(f"{field}.") for path in told)


def _at(document: Mapping[str, Any], path: str) -> Any:
    found: Any = document
    for step in path.split("."):
        if isinstance(found, list):
            found = found[int(step)] if int(step) < len(found) else None
        else:
            found = (found or {}).get(step)
    return found


def _is_date(written: str) -> bool:
    """As the form asks for it: "20270331" would be read as well, but not by people."""
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False
