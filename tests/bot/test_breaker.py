"""The breaker opens after failures in a row, lets one probe through, and never lets threads wait."""

import threading

import pytest

from bot.breaker import Breaker
from tests.clock import Clock


@pytest.fixture
def clock() -> Clock:
    """A clock at rest."""
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    """A breaker on that clock."""
    return Breaker(failures=5, open_seconds=5.0, clock=clock)


def fail(breaker: Breaker, times: int = 1) -> list[bool]:
    """Attempts that go badly; whether each one opened the breaker."""
    return [breaker.failed(ticket(breaker)) for _ in range(times)]


def ticket(breaker: Breaker) -> int:
    """Leave to try once."""
    found = breaker.enter()
    assert found is not None
    return found


def test_four_failures_in_a_row_are_borne(breaker: Breaker) -> None:
    fail(breaker, 4)

    assert breaker.enter() is not None


def test_the_fifth_failure_in_a_row_opens_it(breaker: Breaker) -> None:
    opened = fail(breaker, 5)

    assert opened == [False, False, False, False, True]
    assert breaker.enter() is None


def test_a_success_between_failures_starts_the_count_anew(breaker: Breaker) -> None:
    fail(breaker, 4)
    breaker.succeeded(ticket(breaker))
    fail(breaker, 4)

    assert breaker.enter() is not None


def test_it_stays_open_for_its_time(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)

    clock.now += 4.99

    assert breaker.enter() is None


def test_after_its_time_exactly_one_probe_passes(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 5

    tickets = [breaker.enter() for _ in range(3)]

    assert [found is not None for found in tickets] == [True, False, False]


def test_a_good_probe_closes_it(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 5

    closed = breaker.succeeded(ticket(breaker))

    assert closed
    assert breaker.enter() is not None


def test_after_a_good_probe_it_bears_four_failures_again(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 5
    breaker.succeeded(ticket(breaker))

    assert fail(breaker, 5) == [False, False, False, False, True]


def test_a_bad_probe_opens_it_for_the_whole_time_again(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 5
    probe = ticket(breaker)
    clock.now += 3

    opened = breaker.failed(probe)

    clock.now += 4.99
    assert opened
    assert breaker.enter() is None
    clock.now += 0.01
    assert breaker.enter() is not None


def test_a_probe_that_never_reports_is_followed_by_another(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 5
    ticket(breaker)

    clock.now += 5

    assert breaker.enter() is not None


@pytest.mark.parametrize("report", [Breaker.succeeded, Breaker.failed], ids=["good", "bad"])
def test_a_report_from_before_the_opening_changes_nothing(
    breaker: Breaker, clock: Clock, report: object
) -> None:
    slow = ticket(breaker)
    fail(breaker, 5)
    clock.now += 4

    changed = report(breaker, slow)  # type: ignore[operator]

    assert not changed
    assert breaker.enter() is None
    clock.now += 1
    assert breaker.enter() is not None


def test_of_many_threads_at_once_one_probes(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 5
    together = threading.Barrier(32)
    tickets: list[int | None] = []
    threads = [
        threading.Thread(target=lambda: (together.wait(), tickets.append(breaker.enter())))
        for _ in range(32)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(tickets) == 32
    assert len([found for found in tickets if found is not None]) == 1


def test_of_many_failures_at_once_one_is_the_opening(breaker: Breaker) -> None:
    tickets = [ticket(breaker) for _ in range(32)]

    opened = [breaker.failed(found) for found in tickets]

    assert opened.count(True) == 1
