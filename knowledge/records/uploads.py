"""The sheet that a person sent in: a job to read it, then what it would change, for a day at most."""

from collections.abc import Callable

from sqlalchemy import Connection, delete

from knowledge.records import jobs
from knowledge.records.desk_tables import job_table
from knowledge.records.jobs import Data, Job

KIND = "upload"
PROPOSED = "proposed"
KEPT_SECONDS = 24 * 60 * 60.0

_is_upload = job_table.c.kind == KIND


def send(connection: Connection, job: Job, now: float) -> None:
    """Have a sheet read; what the person sent before, and what is too old, goes."""
    too_old = job_table.c.created_at < _oldest_ms(now)
    is_theirs = job_table.c.person_id == job.person_id
    connection.execute(delete(job_table).where(_is_upload & (too_old | is_theirs)))
    jobs.add(connection, job, now)


def finish(connection: Connection, job: Job, state: str, result: Data, now: float) -> bool:
    """Leave what it would change; False when somebody else has the job.

    What a page shows is the job's result. All that is proposed takes the place of the file, as
    only the confirmation needs it: for 10,000 rows it takes a second to read.
    """
    shown = {name: value for name, value in result.items() if name != PROPOSED}
    request = {PROPOSED: result.get(PROPOSED, ())}
    done = jobs.change(connection, job, now, state=state, result=shown, request=request)
    return done is not None


def get(connection: Connection, upload_id: str, person_id: str, now: float) -> Job | None:
    """What this person sent; None when it is somebody else's, too old or confirmed already."""
    return _theirs(jobs.get, connection, (upload_id, person_id), now)


def glance(connection: Connection, upload_id: str, person_id: str, now: float) -> Job | None:
    """The same without the file and what it would change."""
    return _theirs(jobs.glance, connection, (upload_id, person_id), now)


def see(connection: Connection, upload_id: str, person_id: str, now: float) -> Job | None:
    """The same with what the page shows of it."""
    return _theirs(jobs.see, connection, (upload_id, person_id), now)


def take(connection: Connection, upload_id: str, person_id: str, now: float) -> bool:
    """Erase what was read of a sheet; True for one confirmation only, which begins a change with it."""
    is_theirs = (job_table.c.job_id == upload_id) & (job_table.c.person_id == person_id)
    is_read = (job_table.c.state == jobs.DONE) & (job_table.c.created_at >= _oldest_ms(now))
    taken = delete(job_table).where(_is_upload & is_theirs & is_read)
    return connection.execute(taken).rowcount == 1


def _theirs(
    look: Callable[[Connection, str], Job | None],
    connection: Connection,
    whose: tuple[str, str],
    now: float,
) -> Job | None:
    upload_id, person_id = whose
    job = look(connection, upload_id)
    if job is None or (job.kind, job.person_id) != (KIND, person_id):
        return None
    return job if job.created_ms >= _oldest_ms(now) else None


def _oldest_ms(now: float) -> int:
    return int((now - KEPT_SECONDS) * 1000)
