"""Citizens' questions for a replay: the newest ones, and the words of some of them."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from knowledge.records.questions import question_table

SEARCHED = ("answer", "choose", "none")
"""The decisions in which the entries have a part."""

_c = question_table.c


def newest(connection: Connection, limit: int) -> list[tuple[str, str]]:
    """Key and redacted text of the newest questions that still have a text."""
    statement = (
        select(_c.event_id, _c.redacted)
        .where(_c.redacted != "", _c.decision.in_(SEARCHED))
        .order_by(_c.asked_at.desc())
        .limit(limit)
    )
    return [(row.event_id, row.redacted) for row in connection.execute(statement)]


def texts(connection: Connection, keys: Sequence[str]) -> dict[str, str]:
    """The redacted texts of questions by key; what was erased meanwhile is not among them."""
    statement = select(_c.event_id, _c.redacted).where(_c.event_id.in_(keys), _c.redacted != "")
    return {row.event_id: row.redacted for row in connection.execute(statement)}
