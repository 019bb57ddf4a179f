"""What the commands share: the app's parts, the day option, how to fail, how a reply is named."""

import sys
from typing import NoReturn

import click
from flask.cli import ScriptInfo

from bot import parts as parts_module
from bot.parts import Parts
from handlers.line.reply import Reply
from knowledge.records.accounts import Person

COMMAND = Person("", "flask", "サーバーでの操作", "admin")
"""Who did it, where somebody at the machine did."""

DAY = click.DateTime(formats=["%Y-%m-%d"])

_DECISIONS = frozenset({"answer", "choose", "none", "smalltalk", "emergency"})


def parts_of(info: ScriptInfo) -> Parts:
    """The parts of the app a command runs in."""
    return parts_module.of(info.load_app())


def fail(problems: list[str]) -> NoReturn:
    """Say in Japanese what is wrong with the input, and leave with exit code 1."""
    for problem in problems:
        click.echo(problem, err=True)
    sys.exit(1)


def decision_of(reply: Reply) -> str:
    """The decision in DESIGN.md's words; menus and greetings claim no entry, so: small talk."""
    return reply.decision if reply.decision in _DECISIONS else "smalltalk"
