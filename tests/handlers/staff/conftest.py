"""The staff's site with one person of each role, and clients that check every page they open."""

import re
import secrets
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot import parts
from bot.app import create_app
from handlers.staff import people_pages
from handlers.staff.desk import Desk
from knowledge.records.accounts import ROLES, Person
from tests.bot.fakeline import FakeLine
from tests.bot.stillbot import NOON
from tests.builders import a_config
from tests.handlers.staff import hygiene

PASSWORD = "correct horse battery staple"
BY = Person("", "tests", "試験", "admin")


class StaffClient:
    """A browser of one member of staff."""

    def __init__(self, client: FlaskClient, person: Person | None) -> None:
        self.client = client
        self.person = person

    def get(self, url: str, status: int = 200) -> TestResponse:
        """Open a page."""
        return self._checked(self.client.get(url), status)

    def post(self, url: str, status: int = 303, **fields: object) -> TestResponse:
        """Send a form, with the protection a real page would carry."""
        data = {"csrf_token": self.token(), **fields}
        return self._checked(self.client.post(url, data=data), status)

    def token(self) -> str:
        """A form's protection of this session."""
        page = self.client.get("/staff/account" if self.person else "/staff/sign-in").text
        return re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]

    def _checked(self, response: TestResponse, status: int) -> TestResponse:
        assert response.status_code == status, response.text[:2000]
        return response


ClientAs = Callable[[str], StaffClient]


@pytest.fixture(scope="module")
def clock() -> Callable[[], float]:
    """What time it is for the app: the catalog's own day, as its entries are to be looked at again
    some day; a module may have a clock of its own.
    """
    behind = time.time() - NOON
    return lambda: time.time() - behind


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, clock: Callable[[], float]) -> Iterator[Flask]:
    """A bot whose staff site works on the whole catalog, in files of this module's own.

    Every page of it that any test opens is looked over.
    """
    config = a_config(tmp_path_factory.mktemp("staff"), queue_url="memory://")
    made = create_app(config, line=FakeLine(), clock=clock)
    problems = hygiene.watch(made)
    yield made
    assert problems == []


@pytest.fixture(scope="module")
def desk(app: Flask) -> Desk:
    """What the pages work with."""
    return parts.of(app).desk()


@pytest.fixture(scope="module")
def people(app: Flask, desk: Desk) -> dict[str, Person]:
    """One person of each role, each with a password chosen through the invitation."""
    return {role: join(app, desk, f"{role}@example.jp", role) for role in ROLES}


@pytest.fixture
def client_as(app: Flask, people: dict[str, Person]) -> Iterator[ClientAs]:
    """Signs in as the person of a role, in a browser of their own; "" is nobody."""

    def sign_in(role: str) -> StaffClient:
        person = people.get(role)
        client = StaffClient(app.test_client(), None)
        if person is not None:
            client.post("/staff/sign-in", account=person.account, password=PASSWORD)
            client.person = person
        return client

    return sign_in


def join(app: Flask, desk: Desk, account: str, role: str) -> Person:
    """Invite somebody, who then chooses a password."""
    person = Person(secrets.token_hex(16), account, f"{role}の人", role)
    link = urlsplit(people_pages.invite(desk, BY, person)).path
    browser = StaffClient(app.test_client(), None)
    browser.post(link, password=PASSWORD, again=PASSWORD)
    return person
