"""Read 長崎弁 as standard Japanese, by a small table of words and endings, before words are cut."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from knowledge import shipped

FILE = Path(__file__).with_name("dialect.yaml")


def standard(text: str) -> str:
    """A normalised text with the dialect's words and endings in their standard form."""
    words, word_pattern, endings = _table()
    text = word_pattern.sub(lambda match: words[match[0]], text)
    for pattern, replacement in endings:
        text = pattern.sub(replacement, text)
    return text


@cache
def _table() -> tuple[dict[str, str], re.Pattern[str], tuple[tuple[re.Pattern[str], str], ...]]:
    """The table as patterns; read once, as the file never changes while running."""
    data = shipped.read(FILE)
    words: dict[str, str] = data["words"]
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return words, pattern, tuple(map(_ending, data["endings"]))


def _ending(row: Mapping[str, str]) -> tuple[re.Pattern[str], str]:
    after, before = row.get("after", ""), row.get("before", "")
    behind = f"(?<=[{after}])" if after else ""
    ahead = f"(?=[{before}]|$)" if before else ""
    return re.compile(f"{behind}{re.escape(row['from'])}{ahead}"), row["to"]
