"""What the pages of the staff's desk work with, handed over once when the site is made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from werkzeug.wrappers import Response

from handlers.staff.entry_list import EntryList
from knowledge import plan
from knowledge.base import KnowledgeBase
from knowledge.records.link_checks import LinkResult
from knowledge.records.store import Store

Page = str | Response | tuple[str, int]
"""What a page answers."""


@dataclass(frozen=True)
class Desk:
    """The knowledge, the records and the clock (seconds since 1970); `check_link` asks a page."""

    kb: KnowledgeBase
    records: Store
    clock: Callable[[], float]
    secret_key: bytes
    base_url: str
    check_link: Callable[[str], LinkResult]

    def today(self) -> date:
        """The date in Japan."""
        return plan.today(datetime.fromtimestamp(self.clock(), tz=UTC))

    @cached_property
    def entries(self) -> EntryList:
        """Every entry as the lists show it, read once for all pages."""
        return EntryList(self.kb)

    @property
    def is_secure(self) -> bool:
        """True when people reach the site by https."""
        return self.base_url.startswith("https://")
