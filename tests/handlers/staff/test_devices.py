"""Whoever guesses somebody's password does not keep them out of the browser they always use."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer

from bot import parts
from bot.app import create_app
from handlers.staff import devices, passwords, people_pages
from handlers.staff.desk import Desk
from handlers.staff.passwords import Attempt
from knowledge.records.accounts import Person
from tests.bot.fakeline import FakeLine
from tests.builders import a_config
from tests.handlers.staff import codes
from tests.handlers.staff.codes import DOOR, Clock, Joins, Phone, colleague, with_password
from tests.handlers.staff.conftest import BY, PASSWORD, StaffClient
from tests.handlers.staff.filled import fields

clock, joins = codes.clock, codes.joins

COOKIE = "staff-device"
EVERY_SECONDS = 15
HALF_HOUR = 30 * 60
NEW_PASSWORD = "quiet harbour lantern festival"


@pytest.fixture
def guessed(desk: Desk, clock: Clock) -> Callable[[Person], None]:
    """For half an hour a stranger takes every try there is at somebody's account."""

    def guess(person: Person) -> None:
        for _ in range(HALF_HOUR // EVERY_SECONDS):
            clock.now += EVERY_SECONDS
            passwords.claim(desk, Attempt(person.account, "a guess", "203.0.113.9"))

    return guess


def leave(browser: StaffClient) -> StaffClient:
    """The same browser, in which the session is gone."""
    browser.client.delete_cookie("staff")
    browser.person = None
    return browser


def comes_to(browser: StaffClient, person: Person, password: str = PASSWORD) -> int:
    """The status of a sign-in."""
    token, account = browser.token(), person.account
    sent = {"csrf_token": token, "account": account, "password": password}
    return browser.client.post("/staff/sign-in", data=sent).status_code


def cookie_of(browser: StaffClient) -> str:
    """What a browser knows of who came in with it."""
    cookie = browser.client.get_cookie(COOKIE, path="/staff")
    assert cookie is not None
    return str(cookie.value)


def with_cookie(app: Flask, value: str) -> StaffClient:
    """A new browser that comes with such a cookie."""
    browser = StaffClient(app.test_client(), None)
    browser.client.set_cookie(COOKIE, value, path="/staff")
    return browser


def test_a_stranger_who_guesses_for_hours_keeps_the_owner_out_of_new_browsers_only(
    app: Flask, desk: Desk, guessed: Callable[[Person], None]
) -> None:
    owner = colleague(desk, "owner")
    own = leave(with_password(app, owner))

    found = []
    for _ in range(6):
        guessed(owner)
        new = StaffClient(app.test_client(), None)
        found.append((comes_to(own, owner), comes_to(new, owner)))
        leave(own)

    assert found == [(303, 429)] * 6


def test_the_stranger_goes_on_waiting_after_the_owner_came_in(
    app: Flask, desk: Desk, guessed: Callable[[Person], None]
) -> None:
    owner = colleague(desk, "unmoved")
    own = leave(with_password(app, owner))
    guessed(owner)

    comes_to(own, owner)

    stranger = Attempt(owner.account, "a guess", "203.0.113.10")
    assert passwords.claim(desk, stranger).wait > 0


def test_a_stranger_does_not_keep_the_owner_of_a_code_out_either(
    app: Flask, joins: Joins, guessed: Callable[[Person], None]
) -> None:
    owner, phone = joins("coded")
    own = leave(phone.browser)
    guessed(owner)

    statuses = (comes_to(own, owner), own.post(DOOR, code=phone.code()).status_code)

    assert statuses == (303, 303)
    assert codes.is_signed_in(own)


def test_a_known_browser_has_no_more_tries_than_a_new_one(app: Flask, desk: Desk) -> None:
    owner = colleague(desk, "slips")
    own = leave(with_password(app, owner))

    slips = [comes_to(own, owner, "wrong wrong wrong") for _ in range(passwords.FREE_TRIES)]

    assert slips == [401] * passwords.FREE_TRIES
    assert comes_to(own, owner) == 429
    assert comes_to(StaffClient(app.test_client(), None), owner) == 303


def test_colleagues_who_share_a_browser_are_both_known_in_it(
    app: Flask, desk: Desk, guessed: Callable[[Person], None]
) -> None:
    first, second = colleague(desk, "morning"), colleague(desk, "evening")
    shared = leave(with_password(app, first))
    comes_to(shared, second)
    leave(shared)
    guessed(first)

    assert comes_to(shared, first) == 303


def test_the_cookie_signs_nobody_in(app: Flask, desk: Desk) -> None:
    own = leave(with_password(app, colleague(desk, "only-known")))

    answer = own.client.get("/staff/")

    assert cookie_of(own)
    assert answer.headers["Location"].startswith("/staff/sign-in")


def test_the_cookie_of_another_account_is_worth_nothing(
    app: Flask, desk: Desk, guessed: Callable[[Person], None]
) -> None:
    owner, other = colleague(desk, "one"), colleague(desk, "another")
    browser = leave(with_password(app, other))
    guessed(owner)

    assert comes_to(browser, owner) == 429


@pytest.mark.parametrize("secret", ["", "another-secret-of-some-other-bot"])
def test_a_forged_cookie_is_worth_nothing(
    app: Flask, desk: Desk, guessed: Callable[[Person], None], secret: str
) -> None:
    owner = colleague(desk, f"forged{len(secret)}")
    real = cookie_of(with_password(app, owner))
    told = URLSafeSerializer("").loads_unsafe(real)[1]
    other = URLSafeSerializer(secret, salt="staff device", signer_kwargs=devices.SIGNED)
    guessed(owner)

    assert comes_to(with_cookie(app, other.dumps(told) if secret else real[:-2]), owner) == 429
    assert comes_to(with_cookie(app, real), owner) == 303


def test_the_cookie_is_void_after_a_change_of_password_but_where_it_was_changed(
    app: Flask, desk: Desk, guessed: Callable[[Person], None]
) -> None:
    owner = colleague(desk, "changes")
    here, there = with_password(app, owner), with_password(app, owner)
    new = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    here.post("/staff/password", present=PASSWORD, **new)
    guessed(owner)

    assert comes_to(leave(there), owner, NEW_PASSWORD) == 429
    assert comes_to(leave(here), owner, NEW_PASSWORD) == 303


def test_who_only_ever_knew_the_password_has_no_tries_of_their_own_at_the_code(
    app: Flask, desk: Desk, clock: Clock, guessed: Callable[[Person], None]
) -> None:
    owner = colleague(desk, "hardened")
    thief, own = with_password(app, owner), with_password(app, owner)
    Phone(own, clock)
    guessed(owner)

    assert comes_to(leave(thief), owner) == 429
    assert comes_to(leave(own), owner) == 303


def test_a_browser_is_forgotten_after_half_a_year(
    app: Flask, desk: Desk, clock: Clock, guessed: Callable[[Person], None]
) -> None:
    owner = colleague(desk, "long-away")
    own = leave(with_password(app, owner))
    clock.now += devices.LIFETIME_SECONDS
    guessed(owner)

    assert comes_to(own, owner) == 429


def test_the_cookie_is_for_the_desk_and_no_script(app: Flask, desk: Desk) -> None:
    own = with_password(app, colleague(desk, "careful"))

    cookie = own.client.get_cookie(COOKIE, path="/staff")

    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.max_age) == (True, "Lax", 180 * 86_400)


def test_on_a_public_site_the_cookie_goes_over_https_only(tmp_path: Path) -> None:
    config = a_config(tmp_path, base_url="https://bot.example.jp", queue_url="memory://")
    public = create_app(config, line=FakeLine())
    person = Person("a" * 32, "public@example.jp", "長崎花子", "viewer")
    link = people_pages.invite(parts.of(public).desk(), BY, person)
    browser = public.test_client()
    sent = {**fields(browser.get(link).text, ""), "password": PASSWORD, "again": PASSWORD}

    answer = browser.post(link, data=sent, headers={"Referer": link})

    (line,) = (text for text in answer.headers.getlist("Set-Cookie") if "device" in text)
    assert line.startswith("__Secure-staff-device=")
    assert {"Secure", "HttpOnly", "Path=/staff", "SameSite=Lax"} <= set(line.split("; "))
