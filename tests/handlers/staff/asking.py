"""Puts questions into the log as citizens would have asked them."""

import itertools
from typing import Any

from handlers.staff.desk import Desk
from knowledge import grouping
from knowledge.records import questions, store
from knowledge.records.questions import Question
from knowledge.text import normalise

HOUR = 3600.0
_numbers = itertools.count(1)


def ask(desk: Desk, text: str, person: str = "somebody", **changes: Any) -> str:
    """One question of one person, not answered unless said otherwise; gives its event's id."""
    step = changes.pop("step", "")
    number = next(_numbers)
    values: dict[str, Any] = {
        "event_id": f"E{number}",
        "asked_at": desk.clock() - HOUR,
        "chat_key": f"key-of-{person}",
        "message_id": f"line-message-{number}",
        "redacted": text,
        "normalised": normalise(text),
        "decision": "none",
        "shown": (),
        "engine": "lexical",
        "revision": 1,
        "milliseconds": 12.0,
        **changes,
    }
    with store.writing(desk.records) as connection:
        questions.keep(connection, Question(**values))
        if step:
            questions.note_next_step(connection, values["event_id"], step, desk.clock())
    return str(values["event_id"])


def key_of(text: str) -> str:
    """The key of a wording."""
    return grouping.key_of(normalise(text))


def page_of(text: str, query: str = "") -> str:
    """The page of the group a wording is in."""
    return f"/staff/questions/groups/{key_of(text)}{query}"
