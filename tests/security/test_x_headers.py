"""OPS.md §4, X2: every answer carries the headers, whatever was asked and however it ended."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.app import create_app
from tests.bot.fakeline import FakeLine
from tests.builders import a_config
from tests.security.webmap import every_get

HTTPS_ONLY = "Strict-Transport-Security"
CSP = {
    "default-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
OTHERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A bot with the local LINE, which has the most pages."""
    return create_app(a_config(tmp_path_factory.mktemp("local")), line=FakeLine())


def told(client: FlaskClient, path: str, method: str = "GET") -> dict[str, str]:
    """The headers of an answer."""
    with client.open(path, method=method) as response:
        return dict(response.headers)


@pytest.mark.parametrize("method", METHODS)
def test_x2_every_address_answers_every_method_with_the_headers(local: Flask, method: str) -> None:
    client = local.test_client()

    answers = {path: told(client, path, method) for path in every_get(local)}

    assert len(answers) >= 8
    assert [
        path for path, headers in answers.items() if not headers.items() >= OTHERS.items()
    ] == []
    assert {headers["Content-Security-Policy"] for headers in answers.values()} == {
        "; ".join(f"{name} {value}" for name, value in CSP.items())
    }


def test_x2_no_page_may_use_camera_place_or_microphone(client: FlaskClient) -> None:
    policy = told(client, "/")["Permissions-Policy"]

    allowed = [part for part in policy.split(", ") if not part.endswith("=()")]
    assert allowed == []
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(policy.split(", "))


def test_x2_a_public_https_address_asks_for_https_for_a_year(client: FlaskClient) -> None:
    assert told(client, "/")[HTTPS_ONLY] == "max-age=31536000"
    assert told(client, "/nowhere")[HTTPS_ONLY] == "max-age=31536000"


def test_x2_without_https_nothing_asks_for_it(local: Flask) -> None:
    assert HTTPS_ONLY not in told(local.test_client(), "/")


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere", "/callback", "/static/nowhere"])
def test_what_changes_is_kept_in_no_cache(client: FlaskClient, path: str) -> None:
    assert told(client, path)["Cache-Control"] == "no-store"


def test_files_that_do_not_change_may_be_kept_and_asked_about(client: FlaskClient) -> None:
    headers = told(client, "/static/home.css")

    assert headers["Cache-Control"] == "no-cache"
    assert "ETag" in headers


def test_no_template_holds_a_script_or_a_style_of_its_own() -> None:
    root = Path(__file__).parents[2]
    pages = [path.read_text("utf-8") for path in root.glob("bot/**/templates/**/*.html")]

    inline = [page for page in pages if "<script>" in page or " onclick=" in page]

    assert pages
    assert inline == []
