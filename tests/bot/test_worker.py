"""Workers answer what is queued, each chat in its order, and end what they began."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from bot.line_api import Message, Outcome
from bot.worker import Worker
from knowledge.base import KnowledgeBase
from tests import servers
from tests.bot.stillbot import MENU, OTHER_USER, WASTE, MoodyLine, StillBot
from tests.bot.test_queue import PATIENCE_SECONDS, eventually


@dataclass
class SlowLine(MoodyLine):
    """A LINE that takes an answer only when it may."""

    begun: threading.Event = field(default_factory=threading.Event)
    may_end: threading.Event = field(default_factory=threading.Event)

    def reply(self, reply_token: str, messages: list[Message]) -> Outcome:
        """Answer an event, after a while."""
        self.begun.set()
        self.may_end.wait(PATIENCE_SECONDS)
        return super().reply(reply_token, messages)


def test_a_worker_answers_everybody_and_each_in_order(bot: StillBot) -> None:
    sent = [bot.message(text, user) for text in ("メニュー", "粗大ごみ") for user in "ABCDE"]
    bot.post(*sent)

    worker = Worker(bot.parts, threads=4)
    worker.start()
    are_answered = eventually(lambda: set(bot.statuses(*sent)) == {"done"})
    worker.stop()

    assert are_answered
    assert [bot.said_to(*sent[user::5]) for user in range(5)] == [[MENU, WASTE]] * 5


def test_two_workers_on_one_queue_answer_each_event_once(bot: StillBot) -> None:
    sent = [bot.message("粗大ごみ", f"U{number}") for number in range(20)]

    workers = [Worker(bot.parts, threads=2), Worker(bot.parts, threads=2)]
    for worker in workers:
        worker.start()
    bot.post(*sent)
    are_answered = eventually(lambda: set(bot.statuses(*sent)) == {"done"})
    for worker in workers:
        worker.stop()

    assert are_answered
    assert len(bot.line.sent) == 20


def test_a_worker_that_stops_finishes_the_answer_in_hand_and_leaves_the_rest(
    tmp_path: Path, kb: KnowledgeBase
) -> None:
    line = SlowLine()
    bot = StillBot(tmp_path, kb, line=line)
    in_hand, waiting = bot.message("粗大ごみ"), bot.message("粗大ごみ", OTHER_USER)
    bot.post(in_hand, waiting)
    worker = Worker(bot.parts, threads=1)
    worker.start()
    assert line.begun.wait(PATIENCE_SECONDS)

    threading.Timer(1, line.may_end.set).start()
    worker.stop()

    assert bot.statuses(in_hand, waiting) == ["done", "received"]
    assert bot.said_to(in_hand) == [WASTE]
    bot.close()


def test_two_machines_that_get_the_same_event_at_once_answer_it_once(
    tmp_path: Path, kb: KnowledgeBase
) -> None:
    records = servers.records_url(tmp_path)
    machines = [StillBot(tmp_path / name, kb, records_url=records) for name in ("one", "two")]
    workers = [Worker(machine.parts, threads=2) for machine in machines]
    event = machines[0].message()

    for worker in workers:
        worker.start()
    with ThreadPoolExecutor(10) as senders:
        statuses = list(senders.map(lambda machine: machine.post(event), machines * 5))
    eventually(lambda: machines[0].statuses(event) == ["done"])
    for worker in workers:
        worker.stop()

    assert statuses == [200] * 10
    assert [said for machine in machines for said in machine.said_to(event)] == [WASTE]
    for machine in machines:
        machine.close()
