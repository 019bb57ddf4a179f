"""The one path by which anything is published: begin, and see in the background what would change."""

import logging
import secrets
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace

from pydantic import TypeAdapter

from handlers.staff import packing, publishing, sheet_reading
from handlers.staff.desk import Desk
from handlers.staff.publishing import Outcome, Proposed, Wish
from handlers.staff.sheet_reading import OnProgress
from knowledge import entry as entry_module
from knowledge import replay
from knowledge.outside import Examples
from knowledge.proposed import ProposedKnowledge
from knowledge.records import asked, jobs, settings, store, uploads
from knowledge.records.accounts import Person
from knowledge.records.jobs import Job
from knowledge.replay import ReplayResult

__all__ = ["Change", "Outcome", "Proposed", "Wish", "begin", "commit", "proposed_in", "result_of"]

BEAT_SECONDS = 0.5

MADE_PUBLIC = frozenset({"publish", "new", "teach"})
"""With these a draft becomes public; an import or a rollback says itself what is to be."""

NO_PAUSE: Callable[[], None] = lambda: None  # noqa: E731 - a name for doing nothing

_RESULT = TypeAdapter(ReplayResult)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Change:
    """What somebody wants to publish together, and what to call it.

    `kind` is one of publish, import, teach, retire, rollback, new, outside, remove_outside.
    `outside` are examples of questions not to be answered, with their topics, `removed` those that
    shall be none any more; `keys` are those of the questions it is about.
    """

    kind: str
    title: str
    proposed: tuple[Proposed, ...] = ()
    outside: Examples = ()
    keys: tuple[str, ...] = ()
    removed: Examples = ()


def begin(desk: Desk, person: Person, change: Change) -> str:
    """Have the answers compared in the background; returns the job's id, for `staff.change`."""
    job = prepared(person, change)
    with store.writing(desk.records) as connection:
        jobs.add(connection, job, desk.clock())
    return job.job_id


def prepared(person: Person, change: Change) -> Job:
    """The job that `begin` adds, for those who add it together with something of their own."""
    return Job(secrets.token_hex(16), change.kind, _to_data(change), person.person_id)


def begin_again(desk: Desk, job: Job) -> None:
    """Compare the same proposal once more, with the knowledge and the questions of now."""
    with store.writing(desk.records) as connection:
        jobs.change(connection, job, desk.clock(), state=jobs.QUEUED, done=0, total=0, result={})


def keep_reason(desk: Desk, job_id: str, reason: str) -> None:
    """Have the reason at hand once a comparison is over that somebody began meanwhile."""
    with store.writing(desk.records) as connection:
        job = jobs.get(connection, job_id)
        if job is not None:
            jobs.amend(connection, job, {**job.request, "reason": reason})


def find(desk: Desk, job_id: str) -> Job | None:
    """One job, while it is kept; while it waits or runs, without what it is about."""
    with store.reading(desk.records) as connection:
        job = jobs.glance(connection, job_id)
        if job is not None and job.kind == uploads.KIND:
            return None
        if job is None or job.state in (jobs.QUEUED, jobs.RUNNING, jobs.AGAIN):
            return job
        return jobs.get(connection, job_id)


def result_of(job: Job) -> ReplayResult | None:
    """What the replay found; None before its end and after a failure."""
    return _RESULT.validate_python(job.result) if job.result else None


def proposed_in(job: Job) -> tuple[Proposed, ...]:
    """The entries that a job is about."""
    return publishing.proposed_in(job)


def shown_in(job: Job, ids: Collection[str] | None = None) -> tuple[Proposed, ...]:
    """Only so many of them as a page shows: the first, or the first of those with certain ids."""
    request = job.request
    some = packing.at_hand(request) if ids is None else packing.some(request, ids)
    return publishing.proposals(some)


def commit(desk: Desk, person: Person, job: Job, wish: Wish) -> Outcome:
    """Publish what a job proposes, all of it or nothing; see `publishing`."""
    result = result_of(job)
    is_clear = job.state == jobs.DONE and result is not None and not result.is_blocked
    if not is_clear and not wish.overrides and job.state in publishing.OPEN:
        return Outcome.BLOCKED
    return publishing.publish(desk, person, job, wish)


def run_next(desk: Desk, pause: Callable[[], None] = NO_PAUSE) -> bool:
    """Take up one job that nobody is at, if any; `pause` lets citizens go first."""
    with store.reading(desk.records) as connection:
        job = jobs.waiting(connection, desk.clock())
    if job is None:
        return False
    run(desk, job, pause)
    return True


def run(desk: Desk, job: Job, pause: Callable[[], None] = NO_PAUSE) -> None:
    """Do a job, unless somebody else has just taken it up."""
    with store.writing(desk.records) as connection:
        taken = jobs.take(connection, job, desk.clock())
    if taken is not None:
        _work(desk, taken, pause)


def _work(desk: Desk, job: Job, pause: Callable[[], None]) -> None:
    if job.state == jobs.PUBLISHING:
        publishing.recover(desk, job)
        return
    if job.state == jobs.FAILED:
        log.error("replay_given_up")
        return
    is_sheet = job.kind == uploads.KIND
    with _beating(desk, job) as beat:

        def on_progress(done: int, total: int) -> None:
            beat.done, beat.total = done, total
            pause()

        try:
            work = sheet_reading.read if is_sheet else _replayed
            state, result = jobs.DONE, work(desk, job, on_progress)
        except Exception as error:  # the page says that it failed, whatever it was
            log.error("sheet_failed" if is_sheet else "replay_failed", exc_info=error)
            state, result = jobs.FAILED, {}
    finish = uploads.finish if is_sheet else jobs.finish
    with store.writing(desk.records) as connection:
        finish(connection, beat.job, state, result, desk.clock())


def _replayed(desk: Desk, job: Job, on_progress: OnProgress) -> jobs.Data:
    with store.reading(desk.records) as connection:
        newest = asked.newest(connection, settings.get(connection).replayed_questions)
    questions = [*replay.recorded(), *replay.real(newest)]
    entries = [one.entry for one in publishing.proposed_in(job)]
    outside, removed = publishing.outside_in(job), publishing.removed_in(job)
    release = desk.kb.release  # looked at first: at worst it is compared once more than needed
    after = ProposedKnowledge(desk.kb, entries, desk.today(), outside, removed)
    is_of_now = after.revision == desk.kb.revision
    compared = {publishing.COMPARED: release.sha256 if is_of_now else None}
    return asdict(replay.compare(after, questions, on_progress)) | compared


class _Beat:
    """Tells how far a job is, twice a second, for as long as it is worked at."""

    def __init__(self, desk: Desk, job: Job) -> None:
        self.job = job
        self.done = self.total = 0
        self._desk = desk

    def tell(self) -> bool:
        """False when the job belongs to somebody else now."""
        with store.writing(self._desk.records) as connection:
            now = self._desk.clock()
            job = jobs.beat(connection, self.job, self.done, self.total, now)
        self.job = job or self.job
        return job is not None


@contextmanager
def _beating(desk: Desk, job: Job) -> Iterator[_Beat]:
    beat, is_over = _Beat(desk, job), threading.Event()

    def go_on() -> None:
        while not is_over.wait(BEAT_SECONDS):
            try:
                if not beat.tell():
                    return
            except Exception as error:  # noqa: BLE001 - each database has errors of its own
                log.warning("beat_missed", extra={"error": type(error).__name__})

    thread = threading.Thread(target=go_on, name="beat", daemon=True)
    thread.start()
    try:
        yield beat
    finally:
        is_over.set()
        thread.join()


def _to_data(change: Change) -> jobs.Data:
    proposed = change.proposed
    if change.kind in MADE_PUBLIC:
        proposed = tuple(map(_public, proposed))
    documents = [
        {"entry": entry_module.to_data(one.entry), "seen_revision": one.seen_revision}
        for one in proposed
    ]
    return {
        "title": change.title,
        **packing.packed(documents),
        "outside": change.outside,
        "removed": change.removed,
        "keys": change.keys,
    }


def _public(one: Proposed) -> Proposed:
    is_draft = one.entry.state == "draft"
    return replace(one, entry=replace(one.entry, state="published")) if is_draft else one
