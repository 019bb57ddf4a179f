"""Settings: what the program says until somebody changes it, in either store."""

import pytest
from sqlalchemy import Engine

from knowledge.records import settings, store
from knowledge.records.reviews import Hand
from knowledge.records.settings import LIMITS, Settings
from tests.knowledge.records import conftest

HAND = Hand("山田", 100.0)


records = conftest.either_store


def put(records: Engine, name: str, value: int) -> None:
    """Change one."""
    with store.writing(records) as connection:
        settings.put(connection, name, value, HAND)


def now(records: Engine) -> Settings:
    """As they are."""
    with store.reading(records) as connection:
        return settings.get(connection)


def test_what_nobody_set_is_as_the_program_says(records: Engine) -> None:
    assert now(records) == Settings()


def test_what_was_set_last_counts(records: Engine) -> None:
    put(records, "small_group", 5)
    put(records, "small_group", 7)
    put(records, "code_needed", 1)

    assert now(records) == Settings(small_group=7, code_needed=True)


@pytest.mark.parametrize(
    ("name", "value"), [("small_group", 1), ("small_group", 21), ("code_needed", 2), ("colour", 1)]
)
def test_what_is_out_of_its_limits_or_no_setting_is_refused(
    records: Engine, name: str, value: int
) -> None:
    with pytest.raises(ValueError, match=name):
        put(records, name, value)


def test_what_another_version_left_behind_harms_nothing(records: Engine) -> None:
    rows = [("small_group", 99), ("colour", 1)]
    with store.writing(records) as connection:
        for name, value in rows:
            connection.execute(
                settings.setting_table.insert(),
                {"name": name, "value": value, "changed_at": 0, "changed_by": ""},
            )

    assert now(records) == Settings()


def test_every_setting_has_limits_that_hold_what_the_program_says() -> None:
    usual = vars(Settings())

    assert usual.keys() == LIMITS.keys()
    assert all(LIMITS[name].least <= value <= LIMITS[name].most for name, value in usual.items())
