"""LINE's limits on actions and templates: one message just inside each rule, one just outside."""

import pytest

from bot.simulator.limits import check_messages
from tests.bot.simulator.messages import (
    PICTURE,
    Message,
    a_column,
    a_date,
    an_action,
    buttons,
    carousel,
    confirm,
    image_carousel,
    long_uri,
    with_quick,
)

FAMILY = "👨‍👩‍👧‍👦"
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
    "uri-call": (
        with_quick(an_action("uri", uri="tel:%238000")),
        with_quick(an_action("uri", uri="tel:%EF%BC%90%EF%BC%99%EF%BC%95")),
        f"{ACTION}.uri",
    ),
    "uri-call-digits": (
        with_quick(an_action("uri", uri="TEL:+81-95-822-8888")),
        with_quick(an_action("uri", uri="tel:-")),
        f"{ACTION}.uri",
    ),
    "uri-call-one": (
        with_quick(an_action("uri", uri="tel:095-822-8888")),
        with_quick(an_action("uri", uri="tel:095-822-8888,095-829-1414")),
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
RULES = {**ACTION_RULES, **TEMPLATE_RULES}


@pytest.mark.parametrize("inside", [rule[0] for rule in RULES.values()], ids=list(RULES))
def test_an_action_or_template_just_inside_the_rule_is_accepted(inside: Message) -> None:
    assert check_messages([inside]) == []


@pytest.mark.parametrize(
    ("outside", "place"), [rule[1:] for rule in RULES.values()], ids=list(RULES)
)
def test_an_action_or_template_just_outside_the_rule_is_refused(
    outside: Message, place: str
) -> None:
    problems = check_messages([outside])
    assert [problem.property for problem in problems] == [f"messages[0]{place}"]
