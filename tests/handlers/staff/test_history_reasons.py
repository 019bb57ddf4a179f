"""Why a text was published stays in the history, however often drafts were saved since."""

import pytest

from handlers.staff import changes, slug
from handlers.staff.changes import Wish
from handlers.staff.desk import Desk
from handlers.staff.drafting import SAVE
from knowledge.records import audit, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Act
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.proposals import REASON, compared, reworded

MANY = 1_200


@pytest.fixture(scope="module")
def saved_often(desk: Desk, people: dict[str, Person]) -> None:
    """Two texts of one entry are published, then its drafts are saved again and again."""
    publisher = people["publisher"]
    for number in (1, 2):
        job = compared(desk, publisher, [reworded(desk, "library", f"{number}番目の案内。")])
        changes.commit(desk, publisher, job, Wish(f"{REASON}（{number}回目）"))
    with store.writing(desk.records) as connection:
        audit.note(connection, publisher, Act("retire", "long-gone", REASON), desk.clock())
        for entry_id in ("library", "long-gone", "never-was"):
            for _ in range(MANY):
                audit.note(connection, publisher, Act(SAVE, entry_id), desk.clock())


@pytest.mark.usefixtures("saved_often")
def test_each_text_keeps_its_own_reason(client_as: ClientAs) -> None:
    page = client_as("viewer").get("/staff/entries/library/history").text

    newest, oldest = (page.index(f"{REASON}（{number}回目）") for number in (2, 1))
    assert newest < oldest
    assert page.count("（1回目）") == page.count("（2回目）") == 1


@pytest.mark.usefixtures("saved_often")
def test_a_name_that_was_an_entry_s_is_never_given_again(desk: Desk) -> None:
    assert slug.problem(desk, "long-gone") == slug.TAKEN


@pytest.mark.usefixtures("saved_often")
def test_a_name_that_only_drafts_had_is_free(desk: Desk) -> None:
    assert slug.problem(desk, "never-was") == ""
