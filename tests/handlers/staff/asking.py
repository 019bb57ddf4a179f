"""Puts questions into the log as citizens would have asked them."""

import itertools
from typing import Any

from handlers.staff.desk import Desk
from knowledge import grouping
from knowledge.records import questions, store
from knowledge.text import normalise
from tests.builders import a_question

HOUR = 3600.0
_numbers = itertools.count(1)


def ask(desk: Desk, text: str, person: str = "somebody", **changes: Any) -> str:
    """One question of one person, not answered unless said otherwise; gives its event's id."""
    step = changes.pop("step", "")
    number = next(_numbers)
    names = {"event_id": f"E{number}", "message_id": f"line-message-{number}"}
    usual = {"asked_at": desk.clock() - HOUR, "chat_key": f"key-of-{person}", "redacted": text}
    question = a_question(**{**names, **usual, **changes})
    with store.writing(desk.records) as connection:
        questions.keep(connection, question)
        if step:
            questions.note_next_step(connection, question.event_id, step, desk.clock())
    return question.event_id


def key_of(text: str) -> str:
    """The key of a wording."""
    return grouping.key_of(normalise(text))


def page_of(text: str, query: str = "") -> str:
    """The page of the group a wording is in."""
    return f"/staff/questions/groups/{key_of(text)}{query}"
