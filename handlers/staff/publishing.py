"""Publish what was proposed, all or nothing, and note who did it and why, whatever crashes meanwhile.

The job says "publishing" before and "published" with the audit after; what is left in between by a
crash is settled by a worker, who looks whether the entries are there.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from handlers.staff import packing
from handlers.staff.desk import Desk
from handlers.staff.drafting import DROP
from knowledge import entry as entry_module
from knowledge import history, releases
from knowledge.entries import StaleRevisionError, Stored
from knowledge.entry import Entry
from knowledge.outside import Examples
from knowledge.records import accounts, audit, drafts, jobs, reviews, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Act
from knowledge.records.jobs import Job
from knowledge.records.reviews import Hand
from knowledge.release_content import ReleaseError
from knowledge.text import compare_key

OPEN = (jobs.DONE, jobs.FAILED)
"""A job in one of these may be published."""

COMPARED = "compared_release"
"""In a job's result: the hash of the published knowledge that its answers were compared with."""

AT_ONCE = 100
"""Lines of the trail in one transaction: citizens wait for it."""

CLOCKS_APART = 3600.0
"""Seconds by which the clocks of two machines surely differ less."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Proposed:
    """An entry as it is to be, and the revision its editor had read; 0 for a new entry."""

    entry: Entry
    seen_revision: int


@dataclass(frozen=True)
class Wish:
    """Why somebody wants to publish, and whether although answers get worse."""

    reason: str
    overrides: bool = False


class Outcome(StrEnum):
    """How an attempt to publish ended."""

    PUBLISHED = "published"
    ALREADY = "already"
    BLOCKED = "blocked"
    STALE = "stale"
    OUTDATED = "outdated"
    BUSY = "busy"


class _OutdatedError(Exception):
    """What was compared is no longer what is public."""


def proposed_in(job: Job) -> tuple[Proposed, ...]:
    """The entries that a job is about."""
    return proposals(packing.unpacked(job.request))


def proposals(documents: packing.Documents) -> tuple[Proposed, ...]:
    """Entries as a job's request holds them."""
    return tuple(
        Proposed(entry_module.from_data(one["entry"]), one["seen_revision"]) for one in documents
    )


def outside_in(job: Job) -> Examples:
    """The examples of questions not to be answered that a job is about, with their topics."""
    return tuple((topic, example) for topic, example in job.request.get("outside", ()))


def removed_in(job: Job) -> Examples:
    """The same for examples that are to be taken out again."""
    return tuple((topic, example) for topic, example in job.request.get("removed", ()))


def stored(desk: Desk) -> dict[str, Stored]:
    """All entries by id, as they are published."""
    return {one.entry.id: one for one in desk.kb.all_entries()}


def stale(stored: Mapping[str, Stored], proposed: Sequence[Proposed]) -> list[Proposed]:
    """Those of which somebody else has published another text since they were read."""
    return [one for one in proposed if one.seen_revision != _revision(stored.get(one.entry.id))]


def is_outdated(desk: Desk, job: Job) -> bool:
    """True when something was published since the answers were compared: they may differ now."""
    result = job.result or {}
    return bool(result) and result.get(COMPARED) != desk.kb.release.sha256


def publish(desk: Desk, person: Person, job: Job, wish: Wish) -> Outcome:
    """Save all entries of a job in one release; whoever comes second is told so."""
    signed = {"person_id": person.person_id, **asdict(wish)}
    held = _hold(desk, job, signed)
    if held is None:
        return Outcome.ALREADY
    try:
        _save_all(desk, person, job)
    except StaleRevisionError:
        outcome = Outcome.STALE
    except _OutdatedError:
        outcome = Outcome.OUTDATED
    except ReleaseError as error:
        log.error("publishing_failed", exc_info=error)
        outcome = Outcome.BUSY
    else:
        _note_down(desk, held, person)
        return Outcome.PUBLISHED
    _let_go(desk, held)
    return outcome


def may_drop(person: Person, job: Job) -> bool:
    """Whoever began a change may give it up, and so may all who could publish it."""
    return job.person_id == person.person_id or person.may("publisher")


def drop(desk: Desk, person: Person, job: Job) -> None:
    """Give a change up; what it was about is as before."""
    if job.state not in OPEN or not may_drop(person, job):
        return
    request, keys = job.request, job.request.get("keys", ())
    ids = [one.entry.id for one in proposed_in(job)] if job.kind != "import" else []
    subject = next(iter((*ids, *keys)), request["title"])
    detail = {"kind": job.kind, "title": request["title"], "job": job.job_id}
    with store.writing(desk.records) as connection:
        if jobs.move(connection, job, jobs.DROPPED, request, desk.clock()) is not None:
            audit.note(connection, person, Act(DROP, subject, detail=detail), desk.clock())


def recover(desk: Desk, job: Job) -> None:
    """Settle a publication that nobody finished: note it down if it happened, else offer it again."""
    with store.reading(desk.records) as connection:
        person = accounts.get(connection, job.request["wish"]["person_id"])
    with releases.editing(desk.kb, desk.records, "", desk.clock):  # nobody is at it any more
        is_there = _is_there(desk, job)
    log.warning("publication_settled", extra={"outcome": "published" if is_there else "not"})
    if is_there and person is not None:
        since = job.created_ms / 1000 - CLOCKS_APART
        with store.reading(desk.records) as connection:
            noted = audit.subjects_of(connection, job.job_id, since)
        _note_down(desk, job, person, noted)
    else:
        _let_go(desk, job)


def _hold(desk: Desk, job: Job, signed: jobs.Data) -> Job | None:
    if job.state not in OPEN:
        return None
    with store.writing(desk.records) as connection:
        request = {**job.request, "wish": signed}
        return jobs.move(connection, job, jobs.PUBLISHING, request, desk.clock())


def _let_go(desk: Desk, held: Job) -> None:
    state = jobs.DONE if held.result else jobs.FAILED
    request = {name: value for name, value in held.request.items() if name != "wish"}
    request["reason"] = held.request["wish"]["reason"]  # for the next attempt
    with store.writing(desk.records) as connection:
        jobs.move(connection, held, state, request, desk.clock())


def _save_all(desk: Desk, person: Person, job: Job) -> None:
    with releases.editing(desk.kb, desk.records, person.name, desk.clock):
        for one in proposed_in(job):
            desk.kb.save(one.entry, person.name, one.seen_revision)
        for topic, example in outside_in(job):
            desk.kb.add_outside(topic, [example])
        _take_out(desk, removed_in(job))
        if is_outdated(desk, job):
            raise _OutdatedError


def _take_out(desk: Desk, removed: Examples) -> None:
    if not removed:
        return
    if not _spellings(removed) <= _spellings(desk.kb.own_outside()):
        raise _OutdatedError
    desk.kb.remove_outside([example for _, example in removed])


def _spellings(examples: Examples) -> set[str]:
    return {compare_key(example) for _, example in examples}


def _is_there(desk: Desk, job: Job) -> bool:
    known = _spellings(desk.kb.own_outside())
    if not _spellings(outside_in(job)) <= known or _spellings(removed_in(job)) & known:
        return False
    return all(history.marks_of(desk.kb, one.entry, one.seen_revision) for one in proposed_in(job))


def _note_down(desk: Desk, held: Job, person: Person, noted: Collection[str] = ()) -> None:
    """The trail, the drafts and the job; the last lines together with the job's end."""
    left = [one for one in proposed_in(held) if one.entry.id not in noted]
    while len(left) > AT_ONCE:
        some, left = left[:AT_ONCE], left[AT_ONCE:]
        acts = _acts(desk, held, some)
        with store.writing(desk.records) as connection:
            still = jobs.beat(connection, held, held.done, held.total, desk.clock())
            if still is None:
                return  # somebody took us for dead, and writes the rest
            held = still
            _note_some(connection, desk, held, person, acts)
    acts = _acts(desk, held, left)
    with store.writing(desk.records) as connection:
        if jobs.move(connection, held, jobs.PUBLISHED, held.request, desk.clock()) is not None:
            _note_some(connection, desk, held, person, acts)
            _note_questions(connection, desk, held, person)


def _acts(desk: Desk, held: Job, some: Sequence[Proposed]) -> list[Act]:
    """A line of the trail for each entry; its marks take long, so nobody has the turn to write yet."""
    wish = held.request["wish"]
    detail = {"title": held.request["title"], "job": held.job_id}
    if wish["overrides"]:
        detail |= {"overrides": True, "fallen": (held.result or {}).get("fallen")}
    acts = []
    for one in some:
        marks = history.marks_of(desk.kb, one.entry, one.seen_revision)
        acts.append(Act(held.kind, one.entry.id, wish["reason"], {**detail, **marks}))
    return acts


def _note_some(
    connection: jobs.Transaction, desk: Desk, held: Job, person: Person, acts: Sequence[Act]
) -> None:
    for act in acts:
        entry_id = act.subject
        audit.note(connection, person, act, desk.clock())
        if held.kind == "new":
            reviews.mark_taught(connection, entry_id, Hand(person.name, desk.clock()))
        draft = drafts.get(connection, entry_id) if held.kind in ("publish", "new") else None
        if draft is not None and draft.saved_at * 1000 <= held.created_ms:
            drafts.remove(connection, entry_id, draft.version)


def _note_questions(connection: jobs.Transaction, desk: Desk, held: Job, person: Person) -> None:
    """What becomes of the questions that a change is about, and the trail of examples."""
    keys, added, removed = held.request.get("keys", ()), outside_in(held), removed_in(held)
    hand = Hand(person.name, desk.clock())
    if added or removed:
        examples, wish = added or removed, held.request["wish"]
        detail = {"topic": examples[0][0], "wordings": len(examples), "job": held.job_id}
        detail |= {"overrides": True} if wish["overrides"] else {}
        action = "mark_outside" if added else "remove_outside"
        audit.note(connection, person, Act(action, keys[0], wish["reason"], detail), desk.clock())
        reviews.put(connection, keys, "outside" if added else reviews.OPEN, hand)
    elif keys:
        reviews.put(connection, keys, "taught", hand, proposed_in(held)[0].entry.id)


def _revision(stored: Stored | None) -> int:
    return stored.revision if stored else 0
