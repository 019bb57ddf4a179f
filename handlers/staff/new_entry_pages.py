"""Beginning an entry that does not exist yet: a title, how people ask, and its name in addresses."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms import StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from handlers.staff import drafting, entry_form, group_pages, guard, slug
from handlers.staff import entry_help as words
from handlers.staff.desk import Desk, Page
from handlers.staff.drafting import ConflictError, Sent
from handlers.staff.forms import NEEDED, JapaneseForm
from handlers.staff.question_pages import SHOWN_TEXTS
from knowledge import grouping
from knowledge.records import audit, reviews
from knowledge.records.audit import Act
from knowledge.records.jobs import Transaction


class NewEntryForm(JapaneseForm):
    """What is needed to begin."""

    title = StringField(
        "題名",
        [InputRequired(NEEDED), Length(max=100, message="100文字までです。")],
        description=words.TITLE,
    )
    phrasings = TextAreaField("言い回し（1行に一つ）", description=words.NEW_PHRASINGS)
    entry_id = StringField("項目の名前（英数字）", description=words.ENTRY_ID)
    submit = SubmitField("書き始める")


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/entries/new`, also with `?title=…&phrasing=…&phrasing=…&question=…`."""

    @blueprint.route("/entries/new", methods=["GET", "POST"])
    @guard.needs("editor")
    @guard.keeps_text
    def new_entry() -> Page:
        if request.method == "GET":
            return _page(_prefilled(desk))
        form = NewEntryForm()
        if request.form.get("action") == "resume" or not form.validate():
            return _page(form)
        entry_id = (form.entry_id.data or "").strip() or slug.proposed(desk, form.title.data)
        problem = slug.problem(desk, entry_id)
        if problem:
            form.entry_id.errors = [problem]
            return _page(form)
        return _begin(desk, form, entry_id)


def _begin(desk: Desk, form: NewEntryForm, entry_id: str) -> Page:
    document = entry_form.canonical(
        {
            "id": entry_id,
            "title": form.title.data,
            "phrasings": entry_form.lines(form.phrasings.data),
        }
    )
    sent = Sent(entry_id, document, 0, 0, {})
    also = partial(_note_questions, desk, entry_id)
    try:
        drafting.save(desk, guard.me(), sent, drafting.BEGIN, also)
    except ConflictError:  # somebody began the same this very moment
        form.entry_id.errors = [slug.TAKEN]
        return _page(form)
    flash("新しい項目の下書きを作りました。")
    return redirect(url_for("staff.edit", entry_id=entry_id), 303)


def _questions() -> list[str]:
    """The wordings of the log that the entry is begun for."""
    keys = request.values.getlist("question")[:SHOWN_TEXTS]
    return [key for key in keys if grouping.is_key(key)]


def _note_questions(desk: Desk, entry_id: str, connection: Transaction) -> None:
    """They are taught once the entry is published."""
    keys = _questions()
    if keys:
        detail = {"entry": entry_id, "wordings": len(keys)}
        act = Act("draft_for_questions", keys[0], detail=detail)
        reviews.put(connection, keys, reviews.WAITING, group_pages.hand(desk), entry_id)
        audit.note(connection, guard.me(), act, desk.clock())


def _prefilled(desk: Desk) -> NewEntryForm:
    title = request.args.get("title", "").strip()
    return NewEntryForm(
        formdata=None,
        title=title,
        phrasings="\n".join(entry_form.lines("\n".join(request.args.getlist("phrasing")))),
        entry_id=slug.proposed(desk, title) if title else "",
    )


def _page(form: NewEntryForm) -> str:
    return render_template("staff/new_entry.html", form=form, questions=_questions())
