"""The wordings of a group as lines of a form: which to take, each editable, each with its fault."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from handlers.staff.desk import Desk
from handlers.staff.question_queue import Group
from knowledge import grouping, wording

MAX_LINES = 20
KNOWN = "「{title}」の言い回しに、もうあります。"
KNOWN_OUTSIDE = "案内しない話題「{title}」の例に、もうあります。"
TWICE = "上の行と同じです。"
NONE_CHOSEN = "使う言い方を、一つ以上選んでください。"


@dataclass(frozen=True)
class Line:
    """One wording: the key of the question it came from, its text, whether to use it."""

    key: str
    text: str
    is_chosen: bool
    fault: str = ""


def of_group(desk: Desk, group: Group) -> list[Line]:
    """The wordings asked most; those that may be used are chosen."""
    found = [
        Line(each.key, wording.clean(each.typed)[: 2 * wording.MAX_CHARS], is_chosen=True)
        for each in group.wordings[:MAX_LINES]
    ]
    return [replace(line, is_chosen=not line.fault) for line in checked(desk, found)]


def of_form(desk: Desk, form: "MultiDict[str, str]") -> list[Line]:
    """The lines as they were sent, those that are chosen checked."""
    pairs = zip(form.getlist("key"), form.getlist("text"), strict=False)
    lines = [
        Line(key, wording.clean(text[:1000]), is_chosen=f"use-{number}" in form)
        for number, (key, text) in enumerate(pairs)
        if number < MAX_LINES and grouping.is_key(key)
    ]
    return checked(desk, lines)


def chosen(lines: Sequence[Line]) -> list[Line]:
    """Those that are to be used."""
    return [line for line in lines if line.is_chosen]


def problem(lines: Sequence[Line]) -> str:
    """Why nothing can be done with the lines yet, in a sentence; empty when it can."""
    used = chosen(lines)
    if not used:
        return NONE_CHOSEN
    return (
        "印のついた言い方を直すか、選ぶのをやめてください。" if any(x.fault for x in used) else ""
    )


def checked(desk: Desk, lines: Sequence[Line]) -> list[Line]:
    """The lines with what is wrong with those that are chosen."""
    day = desk.today()
    index = desk.kb.snapshot(day).index
    owners = wording.owners(index, [line.text for line in lines])
    public_numbers = desk.kb.public_numbers(day)
    seen: set[str] = set()
    found = []
    for line in lines:
        fault = wording.fault(line.text, public_numbers)
        if line.text in owners and not fault:
            known = KNOWN_OUTSIDE if owners[line.text].is_outside else KNOWN
            fault = known.format(title=owners[line.text].title)
        if wording.spelling(line.text) in seen and not fault:
            fault = TWICE
        if line.is_chosen:
            seen.add(wording.spelling(line.text))
        found.append(replace(line, fault=fault if line.is_chosen else ""))
    return found
