"""Signing in and out, invitations, passwords, and what an admin does with the staff."""

import re
import secrets

import pytest
from flask import Flask

from handlers.staff import guard, passwords, people_pages
from handlers.staff.desk import Desk
from knowledge.records import accounts, audit, store
from knowledge.records.accounts import Person
from tests.handlers.staff.codes import is_signed_in
from tests.handlers.staff.conftest import BY, PASSWORD, ClientAs, StaffClient, join


def invited(desk: Desk, account: str, role: str = "viewer") -> str:
    """The path of a new person's invitation."""
    person = Person(secrets.token_hex(16), account, "新しい人", role)
    return people_pages.invite(desk, BY, person).removeprefix(desk.base_url)


def test_a_right_password_opens_the_page_asked_for(app: Flask, people: dict[str, Person]) -> None:
    browser = StaffClient(app.test_client(), None)
    asked = browser.client.get("/staff/account").headers["Location"]
    page = browser.get(asked).text
    target = re.findall(r'name="next"[^>]*value="([^"]*)"', page)[0]

    answer = browser.post(
        "/staff/sign-in", account="viewer@example.jp", password=PASSWORD, next=target
    )

    assert answer.headers["Location"] == "/staff/account"


@pytest.mark.parametrize("target", ["https://evil.example.jp/", "//evil.example.jp", "/\\evil", ""])
def test_signing_in_leads_to_no_other_site(
    app: Flask, people: dict[str, Person], target: str
) -> None:
    browser = StaffClient(app.test_client(), None)

    answer = browser.post(
        "/staff/sign-in", account="viewer@example.jp", password=PASSWORD, next=target
    )

    assert answer.headers["Location"] == "/staff/"


@pytest.mark.parametrize(
    ("account", "password"),
    [("viewer@example.jp", "wrong horse battery staple"), ("nobody@example.jp", PASSWORD)],
)
def test_wrong_words_open_nothing_and_do_not_say_which_was_wrong(
    app: Flask, people: dict[str, Person], account: str, password: str
) -> None:
    browser = StaffClient(app.test_client(), None)

    answer = browser.post("/staff/sign-in", 401, account=account, password=password)

    assert "メールアドレスかパスワードが違います。" in answer.text
    assert not is_signed_in(browser)


def test_after_some_failures_even_the_right_password_has_to_wait(app: Flask, desk: Desk) -> None:
    join(app, desk, "slow@example.jp", "viewer")
    browser = StaffClient(app.test_client(), None)
    for _ in range(passwords.FREE_TRIES):
        browser.post("/staff/sign-in", 401, account="slow@example.jp", password="wrong wrong wrong")

    answer = browser.post("/staff/sign-in", 429, account="slow@example.jp", password=PASSWORD)

    assert "しばらくログインできません" in answer.text


def test_an_invitation_is_good_once(app: Flask, desk: Desk) -> None:
    link = invited(desk, "once@example.jp")
    first, second = (StaffClient(app.test_client(), None) for _ in range(2))

    first.post(link, password=PASSWORD, again=PASSWORD)

    assert is_signed_in(first)
    second.get(link, 404)


@pytest.mark.parametrize(
    ("password", "again"),
    [
        ("short", "short"),
        ("aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa"),
        ("password1234567890", "password1234567890"),
        (PASSWORD, "another horse battery staple"),
        ("weak-is-in-it-0001", "weak-is-in-it-0001"),
    ],
    ids="short|one letter|common|slip|account".split("|"),
)
def test_a_weak_or_mistyped_password_is_not_taken(
    app: Flask, desk: Desk, request: pytest.FixtureRequest, password: str, again: str
) -> None:
    name = (
        f"weak{abs(hash(request.node.name)) % 10**6}"
        if "account" not in request.node.name
        else "weak"
    )
    browser = StaffClient(app.test_client(), None)

    answer = browser.post(invited(desk, f"{name}@example.jp"), 200, password=password, again=again)

    assert "invalid-feedback" in answer.text
    assert not is_signed_in(browser)


def test_signing_out_everywhere_ends_every_session(client_as: ClientAs) -> None:
    here, there = client_as("editor"), client_as("editor")

    here.post("/staff/sign-out-everywhere")

    assert not is_signed_in(here)
    assert not is_signed_in(there)


def test_somebody_who_is_stopped_is_out_at_once(
    app: Flask, desk: Desk, client_as: ClientAs
) -> None:
    person = join(app, desk, "leaver@example.jp", "viewer")
    leaver = StaffClient(app.test_client(), None)
    leaver.post("/staff/sign-in", account=person.account, password=PASSWORD)

    client_as("admin").post(f"/staff/people/{person.person_id}/disable", reason="異動したため")

    assert not is_signed_in(leaver)
    leaver.post("/staff/sign-in", 401, account=person.account, password=PASSWORD)


def test_nobody_locks_themselves_out(client_as: ClientAs, people: dict[str, Person]) -> None:
    admin = client_as("admin")

    admin.post(f"/staff/people/{people['admin'].person_id}/disable", reason="試し")

    assert is_signed_in(admin)


def test_a_session_ends_when_nobody_is_there(app: Flask, desk: Desk) -> None:
    person = join(app, desk, "idle@example.jp", "viewer")
    browser = StaffClient(app.test_client(), None)
    browser.post("/staff/sign-in", account=person.account, password=PASSWORD)
    with store.writing(desk.records) as connection:
        long_ago = int((desk.clock() - guard.IDLE_SECONDS - 1) * 1000)
        connection.execute(
            accounts.session_table.update()
            .where(accounts.session_table.c.person_id == person.person_id)
            .values(seen_at=long_ago)
        )

    assert not is_signed_in(browser)


def test_what_was_done_is_in_the_trail_and_the_trail_is_whole(
    client_as: ClientAs, desk: Desk
) -> None:
    admin = client_as("admin")

    admin.post("/staff/people", 200, name="長崎花子", account="hanako@example.jp", role="editor")

    with store.reading(desk.records) as connection:
        actions = [(deed.action, deed.subject) for deed in audit.trail(connection, limit=2)]
        assert actions == [("invite", "hanako@example.jp"), ("add_person", "hanako@example.jp")]
        assert audit.check(connection).broken_at is None


def test_a_form_from_another_site_is_refused(client_as: ClientAs) -> None:
    browser = client_as("admin")

    answer = browser.client.post("/staff/people", data={"name": "だれか"})

    assert answer.status_code == 400


def test_the_session_cookie_is_for_this_site_and_no_script(app: Flask, client_as: ClientAs) -> None:
    cookie = client_as("viewer").client.get_cookie("staff")

    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
