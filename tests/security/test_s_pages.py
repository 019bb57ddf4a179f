"""OPS.md §4, S3: errors tell nothing about the inside; other hosts' names and claims do not count."""

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from bot.app import create_app
from bot.errors import words_for
from bot.webhook import MAX_BODY_BYTES
from tests.bot.fakeline import FakeLine
from tests.bot.signed import OFFICIAL_SECRET, as_json, post_signed
from tests.builders import a_config
from tests.security.conftest import PUBLIC
from tests.security.door import Door, head

STATUSES = [400, 403, 404, 405, 413, 429, 500, 502, 503]
FOREIGN = [
    "evil.example.jp",
    f"{PUBLIC}.evil.example.jp",
    f"evil.{PUBLIC}",
    f"{PUBLIC}, evil.example.jp",
    "127.0.0.1.evil.example.jp",
    "10.0.0.1",
    "[::2]",
    "<script>",
    "",
]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A bot with a page for every kind of error, one of them a fault in the program."""
    folder = tmp_path_factory.mktemp("broken")
    config = a_config(folder, is_local=False, line_channel_secrets=(OFFICIAL_SECRET,))
    app = create_app(config, line=FakeLine())

    def fault() -> str:
        raise RuntimeError("fictional-inner-detail")

    app.add_url_rule("/gives/<int:code>", "gives", abort)
    app.add_url_rule("/breaks", "breaks", fault)
    return app


@pytest.mark.parametrize("status", STATUSES)
def test_s3_an_error_is_one_calm_page_with_a_way_home(broken: Flask, status: int) -> None:
    response = broken.test_client().get(f"/gives/{status}?q=fictional-question")

    page = response.get_data(as_text=True)
    title, sentence = words_for(status)
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in page
    assert sentence in page
    assert '<a href="/">' in page
    assert "fictional-question" not in page


@pytest.mark.parametrize("debug", [False, True])
def test_s3_a_fault_shows_neither_its_words_nor_its_place(broken: Flask, *, debug: bool) -> None:
    broken.debug = debug

    response = broken.test_client().get("/breaks")

    page = response.get_data(as_text=True)
    assert response.status_code == 500
    assert "いま、うまく動いていません" in page
    assert "fictional-inner-detail" not in page
    assert "Traceback" not in page


@pytest.mark.parametrize(
    "path", ["/<script>alert(1)</script>", "/%0d%0aX-Injected:%20a", "/{{7*7}}"]
)
def test_s3_what_was_asked_for_is_not_repeated(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    page = response.get_data(as_text=True)
    assert response.status_code == 404
    assert "alert" not in page
    assert "49" not in page
    assert "X-Injected" not in response.headers


@pytest.mark.parametrize(("path", "method"), [("/callback", "GET"), ("/healthz", "POST")])
def test_machines_get_one_plain_line(client: FlaskClient, path: str, method: str) -> None:
    response = client.open(path, method=method)

    assert (response.status_code, response.mimetype) == (405, "text/plain")
    assert response.get_data(as_text=True).count("\n") == 1
    assert response.headers["Allow"]


def test_s3_a_body_that_is_too_big_gets_the_page_without_being_read(client: FlaskClient) -> None:
    response = client.post("/callback", data=b"a" * (MAX_BODY_BYTES + 1))

    assert response.status_code == 413
    assert "大きすぎて受け取れません" in response.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/", "/callback", "/healthz", "/static/home.css", "/nowhere"])
@pytest.mark.parametrize("host", FOREIGN)
def test_s3_a_request_for_another_host_is_refused(
    client: FlaskClient, host: str, path: str
) -> None:
    response = client.get(path, headers={"Host": host})

    assert response.status_code == 400
    assert "evil" not in response.get_data(as_text=True)
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("host", [PUBLIC, f"{PUBLIC}:443", "127.0.0.1:8000", "localhost"])
def test_s3_our_own_names_are_served(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_s3_two_hosts_or_none_over_the_wire_are_refused(door: Door) -> None:
    two = head("GET /healthz", "Host: evil.example.jp")
    none = b"GET /healthz HTTP/1.0\r\n\r\n"

    assert [door.status(two), door.status(none)] == [400, 400]


@pytest.mark.parametrize(
    "claim",
    [
        ("X-Forwarded-Host", "127.0.0.1"),
        ("X-Forwarded-Host", PUBLIC),
        ("Forwarded", f"host={PUBLIC}"),
        ("X-Host", PUBLIC),
        ("X-Original-Host", PUBLIC),
    ],
)
def test_s3_a_claim_about_the_host_does_not_count(
    client: FlaskClient, claim: tuple[str, str]
) -> None:
    response = client.get("/", headers=[("Host", "evil.example.jp"), claim])

    assert response.status_code == 400


@pytest.mark.parametrize(
    "claim",
    [
        ("X-Forwarded-Prefix", "/evil"),
        ("X-Original-URL", "/metrics"),
        ("X-Rewrite-URL", "/metrics"),
        ("X-HTTP-Method-Override", "POST"),
        ("X-Forwarded-Proto", "gopher"),
    ],
)
def test_s3_claims_of_a_sender_change_no_page(client: FlaskClient, claim: tuple[str, str]) -> None:
    plain = client.get("/")

    claimed = client.get("/", headers=[claim])

    assert claimed.status_code == 200
    assert claimed.get_data() == plain.get_data()


def test_a_delivery_for_another_host_is_not_taken_in(broken: Flask) -> None:
    right = post_signed(broken, as_json())
    wrong = broken.test_client().post(
        "/callback", data=as_json(), base_url="http://evil.example.jp"
    )

    assert (right, wrong.status_code) == (200, 400)


@pytest.mark.parametrize(
    "request_line", ["GET /", "GET /nowhere", "GET /healthz", "POST /callback"]
)
def test_s3_the_production_server_names_neither_itself_nor_a_version(
    door: Door, request_line: str
) -> None:
    answer = door.raw(head(request_line)).lower()

    assert answer.startswith(b"http/1.1 ")
    assert [
        name for name in (b"server:", b"waitress", b"werkzeug", b"python") if name in answer
    ] == []


def test_s3_not_even_a_request_that_is_no_http_is_told_the_servers_name(door: Door) -> None:
    answer = door.raw(b"\x16\x03\x01 hello\r\n\r\n").lower()

    assert b"400" in answer
    assert [name for name in (b"server:", b"waitress", b"python") if name in answer] == []
