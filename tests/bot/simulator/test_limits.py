"""LINE's limits on messages: one message just inside each rule, one just outside."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.limits import check_messages

Message = dict[str, Any]
FAMILY = "👨‍👩‍👧‍👦"
PICTURE = "https://example.com/a.jpg"
STRANGE_VALUES = (None, True, 1, 1.5, "text", [], {}, [None], {"type": None}, {"type": ["text"]})


def a_text(text: str = "こんにちは", **keys: Any) -> Message:
    return {"type": "text", "text": text, **keys}


def a_text_v2(text: str, **substitution: Any) -> Message:
    return {"type": "textV2", "text": text, "substitution": substitution}


def an_emoji(index: int = 0) -> dict[str, Any]:
    return {"index": index, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}


def a_mention() -> dict[str, Any]:
    return {"type": "mention", "mentionee": {"type": "user", "userId": "U1"}}


def a_picture(**keys: Any) -> Message:
    return {"type": "image", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE, **keys}


def a_place(**keys: Any) -> Message:
    place = {"title": "市役所", "address": "長崎市", "latitude": 32.75, "longitude": 129.87}
    return {"type": "location", **place, **keys}


def a_voice(**keys: Any) -> Message:
    return {"type": "audio", "originalContentUrl": PICTURE, "duration": 1, **keys}


def with_quick(action: dict[str, Any], times: int = 1) -> Message:
    return a_text(quickReply={"items": [{"type": "action", "action": action}] * times})


def an_action(kind: str = "message", **keys: Any) -> dict[str, Any]:
    needed = {
        "message": {"text": "はい"},
        "postback": {"data": "a=1"},
        "uri": {"uri": "https://example.com/"},
        "datetimepicker": {"data": "a=1", "mode": "date"},
        "clipboard": {"clipboardText": "095"},
    }
    return {"type": kind, "label": "はい", **needed.get(kind, {}), **keys}


def a_template(kind: str, **keys: Any) -> Message:
    return {"type": "template", "altText": "案内", "template": {"type": kind, **keys}}


def buttons(text: str = "選んでください", count: int = 1, **keys: Any) -> Message:
    return a_template("buttons", text=text, actions=[an_action()] * count, **keys)


def confirm(text: str = "よいですか", count: int = 2) -> Message:
    return a_template("confirm", text=text, actions=[an_action()] * count)


def a_column(text: str = "列", count: int = 1, **keys: Any) -> dict[str, Any]:
    return {"text": text, "actions": [an_action()] * count, **keys}


def carousel(*columns: dict[str, Any]) -> Message:
    return a_template("carousel", columns=list(columns))


def image_carousel(count: int = 1, **action: Any) -> Message:
    column = {"imageUrl": PICTURE, "action": an_action(**action)}
    return a_template("image_carousel", columns=[column] * count)


def an_area(**keys: int) -> dict[str, int]:
    return {"x": 0, "y": 0, "width": 1040, "height": 500, **keys}


def an_imagemap(count: int = 1, action: dict[str, Any] | None = None, **keys: Any) -> Message:
    tap = action or {"type": "message", "text": "はい", "area": an_area()}
    base = {"baseUrl": "https://example.com/map", "baseSize": {"width": 1040, "height": 500}}
    return {"type": "imagemap", "altText": "地図", **base, "actions": [tap] * count, **keys}


def a_tap(**keys: Any) -> Message:
    return an_imagemap(action={"type": "message", "text": "はい", "area": an_area(), **keys})


def a_date(**keys: str) -> Message:
    return with_quick(an_action("datetimepicker", **keys))


def long_uri(length: int, start: str = "https://example.com/") -> str:
    return start + "a" * (length - len(start))


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
ACTION = ".quickReply.items[0].action"
ACTION_RULES: dict[str, tuple[Message, Message, str]] = {
    "quick-reply-count": (
        with_quick(an_action(), 13),
        with_quick(an_action(), 14),
        ".quickReply.items",
    ),
    "quick-reply-none": (
        with_quick(an_action(), 1),
        with_quick(an_action(), 0),
        ".quickReply.items",
    ),
    "quick-reply-label": (
        with_quick(an_action(label="あ" * 20)),
        with_quick(an_action(label="あ" * 21)),
        f"{ACTION}.label",
    ),
    "quick-reply-label-in-graphemes": (
        with_quick(an_action(label=FAMILY * 20)),
        with_quick(an_action(label=FAMILY * 21)),
        f"{ACTION}.label",
    ),
    "quick-reply-label-required": (
        with_quick(an_action()),
        with_quick({"type": "message", "text": "はい"}),
        f"{ACTION}.label",
    ),
    "quick-reply-action-types": (
        with_quick(an_action("camera")),
        with_quick(an_action("richmenuswitch", richMenuAliasId="a", data="b")),
        f"{ACTION}.type",
    ),
    "quick-reply-desktop-uri": (
        with_quick(an_action("uri")),
        with_quick(an_action("uri", altUri={"desktop": "https://example.com/"})),
        f"{ACTION}.altUri",
    ),
    "message-text": (
        with_quick(an_action(text="あ" * 300)),
        with_quick(an_action(text="あ" * 301)),
        f"{ACTION}.text",
    ),
    "postback-data": (
        with_quick(an_action("postback", data="a" * 300)),
        with_quick(an_action("postback", data="a" * 301)),
        f"{ACTION}.data",
    ),
    "postback-display-text": (
        with_quick(an_action("postback", displayText="あ" * 300)),
        with_quick(an_action("postback", displayText="あ" * 301)),
        f"{ACTION}.displayText",
    ),
    "postback-one-text": (
        with_quick(an_action("postback", displayText="a")),
        with_quick(an_action("postback", displayText="a", text="a")),
        f"{ACTION}.text",
    ),
    "postback-fill-in": (
        with_quick(an_action("postback", inputOption="openKeyboard", fillInText="a")),
        with_quick(an_action("postback", inputOption="openVoice", fillInText="a")),
        f"{ACTION}.fillInText",
    ),
    "uri-length": (
        with_quick(an_action("uri", uri=long_uri(1000))),
        with_quick(an_action("uri", uri=long_uri(1001))),
        f"{ACTION}.uri",
    ),
    "uri-scheme": (
        with_quick(an_action("uri", uri="tel:0958228888")),
        with_quick(an_action("uri", uri="geo:32.7,129.8")),
        f"{ACTION}.uri",
    ),
    "uri-encoded": (
        with_quick(an_action("uri", uri="https://example.com/?q=%E3%81%82")),
        with_quick(an_action("uri", uri="https://example.com/?q=a b")),
        f"{ACTION}.uri",
    ),
    "uri-target": (
        with_quick(an_action("uri", uri="line://nv/location")),
        with_quick(an_action("uri", uri="tel:")),
        f"{ACTION}.uri",
    ),
    "clipboard-text": (
        with_quick(an_action("clipboard", clipboardText="a" * 1000)),
        with_quick(an_action("clipboard", clipboardText="a" * 1001)),
        f"{ACTION}.clipboardText",
    ),
    "picker-date": (
        a_date(initial="2100-12-31"),
        a_date(initial="2101-01-01"),
        f"{ACTION}.initial",
    ),
    "picker-real-date": (a_date(min="2028-02-29"), a_date(min="2027-02-29"), f"{ACTION}.min"),
    "picker-time": (
        a_date(mode="time", initial="23:59"),
        a_date(mode="time", initial="24:00"),
        f"{ACTION}.initial",
    ),
    "picker-datetime": (
        a_date(mode="datetime", initial="2026-11-22t09:00"),
        a_date(mode="datetime", initial="2026-11-22 09:00"),
        f"{ACTION}.initial",
    ),
    "picker-order": (
        a_date(min="2026-01-01", max="2026-01-02"),
        a_date(min="2026-01-01", max="2026-01-01"),
        f"{ACTION}.max",
    ),
}
COLUMNS = ".template.columns"
TEMPLATE_RULES: dict[str, tuple[Message, Message, str]] = {
    "alt-text": (
        {**confirm(), "altText": "あ" * 1500},
        {**confirm(), "altText": "あ" * 1501},
        ".altText",
    ),
    "buttons-actions": (buttons(count=4), buttons(count=5), ".template.actions"),
    "buttons-text": (buttons("あ" * 160), buttons("あ" * 161), ".template.text"),
    "buttons-text-with-title": (
        buttons("あ" * 60, title="題"),
        buttons("あ" * 61, title="題"),
        ".template.text",
    ),
    "buttons-text-with-image": (
        buttons("あ" * 60, thumbnailImageUrl=PICTURE),
        buttons("あ" * 61, thumbnailImageUrl=PICTURE),
        ".template.text",
    ),
    "buttons-title": (buttons(title="あ" * 40), buttons(title="あ" * 41), ".template.title"),
    "buttons-camera": (
        buttons(defaultAction=an_action()),
        buttons(defaultAction=an_action("camera")),
        ".template.defaultAction.type",
    ),
    "confirm-actions": (confirm(), confirm(count=1), ".template.actions"),
    "confirm-text": (confirm("あ" * 240), confirm("あ" * 241), ".template.text"),
    "carousel-columns": (carousel(*[a_column()] * 10), carousel(*[a_column()] * 11), COLUMNS),
    "carousel-actions": (
        carousel(a_column(count=3)),
        carousel(a_column(count=4)),
        f"{COLUMNS}[0].actions",
    ),
    "carousel-text": (
        carousel(a_column("あ" * 120)),
        carousel(a_column("あ" * 121)),
        f"{COLUMNS}[0].text",
    ),
    "carousel-text-with-title": (
        carousel(a_column("あ" * 60, title="題")),
        carousel(a_column("あ" * 61, title="題")),
        f"{COLUMNS}[0].text",
    ),
    "carousel-same-actions": (
        carousel(a_column(), a_column()),
        carousel(a_column(), a_column(count=2)),
        COLUMNS,
    ),
    "carousel-same-titles": (
        carousel(a_column(title="題"), a_column(title="題")),
        carousel(a_column(title="題"), a_column()),
        COLUMNS,
    ),
    "image-carousel-columns": (image_carousel(10), image_carousel(11), COLUMNS),
    "image-carousel-label": (
        image_carousel(label="あ" * 12),
        image_carousel(label="あ" * 13),
        f"{COLUMNS}[0].action.label",
    ),
}
RULES = {**TEXT_RULES, **MEDIA_RULES, **ACTION_RULES, **TEMPLATE_RULES}


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
