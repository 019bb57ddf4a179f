"""Jobs: each is one worker's at a time, and none is lost with a worker."""

from threading import Barrier, Thread

from sqlalchemy import Engine

from knowledge.records import jobs, store
from knowledge.records.jobs import KEPT_SECONDS, LEASE_SECONDS, Job

NOW = 1_800_000_000.0
LATER = NOW + LEASE_SECONDS + 1
JOB = Job("job", "publish", {"title": "ある変更"}, "person")


def queued(records: Engine, job: Job = JOB, now: float = NOW) -> None:
    """Put a job there."""
    with store.writing(records) as connection:
        jobs.add(connection, job, now)


def seen(records: Engine, now: float = NOW) -> Job | None:
    """The job that waits."""
    with store.reading(records) as connection:
        return jobs.waiting(connection, now)


def taken(records: Engine, now: float = NOW) -> Job:
    """The job that waits, taken up."""
    waiting = seen(records, now)
    assert waiting is not None
    with store.writing(records) as connection:
        job = jobs.take(connection, waiting, now)
    assert job is not None
    return job


def found(records: Engine) -> Job:
    """The job as it stands."""
    with store.reading(records) as connection:
        job = jobs.get(connection, JOB.job_id)
    assert job is not None
    return job


def test_the_oldest_job_comes_first(records: Engine) -> None:
    queued(records, Job("younger", "publish", {}, "person"), NOW + 1)
    queued(records)

    assert taken(records).job_id == JOB.job_id


def test_of_many_who_see_a_job_one_gets_it(records: Engine) -> None:
    queued(records)
    waiting = seen(records)
    assert waiting is not None
    start, got = Barrier(6), []

    def take() -> None:
        start.wait()
        with store.writing(records) as connection:
            got.append(jobs.take(connection, waiting, NOW))

    threads = [Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 6
    assert sum(job is not None for job in got) == 1


def test_a_job_that_somebody_is_at_does_not_wait(records: Engine) -> None:
    queued(records)
    job = taken(records)

    with store.writing(records) as connection:
        jobs.beat(connection, job, 5, 10, NOW + LEASE_SECONDS)

    assert seen(records, LATER) is None
    assert (found(records).done, found(records).total) == (5, 10)


def test_the_job_of_a_dead_worker_is_taken_over(records: Engine) -> None:
    queued(records)
    taken(records)

    assert taken(records, LATER).state == jobs.AGAIN


def test_who_was_taken_for_dead_cannot_meddle(records: Engine) -> None:
    queued(records)
    first = taken(records)
    second = taken(records, LATER)

    with store.writing(records) as connection:
        late_beat = jobs.beat(connection, first, 1, 2, LATER)
        is_late_end_kept = jobs.finish(connection, first, jobs.DONE, {"of": "first"}, LATER)
        is_end_kept = jobs.finish(connection, second, jobs.DONE, {"of": "second"}, LATER)

    assert late_beat is None
    assert (is_late_end_kept, is_end_kept) == (False, True)
    assert found(records).result == {"of": "second"}


def test_a_job_that_brought_two_workers_down_is_given_up(records: Engine) -> None:
    queued(records)
    taken(records)
    taken(records, LATER)

    third = taken(records, LATER + LEASE_SECONDS + 1)

    assert third.state == jobs.FAILED
    assert seen(records, LATER * 2) is None


def test_a_publication_left_unfinished_waits_for_somebody_to_settle_it(records: Engine) -> None:
    queued(records)
    job = taken(records)
    with store.writing(records) as connection:
        jobs.move(connection, job, jobs.PUBLISHING, job.request, NOW)

    assert seen(records) is None
    assert taken(records, LATER).state == jobs.PUBLISHING


def test_a_glance_leaves_the_large_texts_where_they_are(records: Engine) -> None:
    queued(records)

    with store.reading(records) as connection:
        glance = jobs.glance(connection, JOB.job_id)

    assert glance is not None
    assert (glance.state, glance.request) == (jobs.QUEUED, {})
    assert found(records).request == JOB.request


def test_after_a_week_nothing_of_a_job_is_left(records: Engine) -> None:
    queued(records)

    with store.writing(records) as connection:
        early = jobs.forget_old(connection, NOW + KEPT_SECONDS)
        late = jobs.forget_old(connection, NOW + KEPT_SECONDS + 1)
        left = jobs.get(connection, JOB.job_id)

    assert (early, late, left) == (0, 1, None)
