"""Erase what has been kept long enough, and what somebody asked to have erased.

SQLite overwrites what it deletes (`secure_delete`), but not the copies that stay behind when it
moves rows between pages: only writing the file anew removes those. PostgreSQL frees its pages by
autovacuum; its own archives and backups expire by the operator's hand.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Engine,
    Table,
    Update,
    and_,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.exc import OperationalError

from knowledge.plan import JST
from knowledge.records.accounts import failure_table, invitation_table, session_table
from knowledge.records.desk_tables import review_note_table
from knowledge.records.event_table import event_table
from knowledge.records.offers import LIFETIME_SECONDS, offer_table
from knowledge.records.questions import question_table
from knowledge.records.store import writing
from knowledge.records.unsent import unsent_table
from knowledge.text import normalise

DAYS = 90
BODY_DAYS = 1
EVENT_DAYS = 400
"""How long the id of an event is known, so that a replay of it is not answered again."""

TOMBSTONE_DAYS = 30
"""How much longer than its message's text the news that it was taken back is remembered."""

STAFF_DAYS = 1
"""A session of the staff has ended long before; how often they failed to sign in counts minutes."""

BATCH_ROWS = 500
"""In one transaction; citizens wait for it, so it must be a matter of milliseconds."""

PAUSE_SECONDS = 0.01
"""After each batch, so that a waiting citizen gets in before the next."""

SCAN_ROWS = 50_000

SMALL_BYTES = 8 * 1024 * 1024
"""A file of this size is written anew in less time than citizens notice."""

QUIET_HOUR = 3
"""In Japan; a big file is written anew in this hour of the night, once."""

DAY_MS = 24 * 60 * 60 * 1000

Selection: TypeAlias = ColumnElement[bool]

log = logging.getLogger(__name__)

_question, _event = question_table.c, event_table.c

# A parameter instead of '' would keep the planners from using a partial index.
_EMPTY: ColumnElement[str] = literal_column("''")
_HAS_TEXT = or_(_question.redacted != _EMPTY, _question.normalised != _EMPTY)
_IS_KEPT = or_(_HAS_TEXT, _question.chat_key != _EMPTY, _question.message_id.is_not(None))
_NO_TEXT = update(question_table).values(redacted="", normalised="")
_ERASE = _NO_TEXT.values(chat_key="", message_id=None)
_UNLINK = update(event_table).values(chat_key="", message_id=None, body=None)


@dataclass(frozen=True)
class Purged:
    """How many rows of each kind were erased or blanked."""

    questions: int = 0
    taken_back: int = 0
    bodies: int = 0
    links: int = 0
    events: int = 0
    offers: int = 0
    tombstones: int = 0
    comments: int = 0
    sessions: int = 0
    invitations: int = 0
    failures: int = 0


def purge(engine: Engine, now: float, days: int = DAYS) -> Purged:
    """Erase texts and links older than `days`, and whatever else has served its time.

    Of a question its decision and how sure it was, what was shown, its time and the steps stay. It may run in
    several processes at once, and be broken off: each batch of rows is a transaction of its own.
    """
    now_ms = int(now * 1000)
    limit = now_ms - days * DAY_MS
    is_old_question = and_(_question.asked_at < limit, _IS_KEPT)
    is_unsent = and_(_question.message_id.in_(select(unsent_table.c.message_id)), _HAS_TEXT)
    is_old_link = and_(
        _event.chat_key > _EMPTY, _event.received_at < limit, _event.finished_at.is_not(None)
    )
    is_replay = _event.received_at < now_ms - EVENT_DAYS * DAY_MS
    is_old_offer = offer_table.c.offered_at <= now_ms - int(LIFETIME_SECONDS * 1000)
    is_old_tombstone = unsent_table.c.unsent_at < limit - TOMBSTONE_DAYS * DAY_MS
    is_old_note = review_note_table.c.at < limit
    purged = Purged(
        taken_back=_in_batches(engine, question_table, is_unsent, _NO_TEXT),
        questions=_in_batches(engine, question_table, is_old_question, _ERASE),
        bodies=_in_batches(engine, event_table, _is_old_body(now_ms), _expire(now_ms)),
        links=_in_batches(engine, event_table, is_old_link, _UNLINK),
        events=_in_batches(engine, event_table, is_replay, delete(event_table)),
        offers=_in_batches(engine, offer_table, is_old_offer, delete(offer_table)),
        tombstones=_in_batches(engine, unsent_table, is_old_tombstone, delete(unsent_table)),
        comments=_in_batches(engine, review_note_table, is_old_note, delete(review_note_table)),
        **_purge_doors(engine, now_ms),
    )
    if engine.dialect.name == "sqlite":
        _tidy(engine, now)
    return purged


def of_event(event_id: str) -> Selection:
    """The question of one event, if anything of it is still kept."""
    return and_(_question.event_id == event_id, _IS_KEPT)


def containing(text: str) -> Selection:
    """The questions in which a text stands, also in another spelling of its letters."""
    found = [_question.redacted.contains(text, autoescape=True)]
    if spelled := normalise(text):
        found.append(_question.normalised.contains(spelled, autoescape=True))
    return or_(*found)


def asked_before(moment: float) -> Selection:
    """The questions from before a time in seconds of which anything is still kept."""
    return and_(_question.asked_at < int(moment * 1000), _IS_KEPT)


def count(engine: Engine, selection: Selection) -> int:
    """How many questions there are to erase."""
    with engine.connect() as connection:
        statement = select(func.count()).select_from(question_table).where(selection)
        return connection.execute(statement).scalar_one()


def erase(engine: Engine, selection: Selection) -> int:
    """Erase text and links of questions, whatever their age; returns how many."""
    return _in_batches(engine, question_table, selection, _ERASE)


def rewrite(engine: Engine) -> bool:
    """Write the whole SQLite file anew, so that nothing erased is left in it; True when done.

    Nobody else can write meanwhile, about half a second for each 100 MB. False when somebody else
    was writing or reading all the time, or the disk is too full: then another time.
    """
    if engine.dialect.name != "sqlite":
        return True
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM")
            return _empty_log(connection)
    except OperationalError as error:
        log.warning("rewrite_failed", extra={"error": type(error).__name__})
        return False


def empty_log(engine: Engine) -> bool:
    """Empty the write-ahead log, where erased text still stands; False while somebody reads it.

    Whoever writes meanwhile waits 50 ms at most: most of the work is done before anybody has to.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        return _empty_log(connection)


def _purge_doors(engine: Engine, now_ms: int) -> dict[str, int]:
    """What once let a member of staff in, or kept somebody out."""
    limit = now_ms - STAFF_DAYS * DAY_MS
    link = invitation_table.c
    is_of_no_use = or_(link.expires_at <= now_ms, link.used_at.is_not(None))
    selections = {
        "sessions": (session_table, session_table.c.created_at < limit),
        "invitations": (invitation_table, is_of_no_use),
        "failures": (failure_table, failure_table.c.at < limit),
    }
    return {
        name: _in_batches(engine, table, selection, delete(table))
        for name, (table, selection) in selections.items()
    }


def _tidy(engine: Engine, now: float) -> None:
    """Write a small file anew each time, a big one in the quiet hour: it knows itself when last."""
    local = datetime.fromtimestamp(now, tz=UTC).astimezone(JST)
    with engine.connect() as connection:
        pages, page_bytes, last_day = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("page_count", "page_size", "user_version")
        )
    is_small = pages * page_bytes <= SMALL_BYTES
    is_due = local.hour == QUIET_HOUR and last_day != local.toordinal()
    if (is_small or is_due) and rewrite(engine):
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA user_version = {local.toordinal()}")
    if not empty_log(engine):
        log.warning("wal_in_use")


def _empty_log(connection: Connection) -> bool:
    patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    try:
        for _ in range(20):
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
            if not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one().busy:
                return True
            time.sleep(0.05)
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(patience)}")
    return False


def _is_old_body(now_ms: int) -> Selection:
    """Sealed, but a text all the same: nobody needs it after a minute, whatever became of it."""
    is_left = or_(_event.body.is_not(None), _event.finished_at.is_(None))
    return and_(_event.received_at < now_ms - BODY_DAYS * DAY_MS, is_left)


def _expire(now_ms: int) -> Update:
    is_open = _event.finished_at.is_(None)
    return update(event_table).values(
        status=case((is_open, "expired"), else_=_event.status),
        finished_at=func.coalesce(_event.finished_at, now_ms),
        body=None,
        lease_until=None,
    )


def _in_batches(engine: Engine, table: Table, selection: Selection, change: Update | Delete) -> int:
    """Change all rows of a selection, which they then no longer belong to; returns how many."""
    (key,) = table.primary_key.columns
    changed = 0
    while True:
        with engine.connect() as connection:
            keys = connection.execute(select(key).where(selection).limit(SCAN_ROWS)).scalars().all()
        for first in range(0, len(keys), BATCH_ROWS):
            some = and_(key.in_(keys[first : first + BATCH_ROWS]), selection)
            changed += _batch(engine, key, some, change)
            time.sleep(PAUSE_SECONDS)
        if len(keys) < SCAN_ROWS:
            return changed


def _batch(
    engine: Engine, key: ColumnElement[str], selection: Selection, change: Update | Delete
) -> int:
    """PostgreSQL: what somebody else is at is left to him, or to the next time: no deadlocks."""
    find = select(key).where(selection).with_for_update(skip_locked=True)
    with writing(engine) as connection:
        keys: Sequence[str] = connection.execute(find).scalars().all()
        if keys:
            connection.execute(change.where(key.in_(keys)))
    return len(keys)
