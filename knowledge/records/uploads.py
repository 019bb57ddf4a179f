"""What a sheet would change, kept for the person who sent it until they confirm, for a day at most."""

import json
from typing import Any

from sqlalchemy import Connection, Select, delete, select

from knowledge.records.desk_tables import job_table

KIND = "upload"
HELD = "held"
"""No job: nobody works on it; it shares the table because it becomes one."""

KEPT_SECONDS = 24 * 60 * 60.0
_held = job_table.c.kind == KIND


def hold(
    connection: Connection, upload_id: str, person_id: str, data: dict[str, Any], now: float
) -> None:
    """Keep it; what the person sent before, and what is too old, goes."""
    too_old = job_table.c.created_at < int((now - KEPT_SECONDS) * 1000)
    is_theirs = job_table.c.person_id == person_id
    connection.execute(delete(job_table).where(_held & (too_old | is_theirs)))
    connection.execute(
        job_table.insert(),
        {
            "job_id": upload_id,
            "kind": KIND,
            "state": HELD,
            "done": 0,
            "total": 0,
            "request": json.dumps(data, ensure_ascii=False),
            "result": None,
            "person_id": person_id,
            "created_at": int(now * 1000),
            "touched_at": int(now * 1000),
        },
    )


def get(
    connection: Connection, upload_id: str, person_id: str, now: float
) -> dict[str, Any] | None:
    """What this person sent; None when it is somebody else's, too old or confirmed already."""
    row = connection.execute(_theirs(upload_id, person_id, now)).first()
    return _data(row.request) if row else None


def take(
    connection: Connection, upload_id: str, person_id: str, now: float
) -> dict[str, Any] | None:
    """The same, for one confirmation only: a second one gets None."""
    found = get(connection, upload_id, person_id, now)
    if found is None:
        return None
    gone = connection.execute(delete(job_table).where(_held & (job_table.c.job_id == upload_id)))
    return found if gone.rowcount == 1 else None


def _theirs(upload_id: str, person_id: str, now: float) -> Select[tuple[str]]:
    return select(job_table.c.request).where(
        _held
        & (job_table.c.job_id == upload_id)
        & (job_table.c.person_id == person_id)
        & (job_table.c.created_at >= int((now - KEPT_SECONDS) * 1000))
    )


def _data(text: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(text)
    return data
