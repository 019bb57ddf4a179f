"""The figures everybody may see on `GET /`: how much is covered, how good, how fresh."""

import json
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.parts import Parts
from knowledge import plan
from knowledge.entry import CATEGORIES
from knowledge.records import figures, release, store
from knowledge.records.figures import Window

log = logging.getLogger(__name__)

KEPT_SECONDS = 300.0
DAYS = 30
LEAST_QUESTIONS = 100
"""A share of fewer says little, and might say something of one person."""

BASELINE_FILE = Path(__file__).parents[1] / "tests" / "questions" / "baseline.json"
"""In the repository, but not in an installed package; the figure is then left out."""


@dataclass(frozen=True)
class OpenFigures:
    """None where there is nothing to tell; shares are percentages."""

    count: int
    categories: tuple[tuple[str, int], ...]
    right_first: str | None
    unanswered: str | None
    updated_on: date | None


def collect(parts: Parts) -> OpenFigures:
    """Count now; a database that is down takes away its figures, not the page."""
    entries = parts.kb.public_entries(parts.today())
    covered: Counter[str] = Counter(entry.category for entry in entries)
    unanswered, updated_on = _from_records(parts)
    return OpenFigures(
        len(entries),
        tuple((name, covered[name]) for name in CATEGORIES),
        right_first(BASELINE_FILE, parts.kb.engine),
        unanswered,
        updated_on,
    )


def right_first(path: Path, engine: str) -> str | None:
    """The share of open questions answered with the right entry first, as last measured."""
    try:
        measured = json.loads(path.read_text())[engine]["measures"]["right_first"]
        return _percent(measured["count"], measured["of"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def unanswered_share(decisions: dict[str, int]) -> str | None:
    """The share of questions about a service for which nothing was found; None when too few."""
    missed, total = figures.of_services(decisions)
    return _percent(missed, total) if total >= LEAST_QUESTIONS else None


def last_days(now: float, today: date) -> Window:
    """The days that the staff's dashboard counts, too, unless told otherwise."""
    first = datetime.combine(today - timedelta(days=DAYS - 1), time(), plan.JST)
    return Window(first.timestamp(), now + 1)


def _from_records(parts: Parts) -> tuple[str | None, date | None]:
    try:
        with store.reading(parts.records) as connection:
            decisions = figures.decisions(connection, last_days(parts.clock(), parts.today()))
            newest = release.newest(connection)
    except SQLAlchemyError as error:
        log.error("open_figures_failed", exc_info=error)
        return None, None
    at = plan.today(datetime.fromtimestamp(newest.at, tz=UTC)) if newest else None
    return unanswered_share(decisions), at


def _percent(part: int, whole: int) -> str | None:
    return f"{100 * part / whole:.1f}％" if whole else None
