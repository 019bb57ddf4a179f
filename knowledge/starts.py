"""Tell which of many patterns can stand in a text at all, by the first letters of their words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

LETTERS = 2


class Starts:
    """Patterns by number, each with words of which one must stand in the text for it to match."""

    def __init__(self, patterns: Sequence[Iterable[str]]) -> None:
        by_start: dict[str, set[int]] = defaultdict(set)
        for number, words in enumerate(patterns):
            for word in words:
                by_start[word[:LETTERS]].add(number)
        self._by_start = dict(by_start)

    def candidates(self, text: str) -> set[int]:
        """The numbers of the patterns that may match; all others surely do not."""
        starts = {text[i : i + size] for size in range(1, LETTERS + 1) for i in range(len(text))}
        found: set[int] = set()
        for start in starts & self._by_start.keys():
            found |= self._by_start[start]
        return found
