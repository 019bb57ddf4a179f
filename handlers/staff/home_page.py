"""The first page after signing in: what waits for a hand, and what each page is for."""

from dataclasses import replace
from typing import NamedTuple

from flask import Blueprint, render_template, url_for

from handlers.staff import entry_list, guard, question_queue
from handlers.staff.desk import Desk
from handlers.staff.entry_list import Days
from knowledge.records import drafts, reviews, settings, store

WAITING = ("overdue", "due", "ending", "unconfirmed")
"""What of entry_list.TO_DO has a date; the rest can wait for a quiet day."""

PAGES = {
    "staff.entries": "案内の文を読みます。直して、公開します。",
    "staff.try_it": "市民になったつもりで尋ねて、答えとその理由を見ます。",
    "staff.import_file": "Excel や CSV で、まとめて直します。",
    "staff.questions": "答えられなかった質問を見て、言い回しを教えます。",
    "staff.dashboard": "使われ方の数と、月の報告を見ます。",
    "staff.people": "職員を招き、できることを決めます。",
    "staff.all_settings": "見直しを知らせる日数や、書き出しに出す人数などを決めます。",
    "staff.audit_trail": "だれが、いつ、何を、なぜしたかを見ます。",
}


class Waiting(NamedTuple):
    """Something that waits for a hand: what, how much of it, and where it is."""

    label: str
    amount: str
    address: str


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/`."""

    @blueprint.get("/")
    @guard.needs("viewer")
    def home() -> str:
        count = len(desk.kb.snapshot(desk.today()).entries)
        tasks = [*_questions(desk), *_entries(desk)]
        return render_template("staff/home.html", count=count, tasks=tasks, pages=PAGES)


def _questions(desk: Desk) -> list[Waiting]:
    filters, me = question_queue.from_args({}, desk.today()), guard.me().person_id
    log = question_queue.read(desk, filters)
    labels: dict[str, str] = {reviews.OPEN: "まだ見ていない質問"}
    if log.has_left_for(me):  # spares most people a second grouping
        labels[question_queue.MINE] = "わたしの担当の質問"
    counts = {
        state: len(question_queue.arranged(desk, replace(filters, state=state), me, log).groups)
        for state in labels
    }
    return [
        Waiting(labels[state], f"{count}組", url_for("staff.questions", state=state))
        for state, count in counts.items()
        if count
    ]


def _entries(desk: Desk) -> list[Waiting]:
    with store.reading(desk.records) as connection:
        drafted = drafts.heads(connection)
        days = Days.of(desk.today(), settings.get(connection).soon_days)
    rows = desk.entries.rows()
    counts = {name: entry_list.in_need(rows, name, days) for name in WAITING}
    counts = {entry_list.DRAFTED: len(drafted), **counts}
    return [
        Waiting(entry_list.ONLY[name], f"{count}項目", url_for("staff.entries", only=name))
        for name, count in counts.items()
        if count
    ]
