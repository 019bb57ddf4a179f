"""Staff's examples of what is not answered: they change answers, so they travel with releases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge import release_content, releases, seed
from knowledge.base import KnowledgeBase
from knowledge.records import store
from knowledge.release_content import SCHEMA, Content
from tests import servers
from tests.builders import DAY
from tests.knowledge.nodes import BULKY, LIBRARY, NOW, Node, a_release

JOKE = "図書館で本を借りたいという歌"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Engine]:
    """The records that all machines share."""
    engine = store.open_store(servers.records_url(tmp_path))
    yield engine
    engine.dispose()


@pytest.fixture
def here(tmp_path: Path, records: Engine) -> Node:
    """The machine on which staff work."""
    node = Node(KnowledgeBase(tmp_path / "here.db"), records)
    node.save_all((BULKY, 0), (LIBRARY, 0))
    return node


@pytest.fixture
def there(tmp_path: Path, records: Engine, here: Node) -> Node:
    """Another machine, which holds the same knowledge."""
    node = Node(KnowledgeBase(tmp_path / "there.db"), records)
    node.fetch()
    return node


def mark(node: Node, topic: str, *examples: str) -> None:
    """What the page does."""
    with releases.editing(node.kb, node.records, "yamada", lambda: NOW):
        node.kb.add_outside(topic, examples)


def test_another_machine_declines_what_was_marked_here(here: Node, there: Node) -> None:
    before = there.answer(JOKE)

    mark(here, "音楽", JOKE)
    there.fetch()

    assert (before, there.answer(JOKE)) == (["library"], [])
    assert there.kb.own_outside() == (("音楽", JOKE),)


def test_another_machine_answers_again_when_it_is_taken_back(here: Node, there: Node) -> None:
    mark(here, "音楽", JOKE)
    there.fetch()

    with releases.editing(here.kb, here.records, "yamada", lambda: NOW):
        here.kb.remove_outside([f"{JOKE}！"])
    there.fetch()

    assert there.answer(JOKE) == ["library"]


def test_going_back_to_an_earlier_release_takes_later_examples_back(here: Node) -> None:
    mark(here, "音楽", JOKE)

    here.rollback(1)

    assert here.kb.own_outside() == ()
    assert here.answer(JOKE) == ["library"]


def test_an_edit_of_an_entry_leaves_the_examples(here: Node, there: Node) -> None:
    mark(here, "音楽", JOKE)

    here.save(BULKY, here.revision_of("bulky-waste"))
    there.fetch()

    assert there.kb.own_outside() == (("音楽", JOKE),)


def test_a_release_without_examples_is_as_it_was_before_there_were_any() -> None:
    release = a_release(1, BULKY)

    content = release_content.unpack(release)

    assert content.outside == ()
    assert release == release_content.pack(content, 1)
    assert b'"schema":1' in _plain(release)
    assert b"outside" not in _plain(release)


def test_a_release_with_examples_says_that_older_programs_cannot_read_it() -> None:
    content = Content(7, (), (), (("音楽", JOKE),))

    release = release_content.pack(content, 1)

    assert release_content.unpack(release) == content
    assert f'"schema":{SCHEMA + 1}'.encode() in _plain(release)


def test_an_example_that_is_known_however_spelled_is_not_added_twice(here: Node) -> None:
    known = next(iter(seed.out_of_scope().values()))[0]

    mark(here, "音楽", f"{JOKE}？", JOKE, known)

    assert here.kb.own_outside() == (("音楽", JOKE),)


def test_the_same_examples_again_are_no_new_revision(here: Node) -> None:
    mark(here, "音楽", JOKE)
    before = (here.kb.revision, here.shelf())

    mark(here, "音楽", JOKE)

    assert (here.kb.revision, here.shelf()) == before


def test_the_topics_of_the_program_come_first_and_take_new_examples(here: Node) -> None:
    topic = next(iter(seed.out_of_scope()))

    mark(here, topic, JOKE)

    assert here.kb.outside()[topic][-1] == JOKE
    assert list(here.kb.outside()) == list(seed.out_of_scope())


def test_what_is_marked_is_no_entry_that_citizens_see(here: Node) -> None:
    mark(here, "音楽", JOKE)

    assert [e.id for e in here.kb.public_entries(DAY)] == ["bulky-waste", "library"]


def _plain(release: release_content.Release) -> bytes:
    return release_content.gzip.decompress(release.content)
