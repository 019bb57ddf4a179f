"""Answer queued events in threads, and see to what the queue lost."""

import gc
import sys

from bot.chores import OF_A_WORKER, Chores
from bot.parts import Parts
from handlers.line import text
from handlers.line.reply import Chat

THREADS = 64
"""Answers in work at once, most of them waiting for LINE (OPS.md §1.3: rate × LINE's latency)."""

WARM_UP = "住民票がほしい"


def warm_up(parts: Parts) -> None:
    """Load the index, the models and the lists of words: the first citizen must not wait for them."""
    text.say(WARM_UP, Chat(parts.kb, parts.today()))


TURN_SECONDS = 0.0005
"""How long a thread goes on while another waits for its turn. With Python's 5 ms, twenty times on
its way through a webhook, a citizen would stand behind every page that staff open."""


def settle() -> None:
    """Make this process ready to answer beside other work of its own.

    The garbage collector passes over what stands from here on, the knowledge above all: looking
    through 5,000 entries takes it half a second, in which nobody is answered.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(TURN_SECONDS)


class Worker:
    """The answering half of the bot, in any process."""

    def __init__(self, parts: Parts, threads: int = THREADS) -> None:
        self._parts = parts
        self._workers = parts.queue.workers(threads)
        self._chores = Chores(parts, OF_A_WORKER)

    def start(self) -> None:
        """Begin, warmed up."""
        warm_up(self._parts)
        self._workers.start()
        self._chores.start()

    def stop(self) -> None:
        """Take nothing more, and finish what is in hand."""
        self._chores.stop()
        self._workers.finish()
