"""At the door, the code comes after the password: once, in time, and guessed slowly."""

import re

import pytest
from flask import Flask

from handlers.staff import passwords
from handlers.staff.desk import Desk
from knowledge.records import second_factor
from tests.handlers.staff import codes
from tests.handlers.staff.codes import (
    DOOR,
    STEP_SECONDS,
    Clock,
    Joins,
    actions_of,
    at_the_code,
    is_signed_in,
)
from tests.handlers.staff.conftest import PASSWORD, StaffClient
from tests.handlers.staff.filled import fields

clock, joins = codes.clock, codes.joins


def test_the_password_alone_opens_nothing_any_more(app: Flask, joins: Joins) -> None:
    person, _ = joins("alone")

    browser = at_the_code(app, person)

    assert not is_signed_in(browser)
    assert "パスワードは合っています" in browser.get(DOOR).text


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_the_code_of_now_or_a_step_beside_it_opens_the_page_asked_for(
    app: Flask, clock: Clock, joins: Joins, steps: int
) -> None:
    person, phone = joins(f"step{steps}")
    clock.now += STEP_SECONDS
    browser = StaffClient(app.test_client(), None)
    wanted = {"account": person.account, "password": PASSWORD, "next": "/staff/entries"}
    browser.post("/staff/sign-in", **wanted)

    answer = browser.post(DOOR, code=phone.code(steps))

    assert answer.headers["Location"] == "/staff/entries"
    assert is_signed_in(browser)


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_further_away_is_refused(app: Flask, clock: Clock, joins: Joins, steps: int) -> None:
    person, phone = joins(f"far{steps}")
    clock.now += 2 * STEP_SECONDS

    answer = at_the_code(app, person).post(DOOR, 401, code=phone.code(steps))

    assert "確認コードが違うか、もう使ったものです" in answer.text


def test_a_code_opens_the_door_once(app: Flask, joins: Joins) -> None:
    person, phone = joins("once")
    code = phone.code()
    at_the_code(app, person).post(DOOR, code=code)

    second = at_the_code(app, person)
    second.post(DOOR, 401, code=code)

    assert not is_signed_in(second)


def test_the_code_that_set_it_up_opens_no_door(app: Flask, clock: Clock, joins: Joins) -> None:
    person, phone = joins("setup")
    used = phone.code(-1)

    at_the_code(app, person).post(DOOR, 401, code=used)


def test_a_code_may_be_typed_wide_and_with_a_space(app: Flask, joins: Joins) -> None:
    person, phone = joins("wide")
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in phone.code())

    browser = at_the_code(app, person)
    browser.post(DOOR, code=f" {wide[:3]}　{wide[3:]}")

    assert is_signed_in(browser)


def test_a_recovery_code_opens_the_door_once_and_tells_how_many_are_left(
    app: Flask, desk: Desk, joins: Joins
) -> None:
    person, phone = joins("paper")
    assert len(set(phone.paper)) == second_factor.RECOVERY_CODES
    first, second = at_the_code(app, person), at_the_code(app, person)

    first.post(DOOR, code=phone.paper[0].lower())
    second.post(DOOR, 401, code=phone.paper[0])

    assert "残りは9個です" in first.get("/staff/").text
    assert not is_signed_in(second)
    assert actions_of(desk, person)[:3] == ["sign_in_failed", "sign_in", "use_recovery_code"]


def test_a_recovery_code_is_of_use_to_its_owner_only(app: Flask, joins: Joins) -> None:
    _, phone = joins("owner")
    other, _ = joins("other")

    at_the_code(app, other).post(DOOR, 401, code=phone.paper[0])


def test_guessing_codes_is_slowed_down_however_often_the_password_is_right(
    app: Flask, joins: Joins
) -> None:
    person, _ = joins("guessed")
    for guesses in (2, passwords.FREE_TRIES - 2):
        browser = at_the_code(app, person)
        for _ in range(guesses):
            browser.post(DOOR, 401, code="000000")

    browser = StaffClient(app.test_client(), None)
    answer = browser.post("/staff/sign-in", 429, account=person.account, password=PASSWORD)

    assert "しばらくログインできません" in answer.text


def test_the_code_page_waits_too(app: Flask, joins: Joins) -> None:
    person, phone = joins("waits")
    browser = at_the_code(app, person)
    for _ in range(passwords.FREE_TRIES):
        browser.post(DOOR, 401, code="000000")

    browser.post(DOOR, 429, code=phone.code())

    assert not is_signed_in(browser)


def test_the_code_page_is_closed_without_a_right_password(app: Flask) -> None:
    browser = StaffClient(app.test_client(), None)

    answer = browser.post(DOOR, code="000000")

    assert answer.headers["Location"] == "/staff/sign-in"


def test_a_right_password_is_forgotten_when_no_code_comes(
    app: Flask, clock: Clock, joins: Joins
) -> None:
    person, phone = joins("late")
    browser = at_the_code(app, person)

    clock.now += 11 * 60

    browser.post(DOOR, code=phone.code())
    assert not is_signed_in(browser)


def test_what_was_typed_before_the_session_ended_comes_through_the_code_page(
    app: Flask, joins: Joins
) -> None:
    person, phone = joins("typed")
    browser = StaffClient(app.test_client(), None)
    sent = {"account": person.account, "password": PASSWORD, "next": "/staff/entries/new"}

    page = browser.post("/staff/sign-in", 200, kept='[["title", "書きかけ"]]', **sent).text
    kept = re.findall(r'name="kept"[^>]*value="([^"]+)"', page)[0].replace("&#34;", '"')
    answer = browser.post(DOOR, 200, code=phone.code(), kept=kept)

    assert "書きかけ" in answer.text
    assert is_signed_in(browser)


def test_what_was_typed_survives_a_sign_in_in_another_tab_during_the_code(
    app: Flask, joins: Joins
) -> None:
    person, phone = joins("tabs")
    browser = StaffClient(app.test_client(), None)
    sent = {"account": person.account, "password": PASSWORD, "next": "/staff/entries/new"}
    page = browser.post("/staff/sign-in", 200, kept='[["title", "書きかけ"]]', **sent).text
    first_tab = {**fields(page, "/code"), "code": "123456"}
    browser.post("/staff/sign-in", **sent)
    browser.post(DOOR, code=phone.code())

    ours = {"Sec-Fetch-Site": "same-origin"}
    answer = browser.client.post(DOOR, data=first_tab, headers=ours)

    assert fields(answer.text, "/staff/entries/new")["title"] == "書きかけ"
