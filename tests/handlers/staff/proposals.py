"""Changes for tests: proposed, compared, and looked up again."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from handlers.staff import changes, publishing
from handlers.staff.changes import Change, Proposed
from handlers.staff.desk import Desk
from knowledge.entries import Stored
from knowledge.records import audit, jobs, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Deed
from knowledge.records.jobs import Job
from knowledge.replay import Fallen, ReplayResult

NOTHING_CHANGES = ReplayResult(real=0, recorded=939, changed=(), fallen=(), reworded=4)
FALLS = replace(NOTHING_CHANGES, fallen=(Fallen("right_first", 40, 38, 50),))
REASON = "受付時間が変わったため"


def stored(desk: Desk, entry_id: str) -> Stored:
    """An entry as it is published."""
    return next(one for one in desk.kb.all_entries() if one.entry.id == entry_id)


def reworded(desk: Desk, entry_id: str, summary: str) -> Proposed:
    """An entry with another summary, by somebody who has read the newest."""
    now = stored(desk, entry_id)
    return Proposed(replace(now.entry, summary=summary), now.revision)


def compared(
    desk: Desk,
    person: Person,
    proposed: Sequence[Proposed],
    result: ReplayResult | None = NOTHING_CHANGES,
) -> Job:
    """A change whose comparison has ended with a result; None for one that broke."""
    kind = "publish" if len(proposed) == 1 else "import"
    job_id = changes.begin(desk, person, Change(kind, "ある変更", tuple(proposed)))
    return settled(desk, job_id, result)


def settled(desk: Desk, job_id: str, result: ReplayResult | None = NOTHING_CHANGES) -> Job:
    """A change that was begun, with the result of its comparison."""
    with store.writing(desk.records) as connection:
        job = jobs.get(connection, job_id)
        taken = jobs.take(connection, job, desk.clock()) if job else None
        assert taken is not None
        state = jobs.FAILED if result is None else jobs.DONE
        compared = {publishing.COMPARED: desk.kb.release.sha256}
        found_out = asdict(result) | compared if result else {}
        jobs.finish(connection, taken, state, found_out, desk.clock())
    return found(desk, job_id)


def work_off(desk: Desk, job_id: str) -> None:
    """Do a queued job here and now, as no worker runs."""
    changes.run(desk, job_at(desk, job_id))


def job_at(desk: Desk, address: str) -> Job:
    """The whole job whose page an address is."""
    with store.reading(desk.records) as connection:
        job = jobs.get(connection, address.rpartition("/")[2])
    assert job is not None
    return job


def found(desk: Desk, job_id: str) -> Job:
    """A job as it stands."""
    job = changes.find(desk, job_id)
    assert job is not None
    return job


def trail(desk: Desk, entry_id: str) -> list[Deed]:
    """What was done to an entry, the newest first."""
    with store.reading(desk.records) as connection:
        return audit.trail(connection, entry_id)
