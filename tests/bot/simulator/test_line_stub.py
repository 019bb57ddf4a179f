"""The stub keeps its promises when many threads use it at once, and forgets all on reset."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from bot.simulator import LineStub
from bot.simulator.events import EXAMPLE_USER
from bot.simulator.stub import Fault

HELLO: Final[dict[str, Any]] = {"type": "text", "text": "こんにちは"}
KEY: Final = "123e4567-e89b-12d3-a456-426614174000"
THREADS: Final = 16


def seqs(stub: LineStub, after: int = 0) -> list[int]:
    return [entry.seq for entry in stub.chat(EXAMPLE_USER, after)["entries"]]


def test_a_reply_token_is_used_once_even_by_many_threads(stub: LineStub) -> None:
    token = stub.issue_event(EXAMPLE_USER, "text", text="質問")["replyToken"]
    with ThreadPoolExecutor(THREADS) as pool:
        sent = list(pool.map(lambda _: stub.reply(token, [HELLO]), range(THREADS)))
    assert sum(one is not None for one in sent) == 1


def test_a_retry_key_sends_once_even_from_many_threads(stub: LineStub) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        pushes = list(
            pool.map(lambda i: stub.push(EXAMPLE_USER, [HELLO], KEY, str(i)), range(THREADS))
        )
    assert sum(push.first_request_id is None for push in pushes) == 1
    assert len(seqs(stub)) == 1


def test_bubbles_are_numbered_upwards_across_chats(stub: LineStub) -> None:
    other = "U" + "f" * 32
    stub.record_user_message(EXAMPLE_USER, HELLO)
    stub.record_user_message(other, HELLO)
    stub.push(EXAMPLE_USER, [HELLO, HELLO], None, "1")
    assert seqs(stub) == [1, 3, 4]
    assert seqs(stub, after=1) == [3, 4]


def test_an_issued_event_happens_now(stub: LineStub) -> None:
    event = stub.issue_event(EXAMPLE_USER, "text", text="質問")
    assert event["timestamp"] == 1_800_000_000_000
    assert event["source"]["userId"] == EXAMPLE_USER


def test_a_reset_forgets_everything(stub: LineStub) -> None:
    token = stub.issue_event(EXAMPLE_USER, "text", text="質問")["replyToken"]
    stub.record_user_message(EXAMPLE_USER, HELLO)
    stub.script_faults([Fault("reset")])
    epoch = stub.chat(EXAMPLE_USER)["epoch"]

    stub.reset()

    assert stub.chat(EXAMPLE_USER)["entries"] == []
    assert stub.chat(EXAMPLE_USER)["epoch"] != epoch
    assert stub.reply(token, [HELLO]) is None
    assert stub.next_fault("message/reply") is None
    assert stub.ledger() == []
