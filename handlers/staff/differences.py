"""What changed between two texts of an entry, field by field, line by line, word by word; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeAlias

from handlers.staff import entry_help as words
from knowledge import plan, steps
from knowledge.entry import CONFIDENCE_WORDS
from knowledge.steps import Kind

STATE_NAMES = {"draft": "下書き（公開しない）", "published": "公開", "retired": "取り下げ"}
FIELDS = {"state": "公開か取り下げか", **words.DOCUMENT}
"""Field → what staff call it, in the order they are shown."""

CONTEXT = 1
"""Unchanged lines kept around a change, so that one sees where it is."""

MOST_WORDS = 20_000
"""Two lines longer than this together are shown as one that went and one that came: 0.2 s."""

ALIKE = 0.4
"""Below this share of equal words, two lines are two lines and not one that was mended."""

_WORDS = re.compile(
    r"[0-9０-９]+|[A-Za-zＡ-Ｚａ-ｚ]+|[ァ-ヺー]+|[一-鿿々〆]+|[ぁ-ゖ]+|[가-힣]+|\s+|.", re.DOTALL
)

_PARTS = {
    "department": "担当課",
    "phone": "電話番号",
    "hours": "受付時間",
    "since": "いつから",
    "source": "出典",
    **words.LANGUAGES,
}


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, came or went."""

    text: str
    kind: Kind


@dataclass(frozen=True)
class Line:
    """A line as pieces; where unchanged lines were left out there are no pieces but their number."""

    pieces: tuple[Piece, ...]
    left_out: int = 0


@dataclass(frozen=True)
class Difference:
    """A field that has changed."""

    name: str
    label: str
    lines: tuple[Line, ...]


Document: TypeAlias = Mapping[str, Any] | None


def between(before: Document, after: Document) -> list[Difference]:
    """Every field that differs; None is an entry that was not there."""
    return [
        Difference(name, FIELDS[name], tuple(_lines(*_texts(name, before, after))))
        for name in changed(before, after)
    ]


def changed(before: Document, after: Document) -> list[str]:
    """The names of the fields that differ."""
    return [name for name in FIELDS if (before or {}).get(name) != (after or {}).get(name)]


def shown(name: str, value: Any) -> str:
    """A field's value as lines that a clerk can read."""
    if value is None:
        return ""
    if name == "state":
        return STATE_NAMES.get(str(value), str(value))
    if isinstance(value, Mapping):
        return "\n".join(f"{_PARTS.get(k, k)}：{v}" for k, v in value.items() if v)
    if isinstance(value, list | tuple):
        return "\n".join(_row(name, row) for row in value)
    return str(value)


def _row(name: str, row: Any) -> str:
    if name == "plan" and row in plan.rows():
        return f"{row}　{plan.rows()[row].name}"
    if not isinstance(row, Mapping):
        return str(row)
    word = row.get("confidence", "")
    named = {**row, "confidence": CONFIDENCE_WORDS.get(word, word)}
    return "　／　".join(str(value) for value in named.values() if value)


def _texts(name: str, before: Document, after: Document) -> tuple[list[str], list[str]]:
    old, new = (before or {}).get(name), (after or {}).get(name)
    return shown(name, old).splitlines(), shown(name, new).splitlines()


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    """What went is told before what came in its place, line beside line."""
    gone: list[str] = []
    come: list[str] = []
    runs = list(steps.between(old, new))
    for number, (kind, lines) in enumerate(runs):
        if kind == "same":
            yield from _replaced(gone, come)
            gone, come = [], []
            yield from _around(lines, CONTEXT * (number > 0), CONTEXT * (number < len(runs) - 1))
        gone = lines if kind == "removed" else gone
        come = lines if kind == "added" else come
    yield from _replaced(gone, come)


def _around(lines: Sequence[str], first: int, last: int) -> Iterator[Line]:
    """The first and last of unchanged lines; those between are only counted."""
    hidden = len(lines) - first - last
    if hidden <= 1:
        yield from (_whole(line, "same") for line in lines)
        return
    yield from (_whole(line, "same") for line in lines[:first])
    yield Line((), hidden)
    yield from (_whole(line, "same") for line in lines[len(lines) - last :])


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Lines that were mended word by word where they are alike; else those that went and came."""
    for before, after in zip_longest(old, new):
        mended = _mended(before, after) if before is not None and after is not None else None
        if mended is not None:
            yield mended
            continue
        if before is not None:
            yield _whole(before, "removed")
        if after is not None:
            yield _whole(after, "added")


def _mended(before: str, after: str) -> Line | None:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > MOST_WORDS or steps.likeness(old, new) < ALIKE:
        return None
    return Line(tuple(Piece("".join(run), kind) for kind, run in steps.between(old, new)))


def _whole(text: str, kind: Kind) -> Line:
    return Line((Piece(text, kind),))
