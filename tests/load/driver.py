"""An open-loop load driver: sends webhooks on schedule, however slowly they are answered."""

import asyncio
import contextlib
import math
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.load import letters
from tests.load.letters import Letter, Plan
from tests.load.wire import Wire

MAX_DELIVERIES = 8
WRITING_SECONDS = 0.0002
"""More than it takes to write and sign one letter ahead (measured: 0.05 ms)."""


@dataclass(frozen=True)
class Sent:
    """What became of one event: when it was sent first (wall clock), and how long until a 200."""

    event_id: str
    token: str
    text: str
    at: float
    ack_ms: float | None
    deliveries: int


@dataclass(frozen=True)
class Report:
    """What a run saw; `outcomes` counts deliveries by status, "refused", "reset", "timeout" and
    "unanswered" (still open when the run ended).

    Times count from when the schedule let a message go, waiting for a free connection included,
    so a stalled server cannot hide its queue. `late_p99_ms` is how far the driver itself was
    behind the schedule: when high, the machine was too busy to measure anything.
    """

    events: tuple[Sent, ...]
    outcomes: Mapping[str, int]
    late_p99_ms: float

    @property
    def sent(self) -> int:
        """How many different events were sent."""
        return len(self.events)

    @property
    def acked(self) -> dict[str, float]:
        """Milliseconds to the first 200, by event id."""
        return {event.event_id: event.ack_ms for event in self.events if event.ack_ms is not None}

    @property
    def unacked(self) -> tuple[str, ...]:
        """The events that never got a 200."""
        return tuple(event.event_id for event in self.events if event.ack_ms is None)

    @property
    def ack_p50_ms(self) -> float:
        """Median time to 200."""
        return percentile(self.acked.values(), 0.50)

    @property
    def ack_p99_ms(self) -> float:
        """Time to 200 that one in a hundred exceeds."""
        return percentile(self.acked.values(), 0.99)


def percentile(values: Iterable[float], share: float) -> float:
    """The nearest-rank percentile; 0 when nothing was measured."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def drive(plan: Plan, is_enough: Callable[[], bool] = lambda: False) -> Report:
    """Run a plan to its end, or until it is enough; may be called in a thread of its own while the
    test kills processes."""
    return asyncio.run(_drive(plan, is_enough))


async def _drive(plan: Plan, is_enough: Callable[[], bool]) -> Report:
    lead = 0.1 + plan.rate * plan.seconds * WRITING_SECONDS
    starts_at, start = time.time() + lead, time.monotonic() + lead
    written = letters.write_all(plan, starts_at)
    return await _Run(plan, start).follow(written, starts_at, is_enough)


@dataclass
class _Delivery:
    """One attempt to hand a letter over."""

    letter: Letter
    started: float
    number: int = 1


@dataclass
class _Progress:
    """What is known of an event while the run goes on."""

    letter: Letter
    started: float
    ack_ms: float | None = None
    deliveries: int = 0


@dataclass
class _Tally:
    """Everything the report is made of."""

    events: dict[str, _Progress] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    late: list[float] = field(default_factory=list)

    def report(self, wall_clock: float) -> Report:
        """The frozen result; `wall_clock` is what to add to a monotonic time."""
        sent = [
            Sent(
                event.letter.event_id,
                event.letter.token,
                event.letter.text,
                wall_clock + event.started,
                event.ack_ms,
                event.deliveries,
            )
            for event in self.events.values()
        ]
        return Report(tuple(sent), dict(self.outcomes), percentile(self.late, 0.99) * 1000)


class _Run:
    """The connections of one run and the deliveries that wait for one."""

    def __init__(self, plan: Plan, start: float) -> None:
        self._plan = plan
        self._start = start
        self._loop = asyncio.get_running_loop()
        self._chance = random.Random(plan.seed)
        self._idle: list[Wire] = []
        self._busy: dict[Wire, _Delivery] = {}
        self._waiting: deque[_Delivery] = deque()
        self._connecting: set[asyncio.Task[None]] = set()
        self._open_letters = 0
        self._all_settled = asyncio.Event()
        self._tally = _Tally()

    async def follow(
        self, written: list[Letter], starts_at: float, is_enough: Callable[[], bool]
    ) -> Report:
        """Send every letter when it is due, wait for what is open, report."""
        self._open_letters = len(written)
        for number, letter in enumerate(written):
            if is_enough():
                self._open_letters -= len(written) - number
                break
            wait = self._start + letter.due - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            now = time.monotonic()
            self._tally.late.append(now - self._start - letter.due)
            self._hand_over(_Delivery(letter, now))
        await self._settle()
        return self._tally.report(starts_at - self._start)

    async def _settle(self) -> None:
        if self._open_letters:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._all_settled.wait(), self._plan.grace_seconds)
        for task in self._connecting:
            task.cancel()
        await asyncio.gather(*self._connecting, return_exceptions=True)
        wires = [*self._idle, *self._busy]
        if self._busy:
            self._tally.outcomes["unanswered"] += len(self._busy)
        self._busy.clear()
        for wire in wires:
            wire.close()
        await asyncio.sleep(0)

    def _hand_over(self, delivery: _Delivery) -> None:
        """Take a free connection, or open one, or wait."""
        while self._idle:
            wire = self._idle.pop()
            if wire.is_open:
                self._post(wire, delivery)
                return
        if len(self._busy) + len(self._connecting) >= self._plan.connections:
            self._waiting.append(delivery)
            return
        task = self._loop.create_task(self._connect(delivery))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    async def _connect(self, delivery: _Delivery) -> None:
        place = urlsplit(self._plan.url)
        assert place.hostname is not None
        self._note(delivery)
        try:
            async with asyncio.timeout(self._plan.timeout_seconds):
                _, wire = await self._loop.create_connection(
                    lambda: Wire(self._ended, self._plan.timeout_seconds),
                    place.hostname,
                    place.port or 80,
                )
        except OSError:
            self._connecting.discard(asyncio.current_task())
            self._judge(delivery, "refused")
            self._next_waiting()
            return
        self._busy[wire] = delivery
        wire.post(delivery.letter.wire)

    def _post(self, wire: Wire, delivery: _Delivery) -> None:
        self._note(delivery)
        self._busy[wire] = delivery
        wire.post(delivery.letter.wire)

    def _note(self, delivery: _Delivery) -> None:
        first = _Progress(delivery.letter, delivery.started)
        self._tally.events.setdefault(delivery.letter.event_id, first).deliveries += 1

    def _ended(self, wire: Wire, outcome: str) -> None:
        delivery = self._busy.pop(wire, None)
        if delivery is None:  # the run is over
            return
        if wire.is_open:
            self._idle.append(wire)
        self._judge(delivery, outcome)
        self._next_waiting()

    def _judge(self, delivery: _Delivery, outcome: str) -> None:
        self._tally.outcomes[outcome] += 1
        event = self._tally.events[delivery.letter.event_id]
        if outcome.startswith("2"):
            if event.ack_ms is None:
                event.ack_ms = (time.monotonic() - event.started) * 1000
        elif self._plan.redeliver_after and delivery.number < MAX_DELIVERIES:
            self._deliver_again(delivery, self._plan.redeliver_after)
            return
        self._open_letters -= 1
        if self._open_letters == 0:
            self._all_settled.set()

    def _deliver_again(self, delivery: _Delivery, after: tuple[float, float]) -> None:
        letter = letters.redelivered(delivery.letter, self._plan)
        again = _Delivery(letter, delivery.started, delivery.number + 1)
        self._loop.call_later(self._chance.uniform(*after), self._hand_over, again)

    def _next_waiting(self) -> None:
        if self._waiting:
            self._hand_over(self._waiting.popleft())
