"""Numbers and days as addresses and forms say them; what makes no sense counts as not said."""

from datetime import date, timedelta

DAYS = 30
MAX_DAYS = 400


def number(text: str | None) -> int:
    """A whole number, such as a version; 0 for what is none."""
    return int(text) if text and text.isdecimal() and len(text) < 12 else 0


def days(since_text: str, until_text: str, today: date) -> tuple[date, date]:
    """The first and the last day that are asked for, in order; the last thirty if none are said."""
    until = _day(until_text, today)
    since = _day(since_text, until - timedelta(days=DAYS - 1))
    if since > until:
        since, until = until, since
    return max(since, until - timedelta(days=MAX_DAYS)), until


def _day(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if 2000 <= found.year <= 2100 else otherwise
