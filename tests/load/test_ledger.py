"""The ledger: who was answered, who was lost, who was answered twice."""

from typing import Any

from tests.load.driver import Report, Sent, percentile
from tests.load.ledger import join


def an_event(name: str, ack_ms: float | None = 5.0) -> Sent:
    """Sent at second 100; acked after 5 ms unless said otherwise."""
    return Sent(f"event-{name}", f"token-{name}", "ごみ", 100.0, ack_ms, 1)


def a_report(*events: Sent) -> Report:
    """A run in which these were sent."""
    return Report(events, {"200": len(events)}, 0.0)


def a_call(
    name: str, *, accepted: bool = True, after: float = 0.06, **changes: Any
) -> dict[str, Any]:
    """A reply call at the stand-in for LINE."""
    call = {"endpoint": "reply", "token": f"token-{name}", "accepted": accepted}
    return {**call, "accepted_at": 100.0 + after, **changes}


def test_a_replied_event_counts_with_the_time_it_took() -> None:
    ledger = join(a_report(an_event("a")), [a_call("a")], {"event-a": "done"})

    assert (ledger.sent, ledger.acked, ledger.replied, ledger.lost) == (1, 1, 1, 0)
    assert (round(ledger.reply_p50_ms), round(ledger.reply_p99_ms)) == (60, 60)
    assert round(ledger.replies_per_second) == 17


def test_an_acked_event_without_reply_is_lost() -> None:
    ledger = join(a_report(an_event("a")), [], {})

    assert ledger.lost_ids == ("event-a",)


def test_done_in_the_records_does_not_hide_that_nobody_was_answered() -> None:
    ledger = join(a_report(an_event("a")), [], {"event-a": "done"})

    assert ledger.lost == 1


def test_a_refused_reply_is_no_reply() -> None:
    ledger = join(a_report(an_event("a")), [a_call("a", accepted=False)], {"event-a": "failed"})

    assert (ledger.replied, ledger.reply_calls, ledger.lost) == (0, 1, 1)


def test_what_the_records_gave_up_on_is_not_lost() -> None:
    report = a_report(an_event("a"), an_event("b"))

    ledger = join(report, [], {"event-a": "expired", "event-b": "token_rejected"})

    assert (ledger.expired, ledger.lost) == (1, 0)


def test_a_test_that_breaks_line_may_settle_for_more() -> None:
    ledger = join(a_report(an_event("a")), [], {"event-a": "failed"}, settled={"failed"})

    assert ledger.lost == 0


def test_an_event_line_never_saw_acked_is_not_lost_by_us() -> None:
    ledger = join(a_report(an_event("a", ack_ms=None)), [], {})

    assert (ledger.sent, ledger.acked, ledger.lost) == (1, 0, 0)


def test_two_accepted_replies_to_one_event_are_a_double() -> None:
    calls = [a_call("a"), a_call("a", after=2.0), a_call("b"), a_call("b", accepted=False)]

    ledger = join(a_report(an_event("a"), an_event("b")), calls, {})

    assert ledger.doubled_ids == ("event-a",)
    assert (ledger.replied, ledger.reply_calls) == (2, 4)
    assert round(ledger.reply_p99_ms) == 60


def test_other_endpoints_are_no_replies() -> None:
    ledger = join(a_report(an_event("a")), [a_call("a", endpoint="loading")], {})

    assert (ledger.reply_calls, ledger.lost) == (0, 1)


def test_the_account_fits_on_one_line() -> None:
    table = join(a_report(an_event("a")), [a_call("a")], {}).as_table()

    assert table == (
        "sent 1 | acked 1 (p50 5, p99 5 ms) | replied 1 (p50 60, p99 60 ms, 17/s)"
        " | expired 0 | lost 0 | doubled 0 | reply calls 1"
    )


def test_a_percentile_is_a_value_that_was_measured() -> None:
    hundred = range(1, 101)

    assert (percentile(hundred, 0.5), percentile(hundred, 0.99)) == (50, 99)
    assert percentile([], 0.5) == 0
