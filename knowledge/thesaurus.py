"""Widen a question by other words for the same thing, from a list that staff can read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge import shipped
from knowledge.text import normalise
from knowledge.tokens import Tokenizer

FILE = Path(__file__).with_name("thesaurus.yaml")

Words = tuple[str, ...]


@dataclass(frozen=True)
class Thesaurus:
    """Groups of wordings that mean the same, each wording as its content words."""

    groups_by_word: Mapping[str, tuple[tuple[Words, ...], ...]]

    def expand(self, terms: Iterable[str]) -> frozenset[str]:
        """The other words for what the terms say, none of the terms themselves."""
        known = frozenset(terms)
        candidates = (group for term in known for group in self.groups_by_word.get(term, ()))
        return frozenset(
            word
            for group in candidates
            if any(known.issuperset(wording) for wording in group)
            for wording in group
            for word in wording
            if word not in known
        )


def load(tokenizer: Tokenizer) -> Thesaurus:
    """Read thesaurus.yaml."""
    groups = shipped.read(FILE)["groups"]
    groups_by_word: dict[str, list[tuple[Words, ...]]] = {}
    for group in groups:
        wordings = (tuple(tokenizer.content_words(normalise(str(word)))) for word in group)
        kept = tuple(wording for wording in wordings if wording)
        for word in {word for wording in kept for word in wording}:
            groups_by_word.setdefault(word, []).append(kept)
    return Thesaurus({word: tuple(found) for word, found in groups_by_word.items()})
