"""Out of scope: questions the guide shall not answer, as examples that the search competes with."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from handlers.staff import changes, group_pages, guard, wordings
from handlers.staff.changes import Change
from handlers.staff.desk import Desk, Page
from handlers.staff.question_pages import filters_of, group_of
from handlers.staff.wordings import Line
from knowledge import grouping, wording
from knowledge.records.audit import Act
from knowledge.text import normalise

NEW_TOPIC = "new"
MAX_TOPIC = 40
NO_TOPIC = f"話題を選ぶか、新しい話題を{MAX_TOPIC}文字までで書いてください。"
NO_EXAMPLE = "この言い方は、もう例にありません。"


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """Marking a group, and the list of all that was marked."""
    _add_marking(blueprint, desk)
    _add_list(blueprint, desk)


def _add_marking(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/questions/groups/<key>/outside", methods=["GET", "POST"])
    @guard.needs("publisher")
    @guard.keeps_text
    def mark_outside(key: str) -> Page:
        if request.method == "GET":
            return _page(desk, key, wordings.of_group(desk, group_of(desk, key)))
        lines, topic = wordings.of_form(desk, request.form), _topic()
        if request.form.get("action") == "resume":
            return _page(desk, key, lines)
        problem = wordings.problem(lines) or ("" if topic else NO_TOPIC)
        if problem:
            return _page(desk, key, lines, problem), 422
        return _begin(desk, key, topic, wordings.chosen(lines))


def _add_list(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/questions/outside")
    @guard.needs("viewer")
    def outside_examples() -> str:
        return render_template("staff/outside.html", examples=desk.kb.own_outside())

    @blueprint.post("/questions/outside/remove")
    @guard.needs("publisher")
    def remove_outside() -> Page:
        text = request.form.get("text", "")
        removed = tuple(one for one in desk.kb.own_outside() if one[1] == text)
        if not removed:
            flash(NO_EXAMPLE)
            return redirect(url_for("staff.outside_examples"), 303)
        title = f"「{removed[0][0]}」の例から外す"
        keys = (grouping.key_of(normalise(text)),)
        change = Change("remove_outside", title, keys=keys, removed=removed)
        job_id = changes.begin(desk, guard.me(), change)
        return redirect(url_for("staff.change", job_id=job_id), 303)


def _begin(desk: Desk, key: str, topic: str, used: list[Line]) -> Response:
    """Show what would change; the questions wait until that is published."""
    keys = tuple(line.key for line in used)
    examples = tuple((topic, line.text) for line in used)
    title = f"「{topic}」を案内しない話題にする"
    act = Act("propose_outside", key, detail={"topic": topic, "wordings": len(keys)})
    return group_pages.begin(desk, Change("outside", title, outside=examples, keys=keys), act)


def _page(desk: Desk, key: str, lines: list[Line], problem: str = "") -> str:
    return render_template(
        "staff/mark_outside.html",
        key=key,
        filters=filters_of(desk),
        lines=lines,
        topics=list(desk.kb.outside()),
        chosen_topic=request.form.get("topic", ""),
        new_topic=request.form.get("new_topic", ""),
        problem=problem,
        max_chars=wording.MAX_CHARS,
        max_topic=MAX_TOPIC,
    )


def _topic() -> str:
    """The topic chosen, or the new one written; empty when there is none."""
    chosen = request.form.get("topic", "")
    written = request.form.get("new_topic", "")
    topic = wording.clean(written if chosen == NEW_TOPIC else chosen)
    return topic if len(topic) <= MAX_TOPIC else ""
