"""Retiring an entry: choose what takes its place, then see what would change."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from handlers.staff import changes, guard, namesakes, retiring
from handlers.staff.desk import Desk, Page
from handlers.staff.forms import PlainForm
from knowledge.entries import Stored
from knowledge.records import store

NOT_PUBLIC = "公開していない項目なので、取り下げられません。"
CHOOSE_ANOTHER = "引き継ぐ項目を選び直してください。公開中の、ほかの項目から選べます。"
CHANGED_MEANWHILE = "ほかの人がこの項目を変えました。内容を確かめてから、もう一度進んでください。"


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/entries/<id>/retire`."""

    @blueprint.route("/entries/<entry_id>/retire", methods=["GET", "POST"])
    @guard.needs("publisher")
    @guard.keeps_text
    def retire(entry_id: str) -> Page:
        stored = desk.kb.stored(entry_id) or abort(404)
        if stored.entry.state != "published":
            flash(NOT_PUBLIC)
            return redirect(url_for("staff.entry", entry_id=entry_id), 303)
        if not PlainForm().validate_on_submit():
            return _page(desk, stored)
        if request.form.get("seen_revision") != str(stored.revision):
            return _page(desk, stored, CHANGED_MEANWHILE), 409
        wished = request.form.get("successor", "")
        successor = desk.kb.stored(wished) if wished else None
        if wished and (successor is None or not _may_follow(desk, stored, successor)):
            return _page(desk, stored, CHOOSE_ANOTHER), 422
        job_id = changes.begin(desk, guard.me(), retiring.change(desk, stored, successor))
        return redirect(url_for("staff.change", job_id=job_id), 303)


def _may_follow(desk: Desk, stored: Stored, successor: Stored) -> bool:
    is_another = successor.entry.id != stored.entry.id
    return is_another and successor.entry.is_public(desk.today())


def _page(desk: Desk, stored: Stored, error: str = "") -> str:
    with store.reading(desk.records) as connection:
        draft = namesakes.draft(connection, stored.entry.id)
    return render_template(
        "staff/retire.html",
        entry=stored.entry,
        revision=stored.revision,
        draft=draft,
        form=PlainForm(formdata=None),
        choices=retiring.choices(desk.entries.rows(), stored.entry, desk.today()),
        chosen=request.form.get("successor", ""),
        error=error,
    )
