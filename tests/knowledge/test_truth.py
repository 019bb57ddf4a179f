"""The city's catalog is true: it passes the check, and its sources stand in what was handed over."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge import plan, seed, truth
from knowledge.seed import Catalog
from tests.builders import DAY

PROOF_FILES = ["places.json", "hotlines.json", "plan.json", "questions40.json"]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The catalog as it is shipped."""
    return seed.load()


@pytest.fixture(scope="module")
def proofs(shared_data: Path) -> list[str]:
    """Every text of the facts, the places, the hotlines, the plan and the 40 questions."""
    lines = (shared_data / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    files = [(shared_data / name).read_text(encoding="utf-8") for name in PROOF_FILES]
    return [text for document in (*lines, *files) for text in texts(json.loads(document))]


def texts(data: Any) -> Iterator[str]:
    """Every text inside plain data."""
    if isinstance(data, str):
        yield data
    inner = data.values() if isinstance(data, dict) else data
    if isinstance(data, dict | list):
        yield from (text for part in inner for text in texts(part))


def test_the_catalog_is_readable(catalog: Catalog) -> None:
    problems = [str(problem) for problem in catalog.problems]

    assert problems == []


def test_the_catalog_passes_the_truth_check(catalog: Catalog) -> None:
    rows = plan.rows()

    problems = truth.check(catalog.entries, catalog.file_of, rows, DAY)

    assert [str(problem) for problem in problems] == []


def test_the_catalog_holds_86_entries(catalog: Catalog) -> None:
    ids = {entry.id for entry in catalog.entries}

    assert len(ids) == len(catalog.entries) == 86


def test_every_category_of_the_menu_has_entries(catalog: Catalog) -> None:
    used = {entry.category for entry in catalog.entries}

    assert len(used) == len(seed.files()) == 9


def test_every_entry_is_published(catalog: Catalog) -> None:
    hidden = [entry.id for entry in catalog.entries if not entry.is_public(DAY)]

    assert hidden == []


def test_the_entries_are_those_of_the_list(catalog: Catalog, shared_data: Path) -> None:
    with (shared_data / "entries.csv").open(encoding="utf-8", newline="") as file:
        expected = {
            (row["id"], row["title"], row["category"], row["plan_rows"])
            for row in csv.DictReader(file)
        }

    found = {(e.id, e.title, e.category, ";".join(e.plan)) for e in catalog.entries}

    assert found == expected


def test_the_audiences_are_those_of_the_list(catalog: Catalog, shared_data: Path) -> None:
    with (shared_data / "entries.csv").open(encoding="utf-8", newline="") as file:
        expected = {row["id"]: row["audience"] for row in csv.DictReader(file)}

    found = {entry.id: ";".join(entry.audience) for entry in catalog.entries}

    assert found == expected


def test_every_source_stands_verbatim_in_what_was_handed_over(
    catalog: Catalog, proofs: list[str]
) -> None:
    said = [(entry.id, source.value) for entry in catalog.entries for source in entry.sources]

    unproved = [(entry, value) for entry, value in said if not any(value in p for p in proofs)]

    assert unproved == []


def test_every_source_s_address_stands_in_what_was_handed_over(
    catalog: Catalog, proofs: list[str]
) -> None:
    said = [(entry.id, source.url) for entry in catalog.entries for source in entry.sources]

    unproved = [(entry, url) for entry, url in said if not any(url in p for p in proofs)]

    assert unproved == []
