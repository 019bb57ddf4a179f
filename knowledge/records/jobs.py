"""Work that the staff's site leaves to the workers: claimed once, taken over from the dead."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, delete, or_, select, update

from knowledge.records.desk_tables import job_table

Data: TypeAlias = Mapping[str, Any]

Transaction: TypeAlias = Connection
"""What rooms that know no SQL hold in their hands."""

LEASE_SECONDS = 30.0
"""Whoever has not touched a job for so long is dead."""

KEPT_SECONDS = 7 * 24 * 60 * 60.0

QUEUED, RUNNING, AGAIN, DONE, FAILED = "queued", "running", "again", "done", "failed"
PUBLISHING, PUBLISHED, DROPPED = "publishing", "published", "dropped"
UNSETTLED = (QUEUED, RUNNING, AGAIN, DONE, FAILED, PUBLISHING)

_TAKEN = {QUEUED: RUNNING, RUNNING: AGAIN, AGAIN: FAILED, PUBLISHING: PUBLISHING}
"""What a job becomes that somebody takes up: one that brought two workers down must not go on so."""

_c = job_table.c


@dataclass(frozen=True)
class Job:
    """One piece of work; times in milliseconds, and `touched_ms` is also the mark of its holder."""

    job_id: str
    kind: str
    request: Data
    person_id: str
    state: str = QUEUED
    done: int = 0
    total: int = 0
    result: Data | None = None
    created_ms: int = 0
    touched_ms: int = 0


def add(connection: Connection, job: Job, now: float) -> None:
    """Queue a job."""
    values = {
        "job_id": job.job_id,
        "kind": job.kind,
        "state": QUEUED,
        "done": 0,
        "total": 0,
        "request": json.dumps(job.request, ensure_ascii=False),
        "person_id": job.person_id,
        "created_at": _ms(now),
        "touched_at": _ms(now),
    }
    connection.execute(job_table.insert(), values)


def get(connection: Connection, job_id: str) -> Job | None:
    """One job, while it is kept."""
    row = connection.execute(select(job_table).where(_c.job_id == job_id)).first()
    return None if row is None else _job(row)


def glance(connection: Connection, job_id: str) -> Job | None:
    """The same without request and result, which may be large."""
    return _without(connection, job_id, _c.request.name, _c.result.name)


def see(connection: Connection, job_id: str) -> Job | None:
    """The same with its result."""
    return _without(connection, job_id, _c.request.name)


def unsettled(connection: Connection, kinds: Sequence[str]) -> list[Job]:
    """The jobs of some kinds that may still be published."""
    rows = connection.execute(select(job_table).where(_c.kind.in_(kinds), _c.state.in_(UNSETTLED)))
    return [_job(row) for row in rows]


def waiting(connection: Connection, now: float) -> Job | None:
    """The oldest job that nobody is at."""
    is_left = _c.state.in_([RUNNING, AGAIN, PUBLISHING]) & (
        _c.touched_at < _ms(now - LEASE_SECONDS)
    )
    statement = select(job_table).where(or_(_c.state == QUEUED, is_left))
    row = connection.execute(statement.order_by(_c.created_at).limit(1)).first()
    return None if row is None else _job(row)


def take(connection: Connection, job: Job, now: float) -> Job | None:
    """Take up a job that was seen waiting; None when somebody else was faster."""
    return change(connection, job, now, state=_TAKEN[job.state])


def beat(connection: Connection, job: Job, done: int, total: int, now: float) -> Job | None:
    """Tell how far one is; None when the job was given to somebody else meanwhile."""
    return change(connection, job, now, done=done, total=total)


def finish(connection: Connection, job: Job, state: str, result: Data, now: float) -> bool:
    """Leave a job with its result; False when it was given to somebody else meanwhile."""
    return change(connection, job, now, state=state, result=result) is not None


def move(connection: Connection, job: Job, state: str, request: Data, now: float) -> Job | None:
    """Bring a job into another state with another request; None when it has changed meanwhile."""
    return change(connection, job, now, state=state, request=request)


def amend(connection: Connection, job: Job, request: Data) -> bool:
    """Give a job that waits or runs another request; whoever is at it still holds it, unlike after `change`."""
    is_under_way = _c.state.in_([QUEUED, RUNNING, AGAIN])
    statement = update(job_table).where(_c.job_id == job.job_id, is_under_way)
    return connection.execute(statement.values(request=_stored(request))).rowcount == 1


def change(connection: Connection, job: Job, now: float, **changes: Any) -> Job | None:
    """Change a job only when it is as its holder left it; the time grows, so that each change is another mark."""
    touched_ms = max(_ms(now), job.touched_ms + 1)
    values = {name: _stored(value) for name, value in changes.items()}
    statement = update(job_table).where(
        _c.job_id == job.job_id, _c.state == job.state, _c.touched_at == job.touched_ms
    )
    found = connection.execute(statement.values(**values, touched_at=touched_ms)).rowcount
    return replace(job, **changes, touched_ms=touched_ms) if found == 1 else None


def forget_old(connection: Connection, now: float) -> int:
    """Erase jobs with all they hold after a week; returns how many."""
    old = delete(job_table).where(_c.created_at < _ms(now - KEPT_SECONDS))
    return connection.execute(old).rowcount


def _without(connection: Connection, job_id: str, *names: str) -> Job | None:
    columns = [column for column in job_table.c if column.name not in names]
    row = connection.execute(select(*columns).where(_c.job_id == job_id)).first()
    return None if row is None else _job(row)


def _stored(value: Any) -> Any:
    return value if isinstance(value, (str, int)) else json.dumps(value, ensure_ascii=False)


def _job(row: Row[Any]) -> Job:
    values = row._asdict()
    result = values.get("result")
    return Job(
        job_id=values["job_id"],
        kind=values["kind"],
        request=json.loads(values.get("request", "{}")),
        person_id=values["person_id"],
        state=values["state"],
        done=values["done"],
        total=values["total"],
        result=None if result is None else json.loads(result),
        created_ms=values["created_at"],
        touched_ms=values["touched_at"],
    )


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
