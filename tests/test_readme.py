"""The README names every command, every make target and every environment variable."""

import re
from pathlib import Path

import click
import pytest

from bot.cli import COMMANDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
VARIABLES = sorted(
    set(
        re.findall(
            r'"((?:LINE|BOT|PROMETHEUS)_[A-Z_]+|PORT)"', (ROOT / "bot/config.py").read_text("utf-8")
        )
    )
)
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def _names(command: click.Command) -> list[str]:
    if isinstance(command, click.Group):
        return [f"{command.name} {sub}" for sub in command.commands]
    return [str(command.name)]


@pytest.mark.parametrize("name", [name for command in COMMANDS for name in _names(command)])
def test_a_command_is_explained(name: str) -> None:
    assert f"flask {name}" in README


@pytest.mark.parametrize("name", VARIABLES)
def test_a_variable_is_explained(name: str) -> None:
    assert f"| `{name}` |" in README


@pytest.mark.parametrize("name", TARGETS)
def test_a_make_target_is_explained(name: str) -> None:
    assert f"make {name}" in README


def test_every_variable_in_the_table_is_read() -> None:
    explained = re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)

    assert sorted(explained) == VARIABLES
