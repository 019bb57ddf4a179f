"""What LINE accepts as a Flex container, from the carousel down to the span."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bot.simulator.limits_actions import IN_FLEX, IN_FLEX_BUTTON, IN_FLEX_VIDEO
from bot.simulator.rules import (
    Problem,
    Rule,
    Shape,
    anything,
    array,
    boolean,
    by_type,
    color,
    https_url,
    integer,
    json_bytes,
    matching,
    nested_values,
    one_of,
    text,
)

# LINE does not say whether a KB is 1000 or 1024 bytes; the smaller reading is the safe one.
MAX_BUBBLE_BYTES: Final = 30_000
MAX_CAROUSEL_BYTES: Final = 50_000
MAX_BUBBLES: Final = 12
MAX_ANIMATED_IMAGES: Final = 10
DEFAULT_BUBBLE_SIZE: Final = "mega"
BUBBLE_SIZES: Final = ("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")
VIDEO_BUBBLE_SIZES: Final = ("kilo", "mega", "giga")
BLOCKS: Final = ("header", "hero", "body", "footer")
BOX_CHILDREN: Final = ("box", "button", "image", "text", "separator", "filler")
BASELINE_CHILDREN: Final = ("icon", "text", "filler")
LAYOUT_CHILDREN: Final = {
    "horizontal": BOX_CHILDREN,
    "vertical": BOX_CHILDREN,
    "baseline": BASELINE_CHILDREN,
}
ANY_COUNT: Final = 10_000  # the size limit of the bubble comes first

PIXELS: Final = r"\d+(?:\.\d+)?px"
PERCENT: Final = r"\d+(?:\.\d+)?%"
GAP_WORDS: Final = "none|xs|sm|md|lg|xl|xxl"
SIZE_WORDS: Final = "xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl"
RATIO: Final = re.compile(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)", re.ASCII)
MAX_RATIO: Final = 100_000
MAX_HEIGHT_PER_WIDTH: Final = 3

GAP: Final = matching(f"{GAP_WORDS}|{PIXELS}", "a spacing keyword or pixels")
GAP_OR_PERCENT: Final = matching(
    f"{GAP_WORDS}|{PIXELS}|{PERCENT}", "a spacing keyword, pixels or a percentage"
)
FONT_SIZE: Final = matching(f"{SIZE_WORDS}|{PIXELS}", "a size keyword or pixels")
IMAGE_SIZE: Final = matching(
    f"{SIZE_WORDS}|full|{PIXELS}|{PERCENT}", "a size keyword, pixels or a percentage"
)
LENGTH: Final = matching(f"{PIXELS}|{PERCENT}", "pixels or a percentage")
BORDER: Final = matching(
    f"none|light|normal|medium|semi-bold|bold|{PIXELS}", "a border keyword or pixels"
)
ANGLE: Final = matching(r"(?:[0-2]?\d?\d|3[0-5]\d)(?:\.\d+)?deg", "an angle from 0deg to 360deg")
STOP: Final = matching(r"(?:\d?\d(?:\.\d+)?|100(?:\.0+)?)%", "a percentage from 0% to 100%")


def aspect_ratio(value: Any, path: str) -> list[Problem]:
    """Width to height, the height at most three times the width."""
    found = RATIO.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return [Problem(path, "Must be in the format {width}:{height}")]
    width, height = float(found[1]), float(found[2])
    if not (1 <= width <= MAX_RATIO and 1 <= height <= MAX_RATIO):
        return [Problem(path, f"Width and height must be between 1 and {MAX_RATIO}")]
    if height > MAX_HEIGHT_PER_WIDTH * width:
        return [Problem(path, "Height can't be more than three times the width")]
    return []


def _text_or_spans(component: dict[str, Any], path: str) -> list[Problem]:
    if ("text" in component) == ("contents" in component):
        return [Problem(f"{path}.text", "Specify either text or contents")]
    return []


def _box_contents(box: dict[str, Any], path: str) -> list[Problem]:
    allowed = {kind: COMPONENTS[kind] for kind in LAYOUT_CHILDREN[box["layout"]]}
    return array(by_type(allowed), 0, ANY_COUNT)(box["contents"], f"{path}.contents")


def _has_a_block(bubble: dict[str, Any], path: str) -> list[Problem]:
    return [] if any(block in bubble for block in BLOCKS) else [Problem(path, "At least one block")]


def _video_fits(bubble: dict[str, Any], path: str) -> list[Problem]:
    if not _has_video(bubble) or bubble.get("size", DEFAULT_BUBBLE_SIZE) in VIDEO_BUBBLE_SIZES:
        return []
    return [Problem(f"{path}.hero.type", f"A video needs a bubble of {list(VIDEO_BUBBLE_SIZES)}")]


def _no_video_in_carousel(carousel: dict[str, Any], path: str) -> list[Problem]:
    return [
        Problem(f"{path}.contents[{index}].hero.type", "A video can't be used in a carousel")
        for index, bubble in enumerate(carousel["contents"])
        if _has_video(bubble)
    ]


def _has_video(bubble: Mapping[str, Any]) -> bool:
    return "hero" in bubble and bubble["hero"]["type"] == "video"


def _same_sizes(carousel: dict[str, Any], path: str) -> list[Problem]:
    sizes = {bubble.get("size", DEFAULT_BUBBLE_SIZE) for bubble in carousel["contents"]}
    if len(sizes) > 1:
        return [Problem(f"{path}.contents", "All bubbles must have the same size")]
    return []


def _at_most_bytes(maximum: int, kind: str) -> Rule:
    def check(container: Any, path: str) -> list[Problem]:
        # The `type` key was taken off on the way here; it counts all the same.
        if len(json_bytes({"type": kind, **container})) > maximum:
            return [Problem(path, f"JSON size must be at most {maximum} bytes")]
        return []

    return check


def _few_animations(container: dict[str, Any], path: str) -> list[Problem]:
    nested = [value for value, _, _ in nested_values(container, path)]
    animated = [value for value in nested if isinstance(value, dict) and value.get("animated")]
    if len(animated) > MAX_ANIMATED_IMAGES:
        return [Problem(path, f"At most {MAX_ANIMATED_IMAGES} images can be animated")]
    return []


FLEX: Final = {"flex": integer(0)}
MARGIN: Final = {"margin": GAP}
PLACED: Final = {
    **MARGIN,
    "position": one_of("relative", "absolute"),
    "offsetTop": GAP_OR_PERCENT,
    "offsetBottom": GAP_OR_PERCENT,
    "offsetStart": GAP_OR_PERCENT,
    "offsetEnd": GAP_OR_PERCENT,
}
ALIGN: Final = {"align": one_of("start", "end", "center")}
GRAVITY: Final = {"gravity": one_of("top", "bottom", "center")}
SHRINK: Final = {"adjustMode": one_of("shrink-to-fit")}
LETTERING: Final = {
    "size": FONT_SIZE,
    "color": color,
    "weight": one_of("regular", "bold"),
    "style": one_of("normal", "italic"),
    "decoration": one_of("none", "underline", "line-through"),
}
SPAN: Final = Shape(optional={"text": text(), **LETTERING})
TEXT: Final = Shape(
    optional={
        "text": text(),
        "contents": array(by_type({"span": SPAN}), 1, ANY_COUNT),
        "scaling": boolean,
        "wrap": boolean,
        "lineSpacing": matching(PIXELS, "pixels"),
        "maxLines": integer(0),
        "action": IN_FLEX,
        **LETTERING,
        **FLEX,
        **PLACED,
        **ALIGN,
        **GRAVITY,
        **SHRINK,
    },
    also=(_text_or_spans,),
)
BUTTON: Final = Shape(
    {"action": IN_FLEX_BUTTON},
    {
        "height": one_of("sm", "md"),
        "style": one_of("primary", "secondary", "link"),
        "color": color,
        "scaling": boolean,
        **FLEX,
        **PLACED,
        **GRAVITY,
        **SHRINK,
    },
)
IMAGE: Final = Shape(
    {"url": https_url},
    {
        "size": IMAGE_SIZE,
        "aspectRatio": aspect_ratio,
        "aspectMode": one_of("cover", "fit"),
        "backgroundColor": color,
        "action": IN_FLEX,
        "animated": boolean,
        **FLEX,
        **PLACED,
        **ALIGN,
        **GRAVITY,
    },
)
ICON: Final = Shape(
    {"url": https_url},
    {"size": FONT_SIZE, "scaling": boolean, "aspectRatio": aspect_ratio, **PLACED},
)
SEPARATOR: Final = Shape(optional={"color": color, **MARGIN})
FILLER: Final = Shape(optional=FLEX)
GRADIENT: Final = Shape(
    {"angle": ANGLE, "startColor": color, "endColor": color},
    {"centerColor": color, "centerPosition": STOP},
)
BOX: Final = Shape(
    {"layout": one_of(*LAYOUT_CHILDREN), "contents": anything},
    {
        "spacing": GAP,
        "backgroundColor": color,
        "borderColor": color,
        "borderWidth": BORDER,
        "cornerRadius": GAP,
        "width": LENGTH,
        "maxWidth": LENGTH,
        "height": LENGTH,
        "maxHeight": LENGTH,
        "paddingAll": GAP_OR_PERCENT,
        "paddingTop": GAP_OR_PERCENT,
        "paddingBottom": GAP_OR_PERCENT,
        "paddingStart": GAP_OR_PERCENT,
        "paddingEnd": GAP_OR_PERCENT,
        "action": IN_FLEX,
        "justifyContent": one_of(
            "center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"
        ),
        "alignItems": one_of("center", "flex-start", "flex-end"),
        "background": by_type({"linearGradient": GRADIENT}),
        **FLEX,
        **PLACED,
    },
    also=(_box_contents,),
)
VIDEO: Final = Shape(
    {
        "url": https_url,
        "previewUrl": https_url,
        "altContent": by_type({"box": BOX, "image": IMAGE}),
    },
    {"aspectRatio": aspect_ratio, "action": IN_FLEX_VIDEO},
)
COMPONENTS: Final[Mapping[str, Shape]] = {
    "box": BOX,
    "button": BUTTON,
    "image": IMAGE,
    "text": TEXT,
    "icon": ICON,
    "separator": SEPARATOR,
    "filler": FILLER,
}
BLOCK_STYLE: Final = Shape(
    optional={"backgroundColor": color, "separator": boolean, "separatorColor": color}
)
BOX_BLOCK: Final = by_type({"box": BOX})
BUBBLE: Final = Shape(
    optional={
        "size": one_of(*BUBBLE_SIZES),
        "direction": one_of("ltr", "rtl"),
        "header": BOX_BLOCK,
        "hero": by_type({"box": BOX, "image": IMAGE, "video": VIDEO}),
        "body": BOX_BLOCK,
        "footer": BOX_BLOCK,
        "styles": Shape(optional=dict.fromkeys(BLOCKS, BLOCK_STYLE)),
        "action": IN_FLEX,
    },
    also=(_has_a_block, _video_fits, _at_most_bytes(MAX_BUBBLE_BYTES, "bubble")),
)
CAROUSEL: Final = Shape(
    {"contents": array(by_type({"bubble": BUBBLE}), 1, MAX_BUBBLES)},
    also=(_same_sizes, _no_video_in_carousel, _at_most_bytes(MAX_CAROUSEL_BYTES, "carousel")),
)
FLEX_CONTAINER: Final = by_type(
    {
        "bubble": replace(BUBBLE, also=(*BUBBLE.also, _few_animations)),
        "carousel": replace(CAROUSEL, also=(*CAROUSEL.also, _few_animations)),
    }
)
