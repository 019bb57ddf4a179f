"""Show that an answer is being prepared when it will take over a second (LINE.md §2, loading)."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

from sqlalchemy.exc import SQLAlchemyError

from bot.parts import Parts
from bot.replier import EXPIRY_SECONDS
from handlers.line.event import Event
from knowledge.records import inbox

SLOW_SECONDS = 1.0
LOOK_EVERY_SECONDS = 1.0
AT_ONCE = 8
"""LINE takes 100 such calls a second; a comfort must not crowd out the answers."""


class Loading:
    """Watches how long answers take, by the oldest event in the inbox, looked up once a second."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="loading")
        self._free = BoundedSemaphore(AT_ONCE)
        self._looked_at = 0.0
        self._is_slow = False

    def show(self, found: Sequence[Event]) -> None:
        """Start the animation for the writers of these events, if they will have to wait."""
        if not self._will_be_slow():
            return
        for event in found:
            is_spoken = event.kind in inbox.SPOKEN and event.source == "user"
            if is_spoken and event.is_repliable and self._free.acquire(blocking=False):
                self._threads.submit(self._show_one, event.user_id)

    def _show_one(self, user_id: str) -> None:
        try:
            self._parts.line.show_loading(user_id)
        finally:
            self._free.release()

    def _will_be_slow(self) -> bool:
        now = time.monotonic()
        if now - self._looked_at > LOOK_EVERY_SECONDS:
            self._looked_at = now
            self._is_slow = self._oldest_age() > SLOW_SECONDS
        return self._is_slow

    def _oldest_age(self) -> float:
        now = self._parts.clock()
        try:
            oldest = inbox.oldest_unfinished(self._parts.records, now - EXPIRY_SECONDS)
        except SQLAlchemyError:
            return 0.0
        return 0.0 if oldest is None else now - oldest
