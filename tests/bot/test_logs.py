"""The log tells what happened in constant words, ids and numbers, and never what anybody wrote."""

import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from huey import MemoryHuey

from bot import logs
from bot.config import Config, ConfigError

TEXT = "母が倒れました"
NAME = "架空太郎"
USER_ID = "U" + "0123456789abcdef" * 2
TOKEN = "fictional+channel/access/token=" * 6
PHONE = "095 000 0000"
CANARIES = (TEXT, NAME, USER_ID, TOKEN, PHONE)

ROOT = Path(__file__).parents[2]

log = logging.getLogger("bot.replier")


class Output(io.StringIO):
    """What a process would have written to its standard error."""

    def line(self) -> dict[str, Any]:
        """The only line, as the object it is."""
        (only,) = self.getvalue().splitlines()
        found: dict[str, Any] = json.loads(only)
        return found


@pytest.fixture
def process_wide() -> Iterator[None]:
    """Give the next test the process as it was: logging belongs to the whole process."""
    root, hooks = logging.root, (sys.excepthook, sys.unraisablehook, threading.excepthook)
    handlers, level = root.handlers[:], root.level
    levels = {room: logging.getLogger(room).level for room in logs.ROOMS}
    yield
    logging.captureWarnings(capture=False)
    logging.raiseExceptions = True
    root.handlers[:] = handlers
    root.setLevel(level)
    for room, before in levels.items():
        logging.getLogger(room).setLevel(before)
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks


@pytest.fixture
def output(process_wide: None) -> Output:
    """The log of a process that serves citizens."""
    stream = Output()
    logs.configure(stream)
    return stream


def assert_silent_about_citizens(written: str) -> None:
    """No canary, in no spelling that JSON knows."""
    spellings = {spelling for each in CANARIES for spelling in (each, json.dumps(each).strip('"'))}
    assert [each for each in spellings if each in written] == []


def test_a_line_is_one_json_object_with_the_fields_of_the_event(output: Output) -> None:
    log.info("replied", extra={"event_id": "01HX", "entries": ["smartphone-salon"], "ms": 12.345})

    line = output.line()
    assert line.pop("ts").endswith("Z")
    assert line == {
        "level": "INFO",
        "logger": "bot.replier",
        "event": "replied",
        "event_id": "01HX",
        "entries": ["smartphone-salon"],
        "ms": 12.35,
    }


def test_the_time_is_utc_with_milliseconds() -> None:
    record = logging.makeLogRecord({"name": "bot", "msg": "replied", "created": 1795305600.5})

    line = json.loads(logs.TextFree(logs.json_line).format(record))

    assert line["ts"] == "2026-11-22T00:00:00.500Z"


def test_every_field_of_the_list_is_written(output: Output) -> None:
    values = dict.fromkeys(logs.FIELDS, 1)

    log.info("replied", extra=values)

    assert values.items() <= output.line().items()


def test_an_empty_word_stays_empty(output: Output) -> None:
    log.info("replied", extra={"decision": "", "entries": [], "event_id": "", "error": None})

    line = output.line()
    assert [line[name] for name in ("decision", "entries", "event_id", "error")] == [
        "",
        [],
        "",
        None,
    ]


def test_a_field_outside_the_list_is_dropped(output: Output) -> None:
    log.info("replied", extra={"text": "hello", "user_id": "someone", "reply_token": "abc"})

    assert set(output.line()) == {"ts", "level", "logger", "event"}


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("field", logs.FIELDS)
def test_text_in_an_allowed_field_is_refused(output: Output, field: str, canary: str) -> None:
    value = [canary] if field == "entries" else canary

    log.info("replied", extra={field: value})

    assert output.line()[field] in (logs.INVALID, [logs.INVALID])
    assert_silent_about_citizens(output.getvalue())


def test_arguments_are_never_written(output: Output) -> None:
    log.info("event %s failed: %s", TEXT, USER_ID)

    assert output.line()["event"] == "unnamed"
    assert_silent_about_citizens(output.getvalue())


def test_a_message_that_is_no_constant_word_is_named_by_its_place(output: Output) -> None:
    log.info("".join(["event of ", NAME]))

    assert output.line()["event"] == "unnamed"
    assert output.line()["at"].startswith("test_logs.py:")
    assert_silent_about_citizens(output.getvalue())


def test_an_exception_shows_its_type_and_our_innermost_line(output: Output) -> None:
    try:
        Config.from_env({"PORT": TEXT})
    except ConfigError:
        log.exception("failed", extra={"event_id": "01HX"}, stack_info=True)

    assert output.line()["error"] == "ConfigError"
    assert output.line()["where"].startswith("bot/config.py:")
    assert_silent_about_citizens(output.getvalue())


def test_an_exception_caused_by_another_shows_no_words_of_either(output: Output) -> None:
    try:
        try:
            Config.from_env({"PORT": TEXT})
        except ConfigError as error:
            raise ValueError(NAME) from error
    except ValueError:
        log.exception("failed")

    assert output.line()["error"] == "ValueError"
    assert_silent_about_citizens(output.getvalue())


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("waitress", "waitress"),
        ("huey.consumer.Worker-1", "huey"),
        ("urllib3.connectionpool", "urllib3"),
        ("sqlalchemy.pool", "sqlalchemy"),
    ],
)
def test_a_library_is_heard_without_its_words(output: Output, name: str, event: str) -> None:
    try:
        raise OSError(TEXT)
    except OSError:
        logging.getLogger(name).exception("serving /%s for %s", TOKEN, USER_ID, extra={"kind": "x"})

    line = output.line()
    assert line.pop("ts")
    assert line == {"level": "ERROR", "logger": name, "event": event, "error": "OSError"}


def test_a_library_without_trouble_is_not_heard(output: Output) -> None:
    chatty = logging.getLogger("huey.chatty")
    chatty.setLevel(logging.DEBUG)

    chatty.info("Executing %s", TEXT)

    assert output.getvalue() == ""


def test_a_failing_task_of_the_queue_shows_only_its_type(output: Output) -> None:
    queue = MemoryHuey(immediate=True)
    task = queue.task()(lambda text: Config.from_env({"PORT": text}))

    task(TEXT)

    assert output.line()["event"] == "huey"
    assert output.line()["error"] == "ConfigError"
    assert output.line()["where"].startswith("bot/config.py:")
    assert_silent_about_citizens(output.getvalue())


@pytest.mark.parametrize(
    "evil",
    ["a\r\nb", "a\x1b[31mb", "a\x85b", "a\u2028b", "a\u202eb", "a\u2066b", "a\x00b", "\ud83d"],
)
def test_control_characters_cannot_break_or_turn_a_line(output: Output, evil: str) -> None:
    logging.getLogger(f"bot.{evil}").info(evil, extra={"reason": evil, "entries": [evil]})

    written = output.getvalue()
    assert written.endswith("\n")
    assert written[:-1].isascii()
    assert written[:-1].isprintable()
    assert json.loads(written)["logger"] == f"bot.{evil}"


@pytest.mark.parametrize("value", [float("nan"), {"a": TEXT}, object(), b"bytes"])
def test_a_value_json_does_not_know_never_breaks_the_line(output: Output, value: object) -> None:
    log.info("replied", extra={"ms": value, "reason": value, "entries": value})

    assert output.line()["ms"] == logs.INVALID


def test_a_value_that_cannot_even_be_looked_at_never_raises(output: Output) -> None:
    class Hostile(str):
        def __str__(self) -> str:
            raise RuntimeError(TEXT)

    log.info("replied", extra={"reason": Hostile("word")})

    assert output.line()["event"] == "log_failed"
    assert_silent_about_citizens(output.getvalue())


def test_a_person_reads_short_plain_lines(process_wide: None) -> None:
    stream = Output()
    logs.configure(stream, logs.plain_line)

    log.info("replied", extra={"decision": "answer", "ms": 12, "text": TEXT, "reason": NAME})

    (line,) = stream.getvalue().splitlines()
    assert line[8:] == " INFO    replied decision=answer ms=12 reason=invalid"


def test_handlers_that_others_set_up_are_gone(process_wide: None) -> None:
    theirs, ours = Output(), Output()
    logging.getLogger("werkzeug.test").addHandler(logging.StreamHandler(theirs))

    logs.configure(ours)
    logging.getLogger("werkzeug.test").error("GET /%s", TOKEN)

    assert theirs.getvalue() == ""
    assert ours.line()["event"] == "werkzeug"


CRASHES = f"""
import sys, threading, warnings
from bot import logs
from bot.config import Config
class Dying:
    def __del__(self): raise ValueError({TEXT!r})
logs.configure()
warnings.warn({NAME!r})
Dying()
thread = threading.Thread(target=Config.from_env, args=({{"PORT": {TEXT!r}}},))
thread.start(); thread.join()
Config.from_env({{"PORT": {TEXT!r}}})
"""


def test_a_crash_shows_where_it_happened_and_nobodys_words() -> None:
    command = [sys.executable, "-c", CRASHES]

    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["py", "crashed", "crashed", "crashed"]
    assert [line.get("error") for line in lines[1:]] == ["ValueError", "ConfigError", "ConfigError"]
    assert lines[-1]["where"].startswith("bot/config.py:")
    assert_silent_about_citizens(result.stderr)


def test_a_broken_stream_neither_raises_nor_tells(
    process_wide: None, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = Output()
    logs.configure(stream)
    stream.close()

    log.info("replied to %s", TEXT)

    assert capsys.readouterr().err == ""
