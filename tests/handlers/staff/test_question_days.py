"""The days of the queue, as they are asked for in an address."""

from datetime import date

from handlers.staff import question_queue, values

TODAY = date(2026, 11, 22)


def days(**asked: str) -> tuple[date, date]:
    """The first and the last day that are shown."""
    filters = question_queue.from_args(asked, TODAY)
    return filters.since, filters.until


def test_days_in_the_wrong_order_are_put_in_order() -> None:
    assert days(since="2026-11-20", until="2026-11-03") == (date(2026, 11, 3), date(2026, 11, 20))


def test_what_is_no_day_counts_as_not_said() -> None:
    assert days(since="きのう", until="2026-02-30") == (date(2026, 10, 24), TODAY)


def test_no_more_than_a_year_and_a_little_is_shown() -> None:
    since, until = days(since="2000-01-01")

    assert (until - since).days == values.MAX_DAYS
