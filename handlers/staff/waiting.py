"""Which questions wait for something to be published; once that is given up, they are open again."""

from collections.abc import Iterable
from dataclasses import replace

from handlers.staff import publishing
from handlers.staff.desk import Desk
from knowledge.records import drafts, jobs, reviews
from knowledge.records.jobs import Job, Transaction
from knowledge.records.reviews import Review

KINDS = ("teach", "outside")


def reviewed(desk: Desk, connection: Transaction, keys: Iterable[str]) -> dict[str, Review]:
    """The reviews of some wordings by their keys, as they are to be understood now."""
    found = reviews.of(connection, keys)
    waiting = {key: review for key, review in found.items() if review.state == reviews.WAITING}
    if not waiting:
        return found
    alive = (job for job in jobs.unsettled(connection, KINDS) if not _is_stale(desk, job))
    held = {key for job in alive for key in job.request.get("keys", ())}
    left = {key: review for key, review in waiting.items() if key not in held}
    begun = _begun(desk, connection, {review.entry_id for review in left.values()})
    lost = {key: review for key, review in left.items() if review.entry_id not in begun}
    return found | {key: replace(one, state=reviews.OPEN, entry_id="") for key, one in lost.items()}


def _is_stale(desk: Desk, job: Job) -> bool:
    """True when somebody else has published the entry since: this change can never be."""
    proposed = publishing.proposed_in(job)
    now = {one.entry.id: desk.kb.stored(one.entry.id) for one in proposed}
    stored = {entry_id: found for entry_id, found in now.items() if found is not None}
    return bool(publishing.stale(stored, proposed))


def _begun(desk: Desk, connection: Transaction, entry_ids: Iterable[str]) -> set[str]:
    """The entries that were begun for questions and are still drafts, never published."""
    return {
        entry_id
        for entry_id in entry_ids
        if drafts.get(connection, entry_id) is not None and desk.kb.stored(entry_id) is None
    }
