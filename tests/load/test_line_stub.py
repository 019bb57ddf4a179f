"""The stand-in for LINE: what it accepts and refuses, and how its faults look from outside."""

import http.client

import pytest

from tests.load import linecaller
from tests.load.linecaller import BEARER, LOADING, REPLY, accepted, as_body, call, issued, reply
from tests.load.stub_control import Stub

HANG_SECONDS = 0.2
PATIENCE = 0.1


def test_a_reply_token_works_once(stub: Stub) -> None:
    token = issued()

    first, second = reply(stub, token), reply(stub, token)

    assert (first.status, second.status) == (200, 400)
    assert second.message == "Invalid reply token"
    assert accepted(stub) == [token]


def test_a_reply_token_dies_after_a_minute(stub: Stub) -> None:
    young, old = reply(stub, issued(55)), reply(stub, issued(65))

    assert (young.status, old.status, old.message) == (200, 400, "Invalid reply token")


def test_a_token_of_another_form_works_once(stub: Stub) -> None:
    statuses = [reply(stub, "0f3779fba3b349968c5d07db31eab56f").status for _ in range(2)]

    assert statuses == [200, 400]


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b'{"replyToken":"a","messages":[]}'])
def test_what_is_no_reply_is_refused(stub: Stub, body: bytes) -> None:
    assert call(stub, REPLY, body).status == 400


def test_six_messages_are_refused_and_the_token_stays_good(stub: Stub) -> None:
    token = issued()

    statuses = [reply(stub, token, *"123456").status, reply(stub, token, *"12345").status]

    assert statuses == [400, 200]


def test_a_call_without_the_channel_token_is_refused(stub: Stub) -> None:
    assert call(stub, REPLY, as_body(issued()), headers={}).status == 401
    assert accepted(stub) == []


def test_loading_and_leaving_are_served_and_noted(stub: Stub) -> None:
    statuses = [
        call(stub, path, b"{}").status
        for path in (LOADING, "/v2/bot/group/C1/leave", "/v2/bot/room/R1/leave", "/v2/bot/other")
    ]

    assert statuses == [202, 200, 200, 404]
    assert [row["endpoint"] for row in stub.calls()] == ["loading", "leave", "leave"]


def test_the_ledger_tells_what_was_said_and_when(stub: Stub) -> None:
    reply(stub, "a", "粗大ごみ", "電話")
    reply(stub, "b", "粗大ごみ", "電話")

    first, second = stub.calls()
    assert (first["token"], first["first_text"], first["status"]) == ("a", "粗大ごみ", 200)
    assert first["messages_sha"] == second["messages_sha"]
    assert first["at"] < first["accepted_at"] < second["accepted_at"]


@pytest.mark.parametrize("status", [400, 429, 500])
def test_a_status_fault_refuses_and_leaves_the_token_good(stub: Stub, status: int) -> None:
    token = issued()
    stub.mode(f"status{status}", latency_ms=5, count=1)

    statuses = [reply(stub, token).status, reply(stub, token).status]

    assert statuses == [status, 200]


def test_every_second_call_may_fail_twice(stub: Stub) -> None:
    stub.mode("status500", latency_ms=0, every=2, count=2)

    statuses = [reply(stub, issued(number=n)).status for n in range(6)]

    assert statuses == [200, 500, 200, 500, 200, 200]


def test_a_gateway_page_is_html_no_decoder_reads(stub: Stub) -> None:
    stub.mode("html", latency_ms=5)

    seen = reply(stub, issued())

    assert seen.status == 502
    with pytest.raises(UnicodeDecodeError):
        seen.body.decode()


@pytest.mark.parametrize(("mode", "is_accepted"), [("hang", False), ("hang_accepted", True)])
def test_a_hang_answers_too_late(stub: Stub, mode: str, is_accepted: bool) -> None:  # noqa: FBT001 - a case
    stub.mode(mode, seconds=60)

    with pytest.raises(TimeoutError):
        reply(stub, "hung", timeout=PATIENCE)

    assert accepted(stub) == ["hung"] * is_accepted


def test_a_hang_ends_with_the_answer_that_is_true(stub: Stub) -> None:
    stub.mode("hang", seconds=HANG_SECONDS)
    refused = reply(stub, "a")
    stub.mode("hang_accepted", seconds=HANG_SECONDS)
    taken = reply(stub, "a")

    assert (refused.status, taken.status) == (500, 200)
    assert min(refused.seconds, taken.seconds) >= HANG_SECONDS


@pytest.mark.parametrize(("mode", "is_accepted"), [("reset", False), ("reset_accepted", True)])
def test_a_reset_closes_without_an_answer(stub: Stub, mode: str, is_accepted: bool) -> None:  # noqa: FBT001 - a case
    stub.mode(mode, latency_ms=5)

    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        reply(stub, "cut")

    assert accepted(stub) == ["cut"] * is_accepted
    assert linecaller.replies(stub)[0]["status"] == 0


def test_a_drip_gives_the_head_at_once_and_keeps_the_body(stub: Stub) -> None:
    stub.mode("drip", latency_ms=0, byte_ms=60_000)

    with linecaller.connected(stub) as connection:
        connection.request("POST", REPLY, as_body("dripped"), BEARER)
        response = connection.getresponse()
        connection.sock.settimeout(PATIENCE)

        with pytest.raises(TimeoutError):
            response.read()

    assert (response.status, accepted(stub)) == (200, ["dripped"])


def test_a_drip_of_headers_outlives_every_timeout_of_a_single_read(stub: Stub) -> None:
    stub.mode("drip_headers", latency_ms=0, byte_ms=30)

    seen = reply(stub, issued(), timeout=2.5)

    assert seen.seconds > 2.5


def test_a_mode_that_does_not_exist_is_refused(stub: Stub) -> None:
    with pytest.raises(OSError, match="400"):
        stub.mode("sleepy")
