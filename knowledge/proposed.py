"""The knowledge as it would be with other entries in it: searched like the real one, never saved."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from knowledge import index
from knowledge.base import KnowledgeBase, Pinned, as_document
from knowledge.entry import Entry
from knowledge.index import Document, Index
from knowledge.outside import Examples
from knowledge.vectors import Encoder, Floats


class ProposedKnowledge(Pinned):
    """One day's published knowledge with entries changed, added or retired, in memory only.

    `before` is the published knowledge it was made from, `changed` and `outside` what is new in it,
    `removed` the examples that are no longer in it.
    """

    def __init__(
        self,
        kb: KnowledgeBase,
        changed: Sequence[Entry],
        day: date,
        outside: Examples = (),
        removed: Examples = (),
    ) -> None:
        """Builds the index; what did not change keeps its words and its vectors."""
        self.before = kb.snapshot(day)
        super().__init__(kb, self.before)
        self.changed = tuple(changed)
        self.added_outside = outside
        entries = self.before.entries | {entry.id: entry for entry in changed}
        public = {entry_id: entry for entry_id, entry in entries.items() if entry.is_public(day)}
        documents = [as_document(entry) for entry in public.values()]
        documents += _with_examples(self.before.index.documents, outside, removed)
        self._pinned = replace(
            self.before,
            entries=public,
            index=self._index(documents),
            public_numbers=self.before.public_numbers | _numbers(changed),
            successors=self.before.successors
            | {entry.id: entry.successor for entry in changed if entry.successor},
        )

    def _index(self, documents: Sequence[Document]) -> Index:
        """The very index of before when a search sees no difference, as in a new telephone number."""
        known = self.before.index
        if tuple(documents) == known.documents:
            return known
        vectors = _KnownVectors(self.encoder, known) if self.encoder else None
        return index.build(documents, self.tokenizer, self.encoder, vectors, known)


class _KnownVectors:
    """An encoder that remembers the phrases and the documents of an index."""

    def __init__(self, encoder: Encoder, before: Index) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._known: dict[str, Floats] = {}
        if before.vectors is not None:
            summaries = index.summaries(before.documents)
            self._known |= zip(summaries, before.vectors.documents, strict=True)
            self._known |= zip(before.phrases, before.vectors.phrases, strict=True)

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        computed = self._encoder.encode(missing)
        if not texts:
            return computed
        fresh = dict(zip(missing, computed, strict=True))
        return np.vstack([fresh[text] if text in fresh else self._known[text] for text in texts])


def _with_examples(
    documents: Sequence[Document], added: Examples, removed: Examples
) -> list[Document]:
    """The topics that are not answered, with more examples and topics, or with fewer."""
    topics = {document.title: document for document in documents if document.is_outside}
    for topic, example in added:
        known = topics.get(topic) or Document(f"@{topic}", topic, is_outside=True)
        topics[topic] = replace(known, phrasings=(*known.phrasings, example))
    for topic, example in removed:
        left = list(topics[topic].phrasings) if topic in topics else []
        if example in left:
            left.remove(example)
            topics[topic] = replace(topics[topic], phrasings=tuple(left))
    return [document for document in topics.values() if document.phrasings]


def _numbers(entries: Sequence[Entry]) -> frozenset[str]:
    """The telephone numbers of the contacts, as digits."""
    phones = (entry.contact.phone or "" for entry in entries)
    return frozenset("".join(filter(str.isdecimal, phone)) for phone in phones if phone)
