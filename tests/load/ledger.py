"""Join what the driver sent, what the stand-in for LINE accepted, and how the records ended."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.load.driver import Report, percentile

SETTLED = frozenset({"expired", "token_rejected"})
"""How an event may end without a reply and still not be lost: somebody decided, and wrote it down."""


@dataclass(frozen=True)
class Ledger:
    """The account of one run. Lost: acked, but neither replied to nor settled in the records.

    Times run from when a message was sent to when LINE had it (LINE's own latency included).
    """

    sent: int
    acked: int
    replied: int
    expired: int
    lost_ids: tuple[str, ...]
    doubled_ids: tuple[str, ...]
    reply_calls: int
    ack_p50_ms: float
    ack_p99_ms: float
    reply_p50_ms: float
    reply_p99_ms: float
    replies_per_second: float

    @property
    def lost(self) -> int:
        """How many people would wait for ever."""
        return len(self.lost_ids)

    @property
    def doubled(self) -> int:
        """How many people would see two answers."""
        return len(self.doubled_ids)

    def as_table(self) -> str:
        """The account in one line."""
        return (
            f"sent {self.sent} | acked {self.acked}"
            f" (p50 {self.ack_p50_ms:.0f}, p99 {self.ack_p99_ms:.0f} ms)"
            f" | replied {self.replied} (p50 {self.reply_p50_ms:.0f},"
            f" p99 {self.reply_p99_ms:.0f} ms, {self.replies_per_second:.0f}/s)"
            f" | expired {self.expired} | lost {self.lost} | doubled {self.doubled}"
            f" | reply calls {self.reply_calls}"
        )


def join(
    report: Report,
    calls: Sequence[Mapping[str, Any]],
    statuses: Mapping[str, str],
    settled: Collection[str] = SETTLED,
) -> Ledger:
    """The account of a run; `calls` is the stand-in's ledger, `statuses` maps event id to status.

    A test that breaks LINE itself may name more statuses as settled ("failed", "unknown").
    """
    replies = [call for call in calls if call["endpoint"] == "reply"]
    accepted: dict[str, list[float]] = defaultdict(list)
    for call in replies:
        if call["accepted"]:
            accepted[call["token"]].append(call["accepted_at"])
    waits = [
        (min(accepted[event.token]) - event.at) * 1000
        for event in report.events
        if event.token in accepted
    ]
    return Ledger(
        sent=report.sent,
        acked=len(report.acked),
        replied=len(waits),
        expired=sum(statuses.get(event.event_id) == "expired" for event in report.events),
        lost_ids=tuple(
            event.event_id
            for event in report.events
            if event.ack_ms is not None
            and event.token not in accepted
            and statuses.get(event.event_id) not in settled
        ),
        doubled_ids=tuple(e.event_id for e in report.events if len(accepted.get(e.token, ())) > 1),
        reply_calls=len(replies),
        ack_p50_ms=report.ack_p50_ms,
        ack_p99_ms=report.ack_p99_ms,
        reply_p50_ms=percentile(waits, 0.50),
        reply_p99_ms=percentile(waits, 0.99),
        replies_per_second=_per_second(report, [at for times in accepted.values() for at in times]),
    )


def _per_second(report: Report, accepted_at: Sequence[float]) -> float:
    """Replies per second between the first message and the last reply."""
    if not accepted_at or not report.events:
        return 0.0
    return len(accepted_at) / (max(accepted_at) - min(event.at for event in report.events))
