"""Failed sign-ins are forgotten as asked: some lines, those of one account, or all old ones."""

import pytest
from sqlalchemy import Engine

from knowledge.records import accounts
from tests.knowledge.records import on


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        (([], "", 0.0), ["hanako", "taro", "hanako"]),
        (([2], "", 0.0), ["hanako", "hanako"]),
        (([], "hanako", 0.0), ["taro"]),
        (([], "", 25.0), ["hanako"]),
        (([3], "taro", 0.0), ["hanako"]),
    ],
    ids=["nothing", "one line", "an account", "what is old", "a line and an account"],
)
def test_only_the_failures_asked_for_are_forgotten(
    records: Engine, asked: tuple[list[int], str, float], left: list[str]
) -> None:
    for subject, at in (("hanako", 10.0), ("taro", 20.0), ("hanako", 30.0)):
        on(records, accounts.note_failure, [subject], at)

    on(records, accounts.forget_failures, *asked)

    counts = {name: on(records, accounts.failures, name, 0.0)[0] for name in ("hanako", "taro")}
    assert counts == {name: left.count(name) for name in counts}
