"""The history of an entry: who changed which words and why, and the way back to any text."""

import re
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from handlers.staff import changes
from handlers.staff.changes import Outcome, Wish
from handlers.staff.desk import Desk
from knowledge import entries, history
from knowledge.entry import Entry
from knowledge.records.accounts import Person
from tests.builders import an_entry
from tests.handlers.staff.conftest import ClientAs
from tests.handlers.staff.proposals import compared, job_at, reworded

HOSTILE = "<script>alert(1)</script>\u202e{{7*7}}"


@pytest.fixture(scope="module")
def clock() -> Callable[[], float]:
    """The time by which versions are dated: a reason is found by what was done at the same time."""
    return time.time


def write(desk: Desk, entry: Entry, editor: str = "書く 花子") -> str:
    """Save an entry; the mark of its new version."""
    stored = desk.kb.stored(entry.id)
    desk.kb.save(entry, editor, stored.revision if stored else 0)
    return history.versions(desk.kb, entry.id, limit=1)[0].mark


def revision(desk: Desk, entry_id: str) -> int:
    """The revision one would read now."""
    stored = desk.kb.stored(entry_id)
    return stored.revision if stored else 0


def test_the_history_tells_who_changed_what(client_as: ClientAs, desk: Desk) -> None:
    write(desk, an_entry(id="told"))
    write(desk, an_entry(id="told", title="新しい題名", owner="図書館"))

    page = client_as("viewer").get("/staff/entries/told/history").text

    assert "変わったところ：題名、見直しの担当課" in page
    assert "書く 花子" in page
    assert "最初の内容です" in page


def test_the_history_tells_why_something_was_published(
    client_as: ClientAs, desk: Desk, people: dict[str, Person]
) -> None:
    publisher = people["publisher"]
    job = compared(desk, publisher, [reworded(desk, "library", "本を貸します。")])
    outcome = changes.commit(desk, publisher, job, Wish("分かりにくいと言われたため"))

    page = client_as("viewer").get("/staff/entries/library/history").text

    assert outcome is Outcome.PUBLISHED
    assert "理由：" in page
    assert page.count("分かりにくいと言われたため") == 1
    assert publisher.name in page


def test_two_versions_are_compared_word_by_word(client_as: ClientAs, desk: Desk) -> None:
    first = write(desk, an_entry(id="compared", summary="料金は300円です。"))
    write(desk, an_entry(id="compared", summary="料金は400円です。"))
    last = write(desk, an_entry(id="compared", summary="料金は500円です。"))

    page = (
        client_as("viewer")
        .get(f"/staff/entries/compared/history/compare?before={first}&after={last}")
        .text
    )

    assert re.search(
        r"料金は<del><span[^>]*>－</span>300</del><ins><span[^>]*>＋</span>500</ins>円", page
    )
    assert "400" not in page.partition("<main")[2]


def test_going_back_proposes_the_old_text_on_the_newest(client_as: ClientAs, desk: Desk) -> None:
    old = an_entry(id="back", title="前の題名")
    mark = write(desk, old)
    write(desk, replace(old, title="いまの題名"))
    now = revision(desk, "back")

    answer = client_as("publisher").post(
        f"/staff/entries/back/history/{mark}/restore", seen_revision=now
    )

    job = job_at(desk, answer.headers["Location"])
    (proposed,) = changes.proposed_in(job)
    assert (job.kind, proposed.entry, proposed.seen_revision) == ("rollback", old, now)
    assert revision(desk, "back") == now


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [(0, "ほかの人がこの項目を変えました"), (None, "いまの内容と同じ")],
)
def test_going_back_is_refused_with_a_reason(
    client_as: ClientAs, desk: Desk, seen: int | None, sentence: str
) -> None:
    entry_id = f"refused-{seen}"
    mark = write(desk, an_entry(id=entry_id))
    publisher = client_as("publisher")
    seen_revision = revision(desk, entry_id) if seen is None else seen

    publisher.post(f"/staff/entries/{entry_id}/history/{mark}/restore", seen_revision=seen_revision)
    page = publisher.get(f"/staff/entries/{entry_id}/history").text

    assert sentence in page


def test_a_removed_entry_keeps_its_history_and_can_come_back(
    client_as: ClientAs, desk: Desk
) -> None:
    mark = write(desk, an_entry(id="removed"))
    with desk.kb.writing() as db:
        rest = [row for row in entries.rows(db) if row.id != "removed"]
        entries.replace_all(db, rest, 0, "公開 太郎")
    publisher = client_as("publisher")

    page = publisher.get("/staff/entries/removed/history").text
    answer = publisher.post(f"/staff/entries/removed/history/{mark}/restore", seen_revision=0)

    (proposed,) = changes.proposed_in(job_at(desk, answer.headers["Location"]))
    assert "削除しました" in page
    assert "粗大ごみの申込み" in page
    assert proposed.seen_revision == 0


def test_what_another_machine_published_is_told_so(client_as: ClientAs, desk: Desk) -> None:
    write(desk, an_entry(id="elsewhere"), "release 999")

    page = client_as("viewer").get("/staff/entries/elsewhere/history").text

    assert "ほかの機械で公開（第999版）" in page


def test_hostile_text_is_inert_in_history_and_comparison(client_as: ClientAs, desk: Desk) -> None:
    before = write(desk, an_entry(id="hostile", title=HOSTILE, phrasings=(HOSTILE,)), HOSTILE)
    after = write(desk, an_entry(id="hostile", title=f"{HOSTILE}あ", body=HOSTILE), HOSTILE)
    publisher, base = client_as("publisher"), "/staff/entries/hostile/history"

    pages = [
        publisher.get(base).text,
        publisher.get(f"{base}/compare?before={before}&after={after}").text,
    ]

    assert all("〔202E〕" in page for page in pages)
    assert not any("<script>alert" in page or "\u202e" in page for page in pages)


@pytest.mark.parametrize(
    "address",
    [
        "never-was/history",
        "library/history/compare?before=1-00000000&after=x",
        "library/history/compare",
    ],
)
def test_a_history_that_is_not_there_is_a_calm_page(client_as: ClientAs, address: str) -> None:
    page = client_as("viewer").get(f"/staff/entries/{address}", status=404).text

    assert "ページが見つかりません" in page


def test_only_a_publisher_may_go_back(client_as: ClientAs, desk: Desk) -> None:
    mark = write(desk, an_entry(id="mine"))
    write(desk, an_entry(id="mine", title="新しい題名"))
    editor = client_as("editor")

    page = editor.get("/staff/entries/mine/history").text
    answer = editor.post(f"/staff/entries/mine/history/{mark}/restore", 403, seen_revision=1)

    assert "この版に戻す" not in page
    assert answer.status_code == 403


def test_a_long_history_has_pages(client_as: ClientAs, desk: Desk) -> None:
    with desk.kb.writing():
        marks = [write(desk, an_entry(id="long", title=f"題名{number}")) for number in range(52)]

    first = client_as("viewer").get("/staff/entries/long/history").text
    second = client_as("viewer").get("/staff/entries/long/history?page=2").text

    assert len(set(marks)) == 52
    assert (first.count("<li>\n    <h2"), second.count("<li>\n    <h2")) == (50, 2)
    assert "最初の内容です" in second


def test_an_entry_that_comes_back_takes_its_wordings_from_its_successor(
    client_as: ClientAs, desk: Desk
) -> None:
    own, handed = ("図鑑を見たい",), ("望遠鏡で星を見たい", "望遠鏡の会")
    mark = write(desk, an_entry(id="stars", title="望遠鏡の会", phrasings=handed))
    write(desk, an_entry(id="stars", state="retired", phrasings=(), related=("books",)))
    write(desk, an_entry(id="books", phrasings=(*own, *handed)))

    answer = client_as("publisher").post(
        f"/staff/entries/stars/history/{mark}/restore", seen_revision=revision(desk, "stars")
    )

    back, successor = changes.proposed_in(job_at(desk, answer.headers["Location"]))
    assert (back.entry.id, back.entry.phrasings) == ("stars", handed)
    assert (successor.entry.id, successor.entry.phrasings) == ("books", own)
    assert successor.seen_revision == revision(desk, "books")
