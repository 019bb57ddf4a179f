"""Scripted faults, met by LINE's own SDK over real sockets, behind each server we use."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
import urllib3
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    MessagingApi,
    PushMessageRequest,
    TextMessage,
)

from bot.simulator import LineStub
from bot.simulator.events import EXAMPLE_USER
from tests.bot.simulator.conftest import CHANNEL_TOKEN
from tests.bot.test_queue import eventually

KEY: Final = "123e4567-e89b-12d3-a456-426614174000"
PUSH: Final = PushMessageRequest(to=EXAMPLE_USER, messages=[TextMessage(text="こんにちは")])


@pytest.fixture
def line(each_server: str) -> Iterator[MessagingApi]:
    configuration = Configuration(host=f"{each_server}/line", access_token=CHANNEL_TOKEN)
    configuration.retries = urllib3.Retry(total=0)
    with ApiClient(configuration) as client:
        yield MessagingApi(client)
        client.rest_client.pool_manager.clear()


@pytest.fixture
def script(each_server: str, http: urllib3.PoolManager) -> Any:
    def post(*steps: dict[str, Any]) -> urllib3.BaseHTTPResponse:
        return http.request("POST", f"{each_server}/admin/faults", json=list(steps))

    return post


def bubbles(stub: LineStub) -> int:
    return len(stub.chat(EXAMPLE_USER)["entries"])


def pushed(line: MessagingApi) -> int:
    try:
        line.push_message(PUSH)
    except ApiException as refusal:
        return int(refusal.status)
    return 200


@pytest.mark.parametrize("status", [429, 500])
def test_a_scripted_status_is_answered_and_nothing_is_sent(
    line: MessagingApi, script: Any, stub: LineStub, status: int
) -> None:
    script({"kind": "status", "status": status})

    with pytest.raises(ApiException) as refusal:
        line.push_message(PUSH, KEY)

    assert refusal.value.status == status
    assert bubbles(stub) == 0
    assert stub.ledger()[0].fault == "status"
    assert len(line.push_message(PUSH, KEY).sent_messages) == 1


def test_a_hanging_line_has_taken_the_message(
    line: MessagingApi, script: Any, stub: LineStub
) -> None:
    script({"kind": "hang", "seconds": 60})

    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        line.push_message(PUSH, KEY, _request_timeout=(5, 0.2))
    assert eventually(lambda: bubbles(stub) == 1)
    with pytest.raises(ApiException) as conflict:
        line.push_message(PUSH, KEY)

    assert conflict.value.status == 409
    assert bubbles(stub) == 1
    stub.reset()


def test_a_reset_closes_the_socket_without_an_answer(
    line: MessagingApi, script: Any, stub: LineStub
) -> None:
    script({"kind": "reset"})

    with pytest.raises((urllib3.exceptions.ProtocolError, urllib3.exceptions.MaxRetryError)):
        line.push_message(PUSH, KEY)

    assert bubbles(stub) == 0
    assert [(call.status, call.fault) for call in stub.ledger()] == [(0, "reset")]
    assert len(line.push_message(PUSH, KEY).sent_messages) == 1


def test_a_message_taken_before_the_reset_is_not_sent_twice(
    line: MessagingApi, script: Any, stub: LineStub
) -> None:
    script({"kind": "reset", "accepted": True})

    with pytest.raises((urllib3.exceptions.ProtocolError, urllib3.exceptions.MaxRetryError)):
        line.push_message(PUSH, KEY)
    with pytest.raises(ApiException) as conflict:
        line.push_message(PUSH, KEY)

    assert conflict.value.status == 409
    assert bubbles(stub) == 1


def test_a_dripping_answer_arrives_whole(line: MessagingApi, script: Any, stub: LineStub) -> None:
    script({"kind": "drip", "seconds": 0.2})
    assert len(line.push_message(PUSH, KEY).sent_messages) == 1
    assert bubbles(stub) == 1


def test_an_error_page_is_html_and_not_even_utf8(line: MessagingApi, script: Any) -> None:
    script({"kind": "html", "status": 502})
    with pytest.raises(UnicodeDecodeError):
        line.push_message(PUSH, KEY)


def test_steps_are_used_up_one_call_at_a_time(
    line: MessagingApi, script: Any, stub: LineStub
) -> None:
    answer = script(
        {"kind": "status", "status": 500, "repeat": 2},
        {"kind": "status", "status": 429, "message": "You have reached your monthly limit."},
    )
    assert answer.json() == {"steps": 3}

    assert [pushed(line) for _ in range(4)] == [500, 500, 429, 200]
    assert stub.ledger()[2].response == {"message": "You have reached your monthly limit."}


def test_a_step_can_wait_for_its_endpoint(line: MessagingApi, script: Any, stub: LineStub) -> None:
    script({"kind": "status", "status": 500, "endpoint": "message/push"})

    line.get_profile(EXAMPLE_USER)
    with pytest.raises(ApiException):
        line.push_message(PUSH)

    assert [call.status for call in stub.ledger()] == [200, 500]


@pytest.mark.parametrize(
    "steps",
    [
        [{"kind": "explode"}],
        [{"kind": "hang"}],
        [{"kind": "hang", "seconds": -1}],
        [{"kind": "status", "status": 99}],
        [{"kind": "reset", "repeat": 0}],
        [{"kind": "reset", "secnods": 1}],
        ["reset"],
    ],
    ids=["kind", "seconds", "negative", "status", "repeat", "misspelt", "no object"],
)
def test_a_script_with_mistakes_is_refused(script: Any, steps: list[Any]) -> None:
    answer = script(*steps)
    assert answer.status == 400
    assert answer.json()["details"]


def test_the_ledger_and_the_reset_are_reached_over_http(
    each_server: str, line: MessagingApi, http: urllib3.PoolManager
) -> None:
    line.push_message(PUSH, KEY)

    ledger = http.request("GET", f"{each_server}/admin/ledger").json()
    assert [(entry["endpoint"], entry["accepted"]) for entry in ledger] == [("message/push", True)]

    assert http.request("POST", f"{each_server}/admin/reset", json={}).status == 200
    assert http.request("GET", f"{each_server}/admin/ledger").json() == []
