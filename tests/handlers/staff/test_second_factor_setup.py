"""A code beside the password is set up on one's own phone, given up, or taken off by an admin."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from handlers.staff.desk import Desk
from knowledge.records import accounts, audit, second_factor, store
from knowledge.records.accounts import Person
from tests.handlers.staff import codes
from tests.handlers.staff.codes import (
    DOOR,
    OWN_PAGE,
    Clock,
    Joins,
    Phone,
    actions_of,
    asked_for,
    at_the_code,
    colleague,
    is_signed_in,
    with_password,
)
from tests.handlers.staff.conftest import PASSWORD, ClientAs, StaffClient

clock, joins = codes.clock, codes.joins


def test_setting_up_ends_every_other_session(app: Flask, desk: Desk, clock: Clock) -> None:
    person = colleague(desk, "two")
    here, there = with_password(app, person), with_password(app, person)

    Phone(here, clock)

    assert is_signed_in(here)
    assert not is_signed_in(there)


def test_a_wrong_code_sets_nothing_up(app: Flask, desk: Desk) -> None:
    person = colleague(desk, "slip")
    browser = with_password(app, person)
    browser.post(f"{OWN_PAGE}/prepare")

    answer = browser.post(f"{OWN_PAGE}/on", 200, code="abcdef")

    assert "invalid-feedback" in answer.text
    assert "turn_on_code" not in actions_of(desk, person)


def test_a_new_password_by_invitation_does_not_go_around_the_code(
    app: Flask, client_as: ClientAs, joins: Joins
) -> None:
    person, _ = joins("invited")
    page = client_as("admin").post(f"/staff/people/{person.person_id}/invitation", 200).text
    link = re.findall(r'id="link">https?://[^/]+([^<]+)<', page)[0]
    browser = StaffClient(app.test_client(), None)

    browser.post(link, password=PASSWORD, again=PASSWORD)

    assert not is_signed_in(browser)


@pytest.mark.parametrize("wrong", ["password", "code"])
def test_giving_up_the_code_needs_all_of_it(desk: Desk, joins: Joins, wrong: str) -> None:
    person, phone = joins(f"keeps-{wrong}")
    sent = {"password": PASSWORD, "code": phone.code(), wrong: "wrong"}

    answer = phone.browser.post(f"{OWN_PAGE}/off", 200, **sent)

    assert "invalid-feedback" in answer.text
    assert "turn_off_code" not in actions_of(desk, person)


def test_new_codes_on_paper_need_all_of_it_and_void_those_before(
    app: Flask, desk: Desk, joins: Joins
) -> None:
    person, phone = joins("renews")
    new, sent = f"{OWN_PAGE}/paper", {"password": PASSWORD, "code": phone.code()}
    phone.browser.post(new, 200, **{**sent, "password": "wrong"})
    phone.browser.post(new, 200, **{**sent, "code": "000000"})

    page = phone.browser.post(new, 200, **sent).text

    codes = re.findall(r"<li><code[^>]*>([^<]+)</code>", page)
    browser = at_the_code(app, person)
    browser.post(DOOR, 401, code=phone.paper[0])
    browser.post(DOOR, code=codes[0])
    assert len(codes) == second_factor.RECOVERY_CODES
    assert "renew_recovery_codes" in actions_of(desk, person)


def test_after_giving_it_up_the_password_is_enough(app: Flask, desk: Desk, joins: Joins) -> None:
    person, phone = joins("ends")

    phone.browser.post(f"{OWN_PAGE}/off", password=PASSWORD, code=phone.code())

    browser = with_password(app, person)
    assert is_signed_in(browser)
    assert is_signed_in(phone.browser)
    assert "turn_off_code" in actions_of(desk, person)


def test_an_admin_takes_it_off_a_colleague_with_a_reason(
    app: Flask, desk: Desk, client_as: ClientAs, joins: Joins
) -> None:
    person, phone = joins("lost")
    admin, page = client_as("admin"), f"/staff/people/{person.person_id}/code"
    admin.post(page, 200, reason="")

    admin.post(page, reason="電話をなくした")

    with store.reading(desk.records) as connection:
        deed = audit.trail(connection, person.account)[0]
    assert (deed.action, deed.reason) == ("reset_code", "電話をなくした")
    assert not is_signed_in(phone.browser)
    browser = with_password(app, person)
    assert is_signed_in(browser)


def test_an_admin_goes_the_common_way_with_their_own(
    client_as: ClientAs, people: dict[str, Person]
) -> None:
    page = f"/staff/people/{people['admin'].person_id}/code"

    answer = client_as("admin").post(page, reason="自分の")

    assert answer.headers["Location"] == OWN_PAGE


def test_a_locked_out_admin_gets_in_by_the_command_line(
    app: Flask, desk: Desk, joins: Joins
) -> None:
    person, _ = joins("locked", "admin")

    result = app.test_cli_runner().invoke(
        args=["staff", "reset-code", person.account, "--reason", "電話をなくした"]
    )

    browser = with_password(app, person)
    assert result.exit_code == 0
    assert is_signed_in(browser)
    assert actions_of(desk, person)[1] == "reset_code"


def test_the_command_knows_only_those_there_are(app: Flask) -> None:
    result = app.test_cli_runner().invoke(
        args=["staff", "reset-code", "nobody@example.jp", "--reason", "試し"]
    )

    assert result.exit_code == 1


def test_the_database_tells_neither_the_secret_nor_the_codes(desk: Desk, joins: Joins) -> None:
    _, phone = joins("sealed")

    with store.reading(desk.records) as connection:
        rows = connection.execute(select(accounts.person_table)).all()
        rows += connection.execute(select(second_factor.recovery_table)).all()
        rows += connection.execute(select(audit.audit_table)).all()

    everything = repr(rows)
    assert phone.secret not in everything
    assert not any(second_factor.plain(code) in everything for code in phone.paper)


def test_a_secret_sealed_with_another_key_opens_nothing(desk: Desk, joins: Joins) -> None:
    person, phone = joins("other-key")
    keeper = second_factor.Keeper(b"another secret of the bot")

    with store.writing(desk.records) as connection:
        way = second_factor.accept(connection, keeper, person.person_id, phone.code(), desk.clock())

    assert way == ""


@pytest.mark.parametrize(
    ("role", "opened"),
    [("viewer", None), ("editor", None), ("publisher", OWN_PAGE), ("admin", OWN_PAGE)],
)
def test_where_the_city_asks_for_codes_publishers_and_admins_set_one_up_first(
    app: Flask, desk: Desk, role: str, opened: str | None
) -> None:
    person = colleague(desk, f"asked-{role}", role)
    browser = with_password(app, person)

    with asked_for(desk):
        answer = browser.client.get("/staff/")

    assert answer.headers.get("Location") == opened


def test_who_must_have_a_code_can_set_it_up_and_goes_on(
    app: Flask, desk: Desk, clock: Clock
) -> None:
    person = colleague(desk, "must", "publisher")
    browser = with_password(app, person)

    with asked_for(desk):
        Phone(browser, clock)

        assert is_signed_in(browser)
