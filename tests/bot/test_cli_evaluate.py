"""flask evaluate measures a benchmark folder or a question file, and names what is wrong in either."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskCliRunner

DOCUMENTS = [
    {"_id": "d1", "title": "粗大ごみ", "text": "粗大ごみの申し込みのしかた"},
    {"_id": "d2", "title": "住民票", "text": "住民票の写しの取り方"},
    {"_id": "d3", "title": "図書館", "text": "図書館で本を借りる"},
]
QUERIES = [{"_id": "q1", "text": "粗大ごみを申し込みたい"}, {"_id": "q2", "text": "住民票の写し"}]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq2\td2\t2\nq2\td3\t1\n"
BENCHMARK_KEYS = {
    "ndcg@10",
    "recall@10",
    "mrr@10",
    *(f"hit2@{depth}" for depth in (1, 3, 5, 10)),
    "ms_p50",
    "ms_p95",
    "index_s",
    "engine",
}


def json_lines(*rows: Any) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def benchmark(tmp_path: Path) -> Path:
    """A tiny folder in the layout of BEIR."""
    (tmp_path / "corpus.jsonl").write_text(json_lines(*DOCUMENTS), encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(json_lines(*QUERIES), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Where a question file goes."""
    return tmp_path / "questions.jsonl"


def test_a_benchmark_folder_is_measured(runner: FlaskCliRunner, benchmark: Path) -> None:
    result = runner.invoke(args=["evaluate", str(benchmark)])

    report = json.loads(result.output)
    assert result.exit_code == 0
    assert report.keys() == BENCHMARK_KEYS
    assert (report["hit2@1"], report["mrr@10"], report["engine"]) == (1.0, 1.0, "lexical")


def test_a_question_file_is_measured_per_kind(runner: FlaskCliRunner, questions: Path) -> None:
    rows = [
        {"id": "1", "query": "粗大ごみを出したい", "expect": ["bulky-waste"], "kind": "keyword"},
        {"id": "2", "query": "ピラミッドの高さ", "expect": [], "kind": "out"},
    ]
    questions.write_text(json_lines(*rows), encoding="utf-8")

    result = runner.invoke(args=["evaluate", "--queries", str(questions)])

    report = json.loads(result.output)
    assert result.exit_code == 0
    assert (report["questions"], report["in_domain"]["n"]) == (2, 1)
    assert report["in_domain"]["right_first"] == 1.0
    assert report["kinds"].keys() == {"keyword", "out"}


def test_several_question_files_are_measured_together(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    row = {"query": "粗大ごみを出したい", "expect": ["bulky-waste"]}
    files = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    files[0].write_text(json_lines(row), encoding="utf-8")
    files[1].write_text(json_lines(row, row), encoding="utf-8")

    result = runner.invoke(
        args=["evaluate", "--queries", str(files[0]), "--queries", str(files[1])]
    )

    assert json.loads(result.output)["questions"] == 3


@pytest.mark.parametrize(
    "bad",
    [
        "これは JSON ではない",
        '{"id": "2"}',
        '{"query": "住民票"}',
        '{"query": "住民票", "expect": 5}',
        '{"query": "住民票", "expect": [], "pii_spans": [{"from": 1}]}',
        "[]",
        "5",
        '"住民票"',
        "null",
        '{"query": 5, "expect": []}',
    ],
)
def test_a_bad_question_ends_with_1_and_names_file_and_line(
    runner: FlaskCliRunner, questions: Path, bad: str
) -> None:
    good = json_lines({"query": "住民票", "expect": ["resident-record"]})
    questions.write_text(good + bad + "\n", encoding="utf-8")

    result = runner.invoke(args=["evaluate", "--queries", str(questions)])

    assert result.exit_code == 1
    assert "questions.jsonl：2行目：" in result.output


def test_empty_lines_count_when_a_bad_line_is_named(
    runner: FlaskCliRunner, questions: Path
) -> None:
    good = json_lines({"query": "住民票", "expect": ["resident-record"]})
    questions.write_text(good + "\n\nこれは JSON ではない\n", encoding="utf-8")

    result = runner.invoke(args=["evaluate", "--queries", str(questions)])

    assert "questions.jsonl：4行目：" in result.output


def test_a_question_file_that_is_no_utf_8_ends_with_1_and_is_named(
    runner: FlaskCliRunner, questions: Path
) -> None:
    questions.write_bytes("住民票".encode("shift_jis"))

    result = runner.invoke(args=["evaluate", "--queries", str(questions)])

    assert result.exit_code == 1
    assert "questions.jsonl：ファイルが読めません" in result.output


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_benchmark_without_a_file_ends_with_1_and_names_it(
    runner: FlaskCliRunner, benchmark: Path, missing: str
) -> None:
    (benchmark / missing).unlink()

    result = runner.invoke(args=["evaluate", str(benchmark)])

    assert result.exit_code == 1
    assert f"{missing}：ファイルが読めません" in result.output


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("corpus.jsonl", "no json"),
        ("corpus.jsonl", '{"_id": "d4"}'),
        ("corpus.jsonl", "[]"),
        ("queries.jsonl", '{"text": "住民票"}'),
        ("qrels.tsv", "q1 d1 2"),
        ("qrels.tsv", "q1\td1\tvery"),
    ],
)
def test_a_bad_line_of_a_benchmark_ends_with_1_and_names_file_and_line(
    runner: FlaskCliRunner, benchmark: Path, name: str, bad: str
) -> None:
    lines = (benchmark / name).read_text(encoding="utf-8").splitlines()
    (benchmark / name).write_text("\n".join([*lines, bad]), encoding="utf-8")

    result = runner.invoke(args=["evaluate", str(benchmark)])

    assert result.exit_code == 1
    assert f"{name}：{len(lines) + 1}行目：" in result.output
