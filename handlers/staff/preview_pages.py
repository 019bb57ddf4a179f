"""See an entry as LINE would show it, published, as a draft, or while it is being written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, abort, render_template, request

from handlers.line import answers, words
from handlers.line.reply import Chat
from handlers.staff import entry_form, guard, line_view
from handlers.staff.desk import Desk
from handlers.staff.entry_form import EntryForm
from handlers.staff.line_view import Limit, Talk
from knowledge import entry as entry_module
from knowledge import plan
from knowledge.entry import CATEGORIES, Entry, EntryError
from knowledge.records import drafts, store

SHOWN_FIELDS = {
    "id": "項目の名前",
    "title": "題名",
    "summary": "結論",
    "body": "くわしい説明",
    "contact": "担当課",
    "links": "リンク",
    "plan": "計画の事業",
    "available": "使えるようになった日",
    "easy_ja": "やさしい日本語",
    "related": "関連する項目",
}
"""What an answer is made of; a slip in any other field does not keep it from being seen."""

BLANK: Mapping[str, Any] = {
    "id": "draft",
    "title": "（題名がまだありません）",
    "category": CATEGORIES[0],
    "audience": ["市民"],
    "summary": "（結論がまだありません）",
    "body": "",
    "phrasings": [],
    "contact": {"department": "（担当課がまだありません）"},
    "owner": "",
    "review_by": "2000-01-01",
}
"""Stands where nothing has been written yet."""

UNKNOWN_ROW = "計画の事業「{row}」は計画にありません。"
NOT_SHOWN = "「{field}」は、書き方が正しくないので、まだ見せられません。"


@dataclass(frozen=True)
class Preview:
    """An entry as a citizen would see it, what of LINE's limits it uses, and what cannot be shown."""

    normal: Talk
    easy: Talk | None
    limits: tuple[Limit, ...]
    problems: tuple[str, ...]


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/entries/<id>/preview` and the fragment for what is not saved yet."""
    _add_page(blueprint, desk)
    _add_fragment(blueprint, desk)


def _add_page(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/entries/<entry_id>/preview")
    @guard.needs("viewer")
    def preview(entry_id: str) -> str:
        is_draft = request.args.get("draft") == "1"
        document = _draft(desk, entry_id) if is_draft else _published(desk, entry_id)
        if document is None:
            abort(404)
        return render_template(
            "staff/preview.html",
            entry_id=entry_id,
            title=str(document.get("title") or entry_id),
            is_draft=is_draft,
            has_other=(_published if is_draft else _draft)(desk, entry_id) is not None,
            seen=of_document(desk, document),
        )


def _add_fragment(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/preview")
    @guard.needs("editor")
    def preview_fragment() -> str:
        seen = of_document(desk, _sent())
        return render_template("staff/preview_fragment.html", seen=seen)


def _sent() -> Mapping[str, Any]:
    """An entry's plain data as JSON, or as the edit form sends it."""
    if not request.is_json:
        return entry_form.document_of(EntryForm(), str(BLANK["id"]))
    document = request.get_json(silent=True)
    if not isinstance(document, dict):
        abort(400)
    return document


def of_document(desk: Desk, document: Mapping[str, Any]) -> Preview:
    """The preview of an entry's plain data, however unfinished."""
    entry, wrong = _filled(document)
    known = tuple(row for row in entry.plan if row in plan.rows())
    problems = [NOT_SHOWN.format(field=SHOWN_FIELDS[name]) for name in wrong]
    problems += [UNKNOWN_ROW.format(row=row) for row in entry.plan if row not in known]
    entry, chat = replace(entry, plan=known), Chat(desk.kb, desk.today())
    return Preview(
        normal=line_view.talk(answers.answer(entry, chat).messages, answers.short_title(entry)),
        easy=line_view.talk(answers.easy(entry).messages, words.LABEL_EASY)
        if entry.easy_ja
        else None,
        limits=tuple(line_view.limits(entry, chat)),
        problems=tuple(problems),
    )


def _filled(document: Mapping[str, Any]) -> tuple[Entry, list[str]]:
    """The entry with something in place of what is missing, and the fields that cannot be read."""
    written = {name: document[name] for name in SHOWN_FIELDS if document.get(name)}
    try:
        return entry_module.from_data({**BLANK, **written}), []
    except EntryError as error:
        wrong = [name for name in written if any(_is_about(name, p) for p in error.problems)]
    right = {name: value for name, value in written.items() if name not in wrong}
    return entry_module.from_data({**BLANK, **right}), wrong


def _is_about(name: str, problem: str) -> bool:
    return problem.startswith((f"項目 {name}：", f"項目 {name}."))


def _draft(desk: Desk, entry_id: str) -> Mapping[str, Any] | None:
    with store.reading(desk.records) as connection:
        draft = drafts.get(connection, entry_id)
    return draft.document if draft else None


def _published(desk: Desk, entry_id: str) -> Mapping[str, Any] | None:
    """The saved entry, even one that citizens are not shown (any more)."""
    stored = desk.kb.stored(entry_id)
    return entry_module.to_data(stored.entry) if stored else None
