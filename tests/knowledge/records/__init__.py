"""What all tests of the records need."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Engine

Result = TypeVar("Result")


def on(engine: Engine, act: Callable[..., Result], *arguments: Any) -> Result:
    """Call a function of the records in a transaction of its own."""
    with engine.begin() as connection:
        return act(connection, *arguments)
