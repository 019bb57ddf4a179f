"""A new entry begun from a group of questions: its words are there, and it is taught with it."""

import html
import re

import pytest

from handlers.staff import changes
from handlers.staff.changes import Change, Outcome, Proposed, Wish
from handlers.staff.desk import Desk
from knowledge.records import drafts, jobs, questions, reviews, store
from knowledge.records.accounts import Person
from tests.builders import an_entry
from tests.handlers.staff.asking import ask, key_of, page_of
from tests.handlers.staff.conftest import ClientAs, StaffClient
from tests.handlers.staff.filled import fields
from tests.handlers.staff.proposals import work_off

LANTERNS = "灯籠流しの場所"
ALSO = "灯籠流しの場所はどこですか"
ID = "lanterns"


@pytest.fixture(autouse=True)
def log(desk: Desk) -> None:
    """Each test begins with two wordings of one question, and no draft."""
    with store.writing(desk.records) as connection:
        for table in (questions.question_table, reviews.review_table, drafts.draft_table):
            connection.execute(table.delete())
    ask(desk, LANTERNS, person="a")
    ask(desk, LANTERNS, person="b")
    ask(desk, ALSO, person="c")


def begin(browser: StaffClient) -> str:
    """Press the group's button, and begin the draft as the form proposes it; gives its page."""
    page = browser.get(page_of(LANTERNS)).text
    found = re.search(r'href="(/staff/entries/new[^"]+)"', page)
    assert found is not None
    page = browser.get(html.unescape(found[1])).text
    form = fields(page, "/staff/entries/new")
    form["question"] = re.findall(r'name="question" value="([^"]+)"', page)
    answer = browser.post("/staff/entries/new", **{**form, "entry_id": ID})
    return answer.headers["Location"]


def state_of(desk: Desk, text: str) -> tuple[str, str]:
    """What was decided about a wording, and for which entry."""
    with store.reading(desk.records) as connection:
        found = reviews.of(connection, [key_of(text)]).get(key_of(text), reviews.NEW)
    return found.state, found.entry_id


def test_the_draft_begins_with_all_words_of_the_group(desk: Desk, client_as: ClientAs) -> None:
    begin(client_as("editor"))

    with store.reading(desk.records) as connection:
        draft = drafts.get(connection, ID)
    assert draft is not None
    assert draft.document["title"] == LANTERNS
    assert draft.document["phrasings"] == [LANTERNS, ALSO]


def test_the_group_waits_for_the_publication(desk: Desk, client_as: ClientAs) -> None:
    browser = client_as("editor")

    begin(browser)

    assert state_of(desk, LANTERNS) == state_of(desk, ALSO) == ("teaching", ID)
    assert LANTERNS not in browser.get("/staff/questions").text
    assert LANTERNS in browser.get("/staff/questions?state=teaching").text


def test_once_the_entry_is_published_the_group_is_taught(
    desk: Desk, client_as: ClientAs, people: dict[str, Person]
) -> None:
    begin(client_as("editor"))
    entry = an_entry(id=ID, title=LANTERNS, phrasings=(LANTERNS, ALSO))
    change = Change("new", "新しい項目", (Proposed(entry, 0),))
    job_id = changes.begin(desk, people["publisher"], change)

    with store.reading(desk.records) as connection:
        job = jobs.get(connection, job_id)
    assert job is not None
    work_off(desk, job_id)
    with store.reading(desk.records) as connection:
        job = jobs.get(connection, job_id)
    assert job is not None
    outcome = changes.commit(desk, people["publisher"], job, Wish("新しい案内", overrides=True))

    assert outcome == Outcome.PUBLISHED
    assert state_of(desk, LANTERNS) == ("taught", ID)
