"""Keep what is costly to count for a short while, so that pages stay cheap."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Values by key, each for some seconds of the clock; the oldest gives way when it is full."""

    def __init__(self, seconds: float, clock: Callable[[], float], size: int = 20) -> None:
        self._seconds = seconds
        self._clock = clock
        self._size = size
        self._lock = Lock()
        self._turns: WeakValueDictionary[Hashable, Lock] = WeakValueDictionary()
        self._kept: dict[Hashable, tuple[float, Value]] = {}

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key, made anew when there is none or it is too old.

        One maker at a time for each key: who asks for something else does not wait.
        """
        with self._lock:
            turn = self._turns.setdefault(key, Lock())
        with turn:
            now = self._clock()
            made_at, value = self._kept.get(key) or (now, None)
            if value is not None and 0 <= now - made_at < self._seconds:
                return value
            return self._put(key, make(), now)

    def _put(self, key: Hashable, value: Value, now: float) -> Value:
        with self._lock:
            self._kept.pop(key, None)
            while len(self._kept) >= self._size:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = (now, value)
        return value
