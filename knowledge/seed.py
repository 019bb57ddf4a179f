"""Read the city's entries from the YAML files of the catalog, telling file and field of every mistake."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from knowledge import entry as entry_module
from knowledge import shipped
from knowledge.entry import Entry, EntryError

CATALOG = Path(__file__).with_name("catalog")
UNREADABLE = (OSError, ValueError, AttributeError, KeyError, RecursionError, yaml.YAMLError)
"""What PyYAML raises for what a person may write: impossible dates, wrong tags, endless nesting."""

OUT_OF_SCOPE = Path(__file__).with_name("out_of_scope.yaml")


@dataclass(frozen=True)
class Problem:
    """Something a person must mend: where it stands, and what is wrong, in Japanese."""

    file: str
    entry_id: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}：{self.entry_id}：{self.field}：{self.message}"


@dataclass(frozen=True)
class Catalog:
    """What the files hold: the readable entries, the file of each, and what could not be read."""

    entries: tuple[Entry, ...]
    file_of: dict[str, str]
    problems: tuple[Problem, ...]


def files() -> list[Path]:
    """The catalog's files, one a category."""
    return sorted(CATALOG.glob("*.yaml"))


def load(paths: Sequence[Path] | None = None) -> Catalog:
    """Read catalog files (all of them by default); never raises for what a person wrote."""
    entries: list[Entry] = []
    file_of: dict[str, str] = {}
    problems: list[Problem] = []
    for path in files() if paths is None else paths:
        for found in _read(path):
            if isinstance(found, Problem):
                problems.append(found)
            elif found.id in file_of:
                problems.append(Problem(path.name, found.id, "id", "同じ id が二つあります"))
            else:
                file_of[found.id] = path.name
                entries.append(found)
    return Catalog(tuple(entries), file_of, tuple(problems))


def out_of_scope() -> dict[str, list[str]]:
    """Topic → examples of questions that this guide does not answer."""
    topics: dict[str, list[str]] = shipped.read(OUT_OF_SCOPE)["topics"]
    return {topic: [str(example) for example in examples] for topic, examples in topics.items()}


def _read(path: Path) -> Iterator[Entry | Problem]:
    try:
        is_ours = path.parent == CATALOG
        data = shipped.read(path) if is_ours else yaml.safe_load(path.read_text(encoding="utf-8"))
    except UNREADABLE as error:
        yield Problem(path.name, "全体", "形式", f"YAML として読めません（{_place(error)}）")
        return
    items = data.get("entries") if isinstance(data, dict) else None
    if not isinstance(items, list):
        yield Problem(path.name, "全体", "entries", "項目の一覧がありません")
        return
    for number, item in enumerate(items, start=1):
        yield from _entry(path, number, item, data.get("category"))


def _entry(path: Path, number: int, item: Any, category: Any) -> Iterator[Entry | Problem]:
    if not isinstance(item, dict):
        yield Problem(path.name, f"{number}番目", "形式", "項目の形になっていません")
        return
    try:
        yield entry_module.from_data({"category": category, **item})
    except EntryError as error:
        name = str(item.get("id", f"{number}番目"))
        for problem in error.problems:
            yield Problem(path.name, name, "書き方", problem)


def _place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{mark.line + 1}行目" if mark is not None else type(error).__name__
