"""Retire an entry: what it becomes, and what its successor takes over so that citizens find it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from handlers.staff.changes import Change, Proposed
from handlers.staff.desk import Desk
from handlers.staff.entry_list import Listed
from knowledge.entries import Stored
from knowledge.entry import Entry
from knowledge.text import compare_key

MOST_CHOICES = 300
"""A longer list nobody reads; then only the entry's own category is offered."""


def change(desk: Desk, stored: Stored, successor: Stored | None) -> Change:
    """Retire an entry, in favour of another where there is one.

    The successor is then found by the words of both, and what led on to the retired entry leads on
    to it.
    """
    old = stored.entry
    if successor is None:
        retired = Proposed(replace(old, state="retired"), stored.revision)
        return Change("retire", f"「{old.title}」を取り下げる", (retired,))
    new = successor.entry
    related = (new.id, *(other for other in old.related if other != new.id))
    followed = replace(old, state="retired", phrasings=(), related=related)
    proposed = [
        Proposed(followed, stored.revision),
        Proposed(_taking_over(new, old), successor.revision),
        *_led_on(desk, old.id, new.id),
    ]
    title = f"「{old.title}」を取り下げて「{new.title}」に引き継ぐ"
    return Change("retire", title, tuple(proposed))


def given_back(desk: Desk, retired: Entry, again: Entry) -> tuple[Proposed, ...]:
    """The successor without the wordings that a retired entry takes with it when it comes back."""
    successor = desk.kb.stored(retired.successor) if retired.successor else None
    if successor is None or again.state != "published":
        return ()
    own = {compare_key(wording) for wording in (again.title, *again.phrasings)}
    kept = tuple(w for w in successor.entry.phrasings if compare_key(w) not in own)
    without = replace(successor.entry, phrasings=kept)
    return () if without == successor.entry else (Proposed(without, successor.revision),)


def choices(rows: Sequence[Listed], entry: Entry, day: date) -> list[Listed]:
    """The entries that may take its place, related ones first."""
    public = [r for r in rows if r.entry_id != entry.id and r.state_on(day) == "public"]
    if len(public) > MOST_CHOICES:
        public = [r for r in public if r.category == entry.category or r.entry_id in entry.related]
    return sorted(public, key=lambda row: row.entry_id not in entry.related)


def _taking_over(new: Entry, old: Entry) -> Entry:
    """The successor with the retired entry's wordings and title, each wording only once."""
    known = {compare_key(wording) for wording in (*new.phrasings, new.title)}
    more = {compare_key(wording): wording for wording in (old.title, *old.phrasings)}
    added = tuple(wording for key, wording in more.items() if key and key not in known)
    related = tuple(other for other in new.related if other != old.id)
    return replace(new, phrasings=(*new.phrasings, *added), related=related)


def _led_on(desk: Desk, old_id: str, new_id: str) -> Iterator[Proposed]:
    for stored in desk.kb.all_entries():
        entry = stored.entry
        if old_id in entry.related and entry.id not in (old_id, new_id):
            others = (new_id if other == old_id else other for other in entry.related)
            related = tuple(dict.fromkeys(others))
            yield Proposed(replace(entry, related=related), stored.revision)
