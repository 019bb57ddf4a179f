"""Publishing: all of it, once, by one of two, never half, and noted whatever crashes."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from sqlite_utils import Database

from handlers.staff import changes, publishing
from handlers.staff.changes import Outcome, Wish
from handlers.staff.desk import Desk
from knowledge import entry as entry_module
from knowledge.base import KnowledgeBase
from knowledge.records import drafts, jobs, store
from knowledge.records.accounts import Person
from knowledge.records.drafts import Draft
from knowledge.records.jobs import Job
from tests.handlers.staff.proposals import REASON, compared, found, reworded, stored, trail


@pytest.mark.parametrize(
    ("jobs_of_their_own", "second"), [(2, Outcome.STALE), (1, Outcome.ALREADY)]
)
def test_of_two_publishers_at_once_one_publishes(
    desk: Desk, people: dict[str, Person], jobs_of_their_own: int, second: Outcome
) -> None:
    texts = ["甲の案内。", "乙の案内。"]
    made = [
        compared(desk, people["publisher"], [reworded(desk, "library", text)])
        for text in texts[:jobs_of_their_own]
    ]
    start, outcomes = Barrier(2), []

    def publish(job: Job) -> None:
        start.wait()
        outcomes.append(changes.commit(desk, people["publisher"], job, Wish(REASON)))

    threads = [Thread(target=publish, args=(job,)) for job in (made[0], made[-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == sorted([Outcome.PUBLISHED, second])
    assert stored(desk, "library").entry.summary in texts


def test_citizens_get_the_old_or_the_new_import_but_never_half(
    desk: Desk, people: dict[str, Person]
) -> None:
    ids = ["library", "passport", "water", "kokuho"]
    fresh = [reworded(desk, entry_id, "取り込んだ案内。") for entry_id in ids]
    job = compared(desk, people["publisher"], fresh)
    seen: set[int] = set()
    is_over = False

    def ask() -> None:
        while not is_over:
            public = desk.kb.public_entries(desk.today())
            seen.add(sum(e.id in ids and e.summary == "取り込んだ案内。" for e in public))

    citizen = Thread(target=ask)
    citizen.start()
    outcome = changes.commit(desk, people["publisher"], job, Wish(REASON))
    desk.kb.public_entries(desk.today())
    is_over = True
    citizen.join()

    assert outcome is Outcome.PUBLISHED
    assert seen == {0, len(ids)}


class Watched(KnowledgeBase):
    """The same knowledge; whenever its history is read, somebody else writes into the records."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.kb._path)
        self._records = desk.records
        self.written = 0

    def reading(self) -> Database:
        store.check_writable(self._records)
        self.written += 1
        return super().reading()


def test_others_write_while_the_marks_for_the_trail_are_looked_up(
    desk: Desk, people: dict[str, Person]
) -> None:
    job = compared(desk, people["publisher"], [reworded(desk, "library", "ほかの人も書く。")])
    kb = Watched(desk)

    outcome = changes.commit(replace(desk, kb=kb), people["publisher"], job, Wish(REASON))

    assert outcome is Outcome.PUBLISHED
    assert kb.written > 0


def test_the_published_draft_is_gone_but_not_what_was_written_since(
    desk: Desk, people: dict[str, Person]
) -> None:
    for entry_id, age in (("library", 60), ("passport", -60)):
        document = entry_module.to_data(stored(desk, entry_id).entry)
        with store.writing(desk.records) as connection:
            draft = Draft(entry_id, 0, 1, document, "編集者", desk.clock() - age)
            drafts.put(connection, draft, 0)

    for entry_id in ("library", "passport"):
        job = compared(desk, people["publisher"], [reworded(desk, entry_id, "下書きから。")])
        changes.commit(desk, people["publisher"], job, Wish(REASON))

    with store.reading(desk.records) as connection:
        assert drafts.get(connection, "library") is None
        assert drafts.get(connection, "passport") is not None


def held(desk: Desk, person: Person, job: Job) -> Job:
    """A job whose publisher's machine stopped in the middle of publishing."""
    wish = {"person_id": person.person_id, "reason": REASON, "overrides": False}
    with store.writing(desk.records) as connection:
        request = {**job.request, "wish": wish}
        moved = jobs.move(connection, job, jobs.PUBLISHING, request, desk.clock())
    assert moved is not None
    return moved


def test_a_publication_broken_off_after_saving_is_noted_all_the_same(
    desk: Desk, people: dict[str, Person]
) -> None:
    with store.writing(desk.records) as connection:
        jobs.forget_old(connection, desk.clock() + jobs.KEPT_SECONDS + 1)
    text = reworded(desk, "library", "停電の前に保存。")
    job = held(desk, people["publisher"], compared(desk, people["publisher"], [text]))
    desk.kb.save(text.entry, "publisherの人", text.seen_revision)
    later = replace(desk, clock=lambda: desk.clock() + jobs.LEASE_SECONDS + 1)

    changes.run_next(later)

    assert found(desk, job.job_id).state == jobs.PUBLISHED
    assert trail(desk, "library")[0].reason == REASON


def test_a_publication_broken_off_before_saving_is_offered_again(
    desk: Desk, people: dict[str, Person]
) -> None:
    text = reworded(desk, "library", "保存の前に停電。")
    job = held(desk, people["publisher"], compared(desk, people["publisher"], [text]))
    later = replace(desk, clock=lambda: desk.clock() + jobs.LEASE_SECONDS + 1)

    publishing.recover(later, job)

    assert found(desk, job.job_id).state == jobs.DONE
    assert stored(desk, "library").entry.summary != "保存の前に停電。"
