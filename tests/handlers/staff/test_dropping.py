"""A change that waits is given up by whoever began it or by a publisher, and the trail says so."""

import pytest

from handlers.staff.desk import Desk
from knowledge.records import audit, jobs, store
from knowledge.records.accounts import Person
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.proposals import compared, found, reworded, stored, trail

DROPPED, WAITS = jobs.DROPPED, jobs.DONE


@pytest.mark.parametrize(
    ("roles", "state"),
    [
        (("editor", "editor"), DROPPED),
        (("publisher", "editor"), WAITS),
        (("editor", "publisher"), DROPPED),
        (("publisher", "admin"), DROPPED),
    ],
)
def test_an_editor_drops_only_their_own_change_and_a_publisher_any(
    desk: Desk, people: dict[str, Person], client_as: ClientAs, roles: tuple[str, str], state: str
) -> None:
    whose, who = roles
    job = compared(desk, people[whose], [reworded(desk, "library", "やめる案内。")])
    url, browser = f"/staff/changes/{job.job_id}", client_as(who)

    is_offered = f"{url}/drop" in browser.get(url).text
    browser.post(f"{url}/drop")

    assert found(desk, job.job_id).state == state
    assert is_offered == (state == DROPPED)


def test_who_may_not_drop_a_change_is_told_and_leaves_no_line(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    job = compared(desk, people["publisher"], [reworded(desk, "water", "やめさせない案内。")])
    url, editor = f"/staff/changes/{job.job_id}", client_as("editor")

    editor.post(f"{url}/drop")

    assert "やめられるのは、始めた人と" in editor.get(url).text
    assert trail(desk, "water") == []


def test_a_dropped_change_is_in_the_trail_once_with_what_it_was(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    job = compared(desk, people["editor"], [reworded(desk, "passport", "やめる旅券。")])
    url, publisher = f"/staff/changes/{job.job_id}", client_as("publisher")

    publisher.post(f"{url}/drop")
    publisher.post(f"{url}/drop")

    (deed,) = trail(desk, "passport")
    assert (deed.action, deed.person_name) == ("drop_change", "publisherの人")
    page = client_as("admin").get("/staff/audit?subject=passport").text
    assert "準備した変更をやめた" in page
    assert "ある変更" in page
    assert 'href="/staff/entries/passport"' in page
    assert stored(desk, "passport").entry.summary != "やめる旅券。"


def test_a_dropped_import_is_one_line_named_like_the_import(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    proposed = [reworded(desk, entry_id, "取り込まない。") for entry_id in ("kokuho", "moving")]
    job = compared(desk, people["publisher"], proposed)

    client_as("publisher").post(f"/staff/changes/{job.job_id}/drop")

    with store.reading(desk.records) as connection:
        deeds = audit.trail(connection, job.request["title"])
    assert [deed.action for deed in deeds] == ["drop_change"]
    assert trail(desk, "kokuho") == []
