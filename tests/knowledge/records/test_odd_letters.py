"""Letters that a database cannot hold, and errors that would tell what somebody wrote."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from knowledge.records import audit, reviews
from knowledge.records.accounts import Person
from knowledge.records.audit import Act
from knowledge.records.reviews import Hand
from tests.knowledge.records import conftest, on

HANAKO = Person("1" * 32, "hanako@example.jp", "長崎花子", "publisher")
KEY = "a" * 64


engine = conftest.either_store


def test_a_text_with_u0000_is_written_and_found(engine: Engine) -> None:
    on(engine, reviews.comment, KEY, "無\0の字", Hand("長崎花子", 1.0))

    found = on(engine, reviews.comments, [KEY])

    assert [comment.text.replace("\0", "") for comment in found] == ["無の字"]


def test_a_trail_with_u0000_in_it_is_whole(engine: Engine) -> None:
    on(engine, audit.note, HANAKO, Act("sign_in_failed", "a\0b", reason="c\0d"), 1)
    on(engine, audit.note, HANAKO, Act("publish", "library", reason="確かめた"), 2)

    checked = on(engine, audit.check)

    assert (checked.lines, checked.broken_at) == (2, None)


def test_an_error_does_not_tell_what_was_written(engine: Engine) -> None:
    statement = text("INSERT INTO nowhere VALUES (:words)")

    with pytest.raises(DBAPIError) as raised, engine.connect() as connection:
        connection.execute(statement, {"words": "まっこと大事な相談"})

    assert "まっこと" not in str(raised.value)
