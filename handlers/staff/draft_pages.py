"""Writing on an entry: its form, saving by hand and by itself, throwing a draft away."""

import json
from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)

from handlers.staff import (
    changes,
    conflict_pages,
    drafting,
    entry_form,
    entry_help,
    entry_problems,
    guard,
    slug,
    values,
)
from handlers.staff.changes import Change, Proposed
from handlers.staff.desk import Desk, Page
from handlers.staff.drafting import ConflictError, Opened, Sent
from handlers.staff.entry_form import EntryForm
from handlers.staff.filters import clock_time
from handlers.staff.forms import PlainForm

SAVED = "下書きを保存しました。"
SAVED_AT = "下書きを保存しました {time}"
SAVED_BY_OTHERS = (
    "{name} さんがこの項目を保存したため、自動では保存していません。"
    "「下書きを保存する」を押すと、両方の文を見くらべられます。"
)
PUBLISHED_MEANWHILE = (
    "下書きを保存しました。公開中の文が変わっています。"
    "「下書きを保存する」を押すと、両方の文を見くらべられます。"
)
NOT_SAVED_YET = "書いていた内容を戻しました。まだ保存していません。"
ASK_A_PUBLISHER = "下書きを保存しました。公開は「公開する人」に頼んでください。"
MAX_SUGGESTIONS = 300


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/entries/<id>/edit` and its neighbours."""
    _add_edit(blueprint, desk)
    _add_autosave(blueprint, desk)
    _add_discard(blueprint, desk)


def _add_edit(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/entries/<entry_id>/edit", methods=["GET", "POST"])
    @guard.needs("editor")
    @guard.keeps_text
    def edit(entry_id: str) -> Page:
        opened = drafting.opened(desk, entry_id)
        if request.method == "GET":
            return _page(desk, opened or abort(404))
        opened = opened or _blank(entry_id)
        form, action = EntryForm(), request.form.get("action", "")
        if action in ("save", "publish"):
            return _save(desk, opened, form, action)
        entry_form.change_rows(form, action)
        return _page(desk, opened, form, NOT_SAVED_YET if action == "resume" else "")


def _add_autosave(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/entries/<entry_id>/autosave")
    @guard.needs("editor")
    def autosave(entry_id: str) -> tuple[Response, int]:
        sent = _sent(_blank(entry_id), EntryForm())
        try:
            version = drafting.autosave(desk, guard.me(), sent)
        except ConflictError as error:
            return _told(error.conflict), 409
        time = clock_time(desk.clock()).split()[-1]
        return jsonify(version=version, message=SAVED_AT.format(time=time)), 200


def _add_discard(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/entries/<entry_id>/discard", methods=["GET", "POST"])
    @guard.needs("editor")
    def discard(entry_id: str) -> Page:
        opened = drafting.opened(desk, entry_id)
        if opened is None or opened.draft is None:
            flash("捨てる下書きはありません。")
            return redirect(_after_discard(opened), 303)
        form = PlainForm()
        if not form.validate_on_submit():
            return render_template("staff/discard.html", opened=opened, form=form)
        seen_version = values.number(request.form.get("seen_version"))
        if drafting.discard(desk, guard.me(), entry_id, seen_version):
            flash("下書きを捨てました。")
            return redirect(_after_discard(opened), 303)
        flash("ほかの人が保存したため、捨てていません。もう一度確かめてください。")
        return redirect(url_for("staff.discard", entry_id=entry_id), 303)


def _save(desk: Desk, opened: Opened, form: EntryForm, action: str) -> Page:
    sent = _sent(opened, form)
    try:
        drafting.save(desk, guard.me(), sent)
    except ConflictError as error:
        return conflict_pages.page(error.conflict), 409
    if action == "publish":
        return _publish(desk, opened, sent)
    flash(SAVED)
    return redirect(url_for("staff.edit", entry_id=opened.entry_id, checked=1), 303)


def _publish(desk: Desk, opened: Opened, sent: Sent) -> Page:
    entry, _ = entry_problems.checked(desk, sent.document)
    back = url_for("staff.edit", entry_id=opened.entry_id, checked=1)
    if not guard.me().may("publisher"):
        flash(ASK_A_PUBLISHER)
        return redirect(back, 303)
    if entry is None:
        return redirect(back, 303)
    is_there = opened.stored is not None  # not when a release from before it was put back
    change = Change(
        kind="publish" if is_there else "new",
        title=entry.title,
        proposed=(Proposed(entry, sent.base_revision if is_there else 0),),
    )
    return redirect(url_for("staff.change", job_id=changes.begin(desk, guard.me(), change)), 303)


def _page(desk: Desk, opened: Opened, form: EntryForm | None = None, notice: str = "") -> str:
    shown = form or _form(opened)
    is_checked = "checked" in request.args and form is None
    troubles = entry_problems.checked(desk, opened.document)[1] if is_checked else []
    return render_template(
        "staff/edit.html",
        form=shown,
        opened=opened,
        notice=notice,
        is_unsaved=form is not None and not notice,
        problems=entry_form.attach(shown, ((t.field, t.message) for t in troubles)),
        is_checked=is_checked,
        titles=_titles(desk, opened),
        languages=entry_help.LANGUAGES,
    )


def _form(opened: Opened) -> EntryForm:
    form = entry_form.form_of(opened.document)
    form.seen_version.data = str(opened.version)
    form.base_revision.data = str(opened.base_revision)
    seen = drafting.fingerprints(entry_form.document_of(form, opened.entry_id))
    form.seen.data = json.dumps(seen)
    return form


def _sent(opened: Opened, form: EntryForm) -> Sent:
    return Sent(
        entry_id=opened.entry_id,
        document=entry_form.document_of(form, opened.entry_id),
        seen_version=values.number(form.seen_version.data),
        base_revision=values.number(form.base_revision.data),
        seen=_marks(form.seen.data),
    )


def _blank(entry_id: str) -> Opened:
    """What a text is saved to whose draft somebody has thrown away meanwhile."""
    if not slug.is_one(entry_id):
        abort(404)
    return Opened(entry_id, {"id": entry_id}, None, None)


def _told(conflict: drafting.Conflict) -> Response:
    """Why a text was not saved by itself; with a version where it was."""
    if conflict.is_published:
        return jsonify(version=conflict.version, message=PUBLISHED_MEANWHILE)
    return jsonify(version=0, message=SAVED_BY_OTHERS.format(name=conflict.person_name))


def _titles(desk: Desk, opened: Opened) -> Mapping[str, str]:
    """Public entries to relate to: all of a small guide, else those of the category."""
    everything = list(desk.kb.snapshot(desk.today()).entries.values())
    chosen = set(opened.document.get("related") or ())
    category = opened.document.get("category")
    if len(everything) > MAX_SUGGESTIONS:
        everything = [e for e in everything if e.category == category or e.id in chosen]
    return {e.id: e.title for e in everything if e.id != opened.entry_id}


def _after_discard(opened: Opened | None) -> str:
    if opened is not None and opened.stored is not None:
        return url_for("staff.entry", entry_id=opened.entry_id)
    return url_for("staff.entries")


def _marks(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
