"""What the city sets for the staff's desk; what nobody has changed is as the program says."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, select

from knowledge.records.reviews import Hand
from knowledge.records.store import insert, metadata

setting_table = Table(
    "setting",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Integer, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", String(64), nullable=False),
)


@dataclass(frozen=True)
class Settings:
    """All of them: numbers, and what is to be or not.

    `small_group`: what fewer people asked is in no export and no report. `soon_days`: how long
    before its last day an entry stands in the list of those that end. `replayed_questions`: how
    many of the newest questions are asked again before publishing. `unsure_below`: an answer that is
    right with fewer per cent than this is looked at. `code_needed`: publishers and admins sign in
    with a code, too.
    """

    small_group: int = 3
    soon_days: int = 30
    replayed_questions: int = 1000
    unsure_below: int = 97
    code_needed: bool = False


@dataclass(frozen=True)
class Limits:
    """The least and the most that a setting may be."""

    least: int
    most: int


LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "small_group": Limits(2, 20),
        "soon_days": Limits(1, 365),
        "replayed_questions": Limits(100, 5000),
        "unsure_below": Limits(50, 100),
        "code_needed": Limits(0, 1),
    }
)


def get(connection: Connection) -> Settings:
    """The settings as they are; what is no longer known, or out of its limits, counts as not set."""
    rows = connection.execute(select(setting_table.c.name, setting_table.c.value))
    known = {row.name: row.value for row in rows if _is_within(row.name, row.value)}
    return Settings(**{**known, "code_needed": bool(known.get("code_needed"))})


def put(connection: Connection, name: str, value: int, hand: Hand) -> None:
    """Change one setting; raises ValueError for what is none, or out of its limits."""
    if not _is_within(name, value):
        raise ValueError(f"no setting: {name} = {value}")
    values = {"value": value, "changed_at": int(hand.at * 1000), "changed_by": hand.person_name}
    statement = insert(connection, setting_table).on_conflict_do_update(
        index_elements=["name"], set_=values
    )
    connection.execute(statement, {"name": name, **values})


def _is_within(name: str, value: int) -> bool:
    limits = LIMITS.get(name)
    return limits is not None and limits.least <= value <= limits.most
