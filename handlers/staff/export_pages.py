"""Taking the entries away as Excel or CSV, all of them or a choice."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from handlers.staff import downloads, entry_list, guard, workbooks
from handlers.staff.desk import Desk
from handlers.staff.entry_list import Days, Wanted
from knowledge.entries import Stored
from knowledge.entry import CATEGORIES, Entry
from knowledge.plan import StatusKind
from knowledge.records import drafts, settings, store
from knowledge.remembered import Remembered

KEPT_SECONDS = 3600.0
"""A file of the very same entries is not written twice: 5,000 take Excel's writer four seconds."""

WRITERS: dict[str, Callable[[list[Entry], Mapping[str, int]], bytes]] = {
    "xlsx": workbooks.write_xlsx,
    "csv": workbooks.write_csv,
}


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/export`, which understands the same address as the list of entries."""
    written: Remembered[bytes] = Remembered(KEPT_SECONDS, desk.clock, size=4)

    @blueprint.get("/export")
    @guard.needs("viewer")
    def export() -> str:
        wanted = Wanted.of(request.args)
        return render_template(
            "staff/export.html",
            wanted=wanted,
            count=len(_chosen(desk, wanted)),
            categories=CATEGORIES,
            states=entry_list.STATES,
            owners=sorted({row.owner for row in desk.entries.rows()}),
            carried=_carried(wanted),
        )

    @blueprint.get("/export/file")
    @guard.needs("viewer")
    def export_file() -> Response:
        kind = request.args.get("format", "xlsx")
        if kind not in WRITERS:
            abort(404)
        write = WRITERS[kind]
        known = desk.kb.revision  # before the entries: what comes meanwhile is never kept as this
        chosen = _chosen(desk, Wanted.of(request.args))
        what = (kind, known, tuple(stored.entry.id for stored in chosen))
        revisions = {stored.entry.id: stored.revision for stored in chosen}
        content = written.get(what, lambda: write([s.entry for s in chosen], revisions))
        return downloads.answer(content, f"entries-{desk.today()}", kind)


def _chosen(desk: Desk, wanted: Wanted) -> list[Stored]:
    """Those of the list; a question asked of the search engine narrows nothing here."""
    with store.reading(desk.records) as connection:
        drafted = {draft.entry_id for draft in drafts.heads(connection)}
        days = Days.of(desk.today(), settings.get(connection).soon_days)
    chosen = entry_list.matching(desk.entries.rows(), wanted, days, drafted)
    found = {row.entry_id for row in chosen}
    return [stored for stored in desk.kb.all_entries() if stored.entry.id in found]


def _carried(wanted: Wanted) -> list[tuple[str, str, str]]:
    """(parameter, value, words) of what the list can choose by and this page cannot."""
    found = [("only", name, entry_list.ONLY[name]) for name in wanted.only]
    if wanted.plan:
        found.append(
            ("plan", wanted.plan, f"計画：{entry_list.PLAN_STATES[StatusKind(wanted.plan)]}")
        )
    if wanted.query and not wanted.how:
        found.append(("query", wanted.query, f"「{wanted.query}」を含む"))
    return found
