"""Read a sheet that was sent in, in the background: what it would change, and what is wrong with it."""

import base64
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from handlers.staff import workbooks
from handlers.staff.desk import Desk
from handlers.staff.upload_errors import UploadError
from knowledge import entry as entry_module
from knowledge import history, plan, sheet_changes
from knowledge.records import drafts, store, uploads
from knowledge.records.jobs import Data, Job
from knowledge.sheet_changes import Changed, Outcome, Place, Problem, Today

SHOWN_PROBLEMS = 500
SHOWN_CHANGES = 200
DRAFT_BEGUN = (
    "このIDには、{name} さんの公開前の下書きがあります。取り込む前に、{name} さんと話してください。"
)

FAST = 1
"""A CSV of 33 MB comes down to a tenth in a third of a second, and so keeps no citizen waiting
for the database."""

STEPS_A_ROW = 4
"""Read it, compare it, check it, check what stands there today."""

OnProgress = Callable[[int, int], None]


def request_for(name: str, content: bytes, *, may_add: bool) -> Data:
    """All that a worker needs, so that a file survives a restart and any machine may read it."""
    text = base64.b64encode(zlib.compress(content, FAST)).decode("ascii")
    return {"file": name[-100:], "packed": text, "may_add": may_add}


def read(desk: Desk, job: Job, on_progress: OnProgress) -> Data:
    """What the page shows, and all that is proposed; or why the file cannot be read."""
    name, content = job.request["file"], _content(job.request)
    steps = _Steps(on_progress)
    try:
        table = workbooks.read(name, content, steps)
    except UploadError as error:
        return {"file": name, "error": str(error)}
    steps.done, steps.total = len(table.rows), STEPS_A_ROW * len(table.rows)
    entries, may_add = desk.kb.all_entries(), job.request["may_add"]
    at = partial(history.entry_at, desk.kb)
    today = Today(entries, plan.rows(), desk.today(), may_add, at)
    outcome = sheet_changes.compare(table, today, steps)
    begun = tuple(_begun(desk, table.sheet, outcome))
    return _held(name, replace(outcome, problems=(*outcome.problems, *begun)))


def _content(request: Data) -> bytes:
    if "content" in request:  # sent to an earlier version
        return base64.b64decode(request["content"])
    return zlib.decompress(base64.b64decode(request["packed"]))


def may_be_confirmed(job: Job) -> bool:
    """True when it was read, has nothing to be mended first, and changes something."""
    held = job.result or {}
    return bool(held.get("changed")) and not held["blocking"]


def _begun(desk: Desk, sheet: str, outcome: Outcome) -> Iterator[Problem]:
    """What a colleague is writing about the same entries, new ones among them."""
    with store.reading(desk.records) as connection:
        begun = {draft.entry_id: draft.person_name for draft in drafts.heads(connection)}
    for one in outcome.changed:
        if one.entry.id in begun:
            message = DRAFT_BEGUN.format(name=begun[one.entry.id])
            yield Problem(Place(sheet, one.row, "ID"), message, blocks=False)


class _Steps:
    """Counts; how many there will be shows only when the sheet is read."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self.done = self.total = 0

    def __call__(self) -> None:
        self.done += 1
        self._on_progress(self.done, self.total)


def _held(name: str, outcome: Outcome) -> dict[str, Any]:
    problems = sorted(outcome.problems, key=lambda p: (not p.blocks, p.place.row))
    blocking = sum(problem.blocks for problem in problems)
    new = sum(one.seen_revision == 0 for one in outcome.changed)
    return {
        "file": name,
        "new": new,
        "altered": len(outcome.changed) - new,
        "unchanged": outcome.unchanged,
        "blocking": blocking,
        "notes": len(problems) - blocking,
        "problems": [
            {**asdict(problem.place), "message": problem.message, "blocks": problem.blocks}
            for problem in problems[:SHOWN_PROBLEMS]
        ],
        "changed": [_changed(one) for one in outcome.changed[:SHOWN_CHANGES]],
        uploads.PROPOSED: [] if blocking else [_proposed(one) for one in outcome.changed],
    }


def _changed(one: Changed) -> dict[str, Any]:
    return {**_proposed(one), "row": one.row, "differences": list(one.differences)}


def _proposed(one: Changed) -> dict[str, Any]:
    return {"entry": entry_module.to_data(one.entry), "seen_revision": one.seen_revision}
