"""Staff with a code beside their password, on a clock that a test moves.

A module of tests takes the fixtures it needs: `clock, joins = codes.clock, codes.joins`.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import pyotp
import pytest
from flask import Flask

from handlers.staff import passwords
from handlers.staff.desk import Desk
from knowledge.records import accounts, audit, settings, store
from knowledge.records.accounts import Person
from knowledge.records.reviews import Hand
from tests.clock import Clock
from tests.handlers.staff.conftest import PASSWORD, StaffClient

STEP_SECONDS = 30
OWN_PAGE = "/staff/account/code"
DOOR = "/staff/sign-in/code"


class Phone:
    """Somebody who has set up their code: the app on their phone, and their paper."""

    def __init__(self, browser: StaffClient, clock: Clock) -> None:
        self.browser = browser
        self._clock = clock
        browser.post(f"{OWN_PAGE}/prepare")
        page = browser.get(OWN_PAGE).text
        self.secret = re.findall(r'id="key">([^<]+)<', page)[0].replace(" ", "")
        shown = browser.post(f"{OWN_PAGE}/on", 200, code=self.code()).text
        self.paper = re.findall(r"<li><code[^>]*>([^<]+)</code>", shown)
        clock.now += STEP_SECONDS

    def code(self, steps: int = 0) -> str:
        """What the app shows now, or some steps away from now."""
        return pyotp.TOTP(self.secret).at(self._clock.now, counter_offset=steps)


Joins = Callable[..., tuple[Person, Phone]]


@pytest.fixture(scope="module")
def clock() -> Clock:
    """The time of the app, which moves only when a test says so."""
    return Clock(1_795_000_000.0)


@pytest.fixture
def joins(app: Flask, desk: Desk, clock: Clock) -> Iterator[Joins]:
    """Lets people join who set up a code; afterwards nobody's failures count any more."""

    def with_code(name: str, role: str = "viewer") -> tuple[Person, Phone]:
        person = colleague(desk, name, role)
        return person, Phone(with_password(app, person), clock)

    yield with_code
    clock.now += passwords.WINDOW_SECONDS


def colleague(desk: Desk, name: str, role: str = "viewer") -> Person:
    """Somebody with the password of all tests, hashed once: that takes its time."""
    account = f"{name}@example.jp"
    person = Person(secrets.token_hex(16), account, f"{role}の人", role, _hashed())
    with store.writing(desk.records) as connection:
        accounts.add(connection, person, desk.clock())
    return person


@cache
def _hashed() -> str:
    return passwords.hashed(PASSWORD)


def with_password(app: Flask, person: Person) -> StaffClient:
    """A new browser in which somebody without a code signs in."""
    browser = StaffClient(app.test_client(), None)
    browser.post("/staff/sign-in", account=person.account, password=PASSWORD)
    browser.person = person
    return browser


def at_the_code(app: Flask, person: Person) -> StaffClient:
    """A new browser in which the password was right, and a code is to come."""
    browser = StaffClient(app.test_client(), None)
    answer = browser.post("/staff/sign-in", account=person.account, password=PASSWORD)
    assert answer.headers["Location"] == DOOR
    return browser


def is_signed_in(browser: StaffClient) -> bool:
    """True when the first page opens."""
    return browser.client.get("/staff/").status_code == 200


def actions_of(desk: Desk, person: Person) -> list[str]:
    """What was done by or to an account, the newest first."""
    with store.reading(desk.records) as connection:
        return [deed.action for deed in audit.trail(connection, person.account)]


@contextmanager
def asked_for(desk: Desk) -> Iterator[None]:
    """Meanwhile the city asks publishers and admins for a code."""
    for value in (1, 0):
        with store.writing(desk.records) as connection:
            settings.put(connection, "code_needed", value, Hand("試験", desk.clock()))
        if value:
            yield
