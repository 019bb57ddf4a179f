"""LINE's limits on Flex messages: one just inside each rule, one just outside."""

from typing import Any

import pytest

from bot.simulator.limits import check_messages
from bot.simulator.limits_flex import MAX_BUBBLE_BYTES, MAX_CAROUSEL_BYTES
from bot.simulator.rules import json_bytes

Message = dict[str, Any]
PICTURE = "https://example.com/a.jpg"
FIRST = "messages[0].contents.body.contents[0]"


def a_text(**keys: Any) -> dict[str, Any]:
    return {"type": "text", **({} if "contents" in keys else {"text": "案内"}), **keys}


def a_span(**keys: Any) -> dict[str, Any]:
    return {"type": "span", "text": "案内", **keys}


def a_button(**keys: Any) -> dict[str, Any]:
    return {"type": "button", "action": an_action(), **keys}


def an_action(**keys: Any) -> dict[str, Any]:
    return {"type": "message", "label": "はい", "text": "はい", **keys}


def an_image(**keys: Any) -> dict[str, Any]:
    return {"type": "image", "url": PICTURE, **keys}


def an_icon(**keys: Any) -> dict[str, Any]:
    return {"type": "icon", "url": PICTURE, **keys}


def a_video(**keys: Any) -> dict[str, Any]:
    return {
        "type": "video",
        "url": PICTURE,
        "previewUrl": PICTURE,
        "altContent": an_image(),
        **keys,
    }


def a_box(*contents: dict[str, Any], layout: str = "vertical", **keys: Any) -> dict[str, Any]:
    return {"type": "box", "layout": layout, "contents": list(contents), **keys}


def a_bubble(*contents: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"type": "bubble", "body": a_box(*contents), **keys}


def a_carousel(*bubbles: dict[str, Any]) -> dict[str, Any]:
    return {"type": "carousel", "contents": list(bubbles)}


def flex(container: dict[str, Any], alt: str = "案内") -> Message:
    return {"type": "flex", "altText": alt, "contents": container}


def body(*contents: dict[str, Any]) -> Message:
    return flex(a_bubble(*contents))


def gradient(**keys: str) -> Message:
    colors = {"startColor": "#ffffff", "endColor": "#000000"}
    background = {"type": "linearGradient", "angle": "0deg", **colors, **keys}
    return body(a_box(background=background))


def bubble_of(size: int) -> dict[str, Any]:
    filling = size - len(json_bytes(a_bubble(a_text(text=""))))
    return a_bubble(a_text(text="a" * filling))


def carousel_of(size: int) -> dict[str, Any]:
    filling = size - len(json_bytes(a_carousel(bubble_of(25_000), bubble_of(1_000)))) + 1_000
    return a_carousel(bubble_of(25_000), bubble_of(filling))


# name: (just inside, just outside, where LINE points)
RULES: dict[str, tuple[Message, Message, str]] = {
    "alt-text": (
        flex(a_bubble(), "あ" * 1500),
        flex(a_bubble(), "あ" * 1501),
        "messages[0].altText",
    ),
    "alt-text-empty": (flex(a_bubble(), "a"), flex(a_bubble(), ""), "messages[0].altText"),
    "bubble-size-word": (
        flex(a_bubble(size="giga")),
        flex(a_bubble(size="huge")),
        "messages[0].contents.size",
    ),
    "bubble-has-a-block": (
        flex({"type": "bubble", "body": a_box()}),
        flex({"type": "bubble"}),
        "messages[0].contents",
    ),
    "bubble-bytes": (
        flex(bubble_of(MAX_BUBBLE_BYTES)),
        flex(bubble_of(MAX_BUBBLE_BYTES + 1)),
        "messages[0].contents",
    ),
    "bubble-style": (
        flex(a_bubble(styles={"body": {"backgroundColor": "#FFFFFF"}})),
        flex(a_bubble(styles={"body": {"backgroundColor": "white"}})),
        "messages[0].contents.styles.body.backgroundColor",
    ),
    "carousel-bubbles": (
        flex(a_carousel(*[a_bubble()] * 12)),
        flex(a_carousel(*[a_bubble()] * 13)),
        "messages[0].contents.contents",
    ),
    "carousel-equal-sizes": (
        flex(a_carousel(a_bubble(), a_bubble(size="mega"))),
        flex(a_carousel(a_bubble(), a_bubble(size="kilo"))),
        "messages[0].contents.contents",
    ),
    "carousel-bytes": (
        flex(carousel_of(MAX_CAROUSEL_BYTES)),
        flex(carousel_of(MAX_CAROUSEL_BYTES + 1)),
        "messages[0].contents",
    ),
    "hero-component": (
        flex(a_bubble(hero=an_image())),
        flex(a_bubble(hero=a_text())),
        "messages[0].contents.hero.type",
    ),
    "video-bubble-size": (
        flex(a_bubble(hero=a_video(), size="kilo")),
        flex(a_bubble(hero=a_video(), size="hecto")),
        "messages[0].contents.hero.type",
    ),
    "video-in-carousel": (
        flex(a_bubble(hero=a_video())),
        flex(a_carousel(a_bubble(hero=a_video()))),
        "messages[0].contents.contents[0].hero.type",
    ),
    "video-action": (
        flex(a_bubble(hero=a_video(action={"type": "uri", "uri": PICTURE}))),
        flex(a_bubble(hero=a_video(action=an_action()))),
        "messages[0].contents.hero.action.type",
    ),
    "box-children": (body(a_box(a_button())), body(a_box(a_span())), f"{FIRST}.contents[0].type"),
    "baseline-children": (
        body(a_box(an_icon(), layout="baseline")),
        body(a_box(a_button(), layout="baseline")),
        f"{FIRST}.contents[0].type",
    ),
    "icon-only-in-baseline": (
        body(a_box(an_icon(), layout="baseline")),
        body(a_box(an_icon(), layout="horizontal")),
        f"{FIRST}.contents[0].type",
    ),
    "box-layout": (body(a_box()), body(a_box(layout="diagonal")), f"{FIRST}.layout"),
    "box-spacing": (body(a_box(spacing="5px")), body(a_box(spacing="5")), f"{FIRST}.spacing"),
    "box-padding": (
        body(a_box(paddingAll="5%")),
        body(a_box(paddingAll="-5px")),
        f"{FIRST}.paddingAll",
    ),
    "box-border": (
        body(a_box(borderWidth="semi-bold")),
        body(a_box(borderWidth="xl")),
        f"{FIRST}.borderWidth",
    ),
    "box-color": (
        body(a_box(backgroundColor="#00000000")),
        body(a_box(backgroundColor="#000")),
        f"{FIRST}.backgroundColor",
    ),
    "box-width": (body(a_box(width="50%")), body(a_box(width="md")), f"{FIRST}.width"),
    "gradient-angle": (
        gradient(angle="359.9deg"),
        gradient(angle="360deg"),
        f"{FIRST}.background.angle",
    ),
    "gradient-stop": (
        gradient(centerColor="#888888", centerPosition="100%"),
        gradient(centerColor="#888888", centerPosition="101%"),
        f"{FIRST}.background.centerPosition",
    ),
    "text-empty": (body(a_text(text=" ")), body(a_text(text="")), f"{FIRST}.text"),
    "text-xor-contents": (
        body(a_text(contents=[a_span()])),
        body(a_text(contents=[a_span()], text="a")),
        f"{FIRST}.text",
    ),
    "text-or-contents": (body(a_text()), body({"type": "text"}), f"{FIRST}.text"),
    "text-size": (body(a_text(size="17px")), body(a_text(size="17")), f"{FIRST}.size"),
    "text-size-word": (body(a_text(size="5xl")), body(a_text(size="full")), f"{FIRST}.size"),
    "text-color": (body(a_text(color="#1a2B3c")), body(a_text(color="red")), f"{FIRST}.color"),
    "text-wrap": (body(a_text(wrap=True)), body(a_text(wrap="true")), f"{FIRST}.wrap"),
    "text-weight": (body(a_text(weight="bold")), body(a_text(weight="700")), f"{FIRST}.weight"),
    "text-scaling-misspelt": (
        body(a_text(scaling=True)),
        body(a_text(scalng=True)),
        f"{FIRST}.scalng",
    ),
    "text-flex": (body(a_text(flex=0)), body(a_text(flex=-1)), f"{FIRST}.flex"),
    "text-flex-whole": (body(a_text(flex=2)), body(a_text(flex=1.5)), f"{FIRST}.flex"),
    "text-camera-action": (
        body(a_text(action=an_action())),
        body(a_text(action={"type": "camera", "label": "a"})),
        f"{FIRST}.action.type",
    ),
    "span-style": (
        body(a_text(contents=[a_span(decoration="underline")])),
        body(a_text(contents=[a_span(decoration="wavy")])),
        f"{FIRST}.contents[0].decoration",
    ),
    "button-label": (
        body(a_button(action=an_action(label="あ" * 40))),
        body(a_button(action=an_action(label="あ" * 41))),
        f"{FIRST}.action.label",
    ),
    "button-label-required": (
        body(a_text(action={"type": "message", "text": "はい"})),
        body(a_button(action={"type": "message", "text": "はい"})),
        f"{FIRST}.action.label",
    ),
    "button-style": (
        body(a_button(style="link")),
        body(a_button(style="plain")),
        f"{FIRST}.style",
    ),
    "image-ratio": (
        body(an_image(aspectRatio="1:3")),
        body(an_image(aspectRatio="1:3.01")),
        f"{FIRST}.aspectRatio",
    ),
    "image-ratio-range": (
        body(an_image(aspectRatio="100000:1")),
        body(an_image(aspectRatio="100001:1")),
        f"{FIRST}.aspectRatio",
    ),
    "image-size": (body(an_image(size="full")), body(an_image(size="half")), f"{FIRST}.size"),
    "image-https": (
        body(an_image()),
        body(an_image(url="http://example.com/a.jpg")),
        f"{FIRST}.url",
    ),
    "image-animated": (
        body(*[an_image(animated=True)] * 10),
        body(*[an_image(animated=True)] * 11),
        "messages[0].contents",
    ),
    "separator-color": (
        body({"type": "separator", "color": "#000000"}),
        body({"type": "separator", "color": "0"}),
        f"{FIRST}.color",
    ),
    "filler": (
        body({"type": "filler", "flex": 1}),
        body({"type": "filler", "margin": "md"}),
        f"{FIRST}.margin",
    ),
    "spacer-is-gone": (body({"type": "filler"}), body({"type": "spacer"}), f"{FIRST}.type"),
}


@pytest.mark.parametrize("inside", [rule[0] for rule in RULES.values()], ids=list(RULES))
def test_flex_just_inside_the_rule_is_accepted(inside: Message) -> None:
    assert check_messages([inside]) == []


@pytest.mark.parametrize(
    ("outside", "place"), [rule[1:] for rule in RULES.values()], ids=list(RULES)
)
def test_flex_just_outside_the_rule_is_refused(outside: Message, place: str) -> None:
    assert [problem.property for problem in check_messages([outside])] == [place]
