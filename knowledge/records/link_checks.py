"""Remember how each link of the entries answered when somebody last asked it."""

import hashlib
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sqlalchemy import Connection, select

from knowledge.records.desk_tables import link_check_table
from knowledge.records.store import insert

Outcome: TypeAlias = Literal["ok", "moved", "gone", "error", "refused", "unreachable"]

MAX_DETAIL = 200


@dataclass(frozen=True)
class LinkResult:
    """How an address answered; `detail` is a status number, the new address, or a reason."""

    url: str
    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True)
class LinkCheck:
    """A result and when it was found, in seconds since 1970."""

    result: LinkResult
    checked_at: float


def put(connection: Connection, result: LinkResult, now: float) -> None:
    """Keep the newest result of an address."""
    values = {
        "url_hash": _hash(result.url),
        "url": result.url,
        "checked_at": int(now * 1000),
        "outcome": result.outcome,
        "detail": result.detail[:MAX_DETAIL],
    }
    statement = insert(connection, link_check_table).values(values)
    newer = {name: statement.excluded[name] for name in ("checked_at", "outcome", "detail")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["url_hash"], set_=newer),
    )


def by_url(connection: Connection) -> dict[str, LinkCheck]:
    """The last result of every address that was ever asked."""
    return {
        row.url: LinkCheck(LinkResult(row.url, row.outcome, row.detail), row.checked_at / 1000)
        for row in connection.execute(select(link_check_table))
    }


def _hash(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
