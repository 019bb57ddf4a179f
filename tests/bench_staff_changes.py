"""Print how long a change of 5,000 entries and a comparison of 1,000 questions take, CPU and wall."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bot import parts
from bot.app import create_app
from handlers.staff import changes
from handlers.staff.changes import Change, Proposed
from handlers.staff.desk import Desk
from knowledge.replay import ReplayResult
from knowledge.vectors import installed_encoder
from tests.bot.fakeline import FakeLine
from tests.builders import a_config
from tests.handlers.staff.conftest import StaffClient
from tests.handlers.staff.proposals import found, settled, work_off
from tests.load import busy_year
from tests.saying import say

ROWS, QUESTIONS = 5_000, 1_000
GOAL_SECONDS = 20
SIZES = (0, busy_year.ENTRIES)
REASON = "測るため"


@dataclass(frozen=True)
class Spent:
    """Seconds of the clock and of the processor."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:5.1f} s (CPU {self.cpu:5.1f})"


def spent(work: Callable[[], object]) -> Spent:
    """Do it once."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def large(desk: Desk, browser: StaffClient, look: Callable[[str], None]) -> None:
    """An import of thousands of rows: its page while it waits and once it is published."""
    every = reworded(desk, ROWS)
    job_id = changes.begin(desk, busy_year.ME, Change("import", "大きな取り込み", every))
    settled(desk, job_id, ReplayResult(QUESTIONS, 939, (), (), 0))
    address = f"/staff/changes/{job_id}"
    say(f"a change of {len(every):,} entries, waiting and published")
    look(address)
    took = spent(lambda: browser.post(f"{address}/commit", reason=REASON))
    say(f"publishing it: {took}; the change is now {found(desk, job_id).state}")
    look(address)


def comparisons() -> None:
    """Those of a change of one entry and of a whole import, with each engine."""
    for engine in ("lexical", *(["auto"] if installed_encoder() else [])):
        for size in SIZES:
            with tempfile.TemporaryDirectory() as name:
                _compare(Path(name), engine, size)


def _compare(folder: Path, engine: str, size: int) -> None:
    config = a_config(folder, queue_url="memory://", engine=engine)
    desk = parts.of(create_app(config, line=FakeLine())).desk()
    if size:
        busy_year.publish(desk, size)
    built = spent(lambda: desk.kb.snapshot(desk.today()))
    busy_year.ask(desk, QUESTIONS)
    engine = desk.kb.engine
    entries = len(desk.kb.all_entries())
    say(f"{engine}, {entries:,} entries: the published index {built}")
    for rows in (1, entries):
        proposed = reworded(desk, rows)
        job_id = changes.begin(desk, busy_year.ME, Change("import", "比べる", proposed))
        took = spent(partial(work_off, desk, job_id))
        result = changes.result_of(found(desk, job_id))
        mark = "  SLOW" if took.cpu > GOAL_SECONDS else ""
        asked = result.real + result.recorded if result else 0
        say(f"{engine}, {entries:,} entries, {rows:,} changed, {asked:,} questions: {took}{mark}")


def reworded(desk: Desk, rows: int) -> tuple[Proposed, ...]:
    """The last entries with another summary."""
    every = desk.kb.all_entries()[-rows:]
    return tuple(
        Proposed(replace(one.entry, summary=f"{one.entry.summary[:100]}（直した）"), one.revision)
        for one in every
    )


if __name__ == "__main__":
    comparisons()
