"""Several processes share one inbox: no event goes to two of them, and no chat is torn apart."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Engine

from knowledge.records import inbox, store
from tests.knowledge.processes import at_once
from tests.knowledge.records import arrivals
from tests.knowledge.records.arrivals import NOW, an_arrival

IDS = [f"01KEVENT{number:04d}" for number in range(200)]
CHATS = 5
PER_CHAT = 8


@dataclass(frozen=True)
class Stint:
    """One event in work, from when to when by the machine's clock."""

    chat_key: str
    event_id: str
    began: float
    ended: float


def claim_all(url: str, ids: Sequence[str]) -> list[str]:
    """Try to claim every event, in whatever process; the ids that were got."""
    engine = store.open_store(url)
    claimed = [found for event_id in ids if (found := arrivals.claim(engine, event_id))]
    engine.dispose()
    return claimed


def store_all(url: str, ids: Sequence[str]) -> list[str]:
    """Store every event, as a web process does, then claim what waits, as a worker does."""
    engine = store.open_store(url)
    waiting = arrivals.store(engine, *(an_arrival(i, chat_key=f"chat of {i}") for i in ids))
    engine.dispose()
    return claim_all(url, waiting)


def work(url: str, ids: Sequence[str]) -> list[Stint]:
    """Answer what the queue brings and what follows in its chat, as a worker does."""
    engine = store.open_store(url)
    done: list[Stint] = []
    for event_id in ids:
        with engine.begin() as connection:
            claimed = inbox.claim(connection, event_id, NOW)
        while claimed is not None:
            began = time.monotonic()
            time.sleep(0.003)
            done.append(Stint(claimed.chat_key, claimed.event_id, began, time.monotonic()))
            with engine.begin() as connection:
                inbox.finish(connection, claimed.event_id, "done", NOW)
                claimed = inbox.claim_next(connection, claimed.chat_key, NOW)
    engine.dispose()
    return done


def test_four_processes_claim_each_event_once_between_them(
    records: Engine, records_url: str
) -> None:
    arrivals.store(records, *(an_arrival(i, chat_key=f"chat of {i}") for i in IDS))
    orders = [IDS, IDS[::-1], IDS[100:] + IDS[:100], IDS]

    claimed = at_once(claim_all, [(records_url, order) for order in orders])

    assert sorted(event_id for each in claimed for event_id in each) == IDS


def test_four_processes_that_get_the_same_delivery_answer_each_event_once(
    records_url: str,
) -> None:
    claimed = at_once(store_all, [(records_url, IDS[:40])] * 4)

    assert sorted(event_id for each in claimed for event_id in each) == IDS[:40]


def test_four_processes_answer_each_chat_in_order_and_never_two_of_it_at_once(
    records: Engine, records_url: str
) -> None:
    sent = [(f"chat-{chat}", number) for number in range(PER_CHAT) for chat in range(CHATS)]
    ids = [f"{chat} {number}" for chat, number in sent]
    start = int(NOW * 1000)
    late_first = [
        an_arrival(f"{chat} {number}", chat_key=chat, sent_at=start + number)
        for chat, number in reversed(sent)
    ]
    arrivals.store(records, *late_first)

    done = at_once(work, [(records_url, ids[shift:] + ids[:shift]) for shift in (0, 9, 18, 27)])

    stints = defaultdict(list)
    for stint in sorted((stint for each in done for stint in each), key=lambda stint: stint.began):
        stints[stint.chat_key].append(stint)
    told = [stint.event_id for chat in sorted(stints) for stint in stints[chat]]
    overlaps = [
        (one, two)
        for chat in stints.values()
        for one, two in pairwise(chat)
        if two.began < one.ended
    ]
    assert told == sorted(ids)
    assert overlaps == []
