"""No telephone number is shown that was not found in a source."""

import re

import pytest

from knowledge import hotlines
from knowledge.hotlines import HOTLINES_FILE, Hotline

NATIONALLY_FIXED = {"171", "188", "#9110"}
FOUND_IN_SOURCES = {
    "119": {"119"},
    "110": {"110"},
    "118": {"118"},
    "7119": {"#7119", "095-801-1217"},
    "8000": {"#8000", "095-822-3308"},
    "189": {"189"},
    "dv-navi": {"#8008"},
    "dv-plus": {"0120-279-889"},
    "yorisoi": {"0120-279-338"},
    "inochi-sos": {"0120-061-338"},
    "kokoro": {"0570-064-556"},
    "childline": {"0120-99-7777"},
    "night-clinic": {"095-820-8699"},
}
"""The numbers of shared/data/hotlines.json, which is outside the repository."""

ALL = list(hotlines.by_id().values())


def numbers(hotline: Hotline) -> set[str]:
    return {hotline.number, hotline.alt} - {""}


def test_every_number_found_in_a_source_is_told_as_it_was_found() -> None:
    told = {line.id: numbers(line) for line in ALL if line.number not in NATIONALLY_FIXED}

    assert told == FOUND_IN_SOURCES


def test_the_other_numbers_are_nationally_fixed() -> None:
    others = [line for line in ALL if line.id not in FOUND_IN_SOURCES]

    assert {line.number for line in others} == NATIONALLY_FIXED


def test_no_number_hides_in_the_words_of_a_hotline() -> None:
    told = " ".join(f"{line.name} {line.when} {line.hours}" for line in ALL)

    assert re.findall(r"\d[\d-]{4,}", told) == []


@pytest.mark.parametrize("line", ALL, ids=lambda line: line.id)
def test_every_hotline_says_when_how_long_and_where_it_was_found(line: Hotline) -> None:
    assert line.name
    assert line.when
    assert line.hours
    assert line.source


def test_every_hotline_tells_how_sure_it_is() -> None:
    text = HOTLINES_FILE.read_text(encoding="utf-8")

    found = re.findall(r"confidence: (national|official|third_party)\n", text)

    assert len(found) == len(ALL)


def test_an_unknown_hotline_is_an_error() -> None:
    assert "999" not in hotlines.by_id()
