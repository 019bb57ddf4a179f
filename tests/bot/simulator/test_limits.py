"""LINE's limits on texts and media: one message just inside each rule, one just outside."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.limits import check_messages
from tests.bot.simulator.messages import (
    PICTURE,
    Message,
    a_mention,
    a_picture,
    a_place,
    a_tap,
    a_text,
    a_text_v2,
    a_voice,
    an_area,
    an_emoji,
    an_imagemap,
    long_uri,
)

STRANGE_VALUES = (None, True, 1, 1.5, "text", [], {}, [None], {"type": None}, {"type": ["text"]})


def json_containers(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.sampled_from(["type", "text", "contents", "quickReply", "altText"]) | st.text()
    return st.lists(values) | st.dictionaries(keys, values)


# name: (just inside, just outside, where LINE points)
TEXT_RULES: dict[str, tuple[Message, Message, str]] = {
    "text-length": (a_text("あ" * 5000), a_text("あ" * 5001), ".text"),
    "text-length-in-utf16": (a_text("🍎" * 2500), a_text("🍎" * 2500 + "a"), ".text"),
    "text-empty": (a_text(" "), a_text(""), ".text"),
    "text-is-a-string": (a_text("1"), {"type": "text", "text": 1}, ".text"),
    "text-required": (a_text(), {"type": "text"}, ".text"),
    "unknown-key": (a_text(quoteToken="q"), a_text(qick_reply={}), ".qick_reply"),
    "unknown-type": (a_text(), {"type": "txt", "text": "a"}, ".type"),
    "surrogates": (a_text("😀"), a_text("\ud83d"), ".text"),
    "emoji-index": (
        a_text("🍎$", emojis=[an_emoji(2)]),
        a_text("🍎$", emojis=[an_emoji(1)]),
        ".emojis[0].index",
    ),
    "emoji-count": (
        a_text("$", emojis=[an_emoji()] * 20),
        a_text("$", emojis=[an_emoji()] * 21),
        ".emojis",
    ),
    "v2-placeholder": (a_text_v2("{a}", a=a_mention()), a_text_v2("{b}", a=a_mention()), ".text"),
    "v2-braces": (a_text_v2("{{a}}"), a_text_v2("{a"), ".text"),
    "v2-key": (
        a_text_v2("a", **{"k" * 20: a_mention()}),
        a_text_v2("a", **{"k" * 21: a_mention()}),
        f".substitution.{'k' * 21}",
    ),
    "v2-objects": (
        a_text_v2("a", **{f"k{i}": a_mention() for i in range(100)}),
        a_text_v2("a", **{f"k{i}": a_mention() for i in range(101)}),
        ".substitution",
    ),
    "v2-mentions": (
        a_text_v2("{a}" * 20, a=a_mention()),
        a_text_v2("{a}" * 21, a=a_mention()),
        ".substitution",
    ),
    "v2-length": (a_text_v2("あ" * 5000), a_text_v2("あ" * 5001), ".text"),
    "sender-name": (
        a_text(sender={"name": "あ" * 20}),
        a_text(sender={"name": "あ" * 21}),
        ".sender.name",
    ),
    "sender-reserved": (
        a_text(sender={"name": "Online"}),
        a_text(sender={"name": "Line案内"}),
        ".sender.name",
    ),
    "sender-icon": (
        a_text(sender={"iconUrl": PICTURE}),
        a_text(sender={"iconUrl": "http://example.com/a.png"}),
        ".sender.iconUrl",
    ),
}
MEDIA_RULES: dict[str, tuple[Message, Message, str]] = {
    "sticker-ids": (
        {"type": "sticker", "packageId": "446", "stickerId": "1988"},
        {"type": "sticker", "packageId": "446", "stickerId": "x"},
        ".stickerId",
    ),
    "picture-https": (
        a_picture(),
        a_picture(previewImageUrl="http://example.com/a.jpg"),
        ".previewImageUrl",
    ),
    "picture-url-length": (
        a_picture(originalContentUrl=long_uri(2000)),
        a_picture(originalContentUrl=long_uri(2001)),
        ".originalContentUrl",
    ),
    "picture-url-encoded": (
        a_picture(originalContentUrl="https://example.com/%E3%81%82"),
        a_picture(originalContentUrl="https://example.com/あ"),
        ".originalContentUrl",
    ),
    "picture-url-host": (
        a_picture(),
        a_picture(originalContentUrl="https:///a.jpg"),
        ".originalContentUrl",
    ),
    "video-tracking": (
        {**a_picture(trackingId="a" * 100), "type": "video"},
        {**a_picture(trackingId="a" * 101), "type": "video"},
        ".trackingId",
    ),
    "audio-duration": (a_voice(), a_voice(duration=0), ".duration"),
    "audio-duration-number": (a_voice(duration=2), a_voice(duration=True), ".duration"),
    "location-title": (a_place(title="あ" * 100), a_place(title="あ" * 101), ".title"),
    "location-address": (a_place(address="あ" * 100), a_place(address="あ" * 101), ".address"),
    "location-latitude": (a_place(latitude=90), a_place(latitude=90.01), ".latitude"),
    "location-longitude": (a_place(longitude=-180), a_place(longitude=-180.01), ".longitude"),
    "location-nan": (a_place(latitude=-90.0), a_place(latitude=float("nan")), ".latitude"),
    "imagemap-width": (
        an_imagemap(),
        an_imagemap(baseSize={"width": 1041, "height": 500}),
        ".baseSize.width",
    ),
    "imagemap-actions": (an_imagemap(50), an_imagemap(51), ".actions"),
    "imagemap-text": (a_tap(text="あ" * 400), a_tap(text="あ" * 401), ".actions[0].text"),
    "imagemap-label": (a_tap(label="あ" * 100), a_tap(label="あ" * 101), ".actions[0].label"),
    "imagemap-area": (
        a_tap(area=an_area(x=1, width=1039)),
        a_tap(area=an_area(x=1)),
        ".actions[0].area",
    ),
    "imagemap-alt-text": (an_imagemap(altText="あ" * 1500), an_imagemap(altText=""), ".altText"),
}
RULES = {**TEXT_RULES, **MEDIA_RULES}


@pytest.mark.parametrize("inside", [rule[0] for rule in RULES.values()], ids=list(RULES))
def test_a_message_just_inside_the_rule_is_accepted(inside: Message) -> None:
    assert check_messages([inside]) == []


@pytest.mark.parametrize(
    ("outside", "place"), [rule[1:] for rule in RULES.values()], ids=list(RULES)
)
def test_a_message_just_outside_the_rule_is_refused(outside: Message, place: str) -> None:
    problems = check_messages([outside])
    assert [problem.property for problem in problems] == [f"messages[0]{place}"]


def test_five_messages_fit_into_one_request_and_six_do_not() -> None:
    assert check_messages([a_text()] * 5) == []
    assert [p.property for p in check_messages([a_text()] * 6)] == ["messages"]
    assert [p.property for p in check_messages([])] == ["messages"]


def test_the_words_are_lines_own() -> None:
    problem = check_messages([a_text(""), {"type": "x"}])[0]
    assert (problem.message, problem.property) == ("May not be empty", "messages[0].text")


def test_every_problem_of_every_message_is_told() -> None:
    problems = check_messages([a_text(""), a_place(title="", address="")])
    assert [p.property for p in problems] == [
        "messages[0].text",
        "messages[1].title",
        "messages[1].address",
    ]


def test_bottomless_nesting_is_refused_without_a_crash() -> None:
    problems = check_messages([{"type": "text", "text": _wrapped("x", 5_000)}])
    assert [p.message for p in problems] == ["Nested too deeply"]


def _wrapped(value: Any, depth: int) -> Any:
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("value", STRANGE_VALUES, ids=repr)
def test_what_is_no_message_is_refused_without_a_crash(value: Any) -> None:
    assert check_messages([value]) != []


@pytest.mark.parametrize("inside", [rule[0] for rule in RULES.values()], ids=list(RULES))
def test_any_value_in_any_place_is_judged_without_a_crash(inside: Message) -> None:
    replaced = [{**inside, key: value} for key in inside for value in STRANGE_VALUES]
    assert all(isinstance(check_messages([message]), list) for message in replaced)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), json_containers))
def test_any_json_is_judged_without_a_crash(value: Any) -> None:
    assert isinstance(check_messages([value]), list)


@given(st.text(min_size=1, max_size=300))
def test_any_short_text_of_whole_characters_is_accepted(text: str) -> None:
    assert check_messages([a_text(text)]) == []
