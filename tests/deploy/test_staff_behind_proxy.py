"""The staff's desk through the shipped proxies: sign in, open pages, send forms and a large file."""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

import pytest
import urllib3

from handlers.staff import people_pages
from knowledge import seed
from knowledge.records.accounts import Person
from tests.deploy.proxies import HOST, Proxy
from tests.handlers.staff.conftest import BY, PASSWORD
from tests.handlers.staff.files import SHEETS, an_xlsx, cells_of, with_members
from tests.localbot import LocalBot

PAGES = ["", "account", "entries", "entries/library", "entries/library/edit", "questions", "import"]
STATIC = [
    "/staff/static/staff.css",
    "/staff/static/icon.svg",
    "/bootstrap/static/css/bootstrap.min.css",
    "/static/home.css",
]
THREE_MEGABYTES = 3_000_000


@dataclass
class Browser:
    """Somebody outside: keeps cookies, and writes down where answers lead."""

    pool: urllib3.HTTPSConnectionPool
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    led_to: list[str] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
        """Open a page."""
        return self._ask("GET", path, headers)

    def post(self, path: str, fields: Mapping[str, object]) -> urllib3.BaseHTTPResponse:
        """Send a form as a browser does that says where it stands."""
        headers = {"Origin": f"https://{HOST}", "Referer": f"https://{HOST}{path}"}
        return self._ask("POST", path, headers, fields=dict(fields))

    def token(self, path: str) -> str:
        """The protection of the form on a page."""
        return re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path).data.decode())[0]

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], **more: object
    ) -> urllib3.BaseHTTPResponse:
        kept = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        sent = {"Host": HOST, "Cookie": kept, **headers}
        answer = self.pool.request(method, path, headers=sent, redirect=False, **more)
        for line in answer.headers.getlist("Set-Cookie"):
            self.cookies.load(line)
        self.led_to += answer.headers.getlist("Location")
        return answer


@pytest.fixture
def browser(front: Proxy) -> Iterator[Browser]:
    """A browser that nobody has signed in with."""
    pool = urllib3.HTTPSConnectionPool(
        "127.0.0.1",
        front.https_port,
        server_hostname=HOST,
        assert_hostname=HOST,
        ca_certs=str(front.folder / "fullchain.pem"),
        retries=False,
        timeout=30,
    )
    yield Browser(pool)
    pool.close()


@pytest.fixture
def account() -> str:
    """A new colleague's."""
    return f"{secrets.token_hex(4)}@example.jp"


@pytest.fixture
def publisher(browser: Browser, public_bot: LocalBot, account: str) -> Browser:
    """Somebody invited who chose a password, and so is signed in."""
    person = Person(secrets.token_hex(16), account, "公開", "publisher")
    link = people_pages.invite(public_bot.parts.desk(), BY, person)
    assert link.startswith(f"https://{HOST}/staff/invitation/")
    path = link.removeprefix(f"https://{HOST}")
    browser.post(path, {"csrf_token": browser.token(path), "password": PASSWORD, "again": PASSWORD})
    return browser


def test_one_signs_out_and_in_again(publisher: Browser, account: str) -> None:
    publisher.post("/staff/sign-out", {"csrf_token": publisher.token("/staff/account")})
    closed = publisher.get("/staff/entries").status
    token = publisher.token("/staff/sign-in")

    answer = publisher.post(
        "/staff/sign-in", {"csrf_token": token, "account": account, "password": PASSWORD}
    )

    assert closed == 302
    assert (answer.status, answer.headers["Location"]) == (303, "/staff/")
    assert publisher.get("/staff/entries").status == 200


def test_every_page_opens(publisher: Browser) -> None:
    statuses = {page: publisher.get(f"/staff/{page}").status for page in PAGES}

    assert statuses == dict.fromkeys(PAGES, 200)


def test_the_cookies_stay_on_this_host_and_on_https(publisher: Browser) -> None:
    kept = publisher.cookies

    assert {name: cookie["path"] for name, cookie in kept.items()} == {
        "__Host-staff": "/",
        "__Secure-staff-device": "/staff",
    }
    for cookie in kept.values():
        assert (cookie["domain"], cookie["samesite"]) == ("", "Lax")
        assert cookie["secure"]
        assert cookie["httponly"]


def test_no_answer_leads_away_from_https_or_inside(publisher: Browser, front: Proxy) -> None:
    publisher.get("/staff")
    publisher.get("/staff/entries/nothing")
    publisher.post("/staff/sign-out", {"csrf_token": publisher.token("/staff/account")})
    publisher.get("/staff/questions")
    plain = front.plain("/staff/")

    assert len(publisher.led_to) >= 3
    assert [to for to in publisher.led_to if not to.startswith("/staff/")] == []
    assert plain.values("Location") == [f"https://{HOST}/staff/"]


def test_a_form_needs_its_token(publisher: Browser) -> None:
    comment = {"title": "新しい項目", "phrasings": "尋ね方", "entry_id": ""}
    page = "/staff/entries/new"

    forged = publisher.post(page, {"csrf_token": "made-up", **comment})
    honest = publisher.post(page, {"csrf_token": publisher.token(page), **comment})

    assert (forged.status, honest.status) == (400, 303)
    assert "続きを開く" in forged.data.decode()
    assert honest.headers["Location"].startswith("/staff/entries/")


def test_an_excel_file_of_three_megabytes_is_taken_in(publisher: Browser) -> None:
    small = an_xlsx([cells_of(entry) for entry in seed.load().entries[:3]])
    photo = {"xl/media/photo.png": secrets.token_bytes(THREE_MEGABYTES)}
    file = ("項目.xlsx", with_members(small, photo), SHEETS)
    page = "/staff/import"

    answer = publisher.post(page, {"csrf_token": publisher.token(page), "file": file})

    assert answer.status == 303
    shown = publisher.get(answer.headers["Location"])
    assert shown.status == 200
    assert "まだ何も書き込んでいません" in shown.data.decode()


@pytest.mark.parametrize("path", STATIC)
def test_a_static_file_is_not_sent_twice(browser: Browser, path: str) -> None:
    first = browser.get(path)

    again = browser.get(path, **{"If-None-Match": first.headers["ETag"]})

    assert first.status == 200
    assert "no-store" not in first.headers["Cache-Control"]
    assert (again.status, again.data) == (304, b"")
