"""When a session ends while somebody writes, what they wrote comes around, and nothing is done yet."""

import pytest

from handlers.staff.desk import Desk
from knowledge.records import accounts, jobs, questions, reviews, store
from knowledge.records.accounts import Person
from tests.handlers.staff.asking import ask, key_of, page_of
from tests.handlers.staff.conftest import PASSWORD, ClientAs, StaffClient
from tests.handlers.staff.filled import Fields, fields
from tests.handlers.staff.proposals import compared, found, reworded

LANTERNS = "灯籠流しの場所"
WRITTEN = "なくしてはいけない文"


@pytest.fixture(autouse=True)
def log(desk: Desk) -> None:
    """Each test begins with one question that nobody has looked at."""
    with store.writing(desk.records) as connection:
        for table in (questions.question_table, reviews.review_table, reviews.review_note_table):
            connection.execute(table.delete())
    ask(desk, LANTERNS)


def resumed(desk: Desk, browser: StaffClient, url: str, typed: Fields) -> str:
    """The page after a form was sent too late, its writer signed in again and went on."""
    assert browser.person is not None
    token = browser.token()
    with store.writing(desk.records) as connection:
        accounts.close_sessions(connection, browser.person.person_id)
    late = browser.client.post(url, data={**typed, "csrf_token": token})
    who = {"account": browser.person.account, "password": PASSWORD}
    back = browser.client.post("/staff/sign-in", data={**fields(late.text, "/sign-in"), **who})
    going_on = {**fields(back.text, url), "action": "resume"}
    return browser.client.post(url, data=going_on).text


def test_a_comment_is_not_lost(desk: Desk, client_as: ClientAs) -> None:
    url = f"{page_of(LANTERNS)}/comment"

    page = resumed(desk, client_as("editor"), url, {"comment": WRITTEN})

    assert fields(page, "/comment")["comment"] == WRITTEN
    with store.reading(desk.records) as connection:
        assert reviews.comments(connection, [key_of(LANTERNS)]) == []


def test_a_comment_of_many_lines_is_as_long_as_its_writer_sees_it(
    desk: Desk, client_as: ClientAs
) -> None:
    lines = ["あいうえお"] * 160

    client_as("editor").post(f"{page_of(LANTERNS)}/comment", comment="\r\n".join(lines))

    with store.reading(desk.records) as connection:
        kept = reviews.comments(connection, [key_of(LANTERNS)])
    assert [comment.text for comment in kept] == ["\n".join(lines)]


@pytest.mark.parametrize("typed", ["長い" * 501, " "])
def test_a_comment_that_cannot_be_kept_stays_in_its_field(client_as: ClientAs, typed: str) -> None:
    answer = client_as("editor").post(f"{page_of(LANTERNS)}/comment", 422, comment=typed)

    assert fields(answer.text, "/comment")["comment"] == typed.strip()
    assert "まだ残していません" in answer.text


def test_the_reason_of_a_publication_is_not_lost_and_nothing_is_published(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    job = compared(desk, people["publisher"], [reworded(desk, "library", "別の案内。")])
    url = f"/staff/changes/{job.job_id}/commit"

    page = resumed(desk, client_as("publisher"), url, {"reason": WRITTEN})

    assert str(fields(page, "/commit")["reason"]).strip() == WRITTEN
    assert found(desk, job.job_id).state == jobs.DONE


@pytest.mark.parametrize("leads_to", ["teach/bulky-waste", "outside"])
def test_wordings_are_not_lost_and_nothing_is_begun(
    desk: Desk, client_as: ClientAs, leads_to: str
) -> None:
    url = f"{page_of(LANTERNS)}/{leads_to}"
    line = {"key": key_of(LANTERNS), "text": WRITTEN, "use-0": "1"}
    topic = {"topic": "new", "new_topic": "喫茶店"}

    page = resumed(desk, client_as("publisher"), url, {**line, **topic})

    assert f'name="text" value="{WRITTEN}"' in page
    assert 'value="喫茶店"' in page or leads_to != "outside"
    with store.reading(desk.records) as connection:
        assert reviews.of(connection, [key_of(LANTERNS)]) == {}
