"""The truth check finds a wording that stands twice, in two entries or in one."""

import pytest

from knowledge import truth
from knowledge.entry import Entry
from tests.builders import DAY, an_entry

PHRASINGS = tuple(f"粗大ごみのことを聞きたい{kana}" for kana in "アイウエオカキクケコサシスセソ")


def problems(*entries: Entry) -> list[tuple[str, str]]:
    """Field and message of what the check finds."""
    return [(problem.field, problem.message) for problem in truth.check(entries, {}, {}, DAY)]


@pytest.mark.parametrize(
    "twin",
    [
        pytest.param("ソファを捨てたい", id="same"),
        pytest.param("そふぁを捨てたい", id="kana-kind"),
        pytest.param("ｿﾌｧを捨てたい", id="width"),
        pytest.param("ソファ を 捨てたい？", id="spaces-and-marks"),
        pytest.param("ソファを捨てたい🛋️", id="emoji"),
    ],
)
def test_a_phrasing_that_stands_in_two_entries_is_caught_in_both(twin: str) -> None:
    one = an_entry(
        easy_ja="電話（でんわ）してください。", phrasings=(*PHRASINGS, "ソファを捨てたい")
    )
    others = tuple(f"ほかの{phrasing}" for phrasing in PHRASINGS)
    other = an_entry(
        easy_ja="電話（でんわ）してください。",
        id="waste-days",
        title="収集日",
        phrasings=(*others, twin),
    )

    found = problems(one, other)

    assert found == [
        (
            "phrasings",
            "「ソファを捨てたい」は「収集日」の言い回しにもあります。どちらかを消してください",
        ),
        (
            "phrasings",
            f"「{twin}」は「粗大ごみの申込み」の言い回しにもあります。どちらかを消してください",
        ),
    ]


def test_a_phrasing_that_stands_three_times_in_one_entry_is_told_once() -> None:
    entry = an_entry(
        easy_ja="電話（でんわ）してください。",
        phrasings=(*PHRASINGS, PHRASINGS[0], f"{PHRASINGS[0]}？"),
    )

    found = problems(entry)

    assert found == [("phrasings", f"「{PHRASINGS[0]}」{truth.TWICE}")]
