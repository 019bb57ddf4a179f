"""The flask commands: ask and simulate here, the others beside."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo

from bot.cli_backup import backup, restore
from bot.cli_common import DAY, decision_of, parts_of
from bot.cli_evaluate import evaluate
from bot.cli_kb import kb_commands
from bot.cli_logs import logs_commands
from bot.cli_records import records_commands
from bot.cli_serve import run_local, serve, web, worker
from bot.cli_staff import staff_commands
from bot.parts import Parts
from handlers.line import text as text_handler
from handlers.line.reply import Chat
from handlers.line.shapes import Message
from knowledge import privacy
from knowledge.text import without_lone_surrogates


def register(app: Flask) -> None:
    """Add the commands to an app."""
    for command in COMMANDS:
        app.cli.add_command(command)


@dataclass(frozen=True)
class Asked:
    """One question and the whole answer, in the layout of `flask ask --json` (DESIGN.md)."""

    query: str
    decision: str
    entries: list[dict[str, Any]]
    messages: list[Message]
    stored_text: str
    pii: list[dict[str, Any]]
    ms: float
    engine: str


@click.command("ask")
@click.argument("text", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="JSON で一行ずつ出す")
@click.option("--date", "day", type=DAY, help="この日として答える（YYYY-MM-DD）")
@click.pass_obj
def ask(info: ScriptInfo, text: tuple[str, ...], *, as_json: bool, day: Any) -> None:
    """市民の質問に答える。TEXT がなければ標準入力を一行ずつ読む。"""
    parts = parts_of(info)
    on_day = day.date() if day else parts.today()
    for question in [" ".join(text)] if text else _lines_of_input():
        answer = asked(parts, question, on_day)
        if as_json:
            click.echo(json.dumps(asdict(answer), ensure_ascii=False))
        else:
            click.echo(readable(answer.messages))


@click.command("simulate")
@click.pass_obj
def simulate(info: ScriptInfo) -> None:
    """端末で会話する（終わるには Ctrl-D）。"""
    parts = parts_of(info)
    chat = Chat(parts.kb, parts.today())
    for line in _lines_of_input():
        reply = text_handler.say(line, chat)
        chat = Chat(parts.kb, parts.today(), reply.options or chat.offered)
        click.echo(readable(list(reply.messages)))


def asked(parts: Parts, question: str, day: date) -> Asked:
    """Answer one question as a new chat would see it."""
    question = without_lone_surrogates(question)
    started = time.perf_counter()
    reply = text_handler.say(question, Chat(parts.kb, day))
    milliseconds = (time.perf_counter() - started) * 1000
    return Asked(
        query=question,
        decision=decision_of(reply),
        entries=[{"id": s.entry_id, "title": s.title, "score": s.score} for s in reply.shown],
        messages=list(reply.messages),
        stored_text=privacy.redact(question, reply.findings),
        pii=[{"type": f.type, "start": f.start, "end": f.end} for f in reply.findings],
        ms=round(milliseconds, 2),
        engine=parts.kb.engine,
    )


def readable(messages: list[Message]) -> str:
    """What a citizen reads: the texts; cards repeat them with buttons."""
    return "\n\n".join(message["text"] for message in messages if message["type"] == "text")


def _lines_of_input() -> Iterator[str]:
    with click.open_file("-", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            yield line.rstrip("\r\n")


COMMANDS: tuple[click.Command, ...] = (
    ask,
    evaluate,
    simulate,
    serve,
    web,
    worker,
    run_local,
    kb_commands,
    records_commands,
    logs_commands,
    backup,
    restore,
    staff_commands,
)
