"""Question files and BEIR folders are read, or their mistake is told by file and line, in Japanese."""

import json
from pathlib import Path
from typing import Any

import pytest

from knowledge import question_files
from knowledge.index import Document
from knowledge.question_files import Question, QuestionFileError, Span

GOOD = '{"query": "粗大ごみ", "expect": ["bulky-waste"]}\n'


def a_question_file(folder: Path, text: str) -> Path:
    """A question file with this text."""
    path = folder / "questions.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def a_benchmark(folder: Path, **files: str) -> Path:
    """A BEIR folder of one document, one query and one grade; any file may be replaced."""
    texts = {
        "corpus": '{"_id": "a", "title": "粗大ごみ", "text": "電話で申し込みます。"}\n',
        "queries": '{"_id": "q", "text": "ソファを捨てたい"}\n',
        "qrels": "query-id\tcorpus-id\tscore\nq\ta\t2\n",
        **files,
    }
    for name, ending in (("corpus", "jsonl"), ("queries", "jsonl"), ("qrels", "tsv")):
        (folder / f"{name}.{ending}").write_text(texts[name], encoding="utf-8")
    return folder


def test_a_question_is_read_with_all_its_fields(tmp_path: Path) -> None:
    row = {
        "id": "d001",
        "query": "090-0000-0000です。ごみは？",
        "expect": ["bulky-waste", "waste-days"],
        "kind": "pii",
        "need_all": True,
        "pii_spans": [{"start": 0, "end": 13, "type": "phone"}],
    }
    path = a_question_file(tmp_path, json.dumps(row, ensure_ascii=False))

    questions = question_files.read_questions(path)

    (question,) = questions
    assert (question.id, question.query, question.kind) == ("d001", row["query"], "pii")
    assert question.expect == ("bulky-waste", "waste-days")
    assert question.need_all
    assert question.pii_spans == (Span(0, 13),)


def test_a_question_may_leave_out_all_but_query_and_expectation(tmp_path: Path) -> None:
    path = a_question_file(tmp_path, GOOD)

    questions = question_files.read_questions(path)

    expected = Question("1", "粗大ごみ", ("bulky-waste",), kind="", need_all=False, pii_spans=())
    assert questions == [expected]


def test_empty_lines_are_passed_over(tmp_path: Path) -> None:
    path = a_question_file(tmp_path, f"\n{GOOD}\n  \n{GOOD}\n")

    questions = question_files.read_questions(path)

    assert [question.query for question in questions] == ["粗大ごみ", "粗大ごみ"]


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"], ids=["line", "paragraph", "next"])
def test_a_line_separator_inside_a_text_does_not_end_its_line(tmp_path: Path, mark: str) -> None:
    row = json.dumps({"query": f"ごみ{mark}の日", "expect": []}, ensure_ascii=False)
    path = a_question_file(tmp_path, row)

    questions = question_files.read_questions(path)

    assert questions[0].query == f"ごみ{mark}の日"


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param("{", id="no-json"),
        pytest.param("[1]", id="a-list"),
        pytest.param("5", id="a-number"),
        pytest.param("null", id="null"),
        pytest.param('"粗大ごみ"', id="a-text"),
        pytest.param('{"expect": []}', id="no-query"),
        pytest.param('{"query": "粗大ごみ"}', id="no-expectation"),
        pytest.param('{"query": "粗大ごみ", "expect": 5}', id="expectation-is-a-number"),
        pytest.param('{"query": "粗大ごみ", "expect": "a"}', id="expectation-is-a-text"),
        pytest.param('{"query": 5, "expect": []}', id="query-is-a-number"),
        pytest.param('{"query": "", "expect": [], "pii_spans": [{}]}', id="span-without-start"),
        pytest.param('{"query": "", "expect": [], "pii_spans": [3]}', id="span-is-a-number"),
    ],
)
def test_a_bad_question_is_told_by_file_and_line(tmp_path: Path, bad: str) -> None:
    path = a_question_file(tmp_path, f"{GOOD}{GOOD}{bad}\n")

    with pytest.raises(QuestionFileError, match=r"^questions\.jsonl：3行目："):
        question_files.read_questions(path)


def test_the_line_is_counted_with_the_empty_ones(tmp_path: Path) -> None:
    path = a_question_file(tmp_path, f"\n{GOOD}\n{{\n")

    with pytest.raises(QuestionFileError, match=r"^questions\.jsonl：4行目："):
        question_files.read_questions(path)


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    path = a_question_file(tmp_path, '{"query": "粗大ごみ"}')

    with pytest.raises(QuestionFileError, match="expect"):
        question_files.read_questions(path)


def test_a_file_that_is_not_utf8_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(GOOD.encode("cp932"))

    with pytest.raises(QuestionFileError, match=r"^questions\.jsonl：ファイルが読めません"):
        question_files.read_questions(path)


def test_a_missing_file_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.jsonl"

    with pytest.raises(QuestionFileError, match=r"^nowhere\.jsonl：ファイルが読めません"):
        question_files.read_questions(path)


def test_a_benchmark_is_read(tmp_path: Path) -> None:
    folder = a_benchmark(tmp_path)

    benchmark = question_files.read_benchmark(folder)

    assert benchmark.documents == (Document("a", "粗大ごみ", body="電話で申し込みます。"),)
    assert benchmark.queries == {"q": "ソファを捨てたい"}
    assert benchmark.relevant == {"q": {"a": 2}}


@pytest.mark.parametrize(
    ("files", "place"),
    [
        pytest.param({"corpus": "{"}, r"corpus\.jsonl：1行目", id="corpus-no-json"),
        pytest.param({"corpus": '{"_id": "a"}'}, r"corpus\.jsonl：1行目", id="corpus-no-title"),
        pytest.param({"queries": "[]"}, r"queries\.jsonl：1行目", id="queries-a-list"),
        pytest.param({"queries": '{"_id": "q"}'}, r"queries\.jsonl：1行目", id="queries-no-text"),
        pytest.param({"qrels": "h\nq\ta\n"}, r"qrels\.tsv：2行目", id="qrels-a-column-short"),
        pytest.param({"qrels": "h\nq\ta\t二\n"}, r"qrels\.tsv：2行目", id="qrels-no-number"),
    ],
)
def test_a_bad_benchmark_is_told_by_file_and_line(
    tmp_path: Path, files: dict[str, Any], place: str
) -> None:
    folder = a_benchmark(tmp_path, **files)

    with pytest.raises(QuestionFileError, match=f"^{place}"):
        question_files.read_benchmark(folder)


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_benchmark_s_missing_file_is_told_by_its_name(tmp_path: Path, missing: str) -> None:
    folder = a_benchmark(tmp_path)
    (folder / missing).unlink()

    with pytest.raises(QuestionFileError, match=f"^{missing}：ファイルが読めません"):
        question_files.read_benchmark(folder)


def test_the_development_questions_are_readable(shared_data: Path) -> None:
    questions = question_files.read_questions(shared_data / "queries-dev.jsonl")

    assert len(questions) == 280
