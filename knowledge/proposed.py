"""The knowledge as it would be with other entries in it: searched like the real one, never saved."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from knowledge import index
from knowledge.base import KnowledgeBase, Snapshot, as_document
from knowledge.entry import Entry
from knowledge.index import Index
from knowledge.vectors import Encoder, Floats


class ProposedKnowledge(KnowledgeBase):
    """One day's published knowledge with entries changed, added or retired, in memory only."""

    def __init__(self, kb: KnowledgeBase, changed: Sequence[Entry], day: date) -> None:
        """Builds the index, about a second for 86 entries; what did not change keeps its vectors."""
        self.tokenizer = kb.tokenizer
        self.encoder = kb.encoder
        before = kb.snapshot(day)
        entries = before.entries | {entry.id: entry for entry in changed}
        public = {entry_id: entry for entry_id, entry in entries.items() if entry.is_public(day)}
        documents = [as_document(entry) for entry in public.values()]
        documents += [document for document in before.index.documents if document.is_outside]
        known = _KnownVectors(kb.encoder, before.index) if kb.encoder else None
        self._proposed = Snapshot(
            revision=before.revision,
            day=day,
            entries=public,
            index=index.build(documents, kb.tokenizer, kb.encoder, known),
            public_numbers=before.public_numbers | _numbers(changed),
        )

    @property
    def revision(self) -> int:
        """That of the published knowledge it was made from."""
        return self._proposed.revision

    def snapshot(self, day: date) -> Snapshot:  # noqa: ARG002 - made for one day, whoever asks
        """The proposed entries and their index."""
        return self._proposed

    def public_entries(self, day: date) -> list[Entry]:
        """The entries citizens would be shown."""
        return [entry for entry in self._proposed.entries.values() if entry.is_public(day)]


class _KnownVectors:
    """An encoder that remembers the phrases of an index."""

    def __init__(self, encoder: Encoder, before: Index) -> None:
        self.name = encoder.name
        self._encoder = encoder
        vectors = before.phrase_vectors
        self._known = {} if vectors is None else dict(zip(before.phrases, vectors, strict=True))

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        computed = self._encoder.encode(missing)
        if not texts:
            return computed
        fresh = dict(zip(missing, computed, strict=True))
        return np.vstack([fresh[text] if text in fresh else self._known[text] for text in texts])


def _numbers(entries: Sequence[Entry]) -> frozenset[str]:
    """The telephone numbers of the contacts, as digits."""
    phones = (entry.contact.phone or "" for entry in entries)
    return frozenset("".join(filter(str.isdecimal, phone)) for phone in phones if phone)
