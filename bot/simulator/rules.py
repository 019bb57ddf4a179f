"""The small rules that message limits are made of: a value and its place in, problems out."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from bot.simulator.counting import graphemes, has_unpaired_surrogate, utf16_units

ACTION_SCHEMES: Final = ("http", "https", "line", "tel")
MAX_DEPTH: Final = 100  # far beyond any real message; keeps the recursive rules safe
PERCENT_ENCODED: Final = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
HEX_COLOR: Final = re.compile(r"#[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?")


@dataclass(frozen=True)
class Problem:
    """One thing LINE would refuse, in the words of its `details` list."""

    property: str
    message: str


Rule = Callable[[Any, str], list[Problem]]


@dataclass(frozen=True)
class Shape:
    """A JSON object: the keys it must have, those it may have, and rules between them."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    also: Sequence[Rule] = ()

    def __call__(self, value: Any, path: str) -> list[Problem]:
        """Check the object; the rules between keys run only once every key is sound."""
        if not isinstance(value, dict):
            return [Problem(path, "Must be an object")]
        problems = list(self._key_problems(value, path))
        if problems:
            return problems
        return [problem for rule in self.also for problem in rule(value, path)]

    def _key_problems(self, value: dict[str, Any], path: str) -> Iterator[Problem]:
        known = {**self.required, **self.optional}
        for key in self.required:
            if key not in value:
                yield Problem(join(path, key), "May not be empty")
        for key, item in value.items():
            if key not in known:
                yield Problem(join(path, key), "Unknown property")
                continue
            yield from known[key](item, join(path, key))


def join(path: str, key: str) -> str:
    """The path of a key inside the object at `path`."""
    return f"{path}.{key}" if path else key


def text(maximum: int | None = None, count: Callable[[str], int] = utf16_units) -> Rule:
    """A text that is not empty and not longer than the maximum."""

    def check(value: Any, path: str) -> list[Problem]:
        if not isinstance(value, str):
            return [Problem(path, "Must be a string")]
        if not value:
            return [Problem(path, "May not be empty")]
        if maximum is not None and count(value) > maximum:
            return [Problem(path, f"Length must be between 1 and {maximum}")]
        return []

    return check


def visible_text(maximum: int) -> Rule:
    """A text whose length LINE counts in graphemes: labels, titles, texts of actions."""
    return text(maximum, graphemes)


def matching(pattern: str, description: str) -> Rule:
    """A text that matches the whole regular expression."""
    compiled = re.compile(pattern)

    def check(value: Any, path: str) -> list[Problem]:
        if isinstance(value, str) and compiled.fullmatch(value):
            return []
        return [Problem(path, f"Must be {description}")]

    return check


def one_of(*values: str) -> Rule:
    """One of the listed words."""

    def check(value: Any, path: str) -> list[Problem]:
        if isinstance(value, str) and value in values:
            return []
        return [Problem(path, f"Must be one of the following values: [{', '.join(values)}]")]

    return check


def number(minimum: float, maximum: float) -> Rule:
    """A JSON number inside the range."""

    def check(value: Any, path: str) -> list[Problem]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return [Problem(path, "Must be a number")]
        if not minimum <= value <= maximum:
            return [Problem(path, f"Must be between {minimum} and {maximum}")]
        return []

    return check


def integer(minimum: int, maximum: int = 2**31 - 1) -> Rule:
    """A JSON integer inside the range."""
    in_range = number(minimum, maximum)

    def check(value: Any, path: str) -> list[Problem]:
        if isinstance(value, float):
            return [Problem(path, "Must be an integer")]
        return in_range(value, path)

    return check


def boolean(value: Any, path: str) -> list[Problem]:
    """True or false, no text that looks like it."""
    return [] if isinstance(value, bool) else [Problem(path, "Must be true or false")]


def color(value: Any, path: str) -> list[Problem]:
    """A hexadecimal colour, with or without an alpha channel."""
    if isinstance(value, str) and HEX_COLOR.fullmatch(value):
        return []
    return [Problem(path, "Must be a color in the format #RRGGBB or #RRGGBBAA")]


def https_url(value: Any, path: str) -> list[Problem]:
    """The address of a file that LINE or the phone fetches."""
    return _address(value, path, ("https",), 2000)


def action_uri(value: Any, path: str) -> list[Problem]:
    """An address that a tap opens."""
    return _address(value, path, ACTION_SCHEMES, 1000)


def array(rule: Rule, minimum: int, maximum: int) -> Rule:
    """A list of that many values, each of which obeys the rule."""

    def check(value: Any, path: str) -> list[Problem]:
        if not isinstance(value, list):
            return [Problem(path, "Must be an array")]
        if not minimum <= len(value) <= maximum:
            return [Problem(path, f"Size must be between {minimum} and {maximum}")]
        return [
            problem
            for index, item in enumerate(value)
            for problem in rule(item, f"{path}[{index}]")
        ]

    return check


def by_type(table: Mapping[str, Rule], key: str = "type") -> Rule:
    """An object whose `type` picks the rule for all its other keys."""
    known = one_of(*table)

    def check(value: Any, path: str) -> list[Problem]:
        if not isinstance(value, dict):
            return [Problem(path, "Must be an object")]
        kind = value.get(key)
        if not isinstance(kind, str) or kind not in table:
            return known(kind, join(path, key))
        return table[kind]({name: item for name, item in value.items() if name != key}, path)

    return check


def anything(_value: Any, _path: str) -> list[Problem]:
    """For a value that a later rule judges together with its neighbours."""
    return []


def json_bytes(value: Any) -> bytes:
    """The value as UTF-8 JSON; a lone surrogate stays a JSON escape, as it may arrive."""
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return compact.encode("utf-8", "backslashreplace")


def nested_values(value: Any, path: str) -> Iterator[tuple[Any, str, int]]:
    """The value and everything inside it, with path and depth, without recursion."""
    waiting = [(value, path, 0)]
    while waiting:
        current, place, depth = waiting.pop()
        yield current, place, depth
        if depth > MAX_DEPTH:
            continue
        if isinstance(current, dict):
            waiting += [(item, join(place, str(key)), depth + 1) for key, item in current.items()]
        if isinstance(current, list):
            waiting += [(item, f"{place}[{i}]", depth + 1) for i, item in enumerate(current)]


def unsound(value: Any, path: str) -> list[Problem]:
    """What makes any JSON value unfit before its rules are asked: depth and broken characters."""
    return [
        Problem(place, complaint)
        for current, place, depth in nested_values(value, path)
        for complaint in _complaints(current, depth)
    ]


def _complaints(value: Any, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        yield "Nested too deeply"
    texts = [value] if isinstance(value, str) else value if isinstance(value, dict) else []
    if any(has_unpaired_surrogate(item) for item in texts):
        yield "Must not contain an unpaired surrogate"


def _address(value: Any, path: str, schemes: Sequence[str], maximum: int) -> list[Problem]:
    problems = text(maximum)(value, path)
    if problems:
        return problems
    if not PERCENT_ENCODED.fullmatch(value):
        return [Problem(path, "Must be percent-encoded")]
    scheme, _, rest = value.partition(":")
    if scheme.lower() not in schemes or not _has_target(scheme.lower(), value, rest):
        return [Problem(path, f"Invalid URI; available schemes are [{', '.join(schemes)}]")]
    return []


def _has_target(scheme: str, value: str, rest: str) -> bool:
    if scheme not in ("http", "https"):
        return bool(rest.strip("/"))
    try:
        return bool(urlsplit(value).hostname)
    except ValueError:
        return False
