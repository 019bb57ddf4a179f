"""Two texts of one entry, side by side: choose or merge, and lose nothing."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from handlers.staff import drafting, entry_form, guard, merging, slug, values
from handlers.staff.desk import Desk, Page
from handlers.staff.drafting import Conflict, ConflictError, Sent

CHOICE_NAMES = {
    merging.MINE: "自分の文を使う",
    merging.THEIRS: "相手の文を使う",
    merging.BOTH: "両方を残す",
    merging.MERGED: "下で直した文を使う",
}
CHOOSE_ALL = "確かめるところがあります。赤い文字のところを見てください。"


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/entries/<id>/compare` and `/merge`."""
    _add_compare(blueprint, desk)
    _add_merge(blueprint, desk)


def page(conflict: Conflict) -> str:
    """Both texts, with the answers already given where only one of the two changed a field."""
    sent = conflict.sent
    mine, theirs = _canonical(sent.document), _canonical(conflict.theirs)
    return _render(conflict, mine, theirs, merging.likely(mine, theirs, sent.seen))


def _add_compare(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/entries/<entry_id>/compare")
    @guard.needs("editor")
    def compare(entry_id: str) -> Page:
        opened = drafting.opened(desk, entry_id) or abort(404)
        if not opened.has_moved or opened.stored is None:
            return redirect(url_for("staff.edit", entry_id=entry_id), 303)
        sent = Sent(entry_id, opened.document, opened.version, opened.base_revision, {})
        return page(drafting.with_published(desk, sent, opened.stored, opened.version))


def _add_merge(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/entries/<entry_id>/merge")
    @guard.needs("editor")
    @guard.keeps_text
    def merge(entry_id: str) -> Page:
        conflict, asked = _asked(entry_id), request.form
        mine, theirs = _canonical(conflict.sent.document), _canonical(conflict.theirs)
        is_open = [d for d in merging.differences(mine, theirs, asked) if d.is_open]
        if is_open or asked.get("action") == "resume":
            return _render(conflict, mine, theirs, asked), 200
        result = merging.merged(mine, theirs, asked)
        seen = drafting.fingerprints(theirs)
        sent = Sent(entry_id, result, conflict.version, conflict.base_revision, seen)
        try:
            drafting.save(desk, guard.me(), sent)
        except ConflictError as error:
            return page(error.conflict), 409
        flash("二つの文を合わせて、下書きを保存しました。")
        return redirect(url_for("staff.edit", entry_id=entry_id, checked=1), 303)


def _render(
    conflict: Conflict,
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    asked: Mapping[str, str],
) -> str:
    differences = merging.differences(mine, theirs, asked)
    is_asked_again = request.endpoint == "staff.merge" and "mine" in request.form
    return render_template(
        "staff/conflict.html",
        conflict=conflict,
        mine=json.dumps(mine, ensure_ascii=False),
        theirs=json.dumps(theirs, ensure_ascii=False),
        differences=differences,
        choice_names=CHOICE_NAMES,
        error=CHOOSE_ALL if is_asked_again and any(d.is_open for d in differences) else "",
    )


def _asked(entry_id: str) -> Conflict:
    """The two texts as they went around through the page."""
    form = request.form
    if not slug.is_one(entry_id):
        abort(404)
    version, revision = _number("version"), _number("base_revision")
    sent = Sent(entry_id, _document("mine", entry_id), version, revision, {})
    return Conflict(
        sent=sent,
        theirs=_document("theirs", entry_id),
        is_published=form.get("is_published") == "1",
        version=version,
        base_revision=revision,
        person_name=form.get("person_name", ""),
        saved_at=float(_number("saved_at")),
    )


def _number(name: str) -> int:
    return values.number(request.form.get(name))


def _document(name: str, entry_id: str) -> dict[str, Any]:
    try:
        found = json.loads(request.form.get(name, ""))
        return _canonical({**found, "id": entry_id})
    except (ValueError, TypeError, AttributeError, RecursionError):
        abort(400)


def _canonical(document: Mapping[str, Any]) -> dict[str, Any]:
    return entry_form.canonical(document)
