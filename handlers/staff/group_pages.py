"""What is done with a group of questions besides teaching: put off, hand over, comment, reopen."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from handlers.staff import changes, guard, namesakes
from handlers.staff.changes import Change
from handlers.staff.desk import Desk
from handlers.staff.question_pages import MAX_COMMENT, SHOWN_TEXTS, filters_of
from knowledge import grouping
from knowledge.records import accounts, audit, jobs, reviews, store
from knowledge.records.audit import Act
from knowledge.records.reviews import Hand

Doing = Callable[[Any, Hand], None]
"""Given a connection and whose hand it is."""


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/questions/groups/…`, each a button of the group's page."""
    _add_states(blueprint, desk)
    _add_assign(blueprint, desk)
    _add_comment(blueprint, desk)


def back_to(desk: Desk, key: str) -> Response:
    """The page of the group, with the filters it was opened with."""
    values: dict[str, Any] = {"key": key, **filters_of(desk).query()}
    return redirect(url_for("staff.question_group", **values), 303)


def hand(desk: Desk) -> Hand:
    """Whose hand this is, now."""
    return Hand(guard.me().name, desk.clock())


def keys_sent() -> list[str]:
    """The wordings that stood on the page when the button was pressed."""
    keys = request.form.getlist("key")[:SHOWN_TEXTS]
    if not keys or not all(map(grouping.is_key, keys)):
        abort(400)
    return keys


def note(desk: Desk, act: Act, doing: Doing) -> None:
    """Do something and write it into the trail, both or neither."""
    with store.writing(desk.records) as connection:
        doing(connection, hand(desk))
        audit.note(connection, guard.me(), act, desk.clock())


def begin(desk: Desk, change: Change, act: Act, entry_id: str = "") -> Response:
    """Show what would change; the questions wait for it from the moment that it is there."""
    job = changes.prepared(guard.me(), change)

    def add(connection: jobs.Transaction, by: Hand) -> None:
        jobs.add(connection, job, by.at)
        reviews.put(connection, change.keys, reviews.WAITING, by, entry_id)

    note(desk, act, add)
    return redirect(url_for("staff.change", job_id=job.job_id), 303)


def _add_states(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/questions/groups/<key>/park")
    @guard.needs("editor")
    def park_questions(key: str) -> Response:
        keys = keys_sent()
        act = Act("park_questions", key, detail={"wordings": len(keys)})
        note(desk, act, lambda c, by: reviews.put(c, keys, "parked", by))
        flash("あとまわしにしました。")
        return back_to(desk, key)

    @blueprint.post("/questions/groups/<key>/reopen")
    @guard.needs("editor")
    def reopen_questions(key: str) -> Response:
        keys = keys_sent()
        act = Act("reopen_questions", key, detail={"wordings": len(keys)})
        note(desk, act, lambda c, by: reviews.put(c, keys, reviews.OPEN, by))
        flash("「まだ見ていない」に戻しました。")
        return back_to(desk, key)


def _add_assign(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/questions/groups/<key>/assign")
    @guard.needs("editor")
    def assign_questions(key: str) -> Response:
        keys, person_id = keys_sent(), request.form.get("person", "")
        name = _name_of(desk, person_id)
        act = Act("assign_questions", key, detail={"wordings": len(keys), "to": name})
        note(desk, act, lambda c, by: reviews.assign(c, keys, person_id, by))
        flash(f"{name} さんの担当にしました。" if name else "担当を外しました。")
        return back_to(desk, key)


def _add_comment(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/questions/groups/<key>/comment")
    @guard.needs("editor")
    @guard.keeps_text
    def comment_questions(key: str) -> tuple[str, int] | Response:
        if not grouping.is_key(key):
            abort(404)
        text = request.form.get("comment", "").replace("\r\n", "\n").strip()
        is_asked_again = request.form.get("action") == "resume"
        if is_asked_again or not 1 <= len(text) <= MAX_COMMENT:
            if not is_asked_again:
                flash(f"コメントは1文字から{MAX_COMMENT}文字で書いてください。まだ残していません。")
            shown = {"key": key, "text": text, "longest": MAX_COMMENT}
            return render_template("staff/comment.html", **shown), 200 if is_asked_again else 422
        act = Act("comment_questions", key)
        note(desk, act, lambda c, by: reviews.comment(c, key, text, by))
        flash("コメントを残しました。")
        return back_to(desk, key)


def _name_of(desk: Desk, person_id: str) -> str:
    """The name of somebody who may be asked; "" for nobody."""
    if not person_id:
        return ""
    with store.reading(desk.records) as connection:
        person = accounts.get(connection, person_id)
        name = namesakes.names(connection).get(person_id, "")
    if person is None or person.is_disabled:
        abort(400)
    return name
