"""Our own rules beyond LINE's: Flex that grows with the reader's text size and stays legible."""

from collections.abc import Iterator
from typing import Any, Final

from bot.simulator.rules import Problem, nested_values

FORBIDDEN_ON_TEXT: Final = {
    "maxLines": "Cuts text off when it is enlarged",
    "adjustMode": "Undoes the reader's text size",
}
SPEAKING_TYPES: Final = ("text", "textV2")


def check_house_rules(messages: list[Any]) -> list[Problem]:
    """What our readers would suffer from in messages that LINE itself accepts."""
    return [*_first_is_text(messages), *_flex_problems(messages)]


def _first_is_text(messages: list[Any]) -> list[Problem]:
    if messages and messages[0].get("type") in SPEAKING_TYPES:
        return []
    return [Problem("messages[0].type", "The first message must be text")]


def _flex_problems(messages: list[Any]) -> list[Problem]:
    return [
        problem
        for index, message in enumerate(messages)
        if message.get("type") == "flex"
        for node, path, _ in nested_values(message["contents"], f"messages[{index}].contents")
        if isinstance(node, dict)
        for problem in NODE_RULES.get(node.get("type", ""), _nothing)(node, path)
    ]


def _nothing(_node: dict[str, Any], _path: str) -> Iterator[Problem]:
    yield from ()


def _text(node: dict[str, Any], path: str) -> Iterator[Problem]:
    for key in ("scaling", "wrap"):
        if node.get(key) is not True:
            yield Problem(f"{path}.{key}", "Must be true")
    if "color" not in node:
        yield Problem(f"{path}.color", "Must be explicit, for dark screens")
    yield from _forbidden(node, path)


def _button(node: dict[str, Any], path: str) -> Iterator[Problem]:
    if node.get("scaling") is not True:
        yield Problem(f"{path}.scaling", "Must be true")
    yield from _forbidden(node, path)


def _forbidden(node: dict[str, Any], path: str) -> Iterator[Problem]:
    for key, reason in FORBIDDEN_ON_TEXT.items():
        if key in node:
            yield Problem(f"{path}.{key}", reason)


def _bubble(node: dict[str, Any], path: str) -> Iterator[Problem]:
    style = node.get("styles", {}).get("body", {})
    body = node.get("body", {})
    if "backgroundColor" not in style and "backgroundColor" not in body:
        yield Problem(f"{path}.body.backgroundColor", "Must be explicit, for dark screens")


NODE_RULES: Final = {"text": _text, "button": _button, "bubble": _bubble}
