"""The entries: finding them, and reading one as staff need it."""

from collections.abc import Sequence

from flask import Blueprint, abort, render_template, request

from handlers.staff import (
    entry_help,
    entry_list,
    entry_words,
    guard,
    link_pages,
    namesakes,
    paging,
    retire_pages,
)
from handlers.staff.desk import Desk
from handlers.staff.entry_list import Days, Listed, Wanted
from knowledge.entry import CATEGORIES
from knowledge.records import drafts, link_checks, settings, store


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/entries`, `/staff/entries/<id>` and its retirement."""
    _add_list(blueprint, desk)
    _add_entry(blueprint, desk)
    retire_pages.add_routes(blueprint, desk)


def _add_list(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/entries")
    @guard.needs("viewer")
    def entries() -> str:
        wanted, day = Wanted.of(request.args), desk.today()
        with store.reading(desk.records) as connection:
            drafted = drafts.all(connection)
            days = Days.of(day, settings.get(connection).soon_days)
        rows, drafted_ids = desk.entries.rows(drafted), {draft.entry_id for draft in drafted}
        found = _ranked(desk, entry_list.matching(rows, wanted, days, drafted_ids), wanted)
        part = paging.asked(len(found), entry_list.PAGE_SIZE)
        return render_template(
            "staff/entries.html",
            rows=part.of(found),
            counts={"found": len(found), "all": len(rows)},
            needs={name: entry_list.in_need(rows, name, days) for name in entry_list.TO_DO},
            drafted=drafted_ids,
            wanted=wanted,
            part=part,
            day=day,
            choices=_choices(rows),
            lists=entry_list,
            words=entry_words,
        )


def _add_entry(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/entries/<entry_id>")
    @guard.needs("viewer")
    def entry(entry_id: str) -> str:
        stored, day = desk.kb.stored(entry_id), desk.today()
        with store.reading(desk.records) as connection:
            draft = namesakes.draft(connection, entry_id)
            soon_days = settings.get(connection).soon_days
            checks = link_checks.by_url(connection) if stored and stored.entry.links else {}
        if stored is None:
            draft = draft or abort(404)
            return render_template("staff/entry_unpublished.html", draft=draft)
        one = stored.entry
        return render_template(
            "staff/entry.html",
            entry=one,
            revision=stored.revision,
            draft=draft,
            row=entry_list.listed(stored),
            day=day,
            soon_days=soon_days,
            checks=checks,
            outcomes=link_pages.OUTCOMES,
            in_trouble=link_pages.NEEDS_A_HAND,
            plan_lines=entry_words.plan_lines(one, day),
            source_lines=entry_words.source_lines(one, day),
            related=entry_list.ranked(desk.entries.rows(), one.related),
            lists=entry_list,
            words=entry_words,
            languages=entry_help.LANGUAGES,
        )


def _ranked(desk: Desk, rows: list[Listed], wanted: Wanted) -> list[Listed]:
    """As the bot itself would rank them for a citizen's question, where that was asked for."""
    if not wanted.query or not wanted.how:
        return rows
    matches = desk.kb.rank(wanted.query, desk.today()).matches
    return entry_list.ranked(rows, [match.entry_id for match in matches])


def _choices(rows: Sequence[Listed]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each list of the filter: its name, its label, and what it offers."""
    owners = sorted({row.owner for row in rows if row.owner})
    return [
        ("category", "分野", [(name, name) for name in CATEGORIES]),
        ("state", "状態", list(entry_list.STATES.items())),
        ("owner", "見直しの担当課", [(name, name) for name in owners]),
        ("plan", "市の計画では", list(entry_list.PLAN_STATES.items())),
    ]
