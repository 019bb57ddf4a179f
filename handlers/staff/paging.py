"""Which part of a long list a page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import request

Row = TypeVar("Row")


@dataclass(frozen=True)
class Part:
    """One page of a list of rows."""

    page: int
    pages: int
    size: int

    @property
    def start(self) -> int:
        """How many rows come before it."""
        return (self.page - 1) * self.size

    def of(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Its rows of the whole list."""
        return rows[self.start : self.start + self.size]


def asked(count: int, size: int) -> Part:
    """The page of the address: the first for what is no number or below it, the last for what is beyond."""
    pages = max(1, -(-count // size))
    return Part(min(max(1, request.args.get("page", 1, type=int)), pages), pages, size)
