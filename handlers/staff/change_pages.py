"""The pages of a change: how far the comparison is, which answers change, and the button to publish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from wtforms import BooleanField, SubmitField, TextAreaField
from wtforms.validators import DataRequired, Length

from handlers.staff import changes, differences, guard, namesakes, packing, publishing
from handlers.staff.changes import Outcome, Proposed, Wish
from handlers.staff.desk import Desk, Page
from handlers.staff.forms import JapaneseForm, PlainForm
from knowledge import entry as entry_module
from knowledge.entries import Stored
from knowledge.records import asked, jobs, store
from knowledge.records.jobs import Job
from knowledge.replay import Answer, Changed, ReplayResult

SHOWN_QUESTIONS = 100
SHOWN_ENTRIES = packing.AT_HAND
"""More than this nobody reads on one page; the rest is counted."""

ERASED = "（この質問の文は、もう消されています）"

VERBS = {
    "publish": "公開する",
    "new": "公開する",
    "teach": "公開する",
    "import": "取り込んで公開する",
    "retire": "取り下げる",
    "rollback": "前の内容に戻す",
    "outside": "案内しない話題にする",
    "remove_outside": "例から外す",
}
VERDICTS = {"worse": "悪くなる", "unknown": "どちらとも言えない", "better": "よくなる"}
DECISIONS = {"answer": "答える", "choose": "選んでもらう", "none": "見つからないと伝える"}
MEASURES = {
    "right_first": "正しい項目を最初に出せる質問",
    "shown": "正しい項目を見せられる質問",
    "wrong_as_sure": "違う項目を答えてしまう質問",
    "out_of_scope_declined": "案内しない話題だと分かる質問",
    "out_of_scope_answered": "案内しない話題なのに答えてしまう質問",
}
SAID = {
    Outcome.ALREADY: "この変更は、もう公開されています。二度は公開されません。",
    Outcome.BLOCKED: "まだ公開していません。答えが悪くなるため、下の確認の欄に印がいります。",
    Outcome.STALE: "まだ公開していません。確かめている間に、ほかの人が公開しました。",
    Outcome.OUTDATED: "まだ公開していません。調べたあとに公開が変わりました。もう一度調べてください。",
    Outcome.BUSY: "まだ公開していません。ほかの人が保存しているところです。少し待って、もう一度お試しください。",
}
NOT_YOURS_TO_DROP = "この変更をやめられるのは、始めた人と、役割が「公開する人」の職員です。"


class CommitForm(JapaneseForm):
    """Why, and whether although answers get worse."""

    reason = TextAreaField(
        "公開する理由",
        [DataRequired("理由を入力してください。"), Length(max=500, message="500文字までです。")],
        description="あとで見る人のために、ひとことで構いません。例：受付時間が変わったため",
    )
    overrides = BooleanField("上のことを確かめました。それでも公開します")
    submit = SubmitField("公開する")


@dataclass(frozen=True)
class Shown:
    """A question whose answer changes, in words; `name` and `order` are its verdict's."""

    name: str
    order: int
    verdict: str
    text: str
    is_recorded: bool
    times: int
    before: str
    after: str


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/changes/<job_id>`."""
    _add_change(blueprint, desk)
    _add_commit(blueprint, desk)
    _add_opened_again(blueprint)
    _add_again(blueprint, desk)
    _add_drop(blueprint, desk)


def _add_change(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/changes/<job_id>")
    @guard.needs("editor")
    def change(job_id: str) -> Page:
        job = _job(desk, job_id)
        return _page(desk, job, CommitForm(formdata=None, reason=job.request.get("reason", "")))


def _add_commit(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/changes/<job_id>/commit")
    @guard.needs("publisher")
    @guard.keeps_text
    def commit_change(job_id: str) -> Page:
        job, form = _job(desk, job_id), CommitForm()
        if job.state in (jobs.QUEUED, jobs.RUNNING, jobs.AGAIN, jobs.DROPPED):
            if form.validate_on_submit():
                changes.keep_reason(desk, job_id, form.reason.data)
            return redirect(url_for("staff.change", job_id=job_id), 303)
        if request.form.get("action") == "resume":
            return _page(desk, job, form)
        if job.state in publishing.OPEN and not form.validate_on_submit():
            return _page(desk, job, form), 422
        wish = Wish((form.reason.data or "").strip(), bool(form.overrides.data))
        outcome = changes.commit(desk, guard.me(), job, wish)
        if outcome is Outcome.BLOCKED:
            form.overrides.errors = [SAID[outcome]]
            return _page(desk, job, form), 422
        if outcome in SAID:
            flash(SAID[outcome])
        return redirect(url_for("staff.change", job_id=job_id), 303)


def _add_opened_again(blueprint: Blueprint) -> None:
    @blueprint.get("/changes/<job_id>/commit")
    @guard.needs("editor")
    def opened_again(job_id: str) -> Page:
        """The address that stands in the browser while a form is refused."""
        return redirect(url_for("staff.change", job_id=job_id), 303)


def _add_again(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/changes/<job_id>/again")
    @guard.needs("editor")
    def compare_again(job_id: str) -> Page:
        job = _job(desk, job_id)
        if PlainForm().validate_on_submit() and job.state in publishing.OPEN:
            changes.begin_again(desk, job)
        return redirect(url_for("staff.change", job_id=job_id), 303)


def _add_drop(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/changes/<job_id>/drop")
    @guard.needs("editor")
    def drop_change(job_id: str) -> Page:
        job = _job(desk, job_id)
        if not publishing.may_drop(guard.me(), job):
            flash(NOT_YOURS_TO_DROP)
        elif PlainForm().validate_on_submit():
            publishing.drop(desk, guard.me(), job)
        return redirect(url_for("staff.change", job_id=job_id), 303)


def _job(desk: Desk, job_id: str) -> Job:
    job = changes.find(desk, job_id)
    if job is None:
        abort(404)
    return job


def _page(desk: Desk, job: Job, form: CommitForm) -> str:
    if job.state == jobs.PUBLISHED:
        return _done(desk, job)
    if job.state == jobs.DROPPED:
        return render_template("staff/change_dropped.html", job=job)
    if job.state not in publishing.OPEN:
        return render_template("staff/change.html", job=job, verb=_verb(job))
    stored = publishing.stored(desk)
    stale = [one for one, revision, _ in packing.seen(job.request) if revision != _now(stored, one)]
    if stale:
        shown = changes.shown_in(job, set(stale[:SHOWN_ENTRIES]))
        entries = [_difference(one, stored.get(one.entry.id)) for one in shown]
        more = len(stale) - len(entries)
        return render_template(
            "staff/stale.html", job=job, entries=entries, verb=_verb(job), more_entries=more
        )
    return _found(desk, job, form, stored)


def _now(stored: Mapping[str, Stored], entry_id: str) -> int:
    return stored[entry_id].revision if entry_id in stored else 0


def _found(desk: Desk, job: Job, form: CommitForm, stored: Mapping[str, Stored]) -> str:
    shown, result = changes.shown_in(job), changes.result_of(job)
    seen = packing.seen(job.request)
    form.submit.label.text = _verb(job)
    form.reason.label.text = f"{_verb(job)}理由"
    needs_override = result is None or result.is_blocked
    return render_template(
        "staff/change.html",
        job=job,
        verb=_verb(job),
        form=form,
        result=result,
        needs_override=needs_override,
        is_outdated=publishing.is_outdated(desk, job),
        may_commit=guard.me().may("publisher"),
        may_drop=publishing.may_drop(guard.me(), job),
        fallen=_fallen(result),
        questions=_shown(desk, result, _titles(stored, seen)),
        entries=[_difference(one, stored.get(one.entry.id)) for one in shown],
        outside=publishing.outside_in(job),
        removed=publishing.removed_in(job),
        more_entries=len(seen) - len(shown),
    )


def _done(desk: Desk, job: Job) -> str:
    wish, seen = job.request.get("wish", {}), packing.seen(job.request)
    with store.reading(desk.records) as connection:
        names = namesakes.names(connection)
    return render_template(
        "staff/change_done.html",
        job=job,
        verb=_verb(job),
        by=names.get(str(wish.get("person_id")), ""),
        reason=wish.get("reason", ""),
        entries=[{"id": one, "title": title} for one, _, title in seen[:SHOWN_ENTRIES]],
        more_entries=max(0, len(seen) - SHOWN_ENTRIES),
        outside=publishing.outside_in(job),
        removed=publishing.removed_in(job),
    )


def _shown(desk: Desk, result: ReplayResult | None, titles: Mapping[str, str]) -> list[Shown]:
    changed: Sequence[Changed] = result.changed[:SHOWN_QUESTIONS] if result else ()
    with store.reading(desk.records) as connection:
        texts = asked.texts(connection, [one.key for one in changed if not one.text])
    return [
        Shown(
            name=one.verdict,
            order=list(VERDICTS).index(one.verdict),
            verdict=VERDICTS[one.verdict],
            text=one.text or texts.get(one.key, ERASED),
            is_recorded=bool(one.text),
            times=one.times,
            before=_in_words(one.before, titles),
            after=_in_words(one.after, titles),
        )
        for one in changed
    ]


def _in_words(answer: Answer, titles: Mapping[str, str]) -> str:
    names = "、".join(f"「{titles.get(entry_id, entry_id)}」" for entry_id in answer.entries)
    said = DECISIONS.get(answer.decision, answer.decision)
    return f"{said}：{names}" if names and answer.decision != "none" else said


def _fallen(result: ReplayResult | None) -> list[dict[str, Any]]:
    fallen = result.fallen if result else ()
    return [
        {"name": MEASURES.get(one.name, one.name), **{k: vars(one)[k] for k in _COUNTS}}
        for one in fallen
    ]


_COUNTS = ("before", "after", "of")


def _difference(one: Proposed, stored: Stored | None) -> dict[str, Any]:
    """An entry with what is different in it: the whole texts of a field, and line by line."""
    now = entry_module.to_data(stored.entry) if stored else None
    return {
        "id": one.entry.id,
        "title": one.entry.title,
        "is_new": stored is None,
        "fields": [
            (
                found,
                differences.shown(found.name, (now or {}).get(found.name)),
                differences.shown(found.name, entry_module.to_data(one.entry)[found.name]),
            )
            for found in differences.between(now, entry_module.to_data(one.entry))
        ],
    }


def _titles(stored: Mapping[str, Stored], seen: Sequence[tuple[str, int, str]]) -> dict[str, str]:
    titles = {entry_id: one.entry.title for entry_id, one in stored.items()}
    return {entry_id: title for entry_id, _, title in seen} | titles


def _verb(job: Job) -> str:
    return VERBS.get(job.kind, "公開する")
