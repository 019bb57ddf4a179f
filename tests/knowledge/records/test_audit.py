"""The trail of what staff did can be added to and read; nothing else, whatever the store."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError, OperationalError

from knowledge.records import audit, copying, migrations, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Act
from tests.knowledge.processes import at_once
from tests.knowledge.records import on

HANAKO = Person("1" * 32, "hanako@example.jp", "長崎花子", "publisher")
TARO = Person("2" * 32, "taro@example.jp", "長崎太郎", "editor")
REWRITES = (
    "UPDATE audit SET reason = 'だれかの都合' WHERE number = 2",
    "UPDATE audit SET chain = '' WHERE number = 99",
    "DELETE FROM audit WHERE number = 2",
    "DELETE FROM audit",
)


@pytest.fixture
def noted(empty_url: str) -> Iterator[Engine]:
    """Records in either store, with three lines in the trail."""
    engine = store.open_store(empty_url)
    for number, person in enumerate((HANAKO, TARO, HANAKO)):
        on(engine, audit.note, person, Act("publish", f"entry-{number}", reason="確かめた"), number)
    yield engine
    engine.dispose()


def note_many(url: str, name: str) -> None:
    """One process of several that write the trail as fast as they can, with two threads."""
    engine = store.open_store(url)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: note_surely(engine, Act(name, str(number))), range(60)))
    engine.dispose()


def note_surely(engine: Engine, act: Act) -> None:
    """Note a line, however long others are at it."""
    while True:
        try:
            return on(engine, audit.note, HANAKO, act, 1.0)
        except OperationalError:
            continue


def unlock(engine: Engine) -> None:
    """What only somebody with the database in their hands can do."""
    statements = {
        "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
        "postgresql": ("DROP TRIGGER audit_stays ON audit",),
    }
    with engine.begin() as connection:
        for statement in statements[engine.dialect.name]:
            connection.execute(text(statement))


def run(engine: Engine, statement: str) -> None:
    """A statement of somebody's own."""
    with engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("statement", REWRITES)
def test_the_database_refuses_to_rewrite_a_line(noted: Engine, statement: str) -> None:
    before = on(noted, audit.trail)

    if "99" in statement and noted.dialect.name == "sqlite":
        run(noted, statement)  # touches no line
    else:
        with pytest.raises(DatabaseError, match="never rewritten"):
            run(noted, statement)

    assert on(noted, audit.trail) == before


def test_a_line_cannot_be_replaced_either(noted: Engine) -> None:
    line = "(number, at, person_id, person_name, action, subject, reason, detail, chain)"
    other = "(2, 1, '', '', 'x', 'x', '', '{}', '')"
    statements = {
        "sqlite": f"INSERT OR REPLACE INTO audit {line} VALUES {other}",
        "postgresql": f"INSERT INTO audit {line} VALUES {other}"
        " ON CONFLICT (number) DO UPDATE SET action = 'x'",
    }

    with pytest.raises(DatabaseError, match="never rewritten"):
        run(noted, statements[noted.dialect.name])

    assert on(noted, audit.check).broken_at is None


def test_a_server_refuses_to_empty_the_trail(postgres_url: str) -> None:
    engine = store.open_store(postgres_url)

    with pytest.raises(DatabaseError, match="never rewritten"):
        run(engine, "TRUNCATE audit")

    engine.dispose()


def test_a_trail_nobody_touched_is_whole(noted: Engine) -> None:
    found = on(noted, audit.check)

    assert (found.lines, found.last, found.broken_at) == (3, 3, None)


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [(REWRITES[0], 2), (REWRITES[2], 3)],
    ids=["changed", "taken out"],
)
def test_with_the_lock_broken_the_chain_tells_where(
    noted: Engine, statement: str, broken_at: int
) -> None:
    unlock(noted)

    run(noted, statement)

    assert on(noted, audit.check).broken_at == broken_at


def test_a_trail_cut_at_its_end_has_another_mark(noted: Engine) -> None:
    before = on(noted, audit.check)
    unlock(noted)

    run(noted, "DELETE FROM audit WHERE number = 3")

    after = on(noted, audit.check)
    assert after.broken_at is None
    assert (after.last, after.mark) != (before.last, before.mark)


def test_processes_and_threads_that_write_at_once_leave_one_whole_chain(empty_url: str) -> None:
    engine = store.open_store(empty_url)

    at_once(note_many, [(empty_url, "publish"), (empty_url, "retire")])

    found = on(engine, audit.check)
    engine.dispose()
    assert (found.lines, found.broken_at) == (120, None)


def test_a_subject_longer_than_its_column_is_cut_and_still_found(noted: Engine) -> None:
    account = "a" * 180 + "@example.jp"

    on(noted, audit.note, TARO, Act("invite", account), 4.0)

    (deed,) = on(noted, audit.trail, account)
    assert deed.subject == account[: audit.MAX_SUBJECT]
    assert on(noted, audit.check).broken_at is None


def test_the_trail_of_one_person_and_of_one_thing(noted: Engine) -> None:
    subjects = [deed.subject for deed in on(noted, audit.trail, "", 10, 0, HANAKO.person_id)]
    older = [deed.number for deed in on(noted, audit.trail, "", 10, 2)]
    of_entry = [deed.person_name for deed in on(noted, audit.trail, "entry-1")]

    assert subjects == ["entry-2", "entry-0"]
    assert older == [1]
    assert of_entry == ["長崎太郎"]


def test_a_copied_trail_is_whole_and_goes_on(noted: Engine, tmp_path: Path) -> None:
    other = store.open_store(f"sqlite:///{tmp_path / 'other.db'}")

    copying.copy(noted, other)
    on(other, audit.note, TARO, Act("publish", "entry-3"), 4.0)

    found = on(other, audit.check)
    other.dispose()
    assert (found.lines, found.broken_at) == (4, None)


def test_a_trail_carried_to_a_server_goes_on_there(postgres_url: str, tmp_path: Path) -> None:
    small = store.open_store(f"sqlite:///{tmp_path / 'small.db'}")
    on(small, audit.note, HANAKO, Act("publish", "entry-0"), 1.0)
    server = store.open_store(postgres_url)

    copying.copy(small, server)
    on(server, audit.note, TARO, Act("publish", "entry-1"), 2.0)

    found = on(server, audit.check)
    small.dispose()
    server.dispose()
    assert (found.lines, found.broken_at) == (2, None)


def test_on_the_way_back_the_trail_stays_and_the_way_forward_locks_it_again(
    noted: Engine,
) -> None:
    migrations.move_to(noted, "0005")
    migrations.upgrade(noted)

    assert on(noted, audit.check).lines == 3
    with pytest.raises(DatabaseError, match="never rewritten"):
        run(noted, "DELETE FROM audit")
