"""Calls of the local LINE's API, for the tests that make them by hand."""

from collections.abc import Callable
from typing import Any, Final

import urllib3

from bot.simulator.events import EXAMPLE_USER

Call = Callable[..., urllib3.BaseHTTPResponse]

HELLO: Final = {"type": "text", "text": "こんにちは"}
EMPTY: Final = {"type": "text", "text": ""}
KEY: Final = "123e4567-e89b-12d3-a456-426614174000"


def a_push(*messages: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"to": EXAMPLE_USER, "messages": list(messages or [HELLO]), **keys}
