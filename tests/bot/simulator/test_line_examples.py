"""Example messages from LINE's own reference, which the SDK and our limits both accept."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from linebot.v3.messaging import Message

from bot.simulator.limits import check_messages

STRANGE_VALUES: Final = (None, True, -1, 1.5, "", "字", [], {}, [None], {"type": ["text"]})
BUY: Final = {"type": "postback", "label": "Buy", "data": "action=buy&itemid=111"}
VIEW: Final = {"type": "uri", "label": "View detail", "uri": "http://example.com/page/111"}
YES: Final = {"type": "message", "label": "Yes", "text": "yes"}
COLUMN: Final = {
    "thumbnailImageUrl": "https://example.com/bot/images/item1.jpg",
    "imageBackgroundColor": "#FFFFFF",
    "title": "this is menu",
    "text": "description",
    "defaultAction": VIEW,
    "actions": [BUY, VIEW],
}


def flex(**bubble: Any) -> dict[str, Any]:
    contents = {"type": "bubble", **bubble}
    return {"type": "flex", "altText": "this is a flex message", "contents": contents}


def vertical(*contents: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"type": "box", "layout": "vertical", "contents": list(contents), **keys}


def template(**keys: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "This is a template", "template": keys}


def mutants(value: Any) -> Iterator[Any]:
    """The value with one part of it, however deep, replaced by something strange."""
    yield from STRANGE_VALUES
    if isinstance(value, dict):
        for key, item in value.items():
            yield from ({**value, key: changed} for changed in mutants(item))
            yield {name: kept for name, kept in value.items() if name != key}
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from ([*value[:index], changed, *value[index + 1 :]] for changed in mutants(item))


EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": "text", "text": "Hello, world"},
    "text with LINE emoji": {
        "type": "text",
        "text": "$ LINE emoji $",
        "emojis": [
            {"index": 0, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"},
            {"index": 13, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "002"},
        ],
    },
    "text with sender": {
        "type": "text",
        "text": "Hello, I am Cony!!",
        "sender": {"name": "Cony", "iconUrl": "https://line.me/conyprof"},
    },
    "text v2": {
        "type": "textV2",
        "text": "Welcome, {user1}! {laugh}\n{everyone} There is a newcomer!",
        "substitution": {
            "user1": {"type": "mention", "mentionee": {"type": "user", "userId": "U49585cd0d5..."}},
            "laugh": {
                "type": "emoji",
                "productId": "5a8555cfe6256cc92ea23c2a",
                "emojiId": "002",
            },
            "everyone": {"type": "mention", "mentionee": {"type": "all"}},
        },
    },
    "sticker": {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    "image": {
        "type": "image",
        "originalContentUrl": "https://example.com/original.jpg",
        "previewImageUrl": "https://example.com/preview.jpg",
    },
    "video": {
        "type": "video",
        "originalContentUrl": "https://example.com/original.mp4",
        "previewImageUrl": "https://example.com/preview.jpg",
        "trackingId": "track-id",
    },
    "audio": {
        "type": "audio",
        "originalContentUrl": "https://example.com/original.m4a",
        "duration": 60000,
    },
    "location": {
        "type": "location",
        "title": "my location",
        "address": "1-3 Kioicho, Chiyoda-ku, Tokyo, 102-8282, Japan",
        "latitude": 35.67966,
        "longitude": 139.73669,
    },
    "coupon": {
        "type": "coupon",
        "couponId": "01JYNW8JMQVFBNWF1APF8Z3FS7",
        "deliveryTag": "2025_winter_campaign",
    },
    "quick reply": {
        "type": "text",
        "text": "Select",
        "quickReply": {
            "items": [
                {"type": "action", "action": {"type": "cameraRoll", "label": "Send photo"}},
                {"type": "action", "action": {"type": "camera", "label": "Open camera"}},
                {"type": "action", "action": {"type": "location", "label": "Location"}},
            ]
        },
    },
    "imagemap": {
        "type": "imagemap",
        "baseUrl": "https://example.com/bot/images/rm001",
        "altText": "This is an imagemap",
        "baseSize": {"width": 1040, "height": 1040},
        "video": {
            "originalContentUrl": "https://example.com/video.mp4",
            "previewImageUrl": "https://example.com/video_preview.jpg",
            "area": {"x": 0, "y": 0, "width": 1040, "height": 585},
            "externalLink": {"linkUri": "https://example.com/see_more.html", "label": "See More"},
        },
        "actions": [
            {
                "type": "uri",
                "linkUri": "https://example.com/",
                "area": {"x": 0, "y": 586, "width": 520, "height": 454},
            },
            {
                "type": "message",
                "text": "Hello",
                "area": {"x": 520, "y": 586, "width": 520, "height": 454},
            },
        ],
    },
    "buttons": template(
        type="buttons",
        thumbnailImageUrl="https://example.com/bot/images/image.jpg",
        imageAspectRatio="rectangle",
        imageSize="cover",
        imageBackgroundColor="#FFFFFF",
        title="Menu",
        text="Please select",
        defaultAction=VIEW,
        actions=[BUY, VIEW],
    ),
    "confirm": template(type="confirm", text="Are you sure?", actions=[YES, YES]),
    "carousel": template(
        type="carousel",
        columns=[COLUMN, COLUMN],
        imageAspectRatio="rectangle",
        imageSize="cover",
    ),
    "image carousel": template(
        type="image_carousel",
        columns=[{"imageUrl": "https://example.com/bot/images/item1.jpg", "action": BUY}],
    ),
    "date picker": template(
        type="buttons",
        text="Please select",
        actions=[
            {
                "type": "datetimepicker",
                "label": "Select date",
                "data": "storeId=12345",
                "mode": "datetime",
                "initial": "2017-12-25t00:00",
                "max": "2018-01-24t23:59",
                "min": "2017-12-25t00:00",
            }
        ],
    ),
    "flex": flex(
        header=vertical({"type": "text", "text": "Header text"}),
        hero={"type": "image", "url": "https://example.com/flex/images/image.jpg"},
        body=vertical({"type": "text", "text": "Body text"}),
        footer=vertical({"type": "text", "text": "Footer text"}),
        styles={
            "header": {"backgroundColor": "#00ffff"},
            "hero": {"separator": True, "separatorColor": "#000000"},
        },
    ),
    "flex box": flex(
        body=vertical(
            {"type": "image", "url": "https://example.com/flex/images/image.jpg"},
            {"type": "separator"},
            {"type": "text", "text": "Text in the box"},
            vertical(
                width="30px",
                height="30px",
                background={
                    "type": "linearGradient",
                    "angle": "90deg",
                    "startColor": "#FFFF00",
                    "endColor": "#0080ff",
                },
            ),
            height="400px",
            justifyContent="space-evenly",
            alignItems="center",
        )
    ),
    "flex video": flex(
        size="mega",
        hero={
            "type": "video",
            "url": "https://example.com/video.mp4",
            "previewUrl": "https://example.com/video_preview.jpg",
            "altContent": {
                "type": "image",
                "size": "full",
                "aspectRatio": "20:13",
                "aspectMode": "cover",
                "url": "https://example.com/image.jpg",
            },
            "aspectRatio": "20:13",
        },
    ),
    "flex span": flex(
        body=vertical(
            {
                "type": "text",
                "contents": [
                    {
                        "type": "span",
                        "text": "蛙",
                        "size": "xxl",
                        "weight": "bold",
                        "style": "italic",
                        "color": "#4f8f00",
                    }
                ],
            }
        )
    ),
}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))
def test_the_sdk_and_the_limits_accept_lines_own_example(example: dict[str, Any]) -> None:
    as_sent = Message.from_dict(example).to_dict()
    assert check_messages([example]) == []
    assert check_messages([as_sent]) == []
    assert as_sent.keys() == example.keys()


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))
def test_any_value_in_any_place_of_an_example_is_judged_without_a_crash(
    example: dict[str, Any],
) -> None:
    judged = [check_messages([changed]) for changed in mutants(example)]
    assert all(isinstance(problems, list) for problems in judged)
