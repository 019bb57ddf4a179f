"""A breaker: after several failures in a row nothing is tried for a while, then one probe is."""

import threading
import time
from collections.abc import Callable

FAILURES = 5
OPEN_SECONDS = 5.0


class Breaker:
    """Shared by all threads of a process; the lock is held for its own numbers only, never during
    a call (pybreaker's `call` holds its lock while the guarded function runs, so that callers
    would queue up behind the very calls that hang).

    Ask `enter` before each attempt and report with its ticket how it ended. The reports of
    attempts that began before the breaker opened are too old to open or close it again.
    """

    def __init__(
        self,
        failures: int = FAILURES,
        open_seconds: float = OPEN_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._open_seconds = open_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._probe_at: float | None = None  # None: closed
        self._ticket = 0

    def enter(self) -> int | None:
        """A ticket for one attempt, or None while nothing may be tried."""
        with self._lock:
            if self._probe_at is not None:
                now = self._clock()
                if now < self._probe_at:
                    return None
                # If this probe never reports, another one follows after the same time.
                self._probe_at = now + self._open_seconds
                self._ticket += 1
            return self._ticket

    def succeeded(self, ticket: int) -> bool:
        """Report an attempt that went well; True when that closed the breaker."""
        with self._lock:
            if ticket != self._ticket:
                return False
            closes = self._probe_at is not None
            self._failures = 0
            self._probe_at = None
            return closes

    def failed(self, ticket: int) -> bool:
        """Report an attempt that went badly; True when that opened the breaker (again)."""
        with self._lock:
            if ticket != self._ticket:
                return False
            self._failures += 1
            if self._probe_at is None and self._failures < self._limit:
                return False
            self._probe_at = self._clock() + self._open_seconds
            self._ticket += 1  # whatever is still under way began before this
            return True
