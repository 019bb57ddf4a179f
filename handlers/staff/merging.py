"""Put two texts of one entry side by side, and make one of them by what somebody chose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.staff import drafting
from handlers.staff import entry_help as words
from handlers.staff.differences import shown
from handlers.staff.entry_form import lines

MINE, THEIRS, BOTH, MERGED = "mine", "theirs", "both", "merged"

TEXTS = frozenset(
    {"title", "summary", "body", "phrasings", "easy_ja", "owner", "review_by", "valid_until"}
)
"""Fields whose merged text can be written by hand."""

ROWS = frozenset({"audience", "links", "plan", "related", "sources"})
"""Fields that can keep the rows of both."""

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """A line of a text, and whether the other text has none like it."""

    text: str
    is_new: bool


@dataclass(frozen=True)
class Difference:
    """A field that the two texts have differently, what is chosen so far, and the merged text."""

    name: str
    label: str
    mine: tuple[Line, ...]
    theirs: tuple[Line, ...]
    choices: tuple[str, ...]
    choice: str
    merged: str
    is_edited: bool
    """The merged text was written on, but another is chosen: asked about once, so as not to lose it."""

    @property
    def is_open(self) -> bool:
        """True while it must be asked (again) what to take."""
        return self.is_edited or not self.choice


def differences(mine: Document, theirs: Document, asked: Mapping[str, str]) -> list[Difference]:
    """Every field that differs, in the order of the form; `asked` are the answers given so far."""
    return [
        _difference(name, mine.get(name), theirs.get(name), asked)
        for name in words.DOCUMENT
        if mine.get(name) != theirs.get(name)
    ]


def likely(mine: Document, theirs: Document, seen: Mapping[str, str]) -> dict[str, str]:
    """The answers that need no thought: a field that only one of the two has changed."""
    my_marks, their_marks = drafting.fingerprints(mine), drafting.fingerprints(theirs)
    answers = {}
    for name in words.DOCUMENT:
        if name in seen and (my_marks.get(name) != seen[name]) != (
            their_marks.get(name) != seen[name]
        ):
            answers[f"choice-{name}"] = MINE if my_marks.get(name) != seen[name] else THEIRS
    return answers


def merged(mine: Document, theirs: Document, asked: Mapping[str, str]) -> dict[str, Any]:
    """The text made by the answers; a field without an answer stays mine."""
    result = dict(mine)
    for difference in differences(mine, theirs, asked):
        name = difference.name
        if difference.choice == THEIRS:
            result[name] = theirs.get(name)
        elif difference.choice == BOTH:
            result[name] = _union(mine.get(name) or [], theirs.get(name) or [])
        elif difference.choice == MERGED:
            result[name] = _written(name, asked.get(f"merged-{name}", ""))
    return result


def _difference(name: str, mine: Any, theirs: Any, asked: Mapping[str, str]) -> Difference:
    choices = (MINE, THEIRS, *((BOTH,) if name in ROWS else ()))
    choices = (*choices, MERGED) if name in TEXTS else choices
    choice = asked.get(f"choice-{name}", "")
    both = _union(mine or [], theirs or []) if name == "phrasings" else mine
    written = asked.get(f"merged-{name}", shown(name, both))
    return Difference(
        name=name,
        label=words.DOCUMENT[name],
        mine=_lines(name, mine, theirs),
        theirs=_lines(name, theirs, mine),
        choices=choices,
        choice=choice if choice in choices else "",
        merged=written,
        is_edited=choice != MERGED and not _is_same(written, asked.get(f"offered-{name}", written)),
    )


def _is_same(text: str, other: str) -> bool:
    return text.split() == other.split()


def _lines(name: str, value: Any, other: Any) -> tuple[Line, ...]:
    others = set(shown(name, other).splitlines())
    return tuple(Line(text, text not in others) for text in shown(name, value).splitlines())


def _union(mine: Iterable[Any], theirs: Iterable[Any]) -> list[Any]:
    kept = list(mine)
    return [*kept, *(row for row in theirs if row not in kept)]


def _written(name: str, text: str) -> Any:
    text = text.replace("\r\n", "\n").strip()
    if name == "phrasings":
        return lines(text)
    return text or (None if name in ("easy_ja", "valid_until") else "")
