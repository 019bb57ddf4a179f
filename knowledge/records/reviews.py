"""What staff decided about questions: state, assignee and comments, by the hash of the wording.

The wording itself stays in the query log alone, so that it goes when its time is over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, Row, select, update

from knowledge.records.desk_tables import review_note_table, review_table
from knowledge.records.store import insert

State: TypeAlias = Literal["open", "teaching", "taught", "outside", "parked"]
"""teaching: part of a change or a draft that is not published yet."""

OPEN: State = "open"
WAITING: State = "teaching"
"""Only while the change or the draft is there: whoever shows it has to ask."""

DONE: frozenset[State] = frozenset({"taught", "outside"})


@dataclass(frozen=True)
class Review:
    """What was decided about one wording; `assignee` is a person's id, the time in seconds."""

    state: str
    entry_id: str
    assignee: str
    updated_at: float
    updated_by: str


@dataclass(frozen=True)
class Comment:
    """What a colleague wrote, and when (in seconds)."""

    at: float
    person_name: str
    text: str


@dataclass(frozen=True)
class Hand:
    """Whose hand it was, and when (in seconds)."""

    person_name: str
    at: float


NEW = Review(OPEN, "", "", 0.0, "")
"""What nobody has looked at yet."""

KEYS_AT_ONCE = 1000
"""Values of one statement, far fewer than any store takes."""


def of(connection: Connection, keys: Iterable[str]) -> dict[str, Review]:
    """The reviews of some wordings by their keys; a wording nobody has looked at has none."""
    wanted, found = list(keys), dict[str, Review]()
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        some = wanted[start : start + KEYS_AT_ONCE]
        rows = connection.execute(select(review_table).where(review_table.c.question_key.in_(some)))
        found.update((row.question_key, _review(row)) for row in rows)
    return found


def put(
    connection: Connection, keys: Sequence[str], state: State, hand: Hand, entry_id: str = ""
) -> None:
    """Give wordings a state; whoever cares for them goes on doing so."""
    _put(connection, keys, hand, {"state": state, "entry_id": entry_id or None})


def assign(connection: Connection, keys: Sequence[str], assignee: str, hand: Hand) -> None:
    """Ask a person to care for wordings; "" for nobody."""
    _put(connection, keys, hand, {"assignee": assignee or None})


def mark_taught(connection: Connection, entry_id: str, hand: Hand) -> int:
    """The wordings that a new entry was begun for are published with it; returns how many."""
    statement = (
        update(review_table)
        .where(review_table.c.state == WAITING, review_table.c.entry_id == entry_id)
        .values(state="taught", updated_at=int(hand.at * 1000), updated_by=hand.person_name)
    )
    return connection.execute(statement).rowcount


def comment(connection: Connection, key: str, text: str, hand: Hand) -> None:
    """Write something beside a wording."""
    values = {
        "question_key": key,
        "at": int(hand.at * 1000),
        "person_name": hand.person_name,
        "text": text,
    }
    connection.execute(review_note_table.insert(), values)


def comments(connection: Connection, keys: Sequence[str]) -> list[Comment]:
    """What was written beside wordings, oldest first."""
    columns = review_note_table.c
    statement = select(review_note_table).where(columns.question_key.in_(keys))
    rows = connection.execute(statement.order_by(columns.number))
    return [Comment(row.at / 1000, row.person_name, row.text) for row in rows]


def _review(row: Row[Any]) -> Review:
    return Review(
        row.state, row.entry_id or "", row.assignee or "", row.updated_at / 1000, row.updated_by
    )


def _put(connection: Connection, keys: Sequence[str], hand: Hand, changes: dict[str, Any]) -> None:
    changes = {**changes, "updated_at": int(hand.at * 1000), "updated_by": hand.person_name}
    new = {"text": "", "state": OPEN, **changes}
    statement = insert(connection, review_table).on_conflict_do_update(
        index_elements=["question_key"], set_=changes
    )
    if keys:
        connection.execute(statement, [{**new, "question_key": key} for key in keys])
