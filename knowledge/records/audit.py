"""The trail of what staff did: who, when, what and why; written with the change, never rewritten."""

import hashlib
import json
from collections.abc import Mapping
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
    func,
    select,
)

from knowledge.records.accounts import Person
from knowledge.records.store import metadata

CHAIN_LOCK = 616263
"""Any number that nobody else locks."""

audit_table = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("person_id", String(32), nullable=False),
    Column("person_name", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("chain", String(64), nullable=False),
    Index("audit_subject", "subject"),
    Index("audit_at", "at"),
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
        "subject": act.subject,
        "reason": act.reason,
        "detail": json.dumps(act.detail, ensure_ascii=False, default=str),
    }
    if connection.dialect.name == "postgresql":  # two chains must not grow from one line
        connection.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    before = connection.execute(last).scalar() or ""
    connection.execute(audit_table.insert(), {**values, "chain": _link(before, values)})


def trail(
    connection: Connection, subject: str = "", limit: int = 100, before: int = 0
) -> list[Deed]:
    """The newest lines first, of one subject or of all, older than a number for the next page."""
    statement = select(audit_table).order_by(audit_table.c.number.desc()).limit(limit)
    if subject:
        statement = statement.where(audit_table.c.subject == subject)
    if before:
        statement = statement.where(audit_table.c.number < before)
    return [_deed(row) for row in connection.execute(statement)]


def is_whole(connection: Connection) -> bool:
    """True when no line was changed or taken out of the middle since it was written."""
    before = ""
    for row in connection.execute(select(audit_table).order_by(audit_table.c.number)):
        values = {name: getattr(row, name) for name in _CHAINED}
        if row.chain != _link(before, values):
            return False
        before = row.chain
    return True


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
