"""What let staff in once, or kept somebody out, is erased when it opens and closes nothing more."""

import pytest
from sqlalchemy import Engine, func, select

from handlers.staff import guard, passwords
from knowledge.records import accounts, retention
from knowledge.records.retention import Purged
from tests.knowledge.records import on
from tests.knowledge.records.arrivals import NOW

DAY = 24 * 60 * 60
WEEK = 7 * DAY
TABLES = (accounts.session_table, accounts.invitation_table, accounts.failure_table)


def counts(records: Engine) -> list[int]:
    """How many sessions, invitations and failures there are."""
    with records.connect() as connection:
        return [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in TABLES
        ]


def leave_traces(records: Engine) -> None:
    """Somebody is invited, comes in and leaves their browser as it is; a stranger fails."""
    on(records, accounts.open_session, "a" * 64, "person", NOW)
    on(records, accounts.invite, "b" * 64, "person", NOW + WEEK)
    on(records, accounts.note_failure, ["account", "address"], NOW)


def test_after_400_days_nothing_is_left_of_sessions_links_and_failures(records: Engine) -> None:
    leave_traces(records)

    purged = retention.purge(records, NOW + 400 * DAY)

    assert purged == Purged(sessions=1, invitations=1, failures=2)
    assert counts(records) == [0, 0, 0]


def test_what_may_still_count_stays(records: Engine) -> None:
    leave_traces(records)

    purged = retention.purge(records, NOW + DAY - 1)

    assert purged == Purged()
    assert counts(records) == [1, 1, 2]


@pytest.mark.parametrize("seconds", [guard.ABSOLUTE_SECONDS, passwords.WINDOW_SECONDS])
def test_nothing_is_erased_before_it_has_ended(seconds: float) -> None:
    assert seconds < retention.STAFF_DAYS * DAY


def test_a_link_is_erased_with_its_week(records: Engine) -> None:
    leave_traces(records)

    retention.purge(records, NOW + WEEK - 1)
    before = counts(records)[1]
    retention.purge(records, NOW + WEEK)

    assert (before, counts(records)[1]) == (1, 0)


def test_a_link_that_was_used_is_erased_at_once(records: Engine) -> None:
    leave_traces(records)
    on(records, accounts.use_invitation, "b" * 64, NOW + 1)

    purged = retention.purge(records, NOW + 2)

    assert purged == Purged(invitations=1)
