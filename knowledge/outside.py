"""Staff's own examples of questions that the guide does not answer, kept in the knowledge base file."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from sqlite_utils import Database

from knowledge import seed
from knowledge.text import compare_key

Examples: TypeAlias = tuple[tuple[str, str], ...]
"""Topic and example, in their order."""


def load(db: Database) -> Examples:
    """All examples that staff added."""
    rows = db.query("SELECT topic, example FROM outside_example ORDER BY topic, example")
    return tuple((row["topic"], row["example"]) for row in rows)


def topics(db: Database) -> dict[str, list[str]]:
    """Topic → examples: those that came with the program, then staff's own."""
    found = seed.out_of_scope()
    for topic, example in load(db):
        found.setdefault(topic, []).append(example)
    return found


def add(db: Database, topic: str, examples: Iterable[str]) -> None:
    """Add examples to a topic; one that is known, however spelled, is left where it is."""
    known = {compare_key(text) for texts in topics(db).values() for text in texts}
    new = {compare_key(text): text for text in examples}
    added = [(topic, text) for key, text in new.items() if key not in known]
    replace_all(db, (*load(db), *added))


def remove(db: Database, examples: Iterable[str]) -> None:
    """Take examples out again, however they are spelled."""
    gone = {compare_key(text) for text in examples}
    replace_all(db, [(t, text) for t, text in load(db) if compare_key(text) not in gone])


def replace_all(db: Database, examples: Sequence[tuple[str, str]]) -> None:
    """Make these the only ones of staff's, in a new revision when they differ from before."""
    wanted = sorted(set(examples))
    if tuple(wanted) == load(db):
        return
    db.execute("DELETE FROM outside_example")
    for topic, example in wanted:
        db.execute("INSERT INTO outside_example (topic, example) VALUES (?, ?)", (topic, example))
    db.execute("UPDATE base SET revision = revision + 1 WHERE id = 1")
