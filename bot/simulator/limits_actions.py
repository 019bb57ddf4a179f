"""What LINE accepts as an action, in each place that can hold one."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from bot.simulator.rules import (
    Problem,
    Rule,
    Shape,
    action_uri,
    by_type,
    one_of,
    text,
    visible_text,
)

INPUT_OPTIONS: Final = ("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice")
MESSAGE_ACTIONS: Final = ("postback", "message", "uri", "datetimepicker", "clipboard")
# camera, cameraRoll and location work only in quick replies; richmenuswitch only in rich menus.
QUICK_REPLY_ACTIONS: Final = (*MESSAGE_ACTIONS, "camera", "cameraRoll", "location")
MOMENT_FORMATS: Final = {
    "date": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    "time": re.compile(r"\d\d:\d\d", re.ASCII),
    "datetime": re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d", re.ASCII),
}
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
CALL: Final = re.compile(r"tel:(?=.*\d)(?:[0-9+*-]|%23)+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """Where an action stands: which types it may have there and what its label must be."""

    types: tuple[str, ...]
    label: Rule
    label_required: bool
    desktop_uri: bool = True


def action_in(place: Place) -> Rule:
    """The rule for an action in that place."""
    return by_type({kind: _in_place(ACTIONS[kind], place) for kind in place.types})


def _in_place(action: Shape, place: Place) -> Shape:
    label = {"label": place.label}
    optional = {
        key: rule for key, rule in action.optional.items() if place.desktop_uri or key != "altUri"
    }
    if place.label_required:
        return Shape({**action.required, **label}, optional, action.also)
    return Shape(action.required, {**optional, **label}, action.also)


def _one_text_only(action: dict[str, Any], path: str) -> list[Problem]:
    if "displayText" in action and "text" in action:
        return [Problem(f"{path}.text", "displayText and text can't both be used")]
    return []


def _fill_in_needs_keyboard(action: dict[str, Any], path: str) -> list[Problem]:
    if "fillInText" in action and action.get("inputOption") != "openKeyboard":
        return [Problem(f"{path}.fillInText", "Valid only if inputOption is openKeyboard")]
    return []


def _moments(action: dict[str, Any], path: str) -> list[Problem]:
    named = {key: action[key] for key in ("initial", "max", "min") if key in action}
    moments = {key: _moment(action["mode"], value) for key, value in named.items()}
    broken = [key for key, moment in moments.items() if moment is None]
    if broken:
        return [Problem(f"{path}.{key}", f"Must be a valid {action['mode']}") for key in broken]
    if "min" in named and "max" in named and not str(moments["min"]) < str(moments["max"]):
        return [Problem(f"{path}.max", "Must be greater than min")]
    return []


def _moment(mode: str, value: Any) -> date | time | None:
    if not isinstance(value, str) or not MOMENT_FORMATS[mode].fullmatch(value):
        return None
    try:
        if mode == "time":
            return time.fromisoformat(value)
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _opens(value: Any, path: str) -> list[Problem]:
    """An address that does something: LINE takes any tel:, but a telephone dials only these."""
    problems = action_uri(value, path)
    if problems or not value.lower().startswith("tel:") or CALL.fullmatch(value):
        return problems
    return [Problem(path, "A telephone number has only digits, +, -, * and %23")]


ACTIONS: Final = {
    "postback": Shape(
        {"data": text(300)},
        {
            "displayText": visible_text(300),
            "text": visible_text(300),
            "inputOption": one_of(*INPUT_OPTIONS),
            "fillInText": visible_text(300),
        },
        also=(_one_text_only, _fill_in_needs_keyboard),
    ),
    "message": Shape({"text": visible_text(300)}),
    "uri": Shape({"uri": _opens}, {"altUri": Shape({"desktop": _opens})}),
    "datetimepicker": Shape(
        {"data": text(300), "mode": one_of(*MOMENT_FORMATS)},
        {"initial": text(), "max": text(), "min": text()},
        also=(_moments,),
    ),
    "clipboard": Shape({"clipboardText": text(1000)}),
    "camera": Shape(),
    "cameraRoll": Shape(),
    "location": Shape(),
}
# altUri.desktop does nothing in a quick reply: LINE for PC shows none.
IN_QUICK_REPLY: Final = action_in(
    Place(QUICK_REPLY_ACTIONS, visible_text(20), label_required=True, desktop_uri=False)
)
IN_TEMPLATE: Final = action_in(Place(MESSAGE_ACTIONS, visible_text(20), label_required=True))
IN_IMAGE_CAROUSEL: Final = action_in(Place(MESSAGE_ACTIONS, visible_text(12), label_required=False))
IN_FLEX_BUTTON: Final = action_in(Place(MESSAGE_ACTIONS, visible_text(40), label_required=True))
IN_FLEX: Final = action_in(Place(MESSAGE_ACTIONS, visible_text(40), label_required=False))
IN_FLEX_VIDEO: Final = action_in(Place(("uri",), visible_text(40), label_required=False))
