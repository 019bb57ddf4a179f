"""What LINE accepts as a template message and as an imagemap."""

from collections.abc import Mapping
from typing import Any, Final

from bot.simulator.limits_actions import IN_IMAGE_CAROUSEL, IN_TEMPLATE
from bot.simulator.rules import (
    Problem,
    Rule,
    Shape,
    action_uri,
    array,
    by_type,
    https_url,
    integer,
    matching,
    one_of,
    text,
    visible_text,
)

IMAGEMAP_WIDTH: Final = 1040
MAX_TEXT_WITH_PICTURE: Final = 60
RGB: Final = matching("#[0-9A-Fa-f]{6}", "a color in the format #RRGGBB")
PICTURE_KEYS: Final = ("thumbnailImageUrl", "title")


def _short_beside_picture(template: dict[str, Any], path: str) -> list[Problem]:
    if not any(key in template for key in PICTURE_KEYS):
        return []
    return visible_text(MAX_TEXT_WITH_PICTURE)(template["text"], f"{path}.text")


def _same_columns(carousel: dict[str, Any], path: str) -> list[Problem]:
    columns = carousel["columns"]
    traits: dict[str, set[Any]] = {
        "All columns need the same number of actions": {len(col["actions"]) for col in columns},
        "Set an image in all columns or in none": {"thumbnailImageUrl" in col for col in columns},
        "Set a title in all columns or in none": {"title" in col for col in columns},
    }
    return [
        Problem(f"{path}.columns", complaint)
        for complaint, values in traits.items()
        if len(values) > 1
    ]


PICTURE_STYLE: Final = {
    "imageAspectRatio": one_of("rectangle", "square"),
    "imageSize": one_of("cover", "contain"),
}
CARD: Final[Mapping[str, Rule]] = {
    "thumbnailImageUrl": https_url,
    "imageBackgroundColor": RGB,
    "title": visible_text(40),
    "defaultAction": IN_TEMPLATE,
}
BUTTONS: Final = Shape(
    {"text": visible_text(160), "actions": array(IN_TEMPLATE, 1, 4)},
    {**CARD, **PICTURE_STYLE},
    also=(_short_beside_picture,),
)
CONFIRM: Final = Shape({"text": visible_text(240), "actions": array(IN_TEMPLATE, 2, 2)})
COLUMN: Final = Shape(
    {"text": visible_text(120), "actions": array(IN_TEMPLATE, 1, 3)},
    CARD,
    also=(_short_beside_picture,),
)
CAROUSEL: Final = Shape({"columns": array(COLUMN, 1, 10)}, PICTURE_STYLE, also=(_same_columns,))
IMAGE_COLUMN: Final = Shape({"imageUrl": https_url, "action": IN_IMAGE_CAROUSEL})
TEMPLATE: Final = by_type(
    {
        "buttons": BUTTONS,
        "confirm": CONFIRM,
        "carousel": CAROUSEL,
        "image_carousel": Shape({"columns": array(IMAGE_COLUMN, 1, 10)}),
    }
)


def areas_inside(imagemap: dict[str, Any], path: str) -> list[Problem]:
    """Every tappable area and the video lie inside the base image."""
    places = {f"{path}.actions[{i}]": act for i, act in enumerate(imagemap["actions"])}
    if "video" in imagemap:
        places[f"{path}.video"] = imagemap["video"]
    size = imagemap["baseSize"]
    return [
        Problem(f"{place}.area", "Must lie inside the base image")
        for place, holder in places.items()
        if _right(holder["area"]) > size["width"] or _bottom(holder["area"]) > size["height"]
    ]


def _right(area: Mapping[str, int]) -> int:
    return area["x"] + area["width"]


def _bottom(area: Mapping[str, int]) -> int:
    return area["y"] + area["height"]


AREA: Final = Shape({"x": integer(0), "y": integer(0), "width": integer(1), "height": integer(1)})
SPOKEN_LABEL: Final = {"label": visible_text(100)}
IMAGEMAP_ACTION: Final = by_type(
    {
        "uri": Shape({"linkUri": action_uri, "area": AREA}, SPOKEN_LABEL),
        "message": Shape({"text": visible_text(400), "area": AREA}, SPOKEN_LABEL),
        "clipboard": Shape({"clipboardText": text(1000), "area": AREA}, SPOKEN_LABEL),
    }
)
IMAGEMAP_VIDEO: Final = Shape(
    {"originalContentUrl": https_url, "previewImageUrl": https_url, "area": AREA},
    {"externalLink": Shape({"linkUri": action_uri, "label": visible_text(30)})},
)
IMAGEMAP_KEYS: Final[Mapping[str, Rule]] = {
    "baseUrl": https_url,
    "altText": text(1500),
    "baseSize": Shape({"width": integer(IMAGEMAP_WIDTH, IMAGEMAP_WIDTH), "height": integer(1)}),
    "actions": array(IMAGEMAP_ACTION, 0, 50),
}
IMAGEMAP_OPTIONS: Final[Mapping[str, Rule]] = {"video": IMAGEMAP_VIDEO}
