"""The shipped nginx.conf and Caddyfile, run for real: what passes, and what never does."""

import json
import socket
import ssl
import time
import warnings
from contextlib import closing

import pytest

from bot.simulator import events
from bot.webhook import sign
from handlers.staff import import_pages
from tests.builders import SECRET
from tests.deploy.proxies import HOST, Answer, Proxy, exchange, head
from tests.deploy.recorder import Recorder
from tests.localbot import Chat, LocalBot, Message

NO_EVENTS = json.dumps(events.payload()).encode()
SIGNED = {"X-Line-Signature": sign(NO_EVENTS, SECRET).decode()}
CLOSED_SECONDS = 20
"""Seconds. The shipped files allow five between two pieces of a body; nginx by itself, sixty."""

TWO_MEGABYTES = b"a" * 2_000_000
INNER_PAGES = [
    "/metrics",
    "/metrics/",
    "//metrics",
    "/%6Detrics",
    "/METRICS",
    "/static/../metrics",
    "/static/%2e%2e/metrics",
    "/staff/..%2fmetrics",
    "/simulator/",
    "/simulator/line/v2/bot/message/reply",
]


def patient_answers(chat: Chat) -> list[Message]:
    """What the bot said, once it has said something; an empty list after half a minute."""
    for _ in range(600):
        if found := chat.answers():
            return found
        time.sleep(0.05)
    return []


def is_closed(connection: ssl.SSLSocket, deadline: float) -> bool:
    """True when the other side hangs up before the deadline."""
    connection.settimeout(max(0.1, deadline - time.monotonic()))
    try:
        while connection.recv(4096):
            pass
    except TimeoutError:
        return False
    except (ConnectionResetError, ssl.SSLError):
        return True
    return True


def test_a_signed_webhook_passes_and_is_answered(front: Proxy, public_bot: LocalBot) -> None:
    chat = public_bot.chat()
    event = events.text_event("粗大ごみを出したい", user_id=chat.user_id)
    public_bot.stub.register(event)
    body = json.dumps(events.payload(event), ensure_ascii=False).encode()

    answer = front.post("/callback", body, {"X-Line-Signature": sign(body, SECRET).decode()})

    assert answer.status == 200
    assert "粗大ごみ" in patient_answers(chat)[0]["text"]


def test_a_signature_under_a_name_with_underscores_does_not_count(front: Proxy) -> None:
    signature = SIGNED["X-Line-Signature"]

    answer = front.post("/callback", NO_EVENTS, {"X_Line_Signature": signature})

    assert answer.status == 400


def test_no_header_with_an_underscore_reaches_the_bot(glass: Proxy, recorder: Recorder) -> None:
    forged = {"X_Line_Signature": "a", "X_Forwarded_For": "203.0.113.9"}

    glass.post("/callback", NO_EVENTS, {**SIGNED, **forged})

    names = [name for name, _ in recorder.seen[0].headers]
    assert [name for name in names if "_" in name] == []
    assert recorder.seen[0].values("X-Line-Signature") == [SIGNED["X-Line-Signature"]]


def test_what_a_sender_says_about_itself_is_replaced(glass: Proxy, recorder: Recorder) -> None:
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example.jp",
        "Forwarded": "for=203.0.113.9;host=evil.example.jp",
    }

    glass.get("/staff/", forged)

    seen = recorder.seen[0]
    assert seen.values("Host") == [HOST]
    assert seen.values("X-Forwarded-For") == ["127.0.0.1"]
    assert seen.values("X-Forwarded-Proto") == ["https"]
    assert "203.0.113.9" not in str(seen.headers)
    assert "evil" not in str(seen.headers)


def test_a_body_of_two_megabytes_never_reaches_the_bot(glass: Proxy, recorder: Recorder) -> None:
    answer = glass.post("/callback", TWO_MEGABYTES, SIGNED)

    assert answer.status == 413
    assert recorder.seen == []


def test_two_megabytes_in_pieces_without_a_length_are_refused(front: Proxy) -> None:
    piece = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    chunked = {**SIGNED, "Transfer-Encoding": "chunked"}

    answer = front.raw(head("POST", "/callback", chunked), piece * 31, b"0\r\n\r\n")

    assert answer.status in (400, 413)  # Caddy hands over what fits, and no signature fits that


def test_the_largest_file_of_entries_reaches_the_bot(glass: Proxy, recorder: Recorder) -> None:
    form = bytes(import_pages.MAX_FILE_BYTES + import_pages.FORM_BYTES)

    glass.post("/staff/import", form)

    assert [seen.values("Content-Length") for seen in recorder.seen] == [[str(len(form))]]


def test_a_file_larger_than_any_is_refused(front: Proxy) -> None:
    answer = front.post("/staff/import", bytes(50_000_000))

    assert answer.status == 413


def test_stalled_uploads_delay_nobody_and_are_closed(front: Proxy) -> None:
    half = head("POST", "/callback", {**SIGNED, "Content-Length": "1000"}) + b"a" * 500
    stalled = [front.connect() for _ in range(100)]
    for connection in stalled:
        connection.sendall(half)
    deadline = time.monotonic() + CLOSED_SECONDS

    answers = [_timed_delivery(front) for _ in range(3)]
    closed = [is_closed(connection, deadline) for connection in stalled]
    for connection in stalled:
        connection.close()

    assert [status for status, _ in answers] == [200] * 3
    assert min(seconds for _, seconds in answers) < 1
    assert all(closed)


def _timed_delivery(front: Proxy) -> tuple[int, float]:
    started = time.monotonic()
    status = front.post("/callback", NO_EVENTS, SIGNED).status
    return status, time.monotonic() - started


def test_a_body_is_handed_over_only_when_it_is_whole(glass: Proxy, recorder: Recorder) -> None:
    half = head("POST", "/callback", {"Content-Length": "1000"}) + b"a" * 500

    with closing(glass.connect()) as connection:
        connection.sendall(half)
        time.sleep(0.3)
        seen_at_half = list(recorder.seen)
        connection.sendall(b"a" * 500)
        connection.recv(4096)

    assert seen_at_half == []
    assert len(recorder.seen) == 1


@pytest.mark.parametrize("path", INNER_PAGES)
def test_inner_pages_are_not_reachable(glass: Proxy, recorder: Recorder, path: str) -> None:
    answer = glass.get(path)

    assert answer.status in (400, 404)
    assert recorder.seen == []


@pytest.mark.parametrize("path", ["/callback", "/healthz", "/", "/static/home.css", "/staff/a/b"])
def test_public_pages_are_forwarded(glass: Proxy, recorder: Recorder, path: str) -> None:
    glass.get(path)

    assert [seen.path for seen in recorder.seen] == [path]


@pytest.mark.parametrize("path", ["/healthz", "/staff/import"])
def test_another_host_name_is_refused(glass: Proxy, recorder: Recorder, path: str) -> None:
    over_tls = glass.get(path, {"Host": "evil.example.jp"})
    plain = glass.plain(path, {"Host": "evil.example.jp"})

    assert (over_tls.status, plain.status) == (421, 421)
    assert recorder.seen == []


def test_a_client_that_asks_tls_for_another_name_finds_no_door(glass: Proxy) -> None:
    with pytest.raises(ssl.SSLError, match=r"UNRECOGNIZED_NAME|Hostname mismatch"):
        glass.connect("evil.example.jp")


def test_plain_http_leads_to_https(glass: Proxy, recorder: Recorder) -> None:
    answer = glass.plain("/healthz?a=b")

    assert answer.status == 301
    assert answer.values("Location") == [f"https://{HOST}/healthz?a=b"]
    assert recorder.seen == []


def test_tls_below_1_2_is_refused_by_the_proxy(glass: Proxy) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore"):  # asking for what is no longer safe
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1

    with pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"):
        _handshake(glass, context)


def _handshake(proxy: Proxy, context: ssl.SSLContext) -> None:
    address = ("127.0.0.1", proxy.https_port)
    with closing(socket.create_connection(address, timeout=5)) as plain:
        context.wrap_socket(plain, server_hostname=HOST).close()


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics"])
def test_every_answer_asks_for_https_and_names_no_version(front: Proxy, path: str) -> None:
    answer = front.get(path)

    assert answer.values("Strict-Transport-Security") == ["max-age=31536000"]
    assert not any(letter.isdigit() for letter in "".join(answer.values("Server")))


def test_a_bots_own_wish_for_https_does_not_stand_beside_the_proxys(glass: Proxy) -> None:
    answer = glass.get("/")

    assert answer.values("Strict-Transport-Security") == ["max-age=31536000"]


def test_the_pages_keep_the_bots_content_policy(front: Proxy) -> None:
    answer = front.get("/")

    assert answer.status == 200
    assert "default-src 'self'" in answer.values("Content-Security-Policy")[0]
    assert answer.values("X-Content-Type-Options") == ["nosniff"]


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 6\r\nTransfer-Encoding: chunked",
        "Content-Length: 3\r\nContent-Length: 6",
        "Content-Length: -1",
    ],
    ids=["length and chunks", "two lengths", "negative length"],
)
def test_a_body_with_two_readings_never_reaches_the_bot(
    glass: Proxy, recorder: Recorder, framing: str
) -> None:
    request = f"POST /callback HTTP/1.1\r\nHost: {HOST}\r\n{framing}\r\n\r\n0\r\n\r\nX".encode()

    glass.raw(request)

    doubtful = [s for s in recorder.seen if s.values("Content-Length") != []]
    assert doubtful == []
    assert len(recorder.seen) <= 1


def test_connections_to_the_bot_are_used_again(glass: Proxy, recorder: Recorder) -> None:
    answers = [glass.get("/healthz") for _ in range(10)]

    assert [answer.status for answer in answers] == [200] * 10
    assert len({seen.peer for seen in recorder.seen}) < 10


def test_one_connection_may_carry_many_webhooks(front: Proxy) -> None:
    length = {**SIGNED, "Content-Length": str(len(NO_EVENTS))}
    request = head("POST", "/callback", length) + NO_EVENTS

    with closing(front.connect()) as connection:
        answers: list[Answer] = [exchange(connection, request) for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 200]
