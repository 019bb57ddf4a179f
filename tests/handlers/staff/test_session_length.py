"""How long a session and an invitation last, what ends them, and where signing in leads."""

import secrets

import pytest
from flask import Flask

from handlers.staff import guard, people_pages
from handlers.staff.desk import Desk
from knowledge.records.accounts import Person
from tests.handlers.staff import codes
from tests.handlers.staff.codes import Clock, colleague, is_signed_in, with_password
from tests.handlers.staff.conftest import BY, PASSWORD, ClientAs, StaffClient

VISIT_SECONDS = guard.IDLE_SECONDS - 60
NEW_PASSWORD = "another horse battery staple"
clock = codes.clock


def invited(desk: Desk, account: str) -> str:
    """The path of a new person's invitation."""
    person = Person(secrets.token_hex(16), account, "新しい人", "viewer")
    return people_pages.invite(desk, BY, person).removeprefix(desk.base_url)


def test_whoever_left_the_desk_is_out_after_a_while(client_as: ClientAs, clock: Clock) -> None:
    browser = client_as("viewer")

    clock.now += guard.IDLE_SECONDS + 1

    assert not is_signed_in(browser)


def test_whoever_works_is_not_put_out_before_the_day_is_over(
    client_as: ClientAs, clock: Clock
) -> None:
    browser, began = client_as("viewer"), clock.now

    while clock.now + VISIT_SECONDS <= began + guard.ABSOLUTE_SECONDS:
        clock.now += VISIT_SECONDS
        browser.get("/staff/account")
    clock.now = began + guard.ABSOLUTE_SECONDS + 1

    assert not is_signed_in(browser)


def test_an_invitation_is_good_for_a_week(app: Flask, desk: Desk, clock: Clock) -> None:
    link = invited(desk, "late@example.jp")
    browser = StaffClient(app.test_client(), None)

    clock.now += people_pages.INVITATION_SECONDS - 1
    browser.get(link)
    clock.now += 2

    browser.get(link, 404)
    browser.post(link, 404, password=PASSWORD, again=PASSWORD)
    assert not is_signed_in(browser)


def test_a_new_password_ends_the_other_sessions_and_not_this_one(app: Flask, desk: Desk) -> None:
    person = colleague(desk, "renews")
    here, there = with_password(app, person), with_password(app, person)

    here.post("/staff/password", present=PASSWORD, password=NEW_PASSWORD, again=NEW_PASSWORD)

    assert is_signed_in(here)
    assert not is_signed_in(there)


def test_another_role_begins_with_signing_in_again(
    app: Flask, desk: Desk, client_as: ClientAs
) -> None:
    person = colleague(desk, "promoted")
    before = with_password(app, person)

    client_as("admin").post(f"/staff/people/{person.person_id}/role", role="editor", reason="異動")

    assert not is_signed_in(before)
    with_password(app, person).get("/staff/entries/new")


@pytest.mark.parametrize("target", ["/staff/\\evil.example.jp", "/staff/\tevil", "\\\\evil"])
def test_an_address_that_a_browser_would_read_in_another_way_leads_home(
    app: Flask, people: dict[str, Person], target: str
) -> None:
    browser = StaffClient(app.test_client(), None)

    answer = browser.post(
        "/staff/sign-in", account=people["viewer"].account, password=PASSWORD, next=target
    )

    assert answer.location == "/staff/"
