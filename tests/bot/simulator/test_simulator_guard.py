"""Only this machine reaches the simulator, and no other site's page can write to it."""

import pytest
import urllib3

HOME = "127.0.0.1"
WRITES = ["send", "admin/faults", "admin/reset", "line/v2/bot/message/push"]
READS = ["", "messages?user=U" + "0" * 32, "admin/ledger", "static/chat.js"]
ADDRESSES = [*[("GET", path) for path in READS], *[("POST", path) for path in WRITES]]


def status(http: urllib3.PoolManager, method: str, url: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return http.request(method, url, headers=named, body=b"{}").status


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
@pytest.mark.parametrize(
    "host",
    ["example.com", "127.0.0.1.example.com", "localhost.example.com", "192.168.0.1", "[::2]", ""],
)
def test_other_host_names_are_refused(
    server: str, http: urllib3.PoolManager, host: str, method: str, path: str
) -> None:
    assert status(http, method, f"{server}/{path}", Host=host) == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:80", "[::1]:8000"])
def test_loopback_names_are_served(server: str, http: urllib3.PoolManager, host: str) -> None:
    assert status(http, "GET", f"{server}/admin/ledger", Host=host) == 200


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "same-origin", "Origin": "https://example.com"},
    ],
    ids=["cross-site", "same-site", "origin", "null", "other port", "contradiction"],
)
def test_writes_from_other_origins_are_refused(
    server: str, http: urllib3.PoolManager, headers: dict[str, str], path: str
) -> None:
    assert status(http, "POST", f"{server}/{path}", **headers) == 403


def test_our_own_page_and_programs_may_write(server: str, http: urllib3.PoolManager) -> None:
    url = f"{server}/admin/reset"
    own = server.removesuffix("/simulator")
    assert status(http, "POST", url, Sec_Fetch_Site="same-origin", Origin=own) == 200
    assert status(http, "POST", url, Origin=own) == 200
    assert status(http, "POST", url) == 200


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_form_cannot_pass_for_json(
    server: str, http: urllib3.PoolManager, content_type: str
) -> None:
    assert status(http, "POST", f"{server}/send", Content_Type=content_type) == 400
