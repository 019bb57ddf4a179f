"""What people asked: the queue, one group of questions, and one question."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from handlers.staff import (
    guard,
    namesakes,
    paging,
    question_queue,
    question_words,
    trial,
    waiting,
    wordings,
)
from handlers.staff.desk import Desk
from handlers.staff.question_queue import Filters, Group
from knowledge import grouping, plan, wording
from knowledge.records import accounts, question_search, reviews, settings, store

PAGE_GROUPS = 25
SHOWN_TEXTS = 100
SHOWN_QUESTIONS = 20
DRAFT_LINES = 10
MAX_COMMENT = 1000


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/questions` and below."""
    _add_queue(blueprint, desk)
    _add_group(blueprint, desk)
    _add_question(blueprint, desk)


def filters_of(desk: Desk) -> Filters:
    """What this request's address asks for."""
    return question_queue.from_args(request.args, desk.today())


def group_of(desk: Desk, key: str) -> Group:
    """The group of a wording within the filters of the address; 404 when there is none."""
    group = question_queue.of_wording(desk, filters_of(desk), key)
    if group is None:
        abort(404)
    return group


def _add_queue(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/questions")
    @guard.needs("viewer")
    def questions() -> str:
        filters = filters_of(desk)
        queue = question_queue.load(desk, filters, guard.me().person_id)
        part = paging.asked(len(queue.groups), PAGE_GROUPS)
        return render_template(
            "staff/questions.html",
            filters=filters,
            queue=queue,
            groups=part.of(queue.groups),
            part=part,
            names=_names(desk),
            words=question_words,
            small_group=_small_group(desk),
            led_to=question_queue.LED_TO,
        )


def _add_group(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/questions/groups/<key>")
    @guard.needs("viewer")
    def question_group(key: str) -> str:
        group, filters = group_of(desk, key), filters_of(desk)
        with store.reading(desk.records) as connection:
            kept = question_search.those(connection, group.newest(SHOWN_QUESTIONS))
            comments = reviews.comments(connection, group.keys)
            everybody = accounts.everybody(connection)
            people = [p for p in everybody if p.may("editor") and not p.is_disabled]
            names = namesakes.names(connection)
        return render_template(
            "staff/group.html",
            group=group,
            now=trial.in_short(group.wordings[0].typed, desk.kb, desk.today()),
            key=key,
            filters=filters,
            kept=kept,
            comments=comments,
            people=people,
            names={p.person_id: names[p.person_id] for p in people},
            titles=_titles(desk),
            words=question_words,
            shown_texts=SHOWN_TEXTS,
            longest_comment=MAX_COMMENT,
            draft_url=_draft_url(desk, group),
        )


def _add_question(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/questions/asked/<event_id>")
    @guard.needs("viewer")
    def question(event_id: str) -> str:
        with store.reading(desk.records) as connection:
            kept = question_search.one(connection, event_id)
            key = grouping.key_of(kept.normalised) if kept else ""
            reviewed = waiting.reviewed(desk, connection, [key])
        if kept is None:
            abort(404)
        return render_template(
            "staff/question.html",
            kept=kept,
            now=trial.in_short(kept.redacted, desk.kb, desk.today()) if kept.redacted else "",
            key=key,
            review=reviewed.get(key, reviews.NEW),
            since=_a_month_before(kept.asked_at),
            titles=_titles(desk),
            words=question_words,
        )


def _a_month_before(seconds: float) -> date:
    return plan.today(datetime.fromtimestamp(seconds, tz=UTC)) - timedelta(days=30)


def _titles(desk: Desk) -> dict[str, str]:
    return question_words.titles(desk.kb.snapshot(desk.today()).entries)


def _names(desk: Desk) -> dict[str, str]:
    with store.reading(desk.records) as connection:
        return namesakes.names(connection)


def _small_group(desk: Desk) -> int:
    with store.reading(desk.records) as connection:
        return settings.get(connection).small_group


def _draft_url(desk: Desk, group: Group) -> str:
    """Where a new entry begins with the group's words, as many as an address holds."""
    lines = wordings.chosen(wordings.of_group(desk, group))[:DRAFT_LINES]
    first = wording.clean(group.wordings[0].typed)[: wording.MAX_CHARS]
    values: dict[str, Any] = {
        "title": lines[0].text if lines else first,
        "phrasing": [line.text for line in lines],
        "question": [line.key for line in lines] or group.keys[:1],
    }
    return url_for("staff.new_entry", **values)
