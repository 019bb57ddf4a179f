"""What staff decided about questions is kept by the hash of the wording, never with its words."""

from sqlalchemy import Engine, select

from knowledge.records import reviews, store
from knowledge.records.desk_tables import review_table
from knowledge.records.reviews import Hand
from tests.knowledge.records import conftest

YAMADA = Hand("山田", 100.0)
SATO = Hand("佐藤", 200.0)
KEY, OTHER = "a" * 64, "b" * 64


records = conftest.either_store


def test_a_state_is_kept_with_who_gave_it_and_when(records: Engine) -> None:
    with store.writing(records) as connection:
        reviews.put(connection, [KEY, OTHER], "parked", YAMADA)
        reviews.put(connection, [KEY], "teaching", SATO, "bulky-waste")

    with store.reading(records) as connection:
        found = reviews.of(connection, [KEY, OTHER])
    assert found[KEY] == reviews.Review("teaching", "bulky-waste", "", 200.0, "佐藤")
    assert found[OTHER] == reviews.Review("parked", "", "", 100.0, "山田")


def test_who_cares_for_a_question_goes_on_when_its_state_changes(records: Engine) -> None:
    with store.writing(records) as connection:
        reviews.assign(connection, [KEY], "person-1", YAMADA)
        reviews.put(connection, [KEY], "parked", YAMADA)
        parked = reviews.of(connection, [KEY])[KEY]
        reviews.assign(connection, [KEY], "", SATO)

    with store.reading(records) as connection:
        assert (parked.assignee, parked.state) == ("person-1", "parked")
        assert reviews.of(connection, [KEY])[KEY].assignee == ""


def test_only_what_was_being_taught_to_that_entry_becomes_taught(records: Engine) -> None:
    with store.writing(records) as connection:
        reviews.put(connection, [KEY], "teaching", YAMADA, "bulky-waste")
        reviews.put(connection, [OTHER], "teaching", YAMADA, "library")

        count = reviews.mark_taught(connection, "bulky-waste", SATO)

    with store.reading(records) as connection:
        found = reviews.of(connection, [KEY, OTHER])
    assert (count, found[KEY].state, found[OTHER].state) == (1, "taught", "teaching")


def test_comments_come_in_the_order_they_were_written(records: Engine) -> None:
    with store.writing(records) as connection:
        reviews.comment(connection, KEY, "課に聞きました", YAMADA)
        reviews.comment(connection, OTHER, "同じです", SATO)
        reviews.comment(connection, "c" * 64, "別のこと", SATO)

    with store.reading(records) as connection:
        found = reviews.comments(connection, [KEY, OTHER])
    assert [(c.person_name, c.text) for c in found] == [
        ("山田", "課に聞きました"),
        ("佐藤", "同じです"),
    ]


def test_no_words_of_citizens_are_kept(records: Engine) -> None:
    with store.writing(records) as connection:
        reviews.put(connection, [KEY], "parked", YAMADA)
        texts = connection.execute(select(review_table.c.text)).scalars().all()

    assert texts == [""]


def test_no_wordings_change_nothing(records: Engine) -> None:
    with store.writing(records) as connection:
        reviews.put(connection, [], "parked", YAMADA)

        assert reviews.of(connection, [KEY]) == {}


def test_only_the_reviews_asked_for_are_read_however_many_they_are(records: Engine) -> None:
    keys = [f"{number:064}" for number in range(reviews.KEYS_AT_ONCE + 1)]
    with store.writing(records) as connection:
        reviews.put(connection, [*keys, OTHER], "parked", YAMADA)

    with store.reading(records) as connection:
        found = reviews.of(connection, [*keys, KEY])

    assert found.keys() == set(keys)
