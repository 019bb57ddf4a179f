"""Releases between real processes: killed anywhere they leave old or new, at once they lose nothing."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import releases
from knowledge.base import KnowledgeBase
from knowledge.entries import StaleRevisionError
from knowledge.records import store
from tests import servers
from tests.builders import an_entry
from tests.knowledge.nodes import BULKY, LIBRARY, Node, a_release, put_on_shelf
from tests.knowledge.processes import at_once, die_before, killed

COUNT = 40
MANY = a_release(2, *[an_entry(id=f"entry-{number}", phrasings=()) for number in range(COUNT)])
EDITS = 5
EDITORS = 4

IN_EITHER_STORE = pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)

OpenMachine = Callable[[str], Node]

INSIDE_AN_APPLY = [
    pytest.param("INSERT INTO entry (", COUNT, id="before-the-last-entry"),
    pytest.param("INSERT INTO entry_history (", COUNT // 2, id="in-the-middle-of-the-history"),
    pytest.param("UPDATE applied_release", 1, id="before-the-release-is-noted"),
    pytest.param("COMMIT", 1, id="as-it-commits"),
]


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of the records that all processes share; SQLite's unless a test asks."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{tmp_path / 'records.db'}"
    return servers.fresh_database() or pytest.skip("no PostgreSQL is installed on this machine")


@pytest.fixture
def machine(tmp_path: Path, url: str) -> Iterator[OpenMachine]:
    """Open machines by name; a process of the same machine opens the same kb.db."""
    with ExitStack() as opened:

        def open_machine(name: str) -> Node:
            node = a_node(tmp_path / f"{name}.db", url)
            opened.callback(node.records.dispose)
            return node

        yield open_machine


def a_node(path: Path, url: str, name: str = "yamada") -> Node:
    """A machine as one of its processes opens it."""
    return Node(KnowledgeBase(path), store.open_store(url), name)


def fetch(path: Path, url: str) -> bool:
    """What each process of a machine does, once."""
    return a_node(path, url).fetch()


def edit(path: Path, url: str, name: str) -> None:
    """Add entries of one's own, and one's name to the title of an entry that all edit."""
    node = a_node(path, url, name)
    for number in range(EDITS):
        node.save(an_entry(id=f"{name}-{number}", phrasings=()))
        save_until_it_is_not_stale(node, f"{name}-{number}")


def save_until_it_is_not_stale(node: Node, mark: str) -> None:
    """What a patient editor does: read again, and add the own words to what is there now."""
    while True:
        stored = next(s for s in node.kb.all_entries() if s.entry.id == "bulky-waste")
        try:
            node.save(replace(stored.entry, title=f"{stored.entry.title} {mark}"), stored.revision)
        except StaleRevisionError:
            continue
        return


def run_and_die(
    work: Callable[[Node], object], path: Path, url: str, where: tuple[str, int]
) -> None:
    """Do something and be killed just before a statement on kb.db runs for the nth time."""
    node = a_node(path, url)
    die_before(*where, node.kb._db().conn)
    work(node)


def save_the_library(node: Node) -> None:
    """One edit."""
    node.save(LIBRARY)


@pytest.mark.parametrize(("statement", "count"), INSIDE_AN_APPLY)
def test_a_process_killed_while_it_takes_a_release_in_leaves_the_old_one_whole(
    tmp_path: Path, url: str, machine: OpenMachine, statement: str, count: int
) -> None:
    node = machine("one")
    node.save(BULKY)
    before = node.everything()
    put_on_shelf(node.records, MANY)

    killed(run_and_die, Node.fetch, tmp_path / "one.db", url, (statement, count))

    assert node.everything() == before
    assert node.fetch()
    assert len(node.titles()) == COUNT
    assert node.kb.release.number == 2


@IN_EITHER_STORE
def test_an_editor_killed_before_publishing_has_saved_nothing_and_holds_nobody_up(
    tmp_path: Path, url: str, machine: OpenMachine
) -> None:
    one, two = machine("one"), machine("two")
    one.save(BULKY)
    before = one.everything()

    killed(run_and_die, save_the_library, tmp_path / "one.db", url, ("UPDATE applied_release", 1))

    assert one.everything() == before
    assert two.shelf() == [1]
    two.save(replace(LIBRARY, title="ほかの人の図書館"))
    assert two.shelf() == [2, 1]


@IN_EITHER_STORE
def test_an_editor_killed_between_the_two_commits_has_saved_everywhere(
    tmp_path: Path, url: str, machine: OpenMachine
) -> None:
    one, two = machine("one"), machine("two")
    one.save(BULKY)

    killed(run_and_die, save_the_library, tmp_path / "one.db", url, ("COMMIT", 1))

    assert one.shelf() == [2, 1]
    assert (one.fetch(), two.fetch()) == (True, True)
    assert one.titles() == two.titles() == {"bulky-waste": BULKY.title, "library": "図書館"}


def test_of_the_processes_of_one_machine_exactly_one_takes_a_release_in(
    tmp_path: Path, url: str, machine: OpenMachine
) -> None:
    machine("one").save(BULKY)

    results = at_once(fetch, [(tmp_path / "two.db", url)] * 4)

    assert sorted(results) == [False, False, False, True]
    two = machine("two")
    assert two.titles() == {"bulky-waste": BULKY.title}
    assert two.kb.revision == two.revision_of("bulky-waste") + 1


def test_a_process_that_comes_late_does_not_put_an_older_release_over_a_newer_one(
    machine: OpenMachine,
) -> None:
    slow, quick, other = machine("one"), machine("one"), machine("two")
    other.save(BULKY)

    def overtake(sql: str) -> None:
        if sql == "BEGIN IMMEDIATE" and not quick.kb.release.number:
            other.save(LIBRARY)
            quick.fetch()

    slow.kb._db().conn.set_trace_callback(overtake)
    fetched = slow.fetch()

    assert not fetched
    assert slow.kb.release.number == 2
    assert set(slow.titles()) == {"bulky-waste", "library"}


@IN_EITHER_STORE
def test_editors_at_once_on_two_machines_lose_nothing(
    tmp_path: Path, url: str, machine: OpenMachine
) -> None:
    one, two = machine("one"), machine("two")
    one.save(replace(BULKY, title=""))

    at_once(
        edit, [(tmp_path / f"{('one', 'two')[n % 2]}.db", url, f"e{n}") for n in range(EDITORS)]
    )

    one.fetch()
    two.fetch()
    marks = sorted(f"e{n}-{number}" for n in range(EDITORS) for number in range(EDITS))
    assert one.titles() == two.titles()
    assert sorted(one.titles()["bulky-waste"].split()) == marks
    assert sorted(set(one.titles()) - {"bulky-waste"}) == marks
    assert one.shelf()[0] == 1 + 2 * EDITORS * EDITS


def test_machines_that_start_at_once_publish_the_catalog_only_once(
    tmp_path: Path, url: str, machine: OpenMachine
) -> None:
    at_once(start, [(tmp_path / f"{('one', 'two')[n % 2]}.db", url) for n in range(4)])

    one, two = machine("one"), machine("two")
    assert one.shelf() == [1]
    assert releases.pack(one.kb).sha256 == releases.pack(two.kb).sha256
    assert one.titles()


def start(path: Path, url: str) -> None:
    """Start a process with the city's own catalog."""
    node = a_node(path, url)
    releases.start(node.kb, node.records, lambda: 0.0)
