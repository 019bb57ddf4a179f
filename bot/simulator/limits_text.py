"""What LINE accepts inside text messages: LINE emojis, and the placeholders of textV2."""

import re
from collections.abc import Iterator
from typing import Any, Final

from bot.simulator.rules import Problem, Shape, array, by_type, integer, matching, text

MAX_SUBSTITUTED: Final = 20
MAX_SUBSTITUTIONS: Final = 100
PLACEHOLDER: Final = re.compile(r"\{\{|\}\}|\{([0-9A-Za-z_]{1,20})\}|[{}]")
KEY: Final = matching("[0-9A-Za-z_]{1,20}", "1 to 20 characters of [0-9A-Za-z_]")
EMOJI_KEYS: Final = {"productId": text(), "emojiId": text()}
MENTIONEE: Final = by_type({"user": Shape({"userId": text()}), "all": Shape()})
SUBSTITUTE: Final = by_type(
    {"mention": Shape({"mentionee": MENTIONEE}), "emoji": Shape(EMOJI_KEYS)}
)
EMOJIS: Final = array(Shape({"index": integer(0), **EMOJI_KEYS}), 1, MAX_SUBSTITUTED)


def emojis_at_dollars(message: dict[str, Any], path: str) -> list[Problem]:
    """Each emoji's index, in UTF-16 units, points at a `$` of the text."""
    units = message["text"].encode("utf-16-le")
    return [
        Problem(f"{path}.emojis[{i}].index", "Must be the position of a $")
        for i, emoji in enumerate(message.get("emojis", []))
        if units[2 * emoji["index"] :][:2] != b"$\0"
    ]


def substitutions(value: Any, path: str) -> list[Problem]:
    """The object that names what stands for each placeholder."""
    if not isinstance(value, dict):
        return [Problem(path, "Must be an object")]
    if len(value) > MAX_SUBSTITUTIONS:
        return [Problem(path, f"Size must be between 0 and {MAX_SUBSTITUTIONS}")]
    return [
        problem
        for key, item in value.items()
        for problem in [*KEY(key, f"{path}.{key}"), *SUBSTITUTE(item, f"{path}.{key}")]
    ]


def placeholders(message: dict[str, Any], path: str) -> list[Problem]:
    """Every placeholder has a substitute, every brace its partner, and no kind is overused."""
    named = message.get("substitution", {})
    found = list(PLACEHOLDER.finditer(message["text"]))
    problems = list(_broken(found, named, f"{path}.text"))
    if problems:
        return problems
    kinds = [named[match[1]]["type"] for match in found if match[1]]
    return [
        Problem(f"{path}.substitution", f"At most {MAX_SUBSTITUTED} of type {kind}")
        for kind in ("mention", "emoji")
        if kinds.count(kind) > MAX_SUBSTITUTED
    ]


def _broken(found: list[re.Match[str]], named: dict[str, Any], path: str) -> Iterator[Problem]:
    for match in found:
        if match[0] in "{}":
            yield Problem(path, "{ and } must be used in pairs or escaped as {{ and }}")
        if match[1] and match[1] not in named:
            yield Problem(path, f"{match[0]} must be specified in substitution")
