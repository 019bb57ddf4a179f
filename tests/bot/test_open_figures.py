"""The figures of the public page: told where there is something to tell."""

from datetime import date, datetime
from pathlib import Path

import pytest

from bot import open_figures
from bot.app import create_app
from knowledge import plan
from knowledge.remembered import Remembered
from tests.bot.fakeline import FakeLine
from tests.builders import a_config


def test_a_share_of_few_questions_is_not_told() -> None:
    few, enough = {"answer": 90, "none": 9}, {"answer": 80, "none": 20}

    assert open_figures.unanswered_share(few) is None
    assert open_figures.unanswered_share(enough) == "20.0％"


def test_greetings_do_not_make_the_share_of_unanswered_questions_smaller() -> None:
    asked = {"answer": 80, "none": 20, "smalltalk": 900}

    assert open_figures.unanswered_share(asked) == "20.0％"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"lexical": {"measures": {}}}'])
def test_a_measurement_that_cannot_be_read_is_left_out(tmp_path: Path, content: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(content)

    assert open_figures.right_first(file, "lexical") is None
    assert open_figures.right_first(tmp_path / "missing.json", "lexical") is None


def test_the_measurement_of_the_engine_in_use_is_told(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text('{"lexical": {"measures": {"right_first": {"count": 9, "of": 10}}}}')

    assert open_figures.right_first(file, "lexical") == "90.0％"
    assert open_figures.right_first(file, "another") is None


def test_the_public_page_tells_how_many_entries_each_category_has(tmp_path: Path) -> None:
    app = create_app(a_config(tmp_path, queue_url="memory://"), line=FakeLine())

    page = app.test_client().get("/").text

    assert "ごみ・くらし（" in page
    assert "に更新しました" in page
    assert "見つかりませんでした" not in page


def test_the_days_begin_with_a_midnight_in_japan_and_end_now() -> None:
    now = datetime(2026, 11, 23, 9, 30, tzinfo=plan.JST).timestamp()

    window = open_figures.last_days(now, date(2026, 11, 23))

    assert window.since == datetime(2026, 10, 25, tzinfo=plan.JST).timestamp()
    assert window.until > now


def test_figures_are_counted_anew_only_when_their_time_is_over() -> None:
    now, made = [100.0], []
    kept: Remembered[date] = Remembered(5.0, lambda: now[0])

    def make() -> date:
        made.append(now[0])
        return date(2026, 11, 22)

    for now[0] in (100.0, 104.9, 105.0):
        kept.get("a", make)

    assert made == [100.0, 105.0]
