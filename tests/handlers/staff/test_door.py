"""What the site does not let in: letters nobody can store, guesses in a rush; and what it keeps."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask

from handlers.staff import passwords
from handlers.staff.desk import Desk
from handlers.staff.passwords import Attempt
from knowledge.records import accounts, audit, store
from knowledge.records.accounts import Person
from tests.handlers.staff.conftest import PASSWORD, ClientAs, StaffClient
from tests.handlers.staff.filled import Fields, fields

GROUP = "/staff/questions/groups"
TITLE = "なくしてはいけない題"
OURS = {"Sec-Fetch-Site": "same-origin"}


def attempts(name: str, count: int, address: str = "127.0.0.7") -> list[Attempt]:
    """The same guess again and again."""
    return [Attempt(f"{name}@example.jp", "wrong wrong wrong", address)] * count


def left_open(desk: Desk, client: StaffClient) -> tuple[Fields, StaffClient]:
    """A form sent after the session had ended: the sign-in page's fields, and the browser."""
    assert client.person is not None
    url = "/staff/entries/waste-sorting/edit"
    typed = {**fields(client.get(url).text), "title": TITLE, "action": "save"}
    with store.writing(desk.records) as connection:
        accounts.close_sessions(connection, client.person.person_id)
    page = client.client.post(url, data=typed).text
    person, client.person = client.person, None
    sent = {**fields(page, "/sign-in"), "account": person.account, "password": PASSWORD}
    return sent, client


@pytest.mark.parametrize(
    "address",
    [
        "/staff/entries/a%00b",
        "/staff/entries?query=a%00b",
        "/staff/questions?a%00b=1",
        "/staff/invitation/%00",
        "/staff/static/%00.css",
    ],
)
def test_a_zero_letter_in_an_address_is_refused_in_plain_words(
    client_as: ClientAs, address: str
) -> None:
    answer = client_as("editor").get(address, 400)

    assert "この文字は保存できません" in answer.text


@pytest.mark.parametrize("role", ["", "editor"])
def test_a_zero_letter_in_a_form_is_refused_before_anybody_is_looked_up(
    desk: Desk, client_as: ClientAs, role: str
) -> None:
    browser = client_as(role)

    answer = browser.post("/staff/sign-in", 400, account="a\0b@example.jp", password=PASSWORD)

    with store.reading(desk.records) as connection:
        assert audit.trail(connection, "ab@example.jp") == []
    assert "この文字は保存できません" in answer.text


def test_a_zero_letter_in_the_name_of_a_file_is_refused(client_as: ClientAs) -> None:
    client_as("publisher").post("/staff/import", 400, file=(io.BytesIO(b"a"), "a\0b.csv"))


def test_a_name_in_an_address_longer_than_any_is_not_found(client_as: ClientAs) -> None:
    editor = client_as("editor")

    answer = editor.post(f"{GROUP}/{'a' * 300}/park", 404, key="a" * 64)

    assert "ページが見つかりません" in answer.text


def test_a_very_long_entry_id_in_a_form_breaks_nothing(desk: Desk, client_as: ClientAs) -> None:
    client_as("editor").post("/staff/links/check", entry="a" * 300)

    with store.reading(desk.records) as connection:
        (deed,) = audit.trail(connection, limit=1)
    assert deed.subject == "a" * audit.MAX_SUBJECT


@pytest.mark.parametrize(
    "target", ["/staff/\nX: y", "/staff/\r\n", "/staff/\t//x", "/staff/\u2028"]
)
def test_an_address_to_go_to_that_is_no_line_of_text_leads_to_the_first_page(
    app: Flask, people: dict[str, Person], target: str
) -> None:
    browser = StaffClient(app.test_client(), None)

    answer = browser.post(
        "/staff/sign-in", account=people["viewer"].account, password=PASSWORD, next=target
    )

    assert answer.headers["Location"] == "/staff/"


def test_guesses_side_by_side_count_each_other(desk: Desk) -> None:
    guesses = attempts("rush", 20)

    with ThreadPoolExecutor(len(guesses)) as pool:
        claims = list(pool.map(lambda guess: passwords.claim(desk, guess), guesses))

    assert sum(claim.wait == 0 for claim in claims) == passwords.FREE_TRIES


def test_a_guess_made_in_other_capitals_and_spaces_is_the_same_guess(desk: Desk) -> None:
    for guess in attempts("Upper", passwords.FREE_TRIES):
        passwords.claim(desk, guess)

    claimed = passwords.claim(desk, Attempt(" upper@EXAMPLE.jp ", "", "127.0.0.8"))

    assert claimed.wait > 0


def test_those_who_are_refused_do_not_make_the_others_wait_longer(desk: Desk) -> None:
    waits = [passwords.claim(desk, guess).wait for guess in attempts("again", 12)]

    assert waits[-1] > 0
    assert max(waits) <= 2.0


def test_many_who_sign_in_from_one_address_do_not_stop_each_other(desk: Desk) -> None:
    for number in range(passwords.ADDRESS_TRIES + 1):
        (attempt,) = attempts(f"clerk-{number}", 1, "127.0.0.6")
        claimed = passwords.claim(desk, attempt)
        passwords.forget(desk, claimed)

    assert claimed.wait == 0


def test_what_was_typed_survives_a_sign_in_in_another_tab(desk: Desk, client_as: ClientAs) -> None:
    first_tab, browser = left_open(desk, client_as("editor"))
    browser.post("/staff/sign-in", account=first_tab["account"], password=PASSWORD)

    answer = browser.client.post("/staff/sign-in", data=first_tab, headers=OURS)

    assert TITLE in answer.text
    assert fields(answer.text, "/staff/entries/waste-sorting/edit")["title"] == TITLE


def test_what_was_typed_survives_a_sign_out_in_another_tab(desk: Desk, client_as: ClientAs) -> None:
    first_tab, browser = left_open(desk, client_as("editor"))
    browser.client.delete_cookie("staff")

    page = browser.client.post("/staff/sign-in", data=first_tab, headers=OURS)
    again = {**first_tab, **fields(page.text, "/sign-in")}
    sent = {**again, "account": first_tab["account"], "password": PASSWORD}
    answer = browser.client.post("/staff/sign-in", data=sent, headers=OURS)

    assert page.status_code == 401
    assert TITLE in answer.text


@pytest.mark.parametrize("origin", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_sign_in_form_of_another_site_carries_nothing_in(
    client_as: ClientAs, origin: dict[str, str]
) -> None:
    editor = client_as("editor")
    sent = {"next": "/staff/entries/new", "kept": '[["title", "だれかの文"]]'}

    answer = editor.client.post("/staff/sign-in", data=sent, headers=origin)

    assert answer.status_code == 400
    assert "だれかの文" not in answer.text


def test_the_pause_ends(desk: Desk) -> None:
    guesses = attempts("gone", passwords.FREE_TRIES + 1, "127.0.0.9")
    claims = [passwords.claim(desk, guess) for guess in guesses]
    later = replace(desk, clock=lambda: desk.clock() + passwords.MAX_PAUSE_SECONDS + 1)

    assert claims[-1].wait > 0
    assert passwords.claim(later, guesses[0]).wait == 0


def test_a_file_that_came_after_the_session_ended_is_not_taken_and_that_is_said(
    desk: Desk, client_as: ClientAs
) -> None:
    editor = client_as("editor")
    file = {"csrf_token": editor.token(), "file": (io.BytesIO(b"ID"), "entries.csv")}
    assert editor.person is not None
    with store.writing(desk.records) as connection:
        accounts.close_sessions(connection, editor.person.person_id)

    sent = editor.client.post("/staff/import", data=file)
    door = editor.client.get(sent.headers["Location"]).text

    assert sent.headers["Location"] == "/staff/sign-in?next=/staff/import"
    assert "送ったものを受け取っていません" in door
