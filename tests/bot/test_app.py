"""The assembled bot: no simulator in production, safe headers on every page, an honest health report."""

from pathlib import Path

import pytest
import urllib3
from flask import Flask
from flask.testing import FlaskClient

from bot.app import create_app
from bot.pages import SECURITY_HEADERS
from handlers.line import words
from knowledge.entry import CATEGORIES
from knowledge.records import inbox
from tests.bot.fakeline import FakeLine
from tests.builders import a_config
from tests.clock import Clock
from tests.knowledge.records import on
from tests.knowledge.records.arrivals import an_arrival
from tests.localbot import LocalBot

SIMULATOR_PATHS = [
    "/simulator",
    "/simulator/",
    "/simulator/messages?user=U0123456789abcdef0123456789abcdef",
    "/simulator/send",
    "/simulator/static/chat.js",
    "/simulator/line/v2/bot/message/reply",
    "/simulator/line/v2/bot/profile/U0123456789abcdef0123456789abcdef",
    "/simulator/admin/ledger",
    "/simulator/admin/faults",
    "/simulator/admin/reset",
    "/%73imulator/",
    "/staff/../simulator/",
]


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A bot connected to a LINE channel."""
    folder = tmp_path_factory.mktemp("production")
    return create_app(a_config(folder, is_local=False), line=FakeLine())


@pytest.fixture
def client(production: Flask) -> FlaskClient:
    """A visitor of that bot."""
    return production.test_client()


def test_production_has_no_route_of_the_simulator(production: Flask) -> None:
    rules = [str(rule) for rule in production.url_map.iter_rules()]

    assert rules
    assert [rule for rule in rules if "simulator" in rule] == []
    assert "line_stub" not in production.extensions


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", SIMULATOR_PATHS)
def test_production_knows_no_path_of_the_simulator(
    client: FlaskClient, path: str, method: str
) -> None:
    response = client.open(path, method=method, follow_redirects=True)

    assert response.status_code == 404


def test_production_knows_none_of_the_routes_that_only_local_mode_has(
    client: FlaskClient, production: Flask, local_bot: LocalBot
) -> None:
    ours = {str(rule) for rule in production.url_map.iter_rules()}
    local = {str(rule) for rule in local_bot.app.url_map.iter_rules()} - ours

    statuses = {client.get(path).status_code for path in local}

    assert statuses == {404}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/healthz", 200),
        ("/nowhere", 404),
        ("/callback", 405),
        ("/static/home.css", 200),
    ],
)
def test_every_page_carries_the_security_headers(
    client: FlaskClient, path: str, status: int
) -> None:
    with client.get(path) as response:
        told = {name: response.headers.get(name) for name in SECURITY_HEADERS}

    assert response.status_code == status
    assert told == SECURITY_HEADERS


def test_a_refused_delivery_carries_the_security_headers(client: FlaskClient) -> None:
    response = client.post("/callback", data=b"junk")

    assert response.status_code == 400
    assert SECURITY_HEADERS.items() <= dict(response.headers).items()


def test_the_chat_page_of_local_mode_carries_the_security_headers(local_bot: LocalBot) -> None:
    response = urllib3.request("GET", f"{local_bot.url}/simulator/", retries=False)

    assert response.status == 200
    assert SECURITY_HEADERS.items() <= dict(response.headers).items()


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere", "/simulator/"])
def test_no_version_of_the_server_is_told(local_bot: LocalBot, path: str) -> None:
    response = urllib3.request("GET", f"{local_bot.url}{path}", retries=False)

    assert not any(letter.isdigit() for letter in response.headers.get("Server", ""))


def test_a_healthy_bot_says_so(client: FlaskClient) -> None:
    response = client.get("/healthz")

    report = response.get_json()
    assert response.status_code == 200
    keys = "status database inbox_age queue engine revision release"
    assert report.keys() == set(keys.split())
    assert (report["status"], report["database"], report["inbox_age"]) == ("ok", "ok", 0.0)
    assert report["revision"] >= 1


def test_an_event_that_nobody_finishes_makes_the_bot_late(tmp_path: Path) -> None:
    clock = Clock()
    app = create_app(a_config(tmp_path), line=FakeLine(), clock=clock)
    on(app.extensions["bot"].records, inbox.store, [an_arrival()], clock.now)

    clock.now += 14
    in_time = app.test_client().get("/healthz")
    clock.now += 1
    response = app.test_client().get("/healthz")

    assert in_time.status_code == 200
    assert response.status_code == 503
    assert (response.get_json()["status"], response.get_json()["inbox_age"]) == ("late", 15.0)


def test_a_health_report_tells_no_secret(client: FlaskClient, production: Flask) -> None:
    config = production.extensions["bot"].config

    report = client.get("/healthz").get_data(as_text=True)

    secrets = [*config.line_channel_secrets, config.line_channel_access_token, config.secret_key]
    assert [secret for secret in secrets if secret in report] == []


@pytest.mark.parametrize(
    "part",
    [
        "長崎市 行政サービス案内（LINE）",
        "86の項目を案内しています",
        "自動で案内します",
        "個人情報は送らないでください",
        "119番",
        "110番",
        words.CALL_CENTRE_PHONE,
        words.CALL_CENTRE_HOURS,
        *CATEGORIES,
    ],
)
def test_the_home_page_says_what_the_bot_is(client: FlaskClient, part: str) -> None:
    page = client.get("/").get_data(as_text=True)

    assert part in page


def test_the_home_page_leads_to_the_chat_in_local_mode_only(
    client: FlaskClient, local_bot: LocalBot
) -> None:
    local = urllib3.request("GET", f"{local_bot.url}/", retries=False).data.decode()

    assert 'href="/simulator/"' in local
    assert "simulator" not in client.get("/").get_data(as_text=True)


def test_a_second_start_on_the_same_files_changes_nothing(tmp_path: Path) -> None:
    first = create_app(a_config(tmp_path), line=FakeLine()).extensions["bot"].kb.revision

    second = create_app(a_config(tmp_path), line=FakeLine()).extensions["bot"].kb.revision

    assert second == first


def test_the_folders_of_the_files_are_made(tmp_path: Path) -> None:
    app = create_app(a_config(tmp_path / "new" / "folder"), line=FakeLine())

    assert app.test_client().get("/healthz").status_code == 200
