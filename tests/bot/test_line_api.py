"""However LINE or the network fails, a call ends with an outcome, never with an exception or a leak."""

import json
import logging
import socket
import threading
import time
from contextlib import closing

import pytest

from bot.line_api import LineApi, Message, Outcome, Pace
from bot.simulator import events
from bot.simulator.stub import Fault, LineStub
from tests.bot import rawserver
from tests.bot.rawserver import RawServer, answer
from tests.builders import TOKEN
from tests.localbot import Chat

CANARY = "カナリアの言葉"
MESSAGES: list[Message] = [{"type": "text", "text": CANARY}]
AT_ONCE = Pace(sleep=lambda _: None)
JUNK = {
    "no HTTP at all": b"220 mail.example.jp ESMTP\r\n\r\n",
    "nothing": b"\r\n\r\n",
    "a page of a proxy": answer(200, b"<!DOCTYPE html>\xff", "Content-Type: text/html"),
    "a page of a proxy in UTF-8": answer(200, b"<p>ok</p>"),
    "a 200 that is no object": answer(200, b"[]"),
    "a 200 nested too deeply": answer(200, b"[" * 200_000),
    "a length that is no number": b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n<p>",
    "a chunk that is no number": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "gzip that is none": answer(200, b"{}", "Content-Encoding: gzip"),
    "a header too long": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    "too many headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
}


@pytest.fixture
def stub(chat: Chat) -> LineStub:
    """A quiet LINE behind a real port."""
    return chat.bot.stub


@pytest.fixture
def line(chat: Chat) -> LineApi:
    """The bot's client of that LINE."""
    return LineApi(chat.bot.config.line_api_base, TOKEN, pace=AT_ONCE)


@pytest.fixture
def token(stub: LineStub, chat: Chat) -> str:
    """A fresh reply token."""
    return str(stub.issue_event(chat.user_id, "text", text="質問")["replyToken"])


@pytest.fixture
def closed_address() -> str:
    """A port where nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"


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


def test_the_loading_animation_shows_in_the_chat(line: LineApi, chat: Chat) -> None:
    outcome = line.show_loading(chat.user_id)

    (call,) = chat.bot.stub.ledger()
    assert outcome is Outcome.DONE
    assert call.request == {"chatId": chat.user_id, "loadingSeconds": 20}
    assert chat.bot.stub.chat(chat.user_id)["loading"]


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


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
def test_junk_is_never_taken_for_a_delivery(junk: bytes) -> None:
    def say(_server: RawServer, link: socket.socket) -> None:
        link.sendall(junk)

    with rawserver.answering(say, say) as server:
        outcome = LineApi(server.url, TOKEN, pace=AT_ONCE).reply("token", MESSAGES)

    assert outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500, 502])
def test_a_proxy_s_page_for_an_error_is_a_failure(
    line: LineApi, stub: LineStub, token: str, status: int
) -> None:
    stub.script_faults([Fault("html", status=status)] * 2)

    assert line.reply(token, MESSAGES) is Outcome.FAILED


def test_a_redirect_is_not_followed() -> None:
    with rawserver.answering() as elsewhere:
        redirect = answer(307, b"", f"Location: {elsewhere.url}/")
        with rawserver.answering(redirect, redirect) as server:
            outcome = LineApi(server.url, TOKEN, pace=AT_ONCE).reply("token", MESSAGES)

    assert outcome is Outcome.FAILED
    assert elsewhere.connections == 0


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault("status", status=500), Outcome.FAILED),
        (Fault("status", status=429), Outcome.FAILED),
        (Fault("reset"), Outcome.UNKNOWN),
    ],
    ids=["500", "429", "reset"],
)
def test_only_replies_are_tried_twice(
    line: LineApi, stub: LineStub, fault: Fault, outcome: Outcome
) -> None:
    stub.script_faults([fault, fault])

    left = line.leave("room", events.EXAMPLE_ROOM)
    shown = line.show_loading(events.EXAMPLE_USER)

    assert [left, shown] == [outcome, outcome]
    assert len(stub.ledger()) == 2


@pytest.mark.parametrize(
    "start", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"], ids=["header", "body"]
)
def test_an_answer_that_drips_ends_with_the_deadline(start: bytes) -> None:
    pace = Pace(whole_seconds=0.5, sleep=lambda _: None)
    started = time.monotonic()

    with rawserver.answering(*[rawserver.drip(start, b"x")] * 2) as server:
        outcome = LineApi(server.url, TOKEN, pace=pace).reply("token", MESSAGES)

    assert outcome is Outcome.UNKNOWN
    assert time.monotonic() - started < 4.5


def test_calls_share_one_connection() -> None:
    with rawserver.answering() as server:
        line = LineApi(server.url, TOKEN)

        outcomes = {line.reply("token", MESSAGES) for _ in range(10)}

    assert outcomes == {Outcome.DONE}
    assert (len(server.requests), server.connections) == (10, 1)


def test_a_connection_that_line_closed_meanwhile_costs_no_reply() -> None:
    def answer_and_close(_server: RawServer, link: socket.socket) -> None:
        link.sendall(rawserver.OK)

    with rawserver.answering(*[answer_and_close] * 3) as server:
        line = LineApi(server.url, TOKEN, pace=AT_ONCE)

        outcomes = [line.reply("token", MESSAGES) for _ in range(3)]

    assert outcomes == [Outcome.DONE] * 3


def test_thirty_two_threads_share_the_client_and_mix_nothing_up() -> None:
    tokens = [f"token-{number}" for number in range(160)]
    with rawserver.answering() as server:
        line = LineApi(server.url, TOKEN)

        def reply_to(some: list[str]) -> None:
            for token in some:
                line.reply(token, [{"type": "text", "text": token}])

        threads = [threading.Thread(target=reply_to, args=(tokens[n::32],)) for n in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    bodies = [json.loads(request.partition(b"\r\n\r\n")[2]) for request in server.requests]
    said = {body["replyToken"]: body["messages"][0]["text"] for body in bodies}
    assert said == {token: token for token in tokens}
    assert len(bodies) == 160
    assert server.connections <= 32


@pytest.mark.parametrize(
    "fault",
    [None, Fault("status", status=400), Fault("status", status=500), Fault("reset")],
    ids=["ok", "400", "500", "reset"],
)
def test_neither_words_nor_keys_reach_the_logs(
    line: LineApi,
    stub: LineStub,
    token: str,
    caplog: pytest.LogCaptureFixture,
    fault: Fault | None,
) -> None:
    stub.script_faults([fault] * 2 if fault else [])
    caplog.set_level(logging.DEBUG)

    line.reply(token, MESSAGES)

    written = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    assert [secret for secret in (CANARY, TOKEN, "Bearer", token) if secret in written] == []


def test_neither_words_nor_keys_reach_the_logs_where_nobody_listens(
    closed_address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    LineApi(closed_address, TOKEN, pace=AT_ONCE).reply("the-reply-token", MESSAGES)

    written = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    assert "line_call_failed" in written
    assert [secret for secret in (CANARY, TOKEN, "the-reply-token") if secret in written] == []


def test_each_attempt_that_fails_is_one_line_with_its_status(
    line: LineApi, stub: LineStub, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    stub.script_faults([Fault("status", status=429), Fault("reset")])

    line.reply(token, MESSAGES)

    lines = [record for record in caplog.records if record.message == "line_call_failed"]
    assert [(found.endpoint, found.status, found.error) for found in lines] == [
        ("reply", 429, "ApiException"),
        ("reply", 0, "ProtocolError"),
    ]


def test_each_attempt_is_measured(chat: Chat, stub: LineStub, token: str) -> None:
    seen: list[tuple[str, str, float]] = []
    line = LineApi(
        chat.bot.config.line_api_base, TOKEN, lambda *measured: seen.append(measured), AT_ONCE
    )
    stub.script_faults([Fault("status", status=500)])

    line.reply(token, MESSAGES)
    line.leave("room", events.EXAMPLE_ROOM)

    assert [measured[:2] for measured in seen] == [
        ("reply", "failed"),
        ("reply", "done"),
        ("leave", "done"),
    ]
    assert all(0 < seconds < 60 for _, _, seconds in seen)
