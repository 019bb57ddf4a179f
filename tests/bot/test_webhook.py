"""LINE's door: only what LINE signed comes in, and nothing that comes in can break it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from http.client import HTTPConnection

import pytest
from flask import Flask

from bot import parts
from bot.simulator.events import Event, text_event
from bot.webhook import MAX_BODY_BYTES, is_signed, sign
from knowledge.records import inbox
from tests.bot.fakeline import FakeLine
from tests.bot.signed import NAME, OFFICIAL_SECRET, OLD_SECRET, as_json, post, post_signed
from tests.builders import SECRET
from tests.localbot import Chat, LocalBot

OFFICIAL_BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
OFFICIAL_SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="
"""With OFFICIAL_SECRET: LINE's own example (LINE.md §1, "Official test vector")."""


def is_recorded(app: Flask, event: Event) -> bool:
    """True when the event was taken in before."""
    with parts.of(app).records.connect() as connection:
        return inbox.status_of(connection, event["webhookEventId"]) is not None


def over_the_wire(
    bot: LocalBot, body: bytes | Iterator[bytes], headers: Sequence[tuple[str, str | bytes]]
) -> int:
    """The status for a body sent over a real socket, header by header."""
    with closing(HTTPConnection(bot.url.removeprefix("http://"), timeout=10)) as connection:
        connection.putrequest("POST", "/callback")
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders(body, encode_chunked=not isinstance(body, bytes))
        return connection.getresponse().status


def test_lines_own_example_is_signed() -> None:
    assert is_signed(OFFICIAL_BODY, OFFICIAL_SIGNATURE, (OFFICIAL_SECRET,))


def test_lines_own_example_is_accepted_at_the_door(app: Flask) -> None:
    assert post(app, OFFICIAL_BODY, OFFICIAL_SIGNATURE) == 200


@pytest.mark.parametrize(
    "body",
    [
        b'{ "destination" : "U8e742f61d673b39c7fff3cecb7536ef0" ,\n\t"events" : [ ] }',
        b'{"events":[],"destination":"U8e742f61d673b39c7fff3cecb7536ef0"}',
        b'{"destination":"\\u0055\\ud83d\\ude00","events":[]}',
        '{"destination":"👨‍👩‍👧‍👦𠮷","events":[]}'.encode(),
        b'{"events":[],"new":1.0e0,"destination":"U"}\n',
    ],
)
def test_the_signature_is_that_of_the_raw_bytes_however_the_json_is_written(
    app: Flask, body: bytes
) -> None:
    assert post_signed(app, body) == 200
    assert post(app, body, OFFICIAL_SIGNATURE) == 400


@pytest.mark.parametrize("secret", [OFFICIAL_SECRET, OLD_SECRET], ids=["new", "old"])
def test_during_a_rotation_both_secrets_are_accepted(app: Flask, secret: str) -> None:
    body = as_json()

    assert post(app, body, sign(body, secret).decode()) == 200


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "wrong",
        OFFICIAL_SIGNATURE,
        sign(as_json(), "0" * 32).decode(),
        "署名".encode(),
        b"\xff\xfe",
        "A" * 100_000,
    ],
    ids=["empty", "no signature", "another body's", "another secret's", "kanji", "bytes", "long"],
)
def test_a_wrong_signature_is_refused_with_nothing_recorded_or_sent(
    app: Flask, line: FakeLine, signature: str | bytes
) -> None:
    event = text_event("住民票")

    status = post(app, as_json(event), signature)

    assert status == 400
    assert not is_recorded(app, event)
    assert event["replyToken"] not in dict(line.sent)


def test_a_missing_signature_is_refused_with_nothing_recorded_or_sent(
    app: Flask, line: FakeLine
) -> None:
    event = text_event("住民票")

    response = app.test_client().post("/callback", data=as_json(event))

    assert response.status_code == 400
    assert not is_recorded(app, event)
    assert event["replyToken"] not in dict(line.sent)


@pytest.mark.parametrize("position", [0, 10, -1])
def test_a_body_with_one_flipped_bit_is_refused(app: Flask, position: int) -> None:
    event = text_event("住民票")
    body = bytearray(as_json(event))
    signature = sign(bytes(body), OFFICIAL_SECRET).decode()

    body[position] ^= 1

    assert post(app, bytes(body), signature) == 400
    assert not is_recorded(app, event)


def test_a_signed_question_is_recorded_and_answered_once(app: Flask, line: FakeLine) -> None:
    event = text_event("住民票")

    status = post_signed(app, as_json(event))

    assert status == 200
    assert is_recorded(app, event)
    assert [token for token, _ in line.sent].count(event["replyToken"]) == 1


@pytest.mark.parametrize("name", ["x-line-signature", "X-LINE-SIGNATURE", "X-Line-Signature"])
def test_the_name_of_the_header_may_be_written_in_any_case(chat: Chat, name: str) -> None:
    body = as_json(text_event("住民票", user_id=chat.user_id))
    headers = [("Content-Length", str(len(body))), (name, sign(body, SECRET))]

    assert over_the_wire(chat.bot, body, headers) == 200


@pytest.mark.parametrize(
    "signatures",
    [
        lambda right: [right, right],
        lambda right: [right, b"wrong"],
        lambda right: [b"wrong", right],
        lambda right: [b"", right],
        lambda _: ["署名".encode()],
        lambda _: [b""],
        lambda _: [],
        lambda right: [right + b", " + right],
    ],
    ids="twice|right wrong|wrong right|empty right|kanji|empty|none|joined".split("|"),
)
def test_an_odd_signature_header_is_refused_over_the_wire_with_nothing_sent(
    chat: Chat, signatures: Callable[[bytes], list[bytes]]
) -> None:
    body = as_json(text_event("住民票", user_id=chat.user_id))
    odd = [(NAME, value) for value in signatures(sign(body, SECRET))]

    status = over_the_wire(chat.bot, body, [("Content-Length", str(len(body))), *odd])

    assert status == 400
    assert chat.bot.stub.ledger() == []


def test_a_body_of_exactly_1_mb_is_read(local_bot: LocalBot) -> None:
    body = as_json().ljust(MAX_BODY_BYTES)
    headers = [("Content-Length", str(len(body))), (NAME, sign(body, SECRET))]

    assert over_the_wire(local_bot, body, headers) == 200


def test_a_body_over_1_mb_is_refused_by_its_announced_length(local_bot: LocalBot) -> None:
    body = as_json().ljust(MAX_BODY_BYTES + 1)
    headers = [("Content-Length", str(len(body))), (NAME, sign(body, SECRET))]

    assert over_the_wire(local_bot, body, headers) == 413


def test_a_body_over_1_mb_is_refused_also_in_chunks(local_bot: LocalBot) -> None:
    chunk = b" " * 1024
    headers = [("Transfer-Encoding", "chunked"), (NAME, sign(chunk * 1025, SECRET))]

    assert over_the_wire(local_bot, iter([chunk] * 1025), headers) == 413


def test_a_small_body_is_read_also_in_chunks(local_bot: LocalBot) -> None:
    body = as_json()
    headers = [("Transfer-Encoding", "chunked"), (NAME, sign(body, SECRET))]

    assert over_the_wire(local_bot, iter([body[:20], body[20:]]), headers) == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_the_door_takes_posts_only(app: Flask, method: str) -> None:
    assert app.test_client().open("/callback", method=method).status_code == 405
