"""The history of an entry: who changed what and why, any two texts compared, going back to one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from handlers.staff import changes, differences, guard, namesakes, paging, retiring
from handlers.staff.changes import Change, Proposed
from handlers.staff.desk import Desk
from handlers.staff.forms import PlainForm
from knowledge import entry as entry_module
from knowledge import history, releases
from knowledge.entries import CATALOG_EDITOR, Stored
from knowledge.entry import EntryError
from knowledge.history import Version
from knowledge.records import audit, store
from knowledge.records.audit import Deed

PAGE_SIZE = 50
CHOICES = 500
"""More versions than these are not offered for comparing; each can still be opened by its page."""

CATALOG_NAME = "カタログ（はじめの内容）"
OTHER_MACHINE = "ほかの機械で公開（第{number}版）"
NOT_READABLE = "この版は古い形で書かれているため、戻せません。「直す」から書き写してください。"
CHANGED_MEANWHILE = (
    "ほかの人がこの項目を変えました。変わったところを確かめてから、もう一度戻してください。"
)
ALREADY = "いまの内容と同じなので、戻すところはありません。"


@dataclass(frozen=True)
class Told:
    """A version as the page tells it: who and why, and the fields that it changed."""

    version: Version
    who: str
    reason: str
    fields: tuple[str, ...]
    before: Version | None


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/entries/<id>/history`, `/history/compare` and `/history/<mark>/restore`."""
    _add_history(blueprint, desk)
    _add_compare(blueprint, desk)
    _add_restore(blueprint, desk)


def _add_history(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/entries/<entry_id>/history")
    @guard.needs("viewer")
    def entry_history(entry_id: str) -> str:
        count = history.count(desk.kb, entry_id) or abort(404)
        part = paging.asked(count, PAGE_SIZE)
        found = history.versions(desk.kb, entry_id, PAGE_SIZE + 1, part.start)
        stored = desk.kb.stored(entry_id)
        return render_template(
            "staff/history.html",
            entry_id=entry_id,
            title=_title(found),
            told=_told(desk, found)[:PAGE_SIZE],
            choices=history.versions(desk.kb, entry_id, CHOICES),
            newest=history.versions(desk.kb, entry_id, 1)[0],
            revision=stored.revision if stored else 0,
            count=count,
            part=part,
        )


def _add_compare(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/entries/<entry_id>/history/compare")
    @guard.needs("viewer")
    def compare_versions(entry_id: str) -> str:
        before = _version(desk, entry_id, request.args.get("before", ""))
        after = _version(desk, entry_id, request.args.get("after", ""))
        newest = history.versions(desk.kb, entry_id, 1)[0]
        stored = desk.kb.stored(entry_id)
        return render_template(
            "staff/compare.html",
            entry_id=entry_id,
            title=_title([after, before]),
            before=before,
            after=after,
            names=_names(desk, [before, after]),
            differences=differences.between(before.document, after.document),
            newest=newest,
            revision=stored.revision if stored else 0,
        )


def _add_restore(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/entries/<entry_id>/history/<mark>/restore")
    @guard.needs("publisher")
    def restore(entry_id: str, mark: str) -> Response:
        version = _version(desk, entry_id, mark)
        if version.document is None or not PlainForm().validate_on_submit():
            abort(400)
        stored = desk.kb.stored(entry_id)
        problem = _problem(stored, version, request.form.get("seen_revision", ""))
        if problem:
            flash(problem)
            return redirect(url_for("staff.entry_history", entry_id=entry_id), 303)
        job_id = changes.begin(desk, guard.me(), _back_to(desk, stored, version))
        return redirect(url_for("staff.change", job_id=job_id), 303)


def _problem(stored: Stored | None, version: Version, seen_revision: str) -> str:
    """Why one cannot go back to a version, in a sentence; empty when one can."""
    if seen_revision != str(stored.revision if stored else 0):
        return CHANGED_MEANWHILE
    try:
        entry = entry_module.from_data(version.document)
    except EntryError:
        return NOT_READABLE
    return ALREADY if stored is not None and stored.entry == entry else ""


def _back_to(desk: Desk, stored: Stored | None, version: Version) -> Change:
    entry = entry_module.from_data(version.document)
    title = f"「{entry.title}」を版{version.revision}の内容に戻す"
    if stored is None:
        return Change("rollback", title, (Proposed(entry, 0),))
    others = retiring.given_back(desk, stored.entry, entry)
    return Change("rollback", title, (Proposed(entry, stored.revision), *others))


def _version(desk: Desk, entry_id: str, mark: str) -> Version:
    return history.version(desk.kb, entry_id, mark) or abort(404)


def _title(found: Iterable[Version]) -> str:
    """The newest title that is known: a removed entry has none of its own any more."""
    documents = (version.document for version in found)
    return next((str(document["title"]) for document in documents if document), "削除された項目")


def _told(desk: Desk, found: Sequence[Version]) -> list[Told]:
    names, deeds = _names(desk, found), _deeds(desk, found)
    return [
        Told(
            version=version,
            who=deeds[version.mark].person_name if version.mark in deeds else names[version.mark],
            reason=deeds[version.mark].reason if version.mark in deeds else "",
            fields=_fields(before, version),
            before=before,
        )
        for version, before in zip(found, [*found[1:], None], strict=True)
    ]


def _fields(before: Version | None, version: Version) -> tuple[str, ...]:
    if before is None or before.document is None or version.document is None:
        return ()
    changed = differences.changed(before.document, version.document)
    return tuple(differences.FIELDS[name] for name in changed)


def _names(desk: Desk, found: Sequence[Version]) -> dict[str, str]:
    """Who made each version; what came with a release from another machine, its publisher."""
    publishers = {f"release {p.number}": p.by for p in releases.published(desk.records)}
    return {version.mark: _name(version.editor, publishers) for version in found}


def _name(editor: str, publishers: dict[str, str]) -> str:
    editor = publishers.get(editor, editor)
    if editor == CATALOG_EDITOR:
        return CATALOG_NAME
    word, _, number = editor.partition(" ")
    return OTHER_MACHINE.format(number=number) if word == "release" else editor


def _deeds(desk: Desk, found: Sequence[Version]) -> dict[str, Deed]:
    """Who made each version and why, by its mark, where the trail tells."""
    marks, deeds = {version.mark for version in found}, dict[str, Deed]()
    with store.reading(desk.records) as connection:
        beside = namesakes.found(connection)
        for deed in audit.publications(connection, found[0].entry_id) if found else ():
            if marks <= deeds.keys():
                break  # a page of an entry with a long past asks only for its own part of it
            deeds[str(deed.detail.get(audit.TEXT))] = _with_account(deed, beside)
    return deeds


def _with_account(deed: Deed, beside: Mapping[str, str]) -> Deed:
    account = beside.get(deed.person_id)
    return replace(deed, person_name=f"{deed.person_name}（{account}）") if account else deed
