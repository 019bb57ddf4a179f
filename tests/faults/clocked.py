"""`flask web` or `flask worker` by a clock that a file can step: `python -m tests.faults.clocked FILE web`."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from flask.cli import ScriptInfo

from bot import cli_serve
from bot.app import create_app


def stepped(file: Path) -> Callable[[], float]:
    """This machine's clock, wrong by as many seconds as stand in the file."""
    return lambda: time.time() + float(file.read_text(encoding="utf-8"))


def main() -> None:
    """The command itself, on an app whose clock is ours."""
    file, name = sys.argv[1:]
    command = {"web": cli_serve.web, "worker": cli_serve.worker}[name]
    info = ScriptInfo(create_app=lambda: create_app(clock=stepped(Path(file))))
    command.main([], prog_name=name, obj=info)


if __name__ == "__main__":
    main()
