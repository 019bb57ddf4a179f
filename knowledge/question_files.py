"""Read benchmarks and question files, naming file and line of whatever is wrong."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import (
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    TypeAdapter,
    ValidationError,
)
from pydantic.dataclasses import dataclass as checked_dataclass

from knowledge.index import Document

T = TypeVar("T")


class QuestionFileError(ValueError):
    """A file that cannot be read as questions; the message names file and line, in Japanese."""


@dataclass(frozen=True)
class Benchmark:
    """A BEIR folder in memory: `relevant` maps query id → document id → grade above 0."""

    documents: tuple[Document, ...]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Span:
    """A piece of personal data in a question: code points, end exclusive."""

    start: StrictInt
    end: StrictInt


@checked_dataclass(frozen=True, config=ConfigDict(extra="ignore"))
class Question:
    """One line of a question file (layout of queries-dev.jsonl)."""

    id: StrictStr
    query: StrictStr
    expect: tuple[StrictStr, ...]
    kind: StrictStr = ""
    need_all: StrictBool = False
    pii_spans: tuple[Span, ...] = ()


@checked_dataclass(frozen=True, config=ConfigDict(extra="ignore"))
class _CorpusRow:
    id: Annotated[StrictStr, Field(alias="_id")]
    title: StrictStr
    text: StrictStr


@checked_dataclass(frozen=True, config=ConfigDict(extra="ignore"))
class _QueryRow:
    id: Annotated[StrictStr, Field(alias="_id")]
    text: StrictStr


def read_questions(path: Path) -> list[Question]:
    """Read a question file; raises QuestionFileError."""
    return list(_rows(path, TypeAdapter(Question)))


def read_benchmark(folder: Path) -> Benchmark:
    """Read corpus.jsonl, queries.jsonl and qrels.tsv; raises QuestionFileError."""
    corpus = _rows(folder / "corpus.jsonl", TypeAdapter(_CorpusRow))
    queries = _rows(folder / "queries.jsonl", TypeAdapter(_QueryRow))
    return Benchmark(
        documents=tuple(Document(row.id, row.title, body=row.text) for row in corpus),
        queries={row.id: row.text for row in queries},
        relevant=_relevant(folder / "qrels.tsv"),
    )


def _relevant(path: Path) -> dict[str, dict[str, int]]:
    relevant: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for number, line in list(_lines(path))[1:]:
        try:
            query, document, grade = line.split("\t")
            if int(grade) > 0:
                relevant[query][document] = int(grade)
        except ValueError as error:
            raise QuestionFileError(
                f"{path.name}：{number}行目：「質問、文書、数字」の三つをタブで区切ってください"
            ) from error
    return dict(relevant)


def _rows(path: Path, adapter: TypeAdapter[T]) -> Iterator[T]:
    for number, line in _lines(path):
        try:
            data: Any = json.loads(line)
        except ValueError as error:
            raise QuestionFileError(f"{path.name}：{number}行目：JSON として読めません") from error
        if isinstance(data, dict):
            data.setdefault("id", str(number))
        try:
            yield adapter.validate_python(data)
        except ValidationError as error:
            place = ".".join(map(str, error.errors()[0]["loc"])) or "全体"
            raise QuestionFileError(
                f"{path.name}：{number}行目：項目 {place} がないか、正しくありません"
            ) from error


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines that hold something; only the line feed ends a line of JSON."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(f"{path.name}：ファイルが読めません") from error
    return ((n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip())
