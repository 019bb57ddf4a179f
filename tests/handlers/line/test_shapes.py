"""Whatever text goes in, the messages that come out are within LINE's limits and tear no character."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.simulator.counting import graphemes, utf16_units
from handlers.line import shapes
from handlers.line.shapes import ELLIPSIS, MAX_ALT_UNITS, MAX_BUTTON_LABEL, MAX_TEXT_UNITS
from knowledge.records.offers import Option
from tests.handlers.line.checks import button_actions, problems, quick_actions

FAMILY = "👨‍👩‍👧‍👦"
CLUSTERS = [
    "a",
    "あ",
    "𠮷",
    "葛\U000e0100",  # an ideograph with its variation selector (IVS)
    "か\u3099",
    "e\u0301",
    "❤️",
    "👍🏽",
    "🇯🇵",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "ﾊﾞ",
    "한",
    FAMILY,
    " ",
    "\u202e",
    "ש",
]
"""What a reader counts as one character each, of one to fourteen code units."""

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
NEAR_THE_LIMIT = st.builds(
    lambda length, tail: "あ" * length + tail, st.sampled_from([4980, 4999, 5000, 5001]), ANY_TEXT
)
TRICKY = [
    "",
    " ",
    "\n",
    "\x00",
    "\ud83d",
    "\udc00\ud83d",
    "\u202eאב",
    "👍",
    FAMILY,
    "\u200d",
    "\ufe0f",
]
ANYTHING = ANY_TEXT | NEAR_THE_LIMIT | st.sampled_from(TRICKY)
WHOLE_CHARACTERS = st.lists(st.sampled_from(CLUSTERS), min_size=8, max_size=20).map("".join)
COMMANDS = st.sampled_from(["menu", "entry:bulky-waste", "page:open-data:1", "category:事業者"])
SHORT = ANY_TEXT | st.sampled_from([*TRICKY, "あ" * 6000])
OPTIONS = st.lists(st.builds(Option, SHORT, COMMANDS), min_size=1, max_size=15)


def rests_on_whole_characters(cut: str, source: str) -> bool:
    """True when the cut text is the beginning of the source and ends between two characters."""
    kept = cut.removesuffix(ELLIPSIS)
    rest = source.removeprefix(kept)
    return kept + rest == source and graphemes(kept) + graphemes(rest) == graphemes(source)


@given(ANYTHING)
@settings(deadline=None)
@example("あ" * 4999 + "🍎")
@example("𠮷" * 2500 + "a")
@example(("葛\U000e0100" * 1666) + "葛葛葛")
@example(FAMILY * 500)
@example("\x00" * 6000)
def test_any_text_makes_a_message_that_line_takes(words: str) -> None:
    message = shapes.text(words)

    assert problems([message]) == []


@pytest.mark.parametrize(
    "words", ["あ" * 5000, "🍎" * 2500, "葛\U000e0100" * 1666 + "あい", FAMILY * 454 + "あ" * 6]
)
def test_a_text_of_exactly_5000_units_is_kept_whole(words: str) -> None:
    message = shapes.text(words)

    assert utf16_units(words) == 5000
    assert message["text"] == words


@given(st.integers(4975, 5000), WHOLE_CHARACTERS)
@settings(deadline=None)
@example(4995, FAMILY)
@example(4998, "👍🏽あ")
@example(4997, "🇯🇵あ")
@example(4998, "ﾊﾞああ")
@example(4998, "❤️ああ")
def test_a_cut_text_ends_between_two_characters(length: int, tail: str) -> None:
    words = "あ" * length + tail

    cut = shapes.text(words)["text"]

    assert utf16_units(cut) <= MAX_TEXT_UNITS
    assert rests_on_whole_characters(cut, words)


@given(WHOLE_CHARACTERS, st.integers(15, 40))
@settings(deadline=None)
@example("あ" * 18 + "👍🏽あ", 20)
@example("あ" * 18 + "🇯🇵あ", 20)
@example("あ" * 18 + "ﾊﾞあ", 20)
@example("あ" * 17 + "❤️ああ", 20)
def test_a_cut_label_ends_between_two_characters(words: str, limit: int) -> None:
    cut = shapes.clip(words, limit)

    assert graphemes(cut) <= limit
    assert rests_on_whole_characters(cut, words)


@given(SHORT, SHORT, SHORT)
@settings(deadline=None)
def test_any_text_makes_a_card_that_line_takes(title: str, line: str, alt: str) -> None:
    card = shapes.bubble(title, [line], [], alt=alt)

    assert problems([shapes.text("案内"), card]) == []


@given(SHORT, OPTIONS)
@settings(deadline=None)
def test_any_options_make_buttons_and_quick_replies_that_line_takes(
    title: str, options: list[Option]
) -> None:
    buttons = [shapes.option_button(option) for option in options]
    card = shapes.bubble(title, [], buttons)

    messages = shapes.with_quick_replies([shapes.text("案内"), card], options)

    assert problems(messages) == []


@given(SHORT)
@settings(deadline=None)
def test_any_label_makes_a_link_that_line_takes(label: str) -> None:
    buttons = [
        shapes.uri_button(label, "https://www.city.nagasaki.lg.jp/", primary=True),
        shapes.call_button(label, "095-822-8888"),
    ]

    messages = [shapes.text("案内"), shapes.bubble("案内", [], buttons)]

    assert problems(messages) == []


@given(ANY_TEXT | st.text("あ%#? ", min_size=100, max_size=400))
@settings(deadline=None)
@example("100%")
@example("あ" * 300)
@example("\ud83d")
def test_any_address_of_the_city_makes_a_link_that_line_takes(path: str) -> None:
    button = shapes.uri_button("ページ", f"https://www.city.nagasaki.lg.jp/{path}")

    messages = [shapes.text("案内"), shapes.bubble("案内", [], [button])]

    assert problems(messages) == []


def test_a_card_of_the_longest_words_and_most_buttons_is_one_that_line_takes() -> None:
    endless = "あ" * 6000
    buttons = [shapes.option_button(Option(endless, "menu")) for _ in range(13)]

    card = shapes.bubble(endless, [endless, endless, endless], buttons)

    assert problems([shapes.text("案内"), card]) == []


@given(ANYTHING)
@settings(deadline=None)
def test_the_alt_text_of_a_card_is_never_empty_and_never_too_long(alt: str) -> None:
    card = shapes.bubble("題", ["一行"], [], alt=alt)

    assert card["altText"].strip()
    assert utf16_units(card["altText"]) <= MAX_ALT_UNITS


def test_a_card_without_alt_text_says_its_title_and_lines() -> None:
    card = shapes.bubble("題", ["一行目", "二行目"], [])

    assert card["altText"] == "題。一行目。二行目"


def test_a_long_label_is_shown_in_full_once_the_button_is_tapped() -> None:
    label = "とても長い案内の名前" * 5

    action = shapes.option_button(Option(label, "menu"))["action"]

    assert len(action["label"]) == MAX_BUTTON_LABEL
    assert action["displayText"] == label


def test_only_the_last_message_carries_quick_replies_and_at_most_13() -> None:
    options = [Option(f"選択{number}", "menu") for number in range(20)]

    messages = shapes.with_quick_replies([shapes.text("一"), shapes.text("二")], options)

    assert "quickReply" not in messages[0]
    assert [action["label"] for action in quick_actions(messages)] == [
        f"選択{number}" for number in range(13)
    ]


@pytest.mark.parametrize(
    ("messages", "options"),
    [([], [Option("メニュー", "menu")]), ([shapes.text("一")], [])],
    ids=["no message", "no option"],
)
def test_without_messages_or_options_there_are_no_quick_replies(
    messages: list[Any], options: list[Option]
) -> None:
    assert shapes.with_quick_replies(messages, options) == messages


def test_a_short_number_is_called_with_its_hash() -> None:
    button = shapes.call_button("小児救急", "#8000")

    messages = [shapes.text("案内"), shapes.bubble("案内", [], [button])]

    assert [action["uri"] for action in button_actions(messages)] == ["tel:%238000"]
    assert problems(messages) == []


@given(ANYTHING)
@settings(deadline=None)
@example("０９５－８２９－１４１４")
@example("095-829-1414、095-822-8888")
@example("なし")
def test_whatever_stands_for_a_number_a_call_button_dials_something(phone: str) -> None:
    button = shapes.call_button("電話する", phone)

    messages = [shapes.text("案内"), shapes.bubble("案内", [], [button])]

    assert problems(messages) == []


@pytest.mark.parametrize("phone", ["０９５－８２９－１４１４", "電話 095-829-1414（内線 2）"])
def test_a_call_button_dials_the_number_alone(phone: str) -> None:
    assert shapes.call_button("電話する", phone)["action"]["uri"] == "tel:095-829-1414"
