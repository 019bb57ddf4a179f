"""Wordings put together that ask the same; what was put together once is remembered by its hash."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from handlers.staff.desk import Desk
from knowledge import grouping


def groups(desk: Desk, texts: Iterable[str]) -> tuple[grouping.Group, ...]:
    """The positions of normalised texts that belong together."""
    return _groups(_Texts(tuple(texts), desk))


class _Texts:
    """Texts that stand for the same when they are the same; only their hash is remembered."""

    def __init__(self, texts: tuple[str, ...], desk: Desk) -> None:
        self._digest = hashlib.sha256("\n".join(texts).encode()).digest()
        self._left: list[Any] = [texts, desk.kb.tokenizer]

    def groups(self) -> tuple[grouping.Group, ...]:
        """Put the texts together, and let go of them."""
        texts, tokenizer = self._left
        self._left.clear()
        return tuple(grouping.groups(texts, tokenizer))

    def __hash__(self) -> int:
        return hash(self._digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Texts) and self._digest == other._digest


@lru_cache(maxsize=16)
def _groups(texts: _Texts) -> tuple[grouping.Group, ...]:
    return texts.groups()
