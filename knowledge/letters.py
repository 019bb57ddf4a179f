"""A message as bare letters, and where words stand in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Words: TypeAlias = tuple[tuple[str, ...], ...]
"""Words in their order, each with its alternatives."""


@dataclass(frozen=True)
class View:
    """A message without spaces, in hiragana; a Latin word begins and ends at an edge only."""

    text: str
    edges: frozenset[int] = field(default=frozenset(), repr=False)

    def spans(self, alternatives: Iterable[str]) -> Iterator[tuple[int, int]]:
        """Where one of the words stands, each time."""
        for word in alternatives:
            start = self.text.find(word)
            while start >= 0:
                end = start + len(word)
                if not word.isascii() or (start in self.edges and end in self.edges):
                    yield start, end
                start = self.text.find(word, start + 1)

    def matches(self, words: Words, gap: int) -> list[tuple[int, int]]:
        """Where the words stand in their order, none further than `gap` letters from the last."""
        found = list(self.spans(words[0]))
        for alternatives in words[1:]:
            if not found:
                break
            following = list(self.spans(alternatives))
            found = [(a, d) for a, b in found for c, d in following if 0 <= c - b <= gap]
        return found

    def has(self, words: Sequence[str]) -> bool:
        """True when one of the words stands anywhere."""
        return next(self.spans(words), None) is not None
