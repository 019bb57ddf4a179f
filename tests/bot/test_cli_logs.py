"""flask logs: what is erased when its time is over, and what somebody asks to have erased."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from bot import parts
from bot.app import create_app
from bot.cli_logs import logs_commands
from knowledge.records import questions
from knowledge.records.questions import question_table
from tests.bot.fakeline import FakeLine
from tests.builders import a_config, a_question
from tests.knowledge.records import on

DAY = 24 * 60 * 60
ASKED = a_question(redacted="カナリアの世話を手伝ってほしい", normalised="カナリアノセワ")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A bot whose records may be erased."""
    config = a_config(tmp_path_factory.mktemp("logs"), queue_url="memory://")
    app = create_app(config, line=FakeLine())
    yield app
    parts.of(app).records.dispose()


@pytest.fixture(autouse=True)
def three_questions(app: Flask) -> Iterator[None]:
    """Of today, of yesterday, and of long ago."""
    now = time.time()
    keep(app, event_id="today", asked_at=now)
    keep(
        app, event_id="yesterday", asked_at=now - DAY, redacted="図書館はどこ", normalised="図書館"
    )
    keep(app, event_id="old", asked_at=now - 91 * DAY, redacted="古いカナリア")
    yield
    with parts.of(app).records.begin() as connection:
        connection.execute(question_table.delete())


def keep(app: Flask, **changes: Any) -> None:
    """Keep a question."""
    on(parts.of(app).records, questions.keep, replace(ASKED, **changes))


def kept(app: Flask) -> list[str]:
    """The events whose words are still there."""
    statement = select(question_table.c.event_id).where(question_table.c.redacted != "")
    with parts.of(app).records.connect() as connection:
        return sorted(connection.execute(statement).scalars())


def run(app: Flask, *arguments: str, answer: str = "") -> Result:
    """Run a command of the group; `answer` is typed when it asks."""
    return app.test_cli_runner().invoke(logs_commands, list(arguments), input=answer)


def test_a_purge_erases_what_is_too_old_and_tells_how_much(app: Flask) -> None:
    result = run(app, "purge")

    assert result.exit_code == 0
    assert "文を消した質問：1 件" in result.output
    assert kept(app) == ["today", "yesterday"]


def test_a_purge_takes_the_days_it_is_given(app: Flask) -> None:
    result = run(app, "purge", "--days", "1")

    assert "文を消した質問：2 件" in result.output
    assert kept(app) == ["today"]


@pytest.mark.parametrize("days", ["0", "-1", "3651", "many"])
def test_a_purge_refuses_days_that_are_none(app: Flask, days: str) -> None:
    result = run(app, "purge", "--days", days)

    assert result.exit_code == 2
    assert len(kept(app)) == 3


def test_one_question_is_erased_by_its_event(app: Flask) -> None:
    result = run(app, "erase", "--event", "today")

    assert (result.exit_code, result.output) == (0, "1 件の質問の文を消しました。\n")
    assert kept(app) == ["old", "yesterday"]


def test_questions_that_contain_a_text_are_counted_and_erased_when_confirmed(app: Flask) -> None:
    result = run(app, "erase", "--containing", "カナリア", answer="y\n")

    assert "2 件の質問の文を消します。よろしいですか。 [y/N]" in result.output
    assert "2 件の質問の文を消しました。" in result.output
    assert kept(app) == ["yesterday"]


@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_nothing_is_erased_without_a_yes(app: Flask, answer: str) -> None:
    result = run(app, "erase", "--containing", "カナリア", answer=answer)

    assert result.exit_code == 0
    assert result.output.endswith("何も消しませんでした。\n")
    assert len(kept(app)) == 3


def test_yes_may_be_said_beforehand(app: Flask) -> None:
    result = run(app, "erase", "--containing", "カナリア", "--yes")

    assert (result.exit_code, result.output) == (0, "2 件の質問の文を消しました。\n")


def test_questions_from_before_a_day_are_erased(app: Flask) -> None:
    keep(app, event_id="before", asked_at=1_795_964_399.0)  # 2026-11-29 23:59:59 in Japan
    keep(app, event_id="after", asked_at=1_795_964_400.0)

    result = run(app, "erase", "--before", "2026-11-30", "--yes")

    assert result.exit_code == 0
    assert "before" not in kept(app)
    assert "after" in kept(app)


@pytest.mark.parametrize(
    "chosen", [("--event", "unknown"), ("--containing", "ことり"), ("--before", "2000-01-01")]
)
def test_a_choice_without_questions_ends_with_1(app: Flask, chosen: tuple[str, str]) -> None:
    result = run(app, "erase", *chosen)

    assert result.exit_code == 1
    assert result.output == "文の残っている質問は見つかりませんでした。\n"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--yes",),
        ("--containing", ""),
        ("--event", "today", "--containing", "カナリア"),
        ("--event", "today", "--before", "2026-11-30"),
        ("--before", "yesterday"),
    ],
    ids=" ".join,
)
def test_anything_but_one_choice_is_a_wrong_usage(app: Flask, arguments: tuple[str, ...]) -> None:
    result = run(app, "erase", *arguments)

    assert result.exit_code == 2
    assert len(kept(app)) == 3


def test_records_that_cannot_be_used_end_with_1_and_no_words_of_the_database(
    tmp_path: Path,
) -> None:
    app = create_app(a_config(tmp_path, queue_url="memory://"), line=FakeLine())
    with parts.of(app).records.begin() as connection:
        question_table.drop(connection)

    result = run(app, "erase", "--containing", "カナリア")

    parts.of(app).records.dispose()
    assert result.exit_code == 1
    assert result.output.startswith("記録のデータベースが使えません（")
    assert "カナリア" not in result.output
