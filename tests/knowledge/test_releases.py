"""Releases: what one machine publishes all others answer, checked, whole, and never undone silently."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from knowledge import releases
from knowledge.entries import StaleRevisionError
from knowledge.records import store
from knowledge.records.release import KEPT
from knowledge.release_content import ReleaseError
from tests import servers
from tests.builders import DAY
from tests.knowledge import nodes
from tests.knowledge.nodes import (
    BULKY,
    LIBRARY,
    NOW,
    MakeNode,
    Node,
    empty_shelf,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The records that all machines share, in either store."""
    url = f"sqlite:///{tmp_path / 'records.db'}"
    if request.param == "postgresql":
        url = servers.fresh_database() or ""
    if not url:
        pytest.skip("no PostgreSQL is installed on this machine")
    engine = store.open_store(url)
    yield engine
    engine.dispose()


node = nodes.node


def test_what_one_machine_publishes_another_answers_after_its_next_fetch(node: MakeNode) -> None:
    one, two = node("one"), node("two")
    one.save(BULKY)
    two.fetch()
    before = two.answer("図書館で本を借りたい")

    one.save(LIBRARY)
    fetched = two.fetch()

    assert before == []
    assert fetched
    assert two.answer("図書館で本を借りたい") == ["library"]
    assert two.kb.release == one.kb.release
    assert two.kb.release.number == 2


def test_a_fetch_that_finds_nothing_new_changes_nothing(node: MakeNode) -> None:
    one, two = node("one"), node("two")
    one.save(BULKY)
    two.fetch()
    before = two.everything()

    fetched = [one.fetch(), two.fetch()]

    assert fetched == [False, False]
    assert two.everything() == before


def test_before_the_first_release_there_is_nothing_to_fetch(node: MakeNode) -> None:
    one = node("one")

    fetched = one.fetch()

    assert not fetched
    assert one.kb.release.number == 0


def test_every_machine_packs_the_same_bytes(node: MakeNode) -> None:
    one, two = node("one"), node("two")
    one.save(BULKY)
    one.save(LIBRARY)
    one.save(replace(BULKY, title="直した"))
    two.fetch()

    packed = [releases.pack(each.kb) for each in (one, two)]

    assert packed[0] == packed[1]
    assert packed[0].sha256 == one.kb.release.sha256


def test_an_edit_on_another_machine_goes_on_from_the_newest_text(node: MakeNode) -> None:
    one, two = node("one"), node("two")
    one.save(BULKY)

    two.save(LIBRARY)
    one.save(replace(LIBRARY, title="図書館（本館）"), seen_revision=two.revision_of("library"))

    assert one.titles() == {"bulky-waste": "粗大ごみの申込み", "library": "図書館（本館）"}
    assert one.shelf() == [3, 2, 1]


def test_an_edit_of_a_text_that_changed_on_another_machine_is_stale(node: MakeNode) -> None:
    one, two = node("one"), node("two")
    one.save(BULKY)
    two.fetch()
    seen = two.revision_of("bulky-waste")
    one.save(replace(BULKY, title="先に直した"))

    with pytest.raises(StaleRevisionError):
        two.save(replace(BULKY, title="後から直した"), seen)

    assert two.shelf() == [2, 1]
    assert two.titles() == one.titles() == {"bulky-waste": "先に直した"}


def test_of_one_edit_everything_is_kept_or_nothing(node: MakeNode) -> None:
    one = node("one")
    one.save(BULKY)
    before = one.everything()

    with pytest.raises(StaleRevisionError):
        one.save_all((LIBRARY, 0), (replace(BULKY, title="古い"), 99))

    assert one.everything() == before
    assert one.shelf() == [1]


def test_editing_without_a_change_publishes_nothing(node: MakeNode) -> None:
    one = node("one")
    one.save(BULKY)

    with releases.editing(one.kb, one.records, "yamada", lambda: NOW):
        pass

    assert one.shelf() == [1]
    assert releases.publish(one.kb, one.records, "yamada", NOW) is None


def test_the_shelf_tells_who_published_when_and_keeps_the_last_twenty(node: MakeNode) -> None:
    one = replace(node("one"), name="佐藤" * 50)
    for number in range(KEPT + 2):
        one.save(replace(BULKY, title=f"第{number}版"))

    newest = releases.published(one.records)[0]

    assert one.shelf() == list(range(KEPT + 2, 2, -1))
    assert (newest.at, newest.by, newest.sha256) == (NOW, "佐藤" * 32, one.kb.release.sha256)


def test_history_says_which_release_brought_a_text(node: MakeNode) -> None:
    one, two = node("one"), node("two")
    one.save(BULKY)
    two.fetch()
    one.save(replace(BULKY, title="直した"))
    one.save(LIBRARY)

    two.fetch()

    assert two.history("bulky-waste") == [
        ("release 1", "粗大ごみの申込み"),
        ("release 3", "直した"),
    ]
    assert one.history("bulky-waste") == [("one", "粗大ごみの申込み"), ("one", "直した")]


def test_a_rollback_publishes_the_earlier_entries_anew(node: MakeNode) -> None:
    one, two = node("one"), node("two")
    one.save(BULKY)
    one.save(replace(BULKY, title="誤り"))
    one.save(LIBRARY)
    two.fetch()

    number = one.rollback(1)

    two.fetch()
    assert number == 4
    assert one.titles() == two.titles() == {"bulky-waste": "粗大ごみの申込み"}
    assert two.answer("図書館で本を借りたい") == []
    assert two.history("library") == [("release 3", "図書館"), ("release 4", None)]
    assert one.history("bulky-waste")[-1] == ("one", "粗大ごみの申込み")


def test_after_a_rollback_an_editor_of_the_taken_back_text_is_stale(node: MakeNode) -> None:
    one, two = node("one"), node("two")
    one.save(BULKY)
    one.save(replace(BULKY, title="誤り"))
    seen = one.revision_of("bulky-waste")
    one.rollback(1)

    with pytest.raises(StaleRevisionError):
        two.save(replace(BULKY, title="誤りの続き"), seen)
    two.save(replace(BULKY, title="正しい"))

    assert two.revision_of("bulky-waste") > seen


def test_a_rollback_to_a_release_that_is_not_kept_is_refused(node: MakeNode) -> None:
    one = node("one")
    one.save(BULKY)

    with pytest.raises(ReleaseError, match="版 7 はありません"):
        one.rollback(7)

    assert one.shelf() == [1]


def test_records_that_lost_their_releases_get_them_back(node: MakeNode) -> None:
    one, two = node("one"), node("two")
    one.save(BULKY)
    one.save(LIBRARY)
    empty_shelf(one.records)

    one.start()

    two.fetch()
    assert one.shelf() == [3]
    assert two.titles() == one.titles()


def test_a_text_saved_beside_the_releases_is_not_replaced_silently(
    node: MakeNode, caplog: pytest.LogCaptureFixture
) -> None:
    one, two = node("one"), node("two")
    one.save(BULKY)
    two.fetch()
    two.kb.save(replace(BULKY, title="公開していない"), "sato", two.revision_of("bulky-waste"))
    one.save(replace(BULKY, title="公開した"))

    with caplog.at_level(logging.WARNING):
        two.fetch()

    assert "bulky-waste" in caplog.text
    assert two.titles() == {"bulky-waste": "公開した"}
    assert ("sato", "公開していない") in two.history("bulky-waste")


def test_a_text_saved_beside_the_releases_can_be_published(node: MakeNode) -> None:
    one, two = node("one"), node("two")
    one.save(BULKY)
    one.kb.save(LIBRARY, "sato", 0)

    number = releases.publish(one.kb, one.records, "sato", NOW)

    two.fetch()
    assert number == 2
    assert two.titles() == one.titles()


def test_a_machine_that_lost_its_lock_saves_nothing(node: MakeNode) -> None:
    one = node("one")
    if one.records.dialect.name != "postgresql":
        pytest.skip("a file lock is not lost")
    one.save(BULKY)
    before = one.everything()

    with pytest.raises(ReleaseError, match="データベース"):
        save_without_the_lock(one)

    assert one.everything() == before
    assert one.shelf() == [1]


def save_without_the_lock(node: Node) -> None:
    """Let the server end the session that holds the lock, as it does with a lost machine's."""
    ends = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    with releases.editing(node.kb, node.records, "yamada", lambda: NOW):
        node.kb.save(LIBRARY, "yamada", 0)
        with node.records.begin() as connection:
            connection.execute(ends)


def test_what_a_question_saw_while_editing_goes_when_the_edit_is_given_up(node: MakeNode) -> None:
    one = node("one")
    one.save(BULKY)

    with pytest.raises(StaleRevisionError):
        look_and_give_up(one)

    one.save(replace(BULKY, title="ほかの変更"))
    assert set(one.kb.snapshot(DAY).entries) == {"bulky-waste"}


def look_and_give_up(node: Node) -> None:
    """Save, ask, and then save what is stale, so that all of it is taken back."""
    with releases.editing(node.kb, node.records, "yamada", lambda: NOW):
        node.kb.save(LIBRARY, "yamada", 0)
        assert "library" in node.kb.snapshot(DAY).entries
        node.kb.save(BULKY, "yamada", 99)
