"""The trail of what staff did: who, when, what and why; written with the change, never rewritten.

The database refuses to change or delete a line (migration 0006).
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    select,
)

from knowledge.records import turns
from knowledge.records.accounts import Person
from knowledge.records.store import metadata

BATCH_ROWS = 500
MAX_SUBJECT = 128
"""Letters of a subject that a line holds; the rest of a longer one is left out."""

TEXT = "text"
"""The name under which the detail of a publication holds the mark of what was published."""

audit_table = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("person_id", String(32), nullable=False),
    Column("person_name", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(MAX_SUBJECT), nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("chain", String(64), nullable=False),
    Index("audit_subject", "subject"),
    Index("audit_at", "at"),
    Index("audit_person", "person_id", "number"),
)


@dataclass(frozen=True)
class Deed:
    """One line of the trail; `at` in seconds, `detail` plain data."""

    number: int
    at: float
    person_id: str
    person_name: str
    action: str
    subject: str
    reason: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """What is to be noted: a word for the action, what it was done to, why, and plain data."""

    action: str
    subject: str
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """How far the trail is whole: its lines, the last one's number and mark, the first bad one."""

    lines: int
    last: int
    mark: str
    broken_at: int | None = None


def note(connection: Connection, person: Person, act: Act, now: float) -> None:
    """Write a line in the transaction of the change itself.

    Each line holds the hash of itself and the one before, so that a line taken out is noticed.
    """
    last = select(audit_table.c.chain).order_by(audit_table.c.number.desc()).limit(1)
    values: dict[str, Any] = {
        "at": int(now * 1000),
        "person_id": person.person_id,
        "person_name": person.name,
        "action": act.action,
        "subject": _subject(act.subject),
        "reason": act.reason.replace("\0", ""),
        "detail": json.dumps(act.detail, ensure_ascii=False, default=str),
    }
    turns.take(connection, turns.AUDIT)  # two chains must not grow from one line
    before = connection.execute(last).scalar() or ""
    connection.execute(audit_table.insert(), {**values, "chain": _link(before, values)})


def trail(
    connection: Connection,
    subject: str = "",
    limit: int = 100,
    before: int = 0,
    person_id: str | None = None,
) -> list[Deed]:
    """The newest lines first, of one subject or of all, older than a number for the next page.

    Of one person or of all; the id of commands, and of those who could not sign in, is empty.
    """
    statement = select(audit_table).order_by(audit_table.c.number.desc()).limit(limit)
    if subject:
        statement = statement.where(audit_table.c.subject == _subject(subject))
    if person_id is not None:
        statement = statement.where(audit_table.c.person_id == person_id)
    if before:
        statement = statement.where(audit_table.c.number < before)
    return [_deed(row) for row in connection.execute(statement)]


def publications(connection: Connection, subject: str) -> Iterator[Deed]:
    """All lines of an entry that hold the mark of a text, the newest first, read as needed."""
    newest_first = select(audit_table).order_by(audit_table.c.number.desc())
    statement = newest_first.where(
        audit_table.c.subject == _subject(subject),
        audit_table.c.detail.contains(f'"{TEXT}": "', autoescape=True),
    )
    for row in connection.execution_options(yield_per=BATCH_ROWS).execute(statement):
        yield _deed(row)


def is_told(connection: Connection, subject: str, besides: Collection[str]) -> bool:
    """True when the trail tells of anything done to a subject besides some actions."""
    columns = audit_table.c
    is_other = (columns.subject == _subject(subject)) & columns.action.not_in(besides)
    return bool(
        connection.execute(select(select(columns.number).where(is_other).exists())).scalar()
    )


def subjects_of(connection: Connection, job_id: str, since: float) -> set[str]:
    """What lines were written about for one job, by whoever noted it down before they stopped."""
    columns = audit_table.c
    found = select(columns.subject, columns.detail).where(columns.at >= int(since * 1000))
    rows = connection.execution_options(yield_per=BATCH_ROWS).execute(found)
    return {row.subject for row in rows if json.loads(row.detail).get("job") == job_id}


def check(connection: Connection) -> Checked:
    """Look whether a line was changed, put in or taken out of the middle since it was written."""
    lines, number, before = 0, 0, ""
    statement = select(audit_table).order_by(audit_table.c.number)
    for row in connection.execution_options(yield_per=BATCH_ROWS).execute(statement):
        values = {name: getattr(row, name) for name in _CHAINED}
        if row.chain != _link(before, values):
            return Checked(lines, number, before, broken_at=row.number)
        lines, number, before = lines + 1, row.number, row.chain
    return Checked(lines, number, before)


def mark_of(connection: Connection, number: int) -> str:
    """The hash that a line holds; empty when there is no such line."""
    statement = select(audit_table.c.chain).where(audit_table.c.number == number)
    return connection.execute(statement).scalar() or ""


def _subject(text: str) -> str:
    """As it is stored: PostgreSQL would leave U+0000 out, and refuse what is longer."""
    return text.replace("\0", "")[:MAX_SUBJECT]


_CHAINED = ("at", "person_id", "person_name", "action", "subject", "reason", "detail")


def _link(before: str, values: Mapping[str, Any]) -> str:
    line = json.dumps([before, *(values[name] for name in _CHAINED)], ensure_ascii=False)
    return hashlib.sha256(line.encode()).hexdigest()


def _deed(row: Any) -> Deed:
    return Deed(
        number=row.number,
        at=row.at / 1000,
        person_id=row.person_id,
        person_name=row.person_name,
        action=row.action,
        subject=row.subject,
        reason=row.reason,
        detail=json.loads(row.detail),
    )
