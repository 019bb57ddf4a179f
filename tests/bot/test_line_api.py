"""However LINE or the network fails, a call ends with an outcome, never with an exception or a leak."""

import logging
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.line_api import LineApi, Message, Outcome
from bot.simulator import events
from bot.simulator.stub import Fault, LineStub
from tests.builders import TOKEN
from tests.localbot import Chat

CANARY = "カナリアの言葉"
MESSAGES: list[Message] = [{"type": "text", "text": CANARY}]
FAULTS = {
    "429": (Fault("status", status=429), Outcome.FAILED),
    "500": (Fault("status", status=500), Outcome.FAILED),
    "503": (Fault("status", status=503), Outcome.FAILED),
    "400 for another reason": (Fault("status", status=400, message="Bad"), Outcome.FAILED),
    "401": (Fault("status", status=401), Outcome.FAILED),
    "reset": (Fault("reset"), Outcome.UNKNOWN),
    "reset after it was taken": (Fault("reset", accepted=True), Outcome.UNKNOWN),
    "hang": (Fault("hang", seconds=60, accepted=True), Outcome.UNKNOWN),
    "drip": (Fault("drip", seconds=60, accepted=True), Outcome.UNKNOWN),
}


@pytest.fixture
def stub(chat: Chat) -> LineStub:
    """A quiet LINE behind a real port."""
    return chat.bot.stub


@pytest.fixture
def line(chat: Chat) -> LineApi:
    """The bot's client of that LINE."""
    return LineApi(chat.bot.config.line_api_base, TOKEN)


@pytest.fixture
def token(stub: LineStub, chat: Chat) -> str:
    """A fresh reply token."""
    return str(stub.issue_event(chat.user_id, "text", text="質問")["replyToken"])


@pytest.fixture
def deaf_address() -> Iterator[str]:
    """A server that takes calls and says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def closed_address() -> str:
    """A port where nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_reply_that_line_takes_is_done_and_arrives_unchanged(
    line: LineApi, stub: LineStub, token: str
) -> None:
    messages = [
        {"type": "text", "text": "👨‍👩‍👧‍👦𠮷 {x} \u202e"},
        {"type": "text", "text": "\\u0041"},
    ]

    outcome = line.reply(token, messages)

    (call,) = stub.ledger()
    assert outcome is Outcome.DONE
    assert call.request == {"replyToken": token, "messages": messages}
    assert call.retry_key is None


def test_leaving_a_group_that_line_takes_is_done(line: LineApi, stub: LineStub) -> None:
    outcome = line.leave("group", events.EXAMPLE_GROUP)

    assert outcome is Outcome.DONE
    assert [call.endpoint for call in stub.ledger()] == [f"group/{events.EXAMPLE_GROUP}/leave"]


def test_a_used_token_is_rejected(line: LineApi, token: str) -> None:
    line.reply(token, MESSAGES)

    assert line.reply(token, MESSAGES) is Outcome.TOKEN_REJECTED


def test_an_unknown_token_is_rejected(line: LineApi) -> None:
    assert line.reply("no-such-token", MESSAGES) is Outcome.TOKEN_REJECTED


def test_messages_that_line_refuses_are_a_failure_not_a_bad_token(
    line: LineApi, token: str
) -> None:
    assert line.reply(token, [{"type": "text", "text": ""}]) is Outcome.FAILED


def test_a_wrong_access_token_is_a_failure(chat: Chat, token: str) -> None:
    line = LineApi(chat.bot.config.line_api_base, "another-channels-token")

    assert line.reply(token, MESSAGES) is Outcome.FAILED


@pytest.mark.parametrize(("fault", "outcome"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_line_ends_in_its_outcome_after_one_call(
    line: LineApi, stub: LineStub, token: str, fault: Fault, outcome: Outcome
) -> None:
    stub.script_faults([fault])

    ended = line.reply(token, MESSAGES)

    assert ended is outcome
    assert len(stub.ledger()) == 1


@pytest.mark.parametrize("status", [200, 302, 400, 404, 429, 500, 502])
def test_a_page_of_a_proxy_is_never_taken_for_a_delivery(
    line: LineApi, stub: LineStub, token: str, status: int
) -> None:
    stub.script_faults([Fault("html", status=status)])

    outcome = line.reply(token, MESSAGES)

    assert outcome in (Outcome.FAILED, Outcome.UNKNOWN)


def test_a_failure_of_a_leave_is_an_outcome_too(line: LineApi, stub: LineStub) -> None:
    stub.script_faults([Fault("status", status=500), Fault("reset")])

    outcomes = [line.leave("room", events.EXAMPLE_ROOM), line.leave("room", events.EXAMPLE_ROOM)]

    assert outcomes == [Outcome.FAILED, Outcome.UNKNOWN]


def test_where_nobody_listens_the_call_surely_failed(closed_address: str) -> None:
    assert LineApi(closed_address, TOKEN).reply("token", MESSAGES) is Outcome.FAILED


def test_where_nobody_answers_the_outcome_is_unknown(deaf_address: str) -> None:
    assert LineApi(deaf_address, TOKEN).reply("token", MESSAGES) is Outcome.UNKNOWN


def test_after_a_fault_the_same_client_goes_on(line: LineApi, stub: LineStub, token: str) -> None:
    stub.script_faults([Fault("reset")])
    line.reply(token, MESSAGES)

    assert line.reply(token, MESSAGES) is Outcome.DONE


@pytest.mark.parametrize(
    "faults",
    [[], [Fault("status", status=400)], [Fault("status", status=500)], [Fault("reset")]],
    ids=["ok", "400", "500", "reset"],
)
def test_neither_words_nor_keys_reach_the_logs(
    line: LineApi,
    stub: LineStub,
    token: str,
    caplog: pytest.LogCaptureFixture,
    faults: list[Fault],
) -> None:
    stub.script_faults(faults)
    caplog.set_level(logging.DEBUG)

    line.reply(token, MESSAGES)

    secrets = [CANARY, TOKEN, "Bearer", token]
    assert [secret for secret in secrets if secret in caplog.text] == []


def test_a_failure_is_logged_with_its_status(
    line: LineApi, stub: LineStub, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    stub.script_faults([Fault("status", status=429)])

    line.reply(token, MESSAGES)

    assert "LINE answered 429 to reply" in caplog.text


def test_neither_words_nor_keys_reach_the_logs_where_nobody_listens(
    closed_address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    LineApi(closed_address, TOKEN).reply("the-reply-token", MESSAGES)

    assert "LINE cannot be reached" in caplog.text
    assert [secret for secret in (CANARY, TOKEN, "the-reply-token") if secret in caplog.text] == []
