"""The Dockerfile's steps, followed as far as they can be without a Docker engine."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.cli import COMMANDS
from tests.deploy.proxies import DEPLOY
from tests.deploy.recorder import Recorder
from tests.localbot import LocalBot

ROOT = DEPLOY.parents[1]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
STEPS = re.sub(r"\\\n\s*", "", DOCKERFILE)
"""One step a line."""

OPERATORS_WORDS = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted(DEPLOY.rglob("*")) if path.is_file()
)
COMMAND = re.compile(r"(?:/|`|\s)flask ((?:kb|logs|records|staff) [a-z-]+|[a-z]+(?:-[a-z]+)*)")


def step(word: str) -> list[list[str]]:
    """The arguments of every step that begins with a word."""
    return [line.split()[1:] for line in STEPS.splitlines() if line.startswith(f"{word} ")]


def copied() -> list[str]:
    """Every file and folder the image takes from the repository."""
    return [source for arguments in step("COPY") for source in arguments[:-1]]


def known_commands() -> Iterator[str]:
    """What `flask` understands, groups with their commands."""
    for command in COMMANDS:
        if isinstance(command, click.Group):
            yield from (f"{command.name} {name}" for name in command.commands)
        else:
            yield str(command.name)


def health_check(port: int) -> int:
    """The exit status of the image's own health check."""
    command = json.loads(re.findall(r"^HEALTHCHECK .*CMD (\[.*\])$", STEPS, re.MULTILINE)[0])
    assert command[0] == "python"
    return subprocess.run(
        [sys.executable, *command[1:]],
        env={"PORT": str(port)},
        capture_output=True,
        timeout=30,
        check=False,
    ).returncode


@pytest.mark.parametrize("name", copied())
def test_what_the_image_copies_is_in_the_repository(name: str) -> None:
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()

    assert (ROOT / name).exists()
    assert f"!{name.removeprefix('./')}" in allowed


def test_every_lock_file_it_installs_is_copied_first_and_hash_checked() -> None:
    installs = re.findall(r"^(?:# )?RUN pip install (.*)$", STEPS, re.MULTILINE)

    assert [options.split()[:2] for options in installs] == [["--require-hashes", "-r"]] * 2
    assert {options.split()[2] for options in installs} <= set(copied())
    assert "--hash=sha256:" in (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_it_runs_as_nobody_special_and_stops_on_sigterm() -> None:
    assert step("USER") == [["line-bot"]]
    assert step("STOPSIGNAL") == [["SIGTERM"]]
    assert STEPS.splitlines()[-1] == 'CMD ["flask", "serve", "--host", "0.0.0.0"]'


def test_it_writes_in_one_folder_only() -> None:
    paths = re.findall(r"(?:=|///)(/[a-z][^ ]*)", "\n".join(" ".join(s) for s in step("ENV")))

    assert {str(Path(path).parent) for path in paths} == {"/data"}
    assert step("VOLUME") == [["/data"]]


def test_the_health_check_passes_for_a_bot_that_is_well(public_bot: LocalBot) -> None:
    assert health_check(public_bot.config.port) == 0


def test_the_health_check_fails_for_a_bot_that_does_not_answer(recorder: Recorder) -> None:
    recorder.hangs_up = True

    assert health_check(recorder.port) != 0


@pytest.mark.parametrize("command", sorted(set(COMMAND.findall(OPERATORS_WORDS))))
def test_a_command_given_to_operators_exists(command: str) -> None:
    assert command in known_commands()
