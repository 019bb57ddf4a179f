"""Open a text for writing and save it, noticing when somebody else has saved meanwhile."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from handlers.staff import namesakes
from handlers.staff.desk import Desk
from knowledge import entry as entry_module
from knowledge import history
from knowledge.entries import Stored
from knowledge.records import audit, drafts, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Act
from knowledge.records.drafts import Draft, StaleDraftError
from knowledge.records.jobs import Transaction

Also: TypeAlias = Callable[[Transaction], None]
NOTHING_MORE: Also = lambda _: None  # noqa: E731 - a name for doing nothing

SAVE = "save_draft"
BEGIN = "begin_draft"
DISCARD = "discard_draft"
DROP = "drop_change"
DRAFT_ACTIONS = frozenset({SAVE, BEGIN, DISCARD, DROP})
"""What the trail calls things done to what is not public: they do not make an id a used one."""


@dataclass(frozen=True)
class Opened:
    """A text as it is opened: the draft if there is one, else what is published."""

    entry_id: str
    document: Mapping[str, Any]
    draft: Draft | None
    stored: Stored | None

    @property
    def revision(self) -> int:
        """Of the published entry; 0 where there is none."""
        return self.stored.revision if self.stored else 0

    @property
    def base_revision(self) -> int:
        """The published revision this text was begun from."""
        return self.draft.base_revision if self.draft else self.revision

    @property
    def version(self) -> int:
        """Of the draft; 0 where there is none."""
        return self.draft.version if self.draft else 0

    @property
    def has_moved(self) -> bool:
        """True when something was published since this draft was begun."""
        return self.draft is not None and self.stored is not None and self._is_behind

    @property
    def _is_behind(self) -> bool:
        return self.base_revision != self.revision


@dataclass(frozen=True)
class Sent:
    """What somebody wants to save, and which draft and publication they had before them.

    `seen` are the fingerprints of the fields as they were opened.
    """

    entry_id: str
    document: Mapping[str, Any]
    seen_version: int
    base_revision: int
    seen: Mapping[str, str]


@dataclass(frozen=True)
class Conflict:
    """Two texts of one entry; saving the merged one is right for `version` and `base_revision`."""

    sent: Sent
    theirs: Mapping[str, Any]
    is_published: bool
    version: int
    base_revision: int
    person_name: str = ""
    saved_at: float = 0.0


class ConflictError(Exception):
    """Somebody else saved or published meanwhile."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__("two texts")
        self.conflict = conflict


def opened(desk: Desk, entry_id: str) -> Opened | None:
    """What to write on; None when there is neither a draft nor an entry."""
    with store.reading(desk.records) as connection:
        draft = namesakes.draft(connection, entry_id)
    published = desk.kb.stored(entry_id)
    if draft is not None:
        return Opened(entry_id, draft.document, draft, published)
    if published is not None:
        return Opened(entry_id, entry_module.to_data(published.entry), None, published)
    return None


def save(
    desk: Desk, person: Person, sent: Sent, action: str = SAVE, also: Also = NOTHING_MORE
) -> int:
    """Save a draft, with what belongs to it, and return its version.

    Raises ConflictError when another draft was saved meanwhile (then nothing is saved), or when
    something was published meanwhile (then the draft is saved, and must be compared).
    """
    try:
        version = _put(desk, person, sent, action, also)
    except StaleDraftError as error:
        if error.theirs is None:  # thrown away or published meanwhile: what is typed is kept
            return save(desk, person, replace(sent, seen_version=0), action, also)
        raise ConflictError(_with_draft(desk, sent, error.theirs)) from error
    published = desk.kb.stored(sent.entry_id)
    if published is not None and published.revision != sent.base_revision:
        raise ConflictError(with_published(desk, sent, published, version))
    return version


def autosave(desk: Desk, person: Person, sent: Sent) -> int:
    """The same without a line in the trail for each, unless it takes over from somebody."""
    with store.reading(desk.records) as connection:
        draft = drafts.get(connection, sent.entry_id)
    is_own = draft is not None and draft.person_id == person.person_id
    return save(desk, person, sent, "" if is_own else SAVE)


def with_published(desk: Desk, sent: Sent, published: Stored, version: int) -> Conflict:
    """A draft beside what was published since it was begun."""
    return Conflict(
        sent=replace(sent, seen=_marks_of(desk, sent)),
        theirs=entry_module.to_data(published.entry),
        is_published=True,
        version=version,
        base_revision=published.revision,
    )


def fingerprints(document: Mapping[str, Any]) -> dict[str, str]:
    """A short mark of each field's text, to know later who changed which."""
    return {name: _mark(value) for name, value in document.items()}


def discard(desk: Desk, person: Person, entry_id: str, seen_version: int) -> bool:
    """Throw a draft away; False when it is no longer the one that was seen."""
    with store.writing(desk.records) as connection:
        if not drafts.remove(connection, entry_id, seen_version):
            return False
        audit.note(connection, person, Act(DISCARD, entry_id), desk.clock())
    return True


def _put(desk: Desk, person: Person, sent: Sent, action: str, also: Also) -> int:
    now = desk.clock()
    draft = Draft(
        entry_id=sent.entry_id,
        version=0,
        base_revision=sent.base_revision,
        document=sent.document,
        person_name=person.name,
        saved_at=now,
        person_id=person.person_id,
    )
    with store.writing(desk.records) as connection:
        version = drafts.put(connection, draft, sent.seen_version)
        if action:
            audit.note(connection, person, Act(action, sent.entry_id), now)
        also(connection)
    return version


def _with_draft(desk: Desk, sent: Sent, theirs: Draft) -> Conflict:
    with store.reading(desk.records) as connection:
        name = namesakes.told_apart(connection, theirs.person_id, theirs.person_name)
    return Conflict(
        sent=sent,
        theirs=theirs.document,
        is_published=False,
        version=theirs.version,
        base_revision=theirs.base_revision,
        person_name=name,
        saved_at=theirs.saved_at,
    )


def _marks_of(desk: Desk, sent: Sent) -> dict[str, str]:
    """Of the publication a draft was begun from; empty where it is no longer remembered."""
    for version in history.versions(desk.kb, sent.entry_id):
        if version.revision == sent.base_revision:
            return fingerprints(version.document or {})
    return {}


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]
