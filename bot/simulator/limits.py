"""LINE's documented limits for everything a bot can send, as one check of a list of messages."""

import re
from typing import Any, Final

from bot.simulator.house_rules import check_house_rules
from bot.simulator.limits_actions import IN_QUICK_REPLY
from bot.simulator.limits_flex import FLEX_CONTAINER
from bot.simulator.limits_template import (
    IMAGEMAP_KEYS,
    IMAGEMAP_OPTIONS,
    TEMPLATE,
    areas_inside,
)
from bot.simulator.limits_text import EMOJIS, emojis_at_dollars, placeholders, substitutions
from bot.simulator.rules import (
    Problem,
    Rule,
    Shape,
    array,
    by_type,
    https_url,
    integer,
    matching,
    number,
    text,
    unsound,
)

__all__ = ["Problem", "check_house_rules", "check_messages"]

MAX_MESSAGES: Final = 5
DIGITS: Final = matching("[0-9]+", "digits")
ALT_TEXT: Final[dict[str, Rule]] = {"altText": text(1500)}
QUOTE: Final[dict[str, Rule]] = {"quoteToken": text()}
TRACKING_ID: Final = matching(r"[-a-zA-Z0-9.=,+*()%$&;:@{}!?<>\[\]]{1,100}", "a tracking ID")
DELIVERY_TAG: Final = matching(r"[a-zA-Z0-9_]{1,30}", "a delivery tag")
# LINE names only this word of those it refuses in a sender's name.
RESERVED_NAME: Final = re.compile(r"(?<![a-z])line(?![a-z])", re.IGNORECASE)


def check_messages(messages: list[Any]) -> list[Problem]:
    """Everything LINE would refuse about these messages; an empty list when it would send them."""
    return unsound(messages, "messages") or MESSAGES(messages, "messages")


def _sender_name(value: Any, path: str) -> list[Problem]:
    problems = text(20)(value, path)
    if not problems and RESERVED_NAME.search(value):
        return [Problem(path, "May not contain a reserved word such as LINE")]
    return problems


QUICK_REPLY: Final = Shape(
    {
        "items": array(
            by_type({"action": Shape({"action": IN_QUICK_REPLY}, {"imageUrl": https_url})}), 1, 13
        )
    }
)
COMMON: Final[dict[str, Rule]] = {
    "quickReply": QUICK_REPLY,
    "sender": Shape(optional={"name": _sender_name, "iconUrl": https_url}),
}
PREVIEWED: Final[dict[str, Rule]] = {"originalContentUrl": https_url, "previewImageUrl": https_url}
MESSAGE_TYPES: Final[dict[str, Rule]] = {
    "text": Shape(
        {"text": text(5000)}, {"emojis": EMOJIS, **QUOTE, **COMMON}, also=(emojis_at_dollars,)
    ),
    "textV2": Shape(
        {"text": text(5000)},
        {"substitution": substitutions, **QUOTE, **COMMON},
        also=(placeholders,),
    ),
    "sticker": Shape({"packageId": DIGITS, "stickerId": DIGITS}, {**QUOTE, **COMMON}),
    "image": Shape(PREVIEWED, COMMON),
    "video": Shape(PREVIEWED, {"trackingId": TRACKING_ID, **COMMON}),
    "audio": Shape({"originalContentUrl": https_url, "duration": integer(1)}, COMMON),
    "location": Shape(
        {
            "title": text(100),
            "address": text(100),
            "latitude": number(-90, 90),
            "longitude": number(-180, 180),
        },
        COMMON,
    ),
    "coupon": Shape({"couponId": text()}, {"deliveryTag": DELIVERY_TAG, **COMMON}),
    "imagemap": Shape(IMAGEMAP_KEYS, {**IMAGEMAP_OPTIONS, **COMMON}, also=(areas_inside,)),
    "template": Shape({**ALT_TEXT, "template": TEMPLATE}, COMMON),
    "flex": Shape({**ALT_TEXT, "contents": FLEX_CONTAINER}, COMMON),
}
MESSAGES: Final = array(by_type(MESSAGE_TYPES), 1, MAX_MESSAGES)
