"""The commands a clerk or a program types: ask, simulate, serve; every mistake has its exit code."""

import json

import pytest
from flask.testing import FlaskCliRunner

from bot import cli
from handlers.line import words
from knowledge.base import KnowledgeBase
from tests.handlers.line.checks import a_vague_question, problems

SALON = "スマホの使い方ば教えてほしか"
RENEWAL = "マイナンバーカードの申請・交付・電子証明書の更新"
KEYS = {"query", "decision", "entries", "messages", "stored_text", "pii", "ms", "engine"}


def test_ask_prints_what_the_citizen_would_read(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["ask", SALON])

    assert result.exit_code == 0
    assert result.output.startswith("【スマホサロン】\n")
    assert words.HUMAN_ROUTE in result.output


def test_ask_takes_a_question_of_several_words(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["ask", "粗大ごみ", "出したい"])

    assert "【粗大ごみの申込み】" in result.output


def test_ask_json_prints_one_object_with_exactly_the_agreed_keys(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["ask", "--json", SALON])

    answer = json.loads(result.output)
    assert answer.keys() == KEYS
    assert (answer["query"], answer["decision"]) == (SALON, "answer")
    assert [entry.keys() for entry in answer["entries"]] == [{"id", "title", "score"}]
    assert answer["entries"][0]["id"] == "smartphone-salon"
    assert problems(answer["messages"]) == []
    assert answer["pii"] == []


def test_ask_json_answers_each_line_of_its_input_in_order(runner: FlaskCliRunner) -> None:
    questions = [SALON, "粗大ごみを出したい", "", "ピラミッドの高さ"]

    result = runner.invoke(args=["ask", "--json"], input="\n".join(questions) + "\n")

    answers = [json.loads(line) for line in result.output.splitlines()]
    assert [answer["query"] for answer in answers] == questions
    assert [answer["decision"] for answer in answers][:2] == ["answer", "answer"]
    assert answers[3]["decision"] == "none"
    assert {frozenset(answer) for answer in answers} == {frozenset(KEYS)}


def test_ask_json_without_input_prints_nothing(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["ask", "--json"], input="")

    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xfe\x81",
        "住民票\x00".encode(),
        "\u2028住民票".encode(),
        b"a" * 10_000,
        "👨‍👩‍👧‍👦".encode(),
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_ask_json_answers_a_line_of_any_bytes_with_one_line(
    runner: FlaskCliRunner, raw: bytes
) -> None:
    result = runner.invoke(args=["ask", "--json"], input=raw + b"\n")

    assert result.exit_code == 0
    assert json.loads(result.output).keys() == KEYS


def test_ask_survives_an_argument_that_is_not_utf_8(runner: FlaskCliRunner) -> None:
    argument = b"\xff\xfe".decode("utf-8", "surrogateescape")

    result = runner.invoke(args=["ask", "--json", argument])

    assert result.exit_code == 0
    assert json.loads(result.output).keys() == KEYS


def test_the_choices_of_a_vague_question_are_listed_in_the_order_shown(
    runner: FlaskCliRunner, kb: KnowledgeBase
) -> None:
    vague = a_vague_question(kb)

    result = runner.invoke(args=["ask", "--json", "--date", "2026-11-22", vague])

    answer = json.loads(result.output)
    titles = [entry["title"].split("（")[0] for entry in answer["entries"]]
    numbered = [f"{number}. {title}" for number, title in enumerate(titles, start=1)]
    lines = answer["messages"][0]["text"].splitlines()
    assert [line for line in lines if line in numbered] == numbered


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2025-04-01", "令和7年度の市の計画では「一部で実施（計画）」"),
        ("2026-03-31", "令和7年度の市の計画では「一部で実施（計画）」"),
        ("2026-04-01", "令和8年度の市の計画では「実施（計画）」"),
        ("2028-04-01", "確認中です"),
    ],
)
def test_the_date_decides_the_status(runner: FlaskCliRunner, day: str, status: str) -> None:
    result = runner.invoke(args=["ask", "--date", day, RENEWAL])

    assert f"計画での位置づけ：{status}" in result.output


def test_simulate_is_a_chat_in_which_numbers_choose(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["simulate"], input="粗大ごみを出したい\n1\nメニュー\n4\n")

    assert result.exit_code == 0
    assert result.output.startswith("【粗大ごみの申込み】")
    assert "【粗大ごみの申込み】やさしい日本語" in result.output
    assert words.MENU in result.output
    assert "「ごみ・くらし」の案内です。" in result.output


def test_serve_refuses_to_start_without_a_line_channel(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["serve"])

    assert result.exit_code == 1
    assert "LINE_CHANNEL_SECRET がありません" in result.output
    assert "LINE_CHANNEL_ACCESS_TOKEN がありません" in result.output


@pytest.mark.parametrize(
    "args",
    [
        ["no-such-command"],
        ["ask", "--no-such-option"],
        ["ask", "--date", "tomorrow", "住民票"],
        ["ask", "--date", "2026-02-30", "住民票"],
        ["ask", "--date"],
        ["simulate", "extra"],
        ["serve", "--host"],
        ["evaluate", "no-such-folder"],
        ["evaluate", "--queries", "no-such-file.jsonl"],
        ["evaluate", "tests", "--queries", "pyproject.toml"],
        ["kb", "no-such-command"],
        ["kb", "check", "no-such-file.yaml"],
        ["kb", "check", "--date", "soon"],
        ["kb", "import", "no-such-file.yaml"],
        ["kb", "export"],
        ["kb", "diff", "extra"],
    ],
    ids=" ".join,
)
def test_a_wrong_usage_ends_with_2(runner: FlaskCliRunner, args: list[str]) -> None:
    result = runner.invoke(args=args)

    assert result.exit_code == 2


@pytest.mark.parametrize("command", [command.name for command in cli.COMMANDS])
def test_every_command_explains_itself_in_japanese(runner: FlaskCliRunner, command: str) -> None:
    result = runner.invoke(args=[command, "--help"])

    assert result.exit_code == 0
    assert "。" in result.output
