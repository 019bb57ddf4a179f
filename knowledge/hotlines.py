"""The telephone numbers for emergencies and worries, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType

from knowledge import shipped

HOTLINES_FILE = Path(__file__).with_name("hotlines.yaml")


@dataclass(frozen=True)
class Hotline:
    """One number to call; `alt` is empty where there is no second number."""

    id: str
    name: str
    number: str
    alt: str
    when: str
    hours: str
    source: str


@cache
def by_id() -> Mapping[str, Hotline]:
    """Every hotline, in the order of the file."""
    rows = shipped.read(HOTLINES_FILE)["hotlines"]
    return MappingProxyType({row["id"]: _hotline(row) for row in rows})


def _hotline(row: Mapping[str, str]) -> Hotline:
    shown = {field.name: row[field.name] for field in fields(Hotline) if field.name != "alt"}
    return Hotline(alt=row.get("alt", ""), **shown)
