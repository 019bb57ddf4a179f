"""Write the log: a line for each event, of constant words, ids and numbers, never of text.

Our own formatter, as python-json-logger writes every extra field, formatted arguments and whole
tracebacks: taking those out again is the same code plus a dependency.
"""

import json
import logging
import math
import re
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

ROOMS = ("bot", "handlers", "knowledge")

ID_FIELDS = ("event_id",)
NUMBER_FIELDS = ("ms", "search_ms", "line_ms", "age_ms", "attempts", "count")
FIELDS = (
    *("event_id", "kind", "decision", "entries", "outcome", "status", "endpoint"),
    *("ms", "search_ms", "line_ms", "age_ms", "attempts"),
    *("engine", "revision", "error", "count", "worker", "reason"),
)
"""All that `extra` may add to a line; anything else in it is dropped."""

INVALID = "invalid"
"""Stands for a value that is no word, id or number: it may be somebody's text."""

_EVENT = re.compile(r"[a-z][a-z0-9_]{0,39}")
_WORD = re.compile(r"(?![UCR][0-9a-f]{32})([A-Za-z/_][A-Za-z0-9_.:/+-]{0,47})?")
_ID = re.compile(r"(?![UCR][0-9a-f]{32})[A-Za-z0-9_-]{0,128}")
_ROOT = Path(__file__).parent.parent
_ROOM_FOLDERS = tuple(f"{_ROOT / room}/" for room in ROOMS)

Fields = dict[str, Any]
Layout = Callable[[Fields], str]

log = logging.getLogger(__name__)


def json_line(fields: Fields) -> str:
    """One JSON object; `\\u…` for all that is not ASCII, so nothing can break or turn the line."""
    return json.dumps(fields, separators=(",", ":"))


def plain_line(fields: Fields) -> str:
    """The same for a person at a terminal, who knows the day and the logger's room."""
    first = ("ts", "level", "logger", "event")
    rest = " ".join(f"{name}={value}" for name, value in fields.items() if name not in first)
    return f"{fields['ts'][11:19]} {fields['level']:<7} {fields['event']} {rest}".rstrip()


def configure(stream: TextIO | None = None, layout: Layout = json_line) -> None:
    """Send all logs of this process to a stream (standard error), and nothing but our lines there.

    Takes away other handlers and the interpreter's own reports: they print messages, arguments and
    tracebacks, in which a citizen's words may stand.
    """
    handler = logging.StreamHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(TextFree(layout))
    handler.addFilter(is_wanted)
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    for room in ROOMS:
        logging.getLogger(room).setLevel(logging.INFO)
    logging.raiseExceptions = False  # else a broken stream prints the message and its arguments
    logging.captureWarnings(capture=True)
    sys.excepthook = _report_uncaught
    sys.unraisablehook = _report_unraisable
    threading.excepthook = _report_uncaught_in_thread


def is_wanted(record: logging.LogRecord) -> bool:
    """Libraries speak of trouble only, whatever level they gave their own loggers."""
    return is_ours(record.name) or record.levelno >= logging.WARNING


def is_ours(logger: str) -> bool:
    """True for the loggers of our own modules."""
    return logger.partition(".")[0] in ROOMS


class TextFree(logging.Formatter):
    """Formats a record without its arguments, its exception's words and its unknown fields."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self._layout = layout

    def format(self, record: logging.LogRecord) -> str:
        """A line; never raises, as a log must not harm what it tells of."""
        try:
            return self._layout(_fields(record))
        except Exception:  # noqa: BLE001 - a wrong value in a log call is no reason to stop
            return self._layout({**_head(record, "log_failed"), "logger": "bot.logs"})


def _fields(record: logging.LogRecord) -> Fields:
    if not is_ours(record.name):
        library = _matching(_WORD, record.name.partition(".")[0])
        return {**_head(record, library), **_error(record)}
    if not isinstance(record.msg, str) or not _EVENT.fullmatch(record.msg):
        # Not a constant word: it may hold text. The place in the code tells what it was.
        place = _place(record.pathname, record.lineno)
        return {**_head(record, "unnamed"), "at": place, **_extra(record), **_error(record)}
    return {**_head(record, record.msg), **_extra(record), **_error(record)}


def _head(record: logging.LogRecord, event: str) -> Fields:
    moment = datetime.fromtimestamp(record.created, tz=UTC)
    return {
        "ts": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "event": event,
    }


def _extra(record: logging.LogRecord) -> Fields:
    given = vars(record)
    return {name: _value(name, given[name]) for name in FIELDS if name in given}


def _value(name: str, value: object) -> object:
    """The value if its form fits the field; the form of a text fits none."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if name == "entries" and isinstance(value, list | tuple):
        return [_matching(_WORD, each) for each in value]
    return (
        INVALID if name in NUMBER_FIELDS else _matching(_ID if name in ID_FIELDS else _WORD, value)
    )


def _number(value: float) -> object:
    if not math.isfinite(value):
        return INVALID
    return value if isinstance(value, int) else round(value, 2)


def _matching(pattern: re.Pattern[str], value: object) -> str:
    return str(value) if isinstance(value, str) and pattern.fullmatch(value) else INVALID


def _error(record: logging.LogRecord) -> Fields:
    """The exception's type and where in our code it came from; never its words."""
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    kind, _, traceback = record.exc_info
    place = _innermost_place(traceback)
    found = {"error": _matching(_WORD, kind.__name__)}
    return {**found, "where": place} if place else found


def _innermost_place(traceback: TracebackType | None) -> str:
    found = ""
    while traceback is not None:
        path = traceback.tb_frame.f_code.co_filename
        if path.startswith(_ROOM_FOLDERS):
            found = _place(path, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def _place(path: str, line: int) -> str:
    """`bot/replier.py:41`: without the machine's own folders."""
    inside = path.removeprefix(f"{_ROOT}/") if path.startswith(_ROOM_FOLDERS) else Path(path).name
    return f"{inside}:{line}"


def _report_uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    if not issubclass(kind, KeyboardInterrupt):  # somebody pressed Ctrl-C
        log.critical("crashed", exc_info=(kind, error, traceback))


def _report_unraisable(args: "sys.UnraisableHookArgs") -> None:
    if args.exc_value is not None:
        _report_uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _report_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and args.exc_type is not SystemExit:
        _report_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
