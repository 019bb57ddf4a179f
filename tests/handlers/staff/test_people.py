"""Staff are who they are however their account is typed; stopped means stopped, and can be undone."""

import secrets
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from handlers.staff import passwords, people_pages
from handlers.staff.desk import Desk
from knowledge.records import accounts, audit, store
from knowledge.records.accounts import AccountTakenError, Person
from tests.handlers.staff.codes import actions_of, colleague, is_signed_in, with_password
from tests.handlers.staff.conftest import BY, PASSWORD, ClientAs, StaffClient

WHY = "異動したため"


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """The command line of the same bot."""
    return app.test_cli_runner()


def new_person(account: str) -> Person:
    return Person(secrets.token_hex(16), account, "新しい人", "viewer")


def link_for(desk: Desk, account: str) -> str:
    """The path of a new person's invitation."""
    return people_pages.invite(desk, BY, new_person(account)).removeprefix(desk.base_url)


def person_with(desk: Desk, account: str) -> Person:
    with store.reading(desk.records) as connection:
        found = accounts.find(connection, account)
    assert found is not None
    return found


@pytest.mark.parametrize("typed", ["Typed@Example.jp", "typed@example.jp ", " TYPED@EXAMPLE.JP"])
def test_a_capital_or_a_space_in_an_account_lets_in_all_the_same(
    app: Flask, desk: Desk, typed: str
) -> None:
    with store.reading(desk.records) as connection:
        known = accounts.find(connection, "typed@example.jp")
    person = known or colleague(desk, "typed")
    browser = StaffClient(app.test_client(), None)

    browser.post("/staff/sign-in", account=typed, password=PASSWORD)

    assert person_with(desk, typed) == person_with(desk, person.account)
    assert is_signed_in(browser)


def test_no_two_accounts_differ_in_capitals_only(desk: Desk) -> None:
    colleague(desk, "single")

    with pytest.raises(AccountTakenError):
        people_pages.invite(desk, BY, new_person("Single@example.jp"))


def test_an_account_is_noted_as_it_is_stored(desk: Desk, client_as: ClientAs) -> None:
    admin = client_as("admin")

    admin.post("/staff/people", 200, name="花子", account=" Noted@Example.jp ", role="viewer")

    with store.reading(desk.records) as connection:
        deeds = audit.trail(connection, "noted@example.jp")
    assert [deed.action for deed in deeds] == ["invite", "add_person"]


def test_the_invitation_of_somebody_who_was_stopped_is_void(
    app: Flask, desk: Desk, client_as: ClientAs
) -> None:
    link = link_for(desk, "stopped@example.jp")
    person = person_with(desk, "stopped@example.jp")
    admin = client_as("admin")

    admin.post(f"/staff/people/{person.person_id}/disable", reason=WHY)
    StaffClient(app.test_client(), None).get(link, 404)
    admin.post(f"/staff/people/{person.person_id}/enable", reason=WHY)

    StaffClient(app.test_client(), None).get(link, 404)


def test_somebody_who_was_stopped_cannot_be_invited(desk: Desk, client_as: ClientAs) -> None:
    person = colleague(desk, "uninvited")
    admin = client_as("admin")
    admin.post(f"/staff/people/{person.person_id}/disable", reason=WHY)

    admin.post(f"/staff/people/{person.person_id}/invitation", 400)


def test_somebody_who_was_stopped_by_mistake_comes_back_with_the_same_password(
    app: Flask, desk: Desk, client_as: ClientAs
) -> None:
    person = colleague(desk, "back")
    admin = client_as("admin")
    admin.post(f"/staff/people/{person.person_id}/disable", reason=WHY)
    page = admin.get("/staff/people").text

    admin.post(f"/staff/people/{person.person_id}/enable", reason=WHY)

    assert f'href="/staff/people/{person.person_id}/enable"' in page
    assert is_signed_in(with_password(app, person))
    assert actions_of(desk, person)[1:3] == ["enable", "disable"]


@pytest.mark.parametrize(
    ("action", "typed", "words"),
    [
        ("change_role", {"role": "editor"}, "役割を変えた"),
        ("disable", {}, "職員を止めた"),
        ("enable", {}, "職員をまた使えるようにした"),
    ],
)
def test_who_may_do_what_is_changed_with_a_reason_only_and_it_is_in_the_trail(
    desk: Desk, client_as: ClientAs, action: str, typed: dict[str, str], words: str
) -> None:
    person, admin = colleague(desk, f"why-{action}"), client_as("admin")
    url = f"/staff/people/{person.person_id}/{action.removeprefix('change_')}"
    if action == "enable":
        people_pages.stop(desk, BY, person, "試験")

    opened = admin.get(url).text
    asked = admin.post(url, 200, **typed, reason="  ").text
    before = person_with(desk, person.account)
    admin.post(url, **typed, reason="4月の異動のため")

    page = admin.get(f"/staff/audit?subject={person.account}").text
    assert f"{person.name} さん" in opened
    assert "入力してください。" in asked
    assert before == (replace(person, is_disabled=True) if action == "enable" else person)
    assert person_with(desk, person.account) != before
    assert words in page
    assert "4月の異動のため" in page


def test_the_command_line_notes_why_somebody_was_stopped(
    desk: Desk, runner: FlaskCliRunner
) -> None:
    person = colleague(desk, "reasons")

    runner.invoke(args=["staff", "disable", person.account, "--reason", "端末をなくしたため"])
    runner.invoke(args=["staff", "enable", person.account])

    with store.reading(desk.records) as connection:
        deeds = audit.trail(connection, person.account)
    reasons = {deed.action: deed.reason for deed in deeds}
    assert reasons["disable"] == "端末をなくしたため"
    assert reasons["enable"] == "理由は書かれていません（コマンドから）"


def test_the_command_line_stops_and_lets_back_in(
    app: Flask, desk: Desk, runner: FlaskCliRunner
) -> None:
    person = colleague(desk, "machine")
    before = with_password(app, person)

    stopped = runner.invoke(args=["staff", "disable", "Machine@example.jp"])
    was_in = is_signed_in(before)
    enabled = runner.invoke(args=["staff", "enable", "machine@example.jp"])

    assert (stopped.exit_code, enabled.exit_code, was_in) == (0, 0, False)
    assert is_signed_in(with_password(app, person))
    assert actions_of(desk, person)[1:3] == ["enable", "disable"]


@pytest.mark.parametrize(
    ("account", "name", "words"),
    [
        ("long-name@example.jp", "名" * 65, "名前は1文字から64文字です。"),
        ("no-name@example.jp", " ", "名前は1文字から64文字です。"),
        ("a" * 250 + "@example.jp", "花子", "254文字までのメールアドレス"),
        ("no address", "花子", "254文字までのメールアドレス"),
    ],
)
def test_the_command_line_refuses_what_no_column_holds(
    desk: Desk, runner: FlaskCliRunner, account: str, name: str, words: str
) -> None:
    result = runner.invoke(args=["staff", "add", account, "--name", name])

    with store.reading(desk.records) as connection:
        assert accounts.find(connection, account) is None
    assert result.exit_code == 1
    assert words in result.output


def test_the_longest_account_there_can_be_is_taken(desk: Desk, client_as: ClientAs) -> None:
    account = "a" * (accounts.MAX_ACCOUNT - 11) + "@example.jp"

    page = client_as("admin").post(
        "/staff/people", 200, name="花子", account=account, role="viewer"
    )

    assert "招待のリンクです" in page.text


@pytest.mark.parametrize(
    ("account", "is_fine"), [("a@example.jp", True), ("horse@example.jp", False)]
)
def test_a_password_may_hold_a_name_as_short_as_a_letter(account: str, is_fine: bool) -> None:  # noqa: FBT001 - a case of the table
    assert (passwords.problem(PASSWORD, account) == "") == is_fine
