"""What was counted a moment ago is not counted again, and nobody waits for another's counting."""

import threading

from knowledge.remembered import Remembered
from tests.clock import Clock

WAIT = 10.0


def test_a_value_is_made_anew_when_its_time_is_over() -> None:
    clock, kept = Clock(), iter(range(9))
    counted: Remembered[int] = Remembered(60.0, clock)

    first, again = (counted.get("a", lambda: next(kept)) for _ in range(2))
    clock.now += 60.0
    later = counted.get("a", lambda: next(kept))

    assert (first, again, later) == (0, 0, 1)


def test_the_oldest_gives_way() -> None:
    counted: Remembered[str] = Remembered(60.0, Clock(), size=2)
    for key in "abc":
        counted.get(key, lambda: "before")

    found = {key: counted.get(key, lambda: "anew") for key in "cba"}

    assert found == {"c": "before", "b": "before", "a": "anew"}


def test_who_asks_for_something_else_does_not_wait() -> None:
    counted: Remembered[str] = Remembered(60.0, Clock())
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def long_count() -> str:
        begun.set()
        may_end.wait(WAIT)
        ended.set()
        return "a year"

    long = threading.Thread(target=counted.get, args=("year", long_count))
    long.start()
    begun.wait(WAIT)
    month = counted.get("month", lambda: "a month")
    is_still_counting = not ended.is_set()
    may_end.set()
    long.join(WAIT)

    assert (month, is_still_counting) == ("a month", True)
    assert counted.get("year", lambda: "anew") == "a year"


def test_two_who_ask_for_the_same_count_it_once() -> None:
    counted: Remembered[int] = Remembered(60.0, Clock())
    made: list[int] = []
    together = threading.Barrier(4)

    def ask() -> None:
        together.wait(WAIT)
        counted.get("month", lambda: made.append(1) or 1)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)

    assert made == [1]
