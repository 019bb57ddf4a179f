"""The truth check is done with a long text in the time that its length takes, not its square."""

import time

import pytest

from knowledge import truth
from knowledge.entry import Source
from tests.builders import DAY, an_entry

CITY = "https://www.city.nagasaki.lg.jp/"
LENGTH = 200_000
SECONDS = 30
"""Of the processor; before patterns were linear each of these took many minutes."""


def problems(body: str, said: str = "電話で申し込む") -> list[str]:
    """What the check says of a body."""
    entry = an_entry(body=body, sources=(Source(said, CITY, "official"),))
    found = truth.check([entry], {}, {}, DAY)
    return [problem.message for problem in found if problem.field == "body"]


@pytest.mark.parametrize("part", ["\n", " \n", "1", "0-", "a", "a.", "万", "1円\n", "@.", "a@"])
def test_a_long_text_of_one_kind_is_checked_in_time(part: str) -> None:
    body = "あ" + part * (LENGTH // len(part)) + "ん"
    begun = time.process_time()

    problems(body)

    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize("text", ["9" * 5_000, "9" * 5_000 + "円", "9" * 5_000 + "万円"])
def test_a_number_of_any_length_is_a_number_to_prove(text: str) -> None:
    found = problems(text)
    proved = problems(text, said=text)

    assert len(found) == 1
    assert f"「{'9' * truth.MAX_SHOWN}」" in found[0]
    assert proved == []


def test_ten_thousand_times_ten_thousand_ends_somewhere() -> None:
    found = problems("一" + "万" * 5_000 + "円")

    assert [message[:3] for message in found] == ["金額「"]


def test_zeros_before_a_number_and_digits_of_other_scripts_do_not_count() -> None:
    found = problems("007人、٧人、000円", said="7人、0円")

    assert found == []


def test_a_wording_that_stands_a_thousand_times_is_told_once() -> None:
    entry = an_entry(phrasings=("ごみ",) * 1_000)

    found = [problem.message for problem in truth.check([entry], {}, {}, DAY)]

    assert sum("二度あります" in message for message in found) == 1
    assert max(map(len, found)) < 200
