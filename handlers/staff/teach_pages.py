"""Teach: add the wordings of a group to an entry, by way of the page that shows what would change."""

from dataclasses import dataclass, replace

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from handlers.staff import group_pages, guard, wordings
from handlers.staff.changes import Change, Proposed
from handlers.staff.desk import Desk, Page
from handlers.staff.question_pages import filters_of, group_of
from handlers.staff.wordings import Line
from knowledge import wording
from knowledge.entries import Stored
from knowledge.records.audit import Act

CANDIDATES = 5
FOUND = 10


@dataclass(frozen=True)
class Candidate:
    """An entry that may be meant, and why the search thinks so."""

    entry_id: str
    title: str
    summary: str
    why: str


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/questions/groups/<key>/teach`: first which entry, then which wordings."""
    _add_entry_choice(blueprint, desk)
    _add_wordings(blueprint, desk)


def _add_entry_choice(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/questions/groups/<key>/teach")
    @guard.needs("editor")
    def choose_entry_to_teach(key: str) -> str:
        group, find = group_of(desk, key), request.args.get("find", "")[:200]
        first = group.wordings[0].typed
        return render_template(
            "staff/teach_entry.html",
            group=group,
            key=key,
            filters=filters_of(desk),
            find=find,
            suggested=_candidates(desk, first, CANDIDATES),
            found=_candidates(desk, find, FOUND) if find else [],
        )


def _add_wordings(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/questions/groups/<key>/teach/<entry_id>", methods=["GET", "POST"])
    @guard.needs("editor")
    @guard.keeps_text
    def teach(key: str, entry_id: str) -> Page:
        stored = desk.kb.stored(entry_id)
        if stored is None or stored.entry.state != "published":
            abort(404)
        if request.method == "GET":
            lines = wordings.of_group(desk, group_of(desk, key))
            return _page(desk, key, stored, lines)
        lines = wordings.of_form(desk, request.form)
        if request.form.get("action") == "resume":
            return _page(desk, key, stored, lines)
        problem = wordings.problem(lines)
        if problem:
            return _page(desk, key, stored, lines, problem), 422
        return _begin(desk, key, stored, lines)


def _page(desk: Desk, key: str, stored: Stored, lines: list[Line], problem: str = "") -> str:
    seen = request.form.get("seen_revision", stored.revision, type=int)
    return render_template(
        "staff/teach.html",
        key=key,
        filters=filters_of(desk),
        entry=stored.entry,
        seen_revision=seen,
        lines=lines,
        problem=problem,
        max_chars=wording.MAX_CHARS,
    )


def _begin(desk: Desk, key: str, stored: Stored, lines: list[Line]) -> Response:
    """Show what would change; the wordings count as taught once that is published."""
    entry, used = stored.entry, wordings.chosen(lines)
    taught = replace(entry, phrasings=(*entry.phrasings, *(line.text for line in used)))
    seen = request.form.get("seen_revision", stored.revision, type=int)
    keys = tuple(line.key for line in used)
    title = f"「{entry.title}」に言い回しを足す"
    change = Change("teach", title, (Proposed(taught, seen),), keys=keys)
    act = Act("propose_teach", entry.id, detail={"wordings": len(keys), "questions": key})
    return group_pages.begin(desk, change, act, entry.id)


def _candidates(desk: Desk, text: str, count: int) -> list[Candidate]:
    day = desk.today()
    entries = desk.kb.snapshot(day).entries
    matches = desk.kb.rank(text, day).matches[:count]
    return [
        Candidate(m.entry_id, entries[m.entry_id].title, entries[m.entry_id].summary, m.why)
        for m in matches
        if m.entry_id in entries
    ]
