"""Taking an example of what is not answered out again: compared first, with a reason, noted once."""

from collections.abc import Iterator

import pytest

from handlers.staff import changes, publishing
from handlers.staff.changes import Outcome, Wish
from handlers.staff.desk import Desk
from knowledge import releases
from knowledge.records import audit, jobs, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Deed
from tests.handlers.staff.asking import key_of
from tests.handlers.staff.conftest import ClientAs, StaffClient
from tests.handlers.staff.proposals import REASON, found, settled, work_off

TOPIC, EXAMPLE = "家具", "ソファば捨てたかばってん"
LIST, REMOVE = "/staff/questions/outside", "/staff/questions/outside/remove"


@pytest.fixture(autouse=True)
def example(desk: Desk) -> Iterator[None]:
    """Each test begins with one example, and leaves none behind."""
    with releases.editing(desk.kb, desk.records, "tests", desk.clock):
        desk.kb.add_outside(TOPIC, [EXAMPLE])
    yield
    with releases.editing(desk.kb, desk.records, "tests", desk.clock):
        desk.kb.remove_outside([text for _, text in desk.kb.own_outside()])


def begin(browser: StaffClient) -> str:
    """Press the button in the list; the id of the change."""
    return browser.post(REMOVE, text=EXAMPLE).location.rsplit("/", 1)[1]


def lines(desk: Desk) -> list[Deed]:
    with store.reading(desk.records) as connection:
        return audit.trail(connection, key_of(EXAMPLE))


def test_nothing_is_taken_out_before_the_answers_were_compared_and_a_reason_was_given(
    desk: Desk, client_as: ClientAs
) -> None:
    browser, before = client_as("publisher"), len(lines(desk))
    job_id = begin(browser)
    url = f"/staff/changes/{job_id}"

    work_off(desk, job_id)
    page = browser.get(url).text
    browser.post(f"{url}/commit", 422, reason=" ")
    still = desk.kb.own_outside()
    browser.post(f"{url}/commit", reason=REASON, overrides="y")

    assert "案内しない話題の例から外す言い方" in page
    assert EXAMPLE in page
    assert still == ((TOPIC, EXAMPLE),)
    assert desk.kb.own_outside() == ()
    (deed,) = lines(desk)[: len(lines(desk)) - before]
    assert (deed.action, deed.reason) == ("remove_outside", REASON)
    assert EXAMPLE not in str(deed)
    assert "例から外した言い方" in browser.get(url).text


def test_a_text_that_is_no_example_begins_nothing_and_leaves_no_line(
    desk: Desk, client_as: ClientAs
) -> None:
    browser, release = client_as("publisher"), desk.kb.release
    with store.reading(desk.records) as connection:
        before = audit.trail(connection, limit=1)

    answer = browser.post(REMOVE, text="=HYPERLINK なにもない")

    with store.reading(desk.records) as connection:
        assert audit.trail(connection, limit=1) == before
    assert answer.location == LIST
    assert "もう例にありません" in browser.get(LIST).text
    assert desk.kb.release == release


@pytest.mark.parametrize("is_out", [True, False])
def test_a_removal_broken_off_is_noted_if_it_happened_and_offered_again_if_not(
    desk: Desk,
    people: dict[str, Person],
    client_as: ClientAs,
    is_out: bool,  # noqa: FBT001 - a case of the table
) -> None:
    job = settled(desk, begin(client_as("publisher")))
    before = len(lines(desk))
    wish = {"person_id": people["publisher"].person_id, "reason": REASON, "overrides": False}
    with store.writing(desk.records) as connection:
        request = {**job.request, "wish": wish}
        held = jobs.move(connection, job, jobs.PUBLISHING, request, desk.clock())
    if is_out:
        with releases.editing(desk.kb, desk.records, "tests", desk.clock):
            desk.kb.remove_outside([EXAMPLE])

    assert held is not None
    publishing.recover(desk, held)

    noted = lines(desk)[: len(lines(desk)) - before]
    assert [deed.reason for deed in noted] == ([REASON] if is_out else [])
    assert found(desk, job.job_id).state == (jobs.PUBLISHED if is_out else jobs.DONE)


def test_what_somebody_else_took_out_meanwhile_is_not_taken_out_twice(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    job = settled(desk, begin(client_as("publisher")), None)
    before = len(lines(desk))
    with releases.editing(desk.kb, desk.records, "tests", desk.clock):
        desk.kb.remove_outside([EXAMPLE])

    outcome = changes.commit(desk, people["publisher"], job, Wish(REASON, overrides=True))

    assert outcome is Outcome.OUTDATED
    assert len(lines(desk)) == before


def test_a_removal_given_up_leaves_the_example_and_says_nothing_of_the_question(
    desk: Desk, client_as: ClientAs
) -> None:
    browser = client_as("publisher")
    job_id = settled(desk, begin(browser)).job_id

    browser.post(f"/staff/changes/{job_id}/drop")

    page = browser.get(f"/staff/changes/{job_id}").text
    assert "この変更はやめました" in page
    assert "まだ見ていない" not in page
    assert desk.kb.own_outside() == ((TOPIC, EXAMPLE),)
