"""How citizens' words look on the staff's pages: nothing hidden acts, and no letter is torn apart."""

import pytest

from handlers.staff.filters import visible

JOINED = "家族👨‍👩‍👧と虹🏳️‍🌈の旗、❤️‍🔥"


def test_emoji_that_are_joined_into_one_stay_whole() -> None:
    assert visible(JOINED) == JOINED


@pytest.mark.parametrize("mark", ["\u202e", "\u200b", "\u200d", "\ufeff", "\x07", "\ue000"])
def test_a_mark_that_nobody_sees_is_spelt_out(mark: str) -> None:
    assert visible(f"ごみ{mark}の日") == f"ごみ〔{ord(mark):04X}〕の日"
