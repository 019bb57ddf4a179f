"""A fault in the middle of a step undoes what came before it, and trying again works."""

import html
import re
import secrets

import pytest
from flask import Flask
from sqlalchemy import select

from handlers.staff import people_pages, waiting
from handlers.staff.desk import Desk
from knowledge.records import accounts, desk_tables, jobs, reviews, store
from knowledge.records.accounts import Person
from tests.handlers.staff.asking import ask, key_of, page_of
from tests.handlers.staff.codes import colleague, is_signed_in
from tests.handlers.staff.conftest import BY, PASSWORD, ClientAs, StaffClient
from tests.handlers.staff.filled import fields
from tests.handlers.staff.proposals import found
from tests.handlers.staff.refusing import full
from tests.handlers.staff.sending import a_new_summary, sent
from tests.handlers.staff.writing import draft_of

NEW = "/staff/entries/new"
ODD = "アザラシの置物ば引き取ってほしか"


def job_ids(desk: Desk) -> set[str]:
    """The changes and uploads that are there."""
    with store.reading(desk.records) as connection:
        return set(connection.execute(select(desk_tables.job_table.c.job_id)).scalars())


def state_of(desk: Desk, text: str) -> str:
    """What was decided about a wording."""
    key = key_of(text)
    with store.reading(desk.records) as connection:
        return waiting.reviewed(desk, connection, [key]).get(key, reviews.NEW).state


def is_known(desk: Desk, account: str) -> bool:
    """True when somebody has this account."""
    with store.reading(desk.records) as connection:
        return accounts.find(connection, account) is not None


def invited(desk: Desk, account: str) -> str:
    """The path of a new person's invitation."""
    person = Person(secrets.token_hex(16), account, "新しい人", "viewer")
    return people_pages.invite(desk, BY, person).removeprefix(desk.base_url)


def test_an_upload_stays_when_its_change_cannot_be_begun(desk: Desk, client_as: ClientAs) -> None:
    client = client_as("publisher")
    address = sent(client, a_new_summary())

    with full(desk.records, "job"):
        client.post(f"{address}/confirm", 500)
    shown = client.get(address).text
    there = client.post(f"{address}/confirm").location

    assert "まだ何も書き込んでいません" in shown
    assert found(desk, there.rsplit("/", 1)[1]).kind == "import"


def test_an_invitation_stays_good_when_the_password_cannot_be_saved(app: Flask, desk: Desk) -> None:
    link = invited(desk, "twice@example.jp")
    browser = StaffClient(app.test_client(), None)

    with full(desk.records, "staff"):
        browser.post(link, 500, password=PASSWORD, again=PASSWORD)
    browser.get(link)
    browser.post(link, password=PASSWORD, again=PASSWORD)

    assert is_signed_in(browser)


def test_who_has_a_password_but_was_not_let_in_is_led_to_the_door(app: Flask, desk: Desk) -> None:
    link = invited(desk, "thrice@example.jp")
    browser = StaffClient(app.test_client(), None)

    with full(desk.records, "staff_session"):
        browser.post(link, 500, password=PASSWORD, again=PASSWORD)
    page = browser.get(link, 404).text
    browser.post("/staff/sign-in", account="thrice@example.jp", password=PASSWORD)

    assert 'href="/staff/sign-in"' in page
    assert is_signed_in(browser)


@pytest.mark.parametrize(
    ("step", "more"),
    [("teach/bulky-waste", {}), ("outside", {"topic": "new", "new_topic": "動物の置物"})],
)
def test_no_change_is_begun_without_the_mark_on_its_questions(
    desk: Desk, client_as: ClientAs, step: str, more: dict[str, str]
) -> None:
    text = f"{ODD} {step}"
    ask(desk, text)
    client, url, before = client_as("publisher"), f"{page_of(text)}/{step}", job_ids(desk)
    typed = {"key": key_of(text), "text": ODD, "use-0": "1", **more}

    with full(desk.records, "review"):
        client.post(url, 500, **typed)
    left = job_ids(desk) - before, state_of(desk, text)
    job_id = client.post(url, **typed).location.rsplit("/", 1)[1]

    assert left == (set(), "open")
    assert found(desk, job_id).state == jobs.QUEUED
    assert state_of(desk, text) == "teaching"


def test_no_draft_is_begun_without_the_mark_on_its_questions(
    desk: Desk, client_as: ClientAs
) -> None:
    ask(desk, ODD)
    client = client_as("editor")
    button = re.search(r'href="(/staff/entries/new[^"]+)"', client.get(page_of(ODD)).text)
    assert button is not None
    typed = fields(client.get(html.unescape(button[1])).text, NEW) | {"entry_id": "seals"}

    with full(desk.records, "review"):
        client.post(NEW, 500, **typed)
    left = draft_of(desk, "seals"), state_of(desk, ODD)
    client.post(NEW, **typed)

    assert left == (None, "open")
    assert draft_of(desk, "seals") is not None
    assert state_of(desk, ODD) == "teaching"


def test_nobody_is_added_without_their_invitation(desk: Desk, client_as: ClientAs) -> None:
    admin = client_as("admin")
    typed = {"name": "長崎次郎", "account": "jiro@example.jp", "role": "viewer"}

    with full(desk.records, "staff_invitation"):
        admin.post("/staff/people", 500, **typed)
    was_added = is_known(desk, "jiro@example.jp")
    page = admin.post("/staff/people", 200, **typed).text

    assert not was_added
    assert "/staff/invitation/" in page


def test_nobody_is_signed_in_without_a_line_in_the_trail(app: Flask, desk: Desk) -> None:
    person = colleague(desk, "untold")
    browser = StaffClient(app.test_client(), None)

    with full(desk.records, "audit"):
        browser.post("/staff/sign-in", 500, account=person.account, password=PASSWORD)
    was_in = is_signed_in(browser)
    browser.post("/staff/sign-in", account=person.account, password=PASSWORD)

    assert not was_in
    assert is_signed_in(browser)
