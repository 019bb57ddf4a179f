"""Characters are counted the way LINE counts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.counting import graphemes, has_unpaired_surrogate, utf16_units


@pytest.mark.parametrize(
    ("text", "units"),
    [("", 0), ("あ", 1), ("🍎", 2), ("𠮷", 2), ("👨‍👩‍👧‍👦", 11), ("葛󠄀", 3)],
    ids=["nothing", "kana", "apple", "rare kanji", "family", "kanji with variation selector"],
)
def test_text_length_is_in_utf16_units(text: str, units: int) -> None:
    assert utf16_units(text) == units


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("長崎", 2),
        ("👨‍👩‍👧‍👦", 1),
        ("葛󠄀", 1),
        ("か\u3099", 1),
        ("ﾊﾞ", 1),
        ("🇯🇵🇰🇷", 2),
        ("🇯🇵🇰", 2),
        ("👍🏽", 1),
        ("❤️", 1),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1),
        ("1️⃣", 1),
        ("\r\n", 1),
        ("\n\u3099", 2),
        ("\u1112\u1161\u11ab", 1),
        ("a\u200db", 2),
    ],
    ids=[
        "nothing",
        "kanji",
        "family",
        "variation selector",
        "combining dakuten",
        "half-width dakuten",
        "two flags",
        "a flag and a half",
        "skin tone",
        "emoji style",
        "flag of tags",
        "keycap",
        "line end",
        "mark after a line end",
        "Hangul parts",
        "joiner between letters",
    ],
)
def test_labels_are_counted_as_readers_count(text: str, count: int) -> None:
    assert graphemes(text) == count


@given(st.text())
def test_utf16_units_agree_with_the_encoding(text: str) -> None:
    assert utf16_units(text) == len(text.encode("utf-16-le")) // 2


@given(st.text())
def test_there_are_never_more_graphemes_than_characters(text: str) -> None:
    assert graphemes(text) <= len(text)


@pytest.mark.parametrize("text", ["\ud83d", "a\udc00b"], ids=["first half", "second half"])
def test_half_a_pair_is_noticed(text: str) -> None:
    assert has_unpaired_surrogate(text)


def test_a_whole_pair_is_one_character() -> None:
    assert not has_unpaired_surrogate("😀𠮷")
