"""What may become a phrasing of an entry or an example, and what may not."""

import pytest

from knowledge import wording

NOBODYS: frozenset[str] = frozenset({"0958228888"})


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  ごみ\n の日 ", "ごみ の日"),
        ("ごみ\u202eの日\u200b", "ごみの日"),
        ("ごみ\u0007の日", "ごみ の日"),
        ("ごみ\u2028の日", "ごみ の日"),
    ],
)
def test_marks_nobody_sees_are_taken_out(text: str, clean: str) -> None:
    assert wording.clean(text) == clean


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ごみの日はいつ", ""),
        ("095-822-8888は何時まで", ""),
        ("？！", wording.EMPTY),
        ("あ" * 101, wording.TOO_LONG),
        ("〔住所〕のごみの日", wording.MASKED),
        ("090-0000-0000のごみの日", wording.PERSONAL),
    ],
)
def test_a_fault_is_told_in_a_sentence(text: str, fault: str) -> None:
    assert wording.fault(text, NOBODYS) == fault
