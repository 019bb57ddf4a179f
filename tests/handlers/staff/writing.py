"""What tests do as somebody who writes: open an entry's form, save it, look at the draft."""

import pytest

from handlers.staff.desk import Desk
from knowledge.records import drafts, store
from knowledge.records.drafts import Draft
from tests.handlers.staff.conftest import StaffClient
from tests.handlers.staff.filled import Fields, fields

EDIT = "/staff/entries/smartphone-salon/edit"
MERGE = "/staff/entries/smartphone-salon/merge"


def forget_drafts(desk: Desk) -> None:
    """Throw all drafts away."""
    with store.writing(desk.records) as connection:
        for draft in drafts.all(connection):
            drafts.remove(connection, draft.entry_id)


@pytest.fixture(autouse=True)
def no_drafts(desk: Desk) -> None:
    """Each test of a module that takes this begins without drafts."""
    forget_drafts(desk)


def draft_of(desk: Desk, entry_id: str = "smartphone-salon") -> Draft | None:
    """The draft that stands there."""
    with store.reading(desk.records) as connection:
        return drafts.get(connection, entry_id)


def title_of(desk: Desk) -> str:
    """The title of that draft."""
    draft = draft_of(desk)
    return "" if draft is None else str(draft.document["title"])


def opened(client: StaffClient, url: str = EDIT) -> Fields:
    """The form as it is opened."""
    return fields(client.get(url).text)


def save(client: StaffClient, typed: Fields, status: int = 303, **changes: object) -> str:
    """Press the button; the page that comes."""
    return client.post(EDIT, status, **{**typed, "action": "save", **changes}).text
