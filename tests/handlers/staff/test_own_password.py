"""Another password needs the one of now, and ends whatever the one before had opened."""

import re

from flask import Flask
from sqlalchemy import func, select

from handlers.staff import passwords
from handlers.staff.desk import Desk
from knowledge.records import accounts, store
from tests.handlers.staff import codes
from tests.handlers.staff.codes import (
    DOOR,
    Joins,
    actions_of,
    at_the_code,
    colleague,
    is_signed_in,
    with_password,
)
from tests.handlers.staff.conftest import PASSWORD, ClientAs, StaffClient

clock, joins = codes.clock, codes.joins

PAGE = "/staff/password"
NEW = {"password": "quiet harbour lantern festival", "again": "quiet harbour lantern festival"}


def failures(desk: Desk) -> int:
    """How many failures count now, of whomever and from wherever."""
    with store.reading(desk.records) as connection:
        counted = select(func.count()).select_from(accounts.failure_table)
        return connection.execute(counted).scalar_one()


def test_with_the_password_of_now_another_is_chosen(app: Flask, desk: Desk) -> None:
    person = colleague(desk, "chooses")
    here, there = with_password(app, person), with_password(app, person)

    here.post(PAGE, present=PASSWORD, **NEW)

    assert is_signed_in(here)
    assert not is_signed_in(there)
    new = StaffClient(app.test_client(), None)
    new.post("/staff/sign-in", account=person.account, password=NEW["password"])
    assert is_signed_in(new)


def test_a_desk_left_open_is_not_taken_over(app: Flask, desk: Desk) -> None:
    person = colleague(desk, "left-open")
    browser = with_password(app, person)

    empty = browser.post(PAGE, 200, present="", **NEW).text
    wrong = browser.post(PAGE, 200, present="wrong wrong wrong", **NEW).text

    assert "入力してください。" in empty
    assert "パスワードが違います。" in wrong
    assert actions_of(desk, person)[0] == "sign_in_failed"
    assert "set_password" not in actions_of(desk, person)


def test_guessing_the_password_of_now_is_slowed_down(app: Flask, desk: Desk) -> None:
    person = colleague(desk, "guessed-here")
    browser = with_password(app, person)
    for _ in range(passwords.FREE_TRIES):
        browser.post(PAGE, 200, present="wrong wrong wrong", **NEW)

    answer = browser.post(PAGE, 200, present=PASSWORD, **NEW)

    assert "続けて失敗したため" in answer.text
    assert "set_password" not in actions_of(desk, person)


def test_slips_before_a_change_count_only_for_the_address_they_came_from(
    app: Flask, desk: Desk
) -> None:
    browser = with_password(app, colleague(desk, "slipped"))
    before = failures(desk)
    for _ in range(passwords.FREE_TRIES - 1):
        browser.post(PAGE, 200, present="wrong wrong wrong", **NEW)

    browser.post(PAGE, present=PASSWORD, **NEW)

    assert failures(desk) - before == passwords.FREE_TRIES - 1


def test_a_link_given_before_opens_nothing_any_more(
    app: Flask, desk: Desk, client_as: ClientAs
) -> None:
    person = colleague(desk, "two-ways")
    page = client_as("admin").post(f"/staff/people/{person.person_id}/invitation", 200).text
    link = re.findall(r'id="link">https?://[^/]+([^<]+)<', page)[0]

    with_password(app, person).post(PAGE, present=PASSWORD, **NEW)

    StaffClient(app.test_client(), None).get(link, 404)


def test_who_came_half_way_with_the_password_before_does_not_get_in_with_a_code(
    app: Flask, joins: Joins
) -> None:
    person, phone = joins("half-way")
    thief = at_the_code(app, person)
    phone.browser.post(PAGE, present=PASSWORD, **NEW)

    answer = thief.post(DOOR, code=phone.code())

    assert answer.headers["Location"] == "/staff/sign-in"
    assert not is_signed_in(thief)
