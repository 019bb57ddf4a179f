"""The knowledge base as the other rooms see it: find, look up, save."""

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlite_utils import Database

from knowledge import (
    applied,
    decide,
    entries,
    index,
    outside,
    places,
    privacy,
    schema,
    search,
    seed,
    split,
)
from knowledge.applied import Applied
from knowledge.decide import Decision
from knowledge.entries import Imported
from knowledge.entry import Entry
from knowledge.index import Document, Index
from knowledge.outside import Examples
from knowledge.search import Ranking
from knowledge.tokens import Tokenizer
from knowledge.vectors import CachedEncoder, Encoder

_PHONE = re.compile(r"0\d{1,4}-\d{1,4}-\d{3,4}")

BUSY_TIMEOUT_SECONDS = 1.0
"""A webhook has two seconds in all; better to fail and be redelivered than to wait (OPS.md §5)."""


@dataclass(frozen=True)
class Snapshot:
    """One revision of the knowledge base in memory: never changed, shared by all threads."""

    revision: int
    day: date
    entries: dict[str, Entry]
    index: Index
    public_numbers: frozenset[str]
    successors: dict[str, str]

    def entry(self, entry_id: str) -> Entry | None:
        """One entry, or the one that took its place, or that one's; None where the way ends."""
        seen = set[str]()
        while entry_id not in self.entries:
            if entry_id in seen or entry_id not in self.successors:
                return None
            seen.add(entry_id)
            entry_id = self.successors[entry_id]
        return self.entries[entry_id]

    def category(self, name: str) -> list[Entry]:
        """The entries of one category, in the catalog's order."""
        return [entry for entry in self.entries.values() if entry.category == name]


class KnowledgeBase:
    """The entries of one SQLite file and the index built from them, once a revision and day."""

    _read: tuple[int, tuple[entries.Stored, ...]] = (-1, ())

    def __init__(self, path: Path, encoder: Encoder | None = None) -> None:
        """Open the file, creating and migrating it where needed; without an encoder words decide."""
        schema.migrate(path)
        self._path = path
        self._local = threading.local()
        self._building = threading.Lock()
        self.tokenizer = Tokenizer()
        self.encoder = encoder
        self._snapshot: Snapshot | None = None

    @property
    def engine(self) -> str:
        """The name of the search engine in use."""
        return engine_name(self.encoder)

    @property
    def revision(self) -> int:
        """The revision of the file now."""
        return entries.revision(self._db())

    @property
    def release(self) -> Applied:
        """The published release that the file holds; number 0 before the first."""
        return applied.get(self._db())

    def find(self, text: str, day: date) -> Decision:
        """What to do with a citizen's question on a day: answer, offer choices, or say not found."""
        index = self.snapshot(day).index
        place = places.other_municipality(text, self.tokenizer)
        if place is not None:
            return Decision("none", (), f"{place}のことです", other_place=place)
        policy = decide.policy(self.engine)
        ranking = search.rank(index, text)
        several = split.parts(index, text, ranking, policy)
        if several:
            why = "、".join(f"「{part.text}」" for part in several)
            matches = tuple(part.match for part in several)
            chance = min(part.probability for part in several)
            return Decision("answer", matches, f"質問が複数：{why}", chance)
        return decide.decide(ranking, policy)

    def public_numbers(self, day: date) -> frozenset[str]:
        """The telephone numbers the city publishes, as digits: they are nobody's secret."""
        return self.snapshot(day).public_numbers

    def rank(self, text: str, day: date) -> Ranking:
        """The matches for a question and why, before any decision."""
        return search.rank(self.snapshot(day).index, text)

    def snapshot(self, day: date) -> Snapshot:
        """The published entries of that day and their index, as one consistent whole.

        Whoever first sees a new revision builds it; the others have the one before meanwhile, so
        that a publication holds nobody up. Inside `writing` it shows what may still be taken back,
        so nobody else gets to see it.
        """
        if self._db().conn.in_transaction:
            return self._build(day)
        wanted = (self.revision, day)
        current = self._snapshot
        if current is not None and (current.revision, current.day) == wanted:
            return current
        may_wait = current is None or current.day != day
        if not self._building.acquire(blocking=may_wait):
            return current if current is not None else self.snapshot(day)
        try:
            current = self._snapshot
            if current is None or (current.revision, current.day) != wanted:
                current = self._snapshot = self._build(day)
        finally:
            self._building.release()
        return current

    def pinned(self, day: date) -> "Pinned":
        """The knowledge as it is now, for whoever must look more than once and see one state."""
        return Pinned(self, self.snapshot(day))

    def public_entries(self, day: date) -> list[Entry]:
        """The published entries of that day, for whoever needs no search."""
        return [stored.entry for stored in self.all_entries() if stored.entry.is_public(day)]

    def entry(self, entry_id: str, day: date) -> Entry | None:
        """One published entry, or the one that took its place when it was retired, or None."""
        return self.snapshot(day).entry(entry_id)

    def save(self, entry: Entry, editor: str, seen_revision: int) -> int:
        """Write one entry; raises entries.StaleRevisionError when it changed meanwhile."""
        return entries.save(self._db(), entry, editor, seen_revision)

    def import_catalog(self, catalog: Sequence[Entry] | None = None) -> Imported:
        """Bring in the city's catalog (or the given entries); staff's edits stay."""
        if catalog is None:
            catalog = seed.load().entries
        return entries.import_catalog(self._db(), catalog)

    def all_entries(self) -> list[entries.Stored]:
        """Every entry in any state, with its revision; read once a revision, as 5,000 take 0.2 s."""
        db = self._db()
        if db.conn.in_transaction:
            return entries.load_all(db)
        revision, held = self.revision, self._read
        if held[0] != revision:
            held = self._read = (revision, tuple(entries.load_all(db)))
        return list(held[1])

    def stored(self, entry_id: str) -> entries.Stored | None:
        """One entry in any state, with its revision."""
        return entries.get(self._db(), entry_id)

    def outside(self) -> dict[str, list[str]]:
        """Topic → examples of questions that are not answered, staff's own among them."""
        return outside.topics(self._db())

    def own_outside(self) -> Examples:
        """Only the examples that staff added, with their topics."""
        return outside.load(self._db())

    def add_outside(self, topic: str, examples: Sequence[str]) -> None:
        """Do not answer questions like these any more."""
        with self.writing() as db:
            outside.add(db, topic, examples)

    def remove_outside(self, examples: Sequence[str]) -> None:
        """Take examples back that staff had added."""
        with self.writing() as db:
            outside.remove(db, examples)

    def reading(self) -> Database:
        """The file through this thread's own connection, for whoever looks at other tables of it."""
        return self._db()

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """All that this thread saves inside is kept together or not at all."""
        db = self._db()
        with entries.writing(db):
            yield db

    def _build(self, day: date) -> Snapshot:
        revision = self.revision
        public = {entry.id: entry for entry in self.public_entries(day)}
        current = self._snapshot
        if current is not None and (current.revision, current.entries) == (revision, public):
            return replace(current, day=day)  # nothing ends with the day: nobody waits at midnight
        documents = [as_document(entry) for entry in public.values()]
        documents += [
            Document(f"@{topic}", topic, phrasings=tuple(examples), is_outside=True)
            for topic, examples in self.outside().items()
        ]
        cached = CachedEncoder(self.encoder, self._db()) if self.encoder else None
        known = current.index if current else None  # only what changed is cut into words again
        built = index.build(documents, self.tokenizer, self.encoder, cached, known)
        self.tokenizer.forget()
        return Snapshot(revision, day, public, built, _phones(public.values()), self._successors())

    def _successors(self) -> dict[str, str]:
        found = ((stored.entry.id, stored.entry.successor) for stored in self.all_entries())
        return {entry_id: successor for entry_id, successor in found if successor}

    def _db(self) -> Database:
        """This thread's own connection: SQLite's may not be shared (OPS.md §2.2)."""
        if not hasattr(self._local, "db"):
            db = Database(self._path)
            db.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_SECONDS * 1000)}")
            self._local.db = db
        found: Database = self._local.db
        return found


class Pinned(KnowledgeBase):
    """One snapshot of a knowledge base: a publication meanwhile changes nothing in it."""

    def __init__(self, kb: KnowledgeBase, snapshot: Snapshot) -> None:
        """Look into the snapshot only, cutting and comparing words as its knowledge base does."""
        self.tokenizer = kb.tokenizer
        self.encoder = kb.encoder
        self._pinned = snapshot

    @property
    def revision(self) -> int:
        """That of the snapshot."""
        return self._pinned.revision

    def snapshot(self, day: date) -> Snapshot:  # noqa: ARG002 - made for one day, whoever asks
        """Always the same."""
        return self._pinned

    def pinned(self, day: date) -> "Pinned":  # noqa: ARG002 - as above
        """Itself."""
        return self

    def public_entries(self, day: date) -> list[Entry]:
        """The entries citizens would be shown."""
        return [entry for entry in self._pinned.entries.values() if entry.is_public(day)]


def _phones(entries: Iterable[Entry]) -> frozenset[str]:
    texts = (f"{e.summary} {e.body} {e.contact.phone or ''}" for e in entries)
    phones = (phone for text in texts for phone in _PHONE.findall(text))
    return privacy.PUBLIC_NUMBERS | {phone.replace("-", "") for phone in phones}


def engine_name(encoder: Encoder | None) -> str:
    """How an engine is called in reports and in decision.json."""
    return f"lexical+{encoder.name}" if encoder else "lexical"


def as_document(entry: Entry) -> Document:
    """What the search sees of an entry."""
    return Document(entry.id, entry.title, entry.phrasings, entry.summary, entry.body)
