"""A reply is tried a second time where that is safe; a dead API is left alone for a while."""

import socket
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

import pytest

from bot.breaker import Breaker
from bot.line_api import LineApi, Message, Outcome, Pace
from bot.simulator.stub import Fault
from tests.bot import rawserver
from tests.bot.rawserver import OK, Behaviour, RawServer, answer
from tests.builders import TOKEN
from tests.localbot import Chat

MESSAGES: list[Message] = [{"type": "text", "text": "答え"}]
BAD_TOKEN = answer(400, b'{"message":"Invalid reply token"}')
BAD_MESSAGE = answer(400, b'{"message":"The request body has 1 error(s)"}')
BUSY = answer(429)
BROKEN = answer(500)
PAGE = answer(502, b"<h1>Bad Gateway</h1>\xff")
KEY = answer(401)

TWO_ATTEMPTS: dict[str, tuple[bytes | Behaviour, bytes | Behaviour, Outcome]] = {
    "429, ok": (BUSY, OK, Outcome.DONE),
    "500, ok": (BROKEN, OK, Outcome.DONE),
    "proxy's page, ok": (PAGE, OK, Outcome.DONE),
    "reset, ok": (rawserver.reset, OK, Outcome.DONE),
    "hang, ok": (rawserver.hang, OK, Outcome.DONE),
    "hang, bad token": (rawserver.hang, BAD_TOKEN, Outcome.UNKNOWN),
    "reset, bad token": (rawserver.reset, BAD_TOKEN, Outcome.UNKNOWN),
    "500, bad token": (BROKEN, BAD_TOKEN, Outcome.UNKNOWN),
    "429, bad token": (BUSY, BAD_TOKEN, Outcome.TOKEN_REJECTED),
    "429 twice": (BUSY, BUSY, Outcome.FAILED),
    "500 twice": (BROKEN, BROKEN, Outcome.FAILED),
    "proxy's page twice": (PAGE, PAGE, Outcome.FAILED),
    "hang twice": (rawserver.hang, rawserver.hang, Outcome.UNKNOWN),
    "reset twice": (rawserver.reset, rawserver.reset, Outcome.UNKNOWN),
    "hang, 500": (rawserver.hang, BROKEN, Outcome.UNKNOWN),
    "hang, 429": (rawserver.hang, BUSY, Outcome.UNKNOWN),
    "reset, 401": (rawserver.reset, KEY, Outcome.UNKNOWN),
    "500, reset": (BROKEN, rawserver.reset, Outcome.UNKNOWN),
    "500, 401": (BROKEN, KEY, Outcome.FAILED),
    "429, other 400": (BUSY, BAD_MESSAGE, Outcome.FAILED),
}
ONE_ATTEMPT = {
    "bad token": (BAD_TOKEN, Outcome.TOKEN_REJECTED),
    "other 400": (BAD_MESSAGE, Outcome.FAILED),
    "401": (KEY, Outcome.FAILED),
    "403": (answer(403), Outcome.FAILED),
    "404": (answer(404), Outcome.FAILED),
    "413": (answer(413), Outcome.FAILED),
}


@dataclass
class Time:
    """Notes the pauses instead of making them, and turns the breaker's clock."""

    now: float = 0.0
    asked: list[tuple[float, float]] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def jitter(self, low: float, high: float) -> float:
        """The middle."""
        self.asked.append((low, high))
        return (low + high) / 2

    def pace(self) -> Pace:
        """The usual pace, its pauses only noted; a hanging server is given up sooner."""
        return Pace(read_seconds=0.6, jitter=self.jitter, sleep=self.slept.append)


@pytest.fixture
def time() -> Time:
    """A time that only passes by hand."""
    return Time()


def line_of(server: RawServer, time: Time) -> LineApi:
    """A client of that server on that time."""
    return LineApi(server.url, TOKEN, pace=time.pace(), breaker=Breaker(clock=time))


@pytest.mark.parametrize(("first", "second", "outcome"), TWO_ATTEMPTS.values(), ids=TWO_ATTEMPTS)
def test_two_attempts_make_one_outcome(
    time: Time, first: bytes | Behaviour, second: bytes | Behaviour, outcome: Outcome
) -> None:
    with rawserver.answering(first, second) as server:
        ended = line_of(server, time).reply("token", MESSAGES)

    assert ended is outcome
    assert len(server.requests) == 2
    assert server.requests[0] == server.requests[1]


@pytest.mark.parametrize(("first", "outcome"), ONE_ATTEMPT.values(), ids=ONE_ATTEMPT)
def test_what_a_second_attempt_cannot_mend_is_not_tried_again(
    time: Time, first: bytes, outcome: Outcome
) -> None:
    with rawserver.answering(first) as server:
        ended = line_of(server, time).reply("token", MESSAGES)

    assert ended is outcome
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("first", "between"), [(BROKEN, (0.2, 0.6)), (BUSY, (0.5, 1.5))], ids=["500", "429"]
)
def test_the_pause_before_the_second_attempt_is_jittered(
    time: Time, first: bytes, between: tuple[float, float]
) -> None:
    with rawserver.answering(first) as server:
        line_of(server, time).reply("token", MESSAGES)

    assert time.asked == [between]
    assert time.slept == [sum(between) / 2]


def test_a_refused_connection_is_tried_again(time: Time) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    with ExitStack() as stack:
        pace = Pace(sleep=lambda _: stack.push(rawserver.answering(port=port)) and None)

        outcome = LineApi(f"http://127.0.0.1:{port}", TOKEN, pace=pace).reply("token", MESSAGES)

    assert outcome is Outcome.DONE


def test_a_connection_refused_twice_surely_failed(time: Time) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"

    outcome = LineApi(address, TOKEN, pace=time.pace()).reply("token", MESSAGES)

    assert outcome is Outcome.FAILED
    assert len(time.slept) == 1


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault("hang", seconds=60, accepted=True), Outcome.UNKNOWN),
        (Fault("reset", accepted=True), Outcome.UNKNOWN),
        (Fault("status", status=500, accepted=True), Outcome.UNKNOWN),
        (Fault("reset"), Outcome.DONE),
        (Fault("status", status=500), Outcome.DONE),
        (Fault("status", status=429), Outcome.DONE),
    ],
    ids=["hang, taken", "reset, taken", "500, taken", "reset", "500", "429"],
)
def test_whatever_happens_the_citizen_sees_the_answer_once(
    chat: Chat, time: Time, fault: Fault, outcome: Outcome
) -> None:
    token = str(chat.bot.stub.issue_event(chat.user_id, "text", text="質問")["replyToken"])
    chat.bot.stub.script_faults([fault])

    ended = LineApi(chat.bot.config.line_api_base, TOKEN, pace=time.pace()).reply(token, MESSAGES)

    assert ended is outcome
    assert [message["text"] for message in chat.answers()] == ["答え"]


def test_after_five_bad_attempts_in_a_row_nothing_is_sent(time: Time) -> None:
    with rawserver.answering(*[BROKEN] * 5) as server:
        line = line_of(server, time)

        outcomes = [line.reply("token", MESSAGES) for _ in range(6)]

    assert outcomes == [Outcome.FAILED] * 3 + [Outcome.NOT_TRIED] * 3
    assert len(server.requests) == 5


def test_nothing_of_any_kind_is_sent_while_the_breaker_is_open(time: Time) -> None:
    with rawserver.answering(*[BROKEN] * 5) as server:
        line = line_of(server, time)
        for _ in range(5):
            line.leave("room", "R")

        outcomes = [line.leave("room", "R"), line.show_loading("U"), line.reply("token", MESSAGES)]

    assert outcomes == [Outcome.NOT_TRIED] * 3
    assert len(server.requests) == 5


def test_after_five_seconds_one_probe_goes_out_and_a_good_one_ends_the_pause(time: Time) -> None:
    with rawserver.answering(*[BUSY] * 5) as server:
        line = line_of(server, time)
        for _ in range(3):
            line.reply("token", MESSAGES)
        time.now += 5

        outcomes = [line.reply("token", MESSAGES) for _ in range(2)]

    assert outcomes == [Outcome.DONE] * 2
    assert len(server.requests) == 7


def test_a_bad_probe_is_not_repeated_and_starts_the_pause_again(time: Time) -> None:
    with rawserver.answering(*[BROKEN] * 6) as server:
        line = line_of(server, time)
        for _ in range(3):
            line.reply("token", MESSAGES)
        time.now += 5

        outcomes = [line.reply("token", MESSAGES) for _ in range(2)]

    assert outcomes == [Outcome.FAILED, Outcome.NOT_TRIED]
    assert len(server.requests) == 6


@pytest.mark.parametrize("step", [answer(401), BAD_TOKEN], ids=["401", "bad token"])
def test_refusals_show_that_the_api_is_alive(time: Time, step: bytes) -> None:
    with rawserver.answering(*[step] * 12) as server:
        line = line_of(server, time)
        for _ in range(12):
            line.reply("token", MESSAGES)

    assert len(server.requests) == 12


@pytest.mark.parametrize(
    "step", [rawserver.hang, rawserver.reset, PAGE], ids=["hang", "reset", "page"]
)
def test_lost_answers_open_the_breaker_too(time: Time, step: bytes | Behaviour) -> None:
    with rawserver.answering(*[step] * 5) as server:
        line = line_of(server, time)
        for _ in range(5):
            line.show_loading("U")

        outcome = line.reply("token", MESSAGES)

    assert outcome is Outcome.NOT_TRIED


def test_an_open_breaker_writes_one_line_not_one_per_call(
    time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    with rawserver.answering(*[BROKEN] * 5) as server:
        line = line_of(server, time)
        for _ in range(100):
            line.reply("token", MESSAGES)
        time.now += 5
        line.reply("token", MESSAGES)

    ours = [record.message for record in caplog.records if record.name == "bot.line_api"]
    assert ours == ["line_call_failed"] * 5 + ["line_breaker_opened", "line_breaker_closed"]
