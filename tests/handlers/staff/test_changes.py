"""Publishing: what would change is shown first, and then all of it is published, once, with a reason."""

from dataclasses import replace

from flask import Flask

from bot import chores, parts
from handlers.staff import changes
from handlers.staff.changes import Change, Outcome, Proposed, Wish
from handlers.staff.desk import Desk
from knowledge.entry import Entry
from knowledge.records import jobs, questions, store
from knowledge.records.accounts import Person
from knowledge.records.jobs import Job
from knowledge.replay import Answer, Changed
from tests.builders import a_question
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.proposals import (
    FALLS,
    NOTHING_CHANGES,
    REASON,
    compared,
    found,
    reworded,
    settled,
    stored,
    trail,
)

HOSTILE = "<script>alert(1)</script>\u202e=1+1"


def page_of(job: Job) -> str:
    """The address of a change."""
    return f"/staff/changes/{job.job_id}"


def test_a_change_is_compared_shown_and_published(
    app: Flask, desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    publisher, release = client_as("publisher"), desk.kb.release.number
    now = stored(desk, "library")
    contact = replace(now.entry.contact, hours="受付は正午から")
    later_hours = Proposed(replace(now.entry, contact=contact), now.revision)
    change = Change("publish", "図書館の受付", (later_hours,))
    job_id = changes.begin(desk, people["publisher"], change)
    waiting = publisher.get(f"/staff/changes/{job_id}").text

    chores.compare_answers(parts.of(app))
    ready = publisher.get(f"/staff/changes/{job_id}").text
    publisher.post(f"/staff/changes/{job_id}/commit", reason=REASON)
    done = publisher.get(f"/staff/changes/{job_id}").text

    assert 'role="progressbar"' in waiting
    assert "939問のうち、答えが変わるのは0問です。" in ready
    assert "受付は正午から" in ready
    assert "公開しました" in done
    assert REASON in done
    assert stored(desk, "library").entry == later_hours.entry
    assert desk.kb.release.number == release + 1


def test_the_trail_says_who_and_why(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    job = compared(desk, people["editor"], [reworded(desk, "passport", "新しい。")])

    client_as("publisher").post(f"{page_of(job)}/commit", reason=REASON)

    deed = trail(desk, "passport")[0]
    assert (deed.action, deed.person_name, deed.reason) == ("publish", "publisherの人", REASON)


def test_without_a_reason_nothing_is_published(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    job = compared(desk, people["publisher"], [reworded(desk, "library", "理由なし。")])

    answer = client_as("publisher").post(f"{page_of(job)}/commit", 422, reason="  ")

    assert "理由を入力してください。" in answer.text
    assert stored(desk, "library").entry.summary != "理由なし。"


def test_an_editor_sees_a_change_and_leaves_it_to_a_publisher(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    job = compared(desk, people["editor"], [reworded(desk, "library", "編集者から。")])
    editor = client_as("editor")

    seen = editor.get(page_of(job)).text
    editor.post(f"{page_of(job)}/commit", 403, reason=REASON)

    assert "公開する人" in seen
    assert "/commit" not in seen
    assert found(desk, job.job_id).state == jobs.DONE


def test_the_second_click_publishes_nothing_and_says_so(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    job = compared(desk, people["publisher"], [reworded(desk, "library", "一度だけ。")])
    publisher = client_as("publisher")
    publisher.post(f"{page_of(job)}/commit", reason=REASON)
    revision = stored(desk, "library").revision

    publisher.post(f"{page_of(job)}/commit", reason=REASON)

    assert "もう公開されています" in publisher.get(page_of(job)).text
    assert stored(desk, "library").revision == revision


def test_what_makes_answers_worse_needs_a_mark_of_its_own(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    job = compared(desk, people["publisher"], [reworded(desk, "library", "悪化。")], FALLS)
    publisher = client_as("publisher")

    shown = publisher.get(page_of(job)).text
    refused = publisher.post(f"{page_of(job)}/commit", 422, reason=REASON).text
    before = stored(desk, "library").entry.summary
    publisher.post(f"{page_of(job)}/commit", reason=REASON, overrides="y")

    assert "50問のうち 40問 → 38問" in shown
    assert "確認の欄に印がいります" in refused
    assert before != "悪化。"
    assert stored(desk, "library").entry.summary == "悪化。"
    assert trail(desk, "library")[0].detail["overrides"] is True


def test_a_comparison_that_broke_can_be_repeated_or_overridden(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    job = compared(desk, people["publisher"], [reworded(desk, "library", "急ぎ。")], None)
    publisher = client_as("publisher")

    shown = publisher.get(page_of(job)).text
    publisher.post(f"{page_of(job)}/again")
    waits = found(desk, job.job_id).state
    settled(desk, job.job_id, None)
    publisher.post(f"{page_of(job)}/commit", reason="台風のため", overrides="y")

    assert "もう一度調べる" in shown
    assert waits == jobs.QUEUED
    assert stored(desk, "library").entry.summary == "急ぎ。"


def test_when_one_entry_is_stale_none_is_published_and_both_texts_are_shown(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    mine = [reworded(desk, "library", "私の案内。"), reworded(desk, "passport", "私の旅券。")]
    job = compared(desk, people["publisher"], mine)
    theirs = compared(desk, people["publisher"], [reworded(desk, "passport", "別の人の旅券。")])
    assert changes.commit(desk, people["publisher"], theirs, Wish("先に")) is Outcome.PUBLISHED
    publisher = client_as("publisher")

    publisher.post(f"{page_of(job)}/commit", reason=REASON)
    shown = publisher.get(page_of(job)).text

    assert "私の旅券。" in shown
    assert "別の人の旅券。" in shown
    assert "/staff/entries/passport/edit" in shown
    assert stored(desk, "library").entry.summary != "私の案内。"
    assert stored(desk, "passport").entry.summary == "別の人の旅券。"


def asked_by_a_citizen(desk: Desk, key: str, text: str) -> None:
    """Put a question into the log."""
    names = {"event_id": key, "message_id": f"message-{key}"}
    question = a_question(**names, asked_at=desk.clock(), redacted=text, decision="answer")
    with store.writing(desk.records) as connection:
        questions.keep(connection, question)


def test_citizens_words_are_shown_as_words_until_they_are_taken_back(
    desk: Desk, people: dict[str, Person], client_as: ClientAs
) -> None:
    asked_by_a_citizen(desk, "hostile", HOSTILE)
    library, none = Answer("answer", ("library",)), Answer("none", ())
    changed = Changed("hostile", "", 1, none, library, "unknown")
    result = replace(NOTHING_CHANGES, real=1, changed=(changed,))
    job = compared(desk, people["publisher"], [reworded(desk, "library", HOSTILE)], result)
    editor = client_as("editor")

    shown = editor.get(page_of(job)).text
    with store.writing(desk.records) as connection:
        questions.take_back(connection, "message-hostile")
    erased = editor.get(page_of(job)).text

    assert "<script>alert" not in shown
    assert (
        "&lt;script&gt;alert(1)&lt;/script&gt;〔202E〕=1+1" in shown.split("項目の変わるところ")[0]
    )
    assert "alert(1)" not in erased.split("項目の変わるところ")[0]


def test_a_draft_becomes_public_when_it_is_published(desk: Desk, people: dict[str, Person]) -> None:
    draft: Entry = replace(stored(desk, "library").entry, id="new-entry", state="draft")
    change = Change("new", "新しい項目", (Proposed(draft, 0),))

    job_id = changes.begin(desk, people["editor"], change)

    with store.reading(desk.records) as connection:
        job = jobs.get(connection, job_id)
    assert job is not None
    assert [one.entry.state for one in changes.proposed_in(job)] == ["published"]


def test_a_change_that_nobody_began_is_not_there(client_as: ClientAs) -> None:
    client_as("editor").get("/staff/changes/nothing", 404)
