"""Taking entries in from Excel or CSV: send a file, look at what it would change, confirm."""

import difflib
import secrets
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_wtf.file import FileField, FileRequired
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response
from wtforms import BooleanField, SubmitField

from handlers.staff import changes, guard, paging, sheet_reading, workbooks
from handlers.staff.changes import Change
from handlers.staff.desk import Desk
from handlers.staff.forms import JapaneseForm, PlainForm
from handlers.staff.upload_errors import UploadError
from knowledge import entry as entry_module
from knowledge import sheets
from knowledge.records import jobs, store, uploads
from knowledge.records.jobs import Data, Job

MAX_FILE_MEGABYTES = 40
MAX_FILE_BYTES = MAX_FILE_MEGABYTES * 1024 * 1024
"""This site's own CSV of 10,000 entries has 33 MB; the proxies in bot/deploy let a little more through."""

FORM_BYTES = 64 * 1024
"""Around the file: the form's other fields and the lines between them."""

PER_PAGE = 20
Page = str | Response | tuple[str, int]


class ImportForm(JapaneseForm):
    """A file, and whether it may bring new entries."""

    file = FileField(
        "ファイル",
        [FileRequired("ファイルを選んでください。")],
        description=f"Excel（.xlsx）か CSV。{MAX_FILE_MEGABYTES}MB、{workbooks.MAX_ROWS:,}行まで。",
    )
    may_add = BooleanField("新しい項目も加える")
    submit = SubmitField("確かめる")


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/import`."""
    _make_room(blueprint)
    _add_upload(blueprint, desk)
    _add_result(blueprint, desk)
    _add_confirm(blueprint, desk)


def _make_room(blueprint: Blueprint) -> None:
    @blueprint.url_value_preprocessor
    def allow_a_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        """Before the protection against forged forms reads the body, and only for the signed in."""
        if endpoint == "staff.import_file" and guard.SESSION_KEY in session:
            request.max_content_length = MAX_FILE_BYTES + FORM_BYTES

    @blueprint.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> Page:
        return render_template("staff/too_large.html", most=MAX_FILE_MEGABYTES), 413


def _add_upload(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/import", methods=["GET", "POST"])
    @guard.needs("editor")
    def import_file() -> Page:
        form = ImportForm()
        if not form.validate_on_submit():
            status = 422 if form.errors else 200
            return render_template("staff/import.html", form=form), status
        name, content = form.file.data.filename or "", form.file.data.read()
        if len(content) > MAX_FILE_BYTES:
            raise RequestEntityTooLarge
        try:
            workbooks.examine(name, content)
        except UploadError as error:
            form.file.errors = [str(error)]
            return render_template("staff/import.html", form=form), 422
        request_of = sheet_reading.request_for(name, content, may_add=form.may_add.data)
        job = Job(secrets.token_hex(16), uploads.KIND, request_of, guard.me().person_id)
        with store.writing(desk.records) as connection:
            uploads.send(connection, job, desk.clock())
        return redirect(url_for("staff.import_result", upload_id=job.job_id), 303)


def _add_result(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/import/<upload_id>")
    @guard.needs("editor")
    def import_result(upload_id: str) -> Page:
        job = _job(desk, upload_id)
        if job is None:
            return render_template("staff/import_gone.html"), 404
        if job.state not in (jobs.DONE, jobs.FAILED):
            return render_template("staff/import_progress.html", job=job)
        held = job.result or {}
        if "changed" not in held:
            return render_template("staff/import_failed.html", error=held.get("error"))
        return _found(upload_id, held)


def _job(desk: Desk, upload_id: str) -> Job | None:
    """Without file and result as long as it is read."""
    whose = upload_id, guard.me().person_id, desk.clock()
    with store.reading(desk.records) as connection:
        job = uploads.glance(connection, *whose)
        is_over = job is not None and job.state in (jobs.DONE, jobs.FAILED)
        return uploads.see(connection, *whose) if is_over else job


def _found(upload_id: str, held: Data) -> str:
    part = paging.asked(len(held["changed"]), PER_PAGE)
    return render_template(
        "staff/import_result.html",
        upload_id=upload_id,
        held=held,
        entries=[_shown(one) for one in part.of(held["changed"])],
        part=part,
        more=held["new"] + held["altered"] - len(held["changed"]),
        may_confirm=guard.me().may("publisher"),
    )


def _add_confirm(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/import/<upload_id>/confirm")
    @guard.needs("publisher")
    def confirm_import(upload_id: str) -> Page:
        if not PlainForm().validate_on_submit():
            abort(400)
        whose = upload_id, guard.me().person_id, desk.clock()
        with store.reading(desk.records) as connection:
            upload = uploads.see(connection, *whose)
            if upload is not None and not sheet_reading.may_be_confirmed(upload):
                return redirect(url_for("staff.import_result", upload_id=upload_id), 303)
            upload = uploads.get(connection, *whose)
        job_id = _begin(desk, upload, upload.result) if upload and upload.result else ""
        if not job_id:
            flash(
                "もう取り込みを始めたか、日がたって消えました。要るときは、もう一度送ってください。"
            )
            return redirect(url_for("staff.import_file"), 303)
        return redirect(url_for("staff.change", job_id=job_id), 303)


def _begin(desk: Desk, upload: Job, held: Data) -> str:
    """Take the upload and begin its change, both or neither; "" when another click was faster."""
    me, now = guard.me(), desk.clock()
    job = changes.prepared(me, _change(upload, held))
    with store.writing(desk.records) as connection:
        if not uploads.take(connection, upload.job_id, me.person_id, now):
            return ""
        jobs.add(connection, job, now)
    return job.job_id


def _shown(one: dict[str, Any]) -> dict[str, Any]:
    entry = entry_module.from_data(one["entry"])
    found = one["differences"] if one["seen_revision"] else sheets.differences(None, entry)
    return {
        "id": entry.id,
        "title": entry.title,
        "row": one["row"],
        "is_new": one["seen_revision"] == 0,
        "fields": [(heading, *_lines(before, after)) for heading, before, after in found],
    }


def _lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that go and the lines that come."""
    old, new = before.splitlines(), after.splitlines()
    gone: list[str] = []
    come: list[str] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            gone += old[a:b]
            come += new[c:d]
    return gone, come


def _change(job: Job, held: Data) -> Change:
    title = f"取り込み（変わる {held['altered']}、新しい {held['new']}）：{held['file']}"
    return Change("import", title, changes.proposed_in(job))
