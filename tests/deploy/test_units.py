"""The shipped systemd units, as systemd itself reads them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import SECRETS
from tests.deploy.proxies import DEPLOY

UNITS = DEPLOY / "systemd"
INSTALLED = "/opt/line-bot/.venv/bin"
"""Where the units expect the program; the tests' own stands in for it."""

SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
TEXT = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted(UNITS.rglob("*")) if path.is_file()
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units, copied as the README says, with every optional part switched on."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed (apt-get install systemd)")
    copied = tmp_path_factory.mktemp("units") / "system"
    shutil.copytree(UNITS, copied, symlinks=True)
    for path in (copied / "optional").iterdir():
        shutil.copy(path, copied / "line-bot-.service.d")
        shutil.copy(path, copied / "line-bot.service.d")
    shutil.rmtree(copied / "optional")
    here = str(Path(sys.executable).parent)
    for path in copied.glob("*.service"):
        path.write_text(path.read_text("utf-8").replace(INSTALLED, here), encoding="utf-8")
    return copied


def systemd_analyze(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask systemd about the units in a folder, with the machine's own behind them."""
    return subprocess.run(
        ["systemd-analyze", *arguments],
        cwd=folder,
        env={"SYSTEMD_UNIT_PATH": f"{folder}:", "PATH": "/usr/bin:/bin", "SYSTEMD_COLORS": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_systemd_finds_nothing_to_complain_about(folder: Path) -> None:
    units = [f"./{path.name}" for path in sorted(folder.glob("line-bot*.*")) if path.is_file()]

    result = systemd_analyze(folder, "verify", *units)

    assert (result.returncode, result.stdout + result.stderr) == (0, "")
    assert len(units) == 9


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_hardened(folder: Path, service: str) -> None:
    name = service.replace("@", "@1")

    result = systemd_analyze(
        folder, "security", "--offline=true", "--threshold=20", "--no-pager", f"./{name}"
    )

    assert result.returncode == 0, result.stdout[-200:]


@pytest.mark.parametrize("name", sorted(set(re.findall(r"=(\w+)_FILE=", TEXT))))
def test_a_secret_is_handed_over_as_a_file_the_bot_reads(name: str) -> None:
    credential = name.lower().replace("_", "-")

    assert name in SECRETS
    assert f"LoadCredential={credential}:/etc/line-bot/secrets/{credential}\n" in TEXT
    assert f"Environment={name}_FILE=%d/{credential}\n" in TEXT


def test_no_secret_stands_in_the_environment() -> None:
    in_clear = [name for name in SECRETS if re.search(rf"Environment={name}=(?!sqlite:)", TEXT)]

    assert in_clear == []


def test_the_two_ways_of_hardening_are_one_file() -> None:
    link = UNITS / "line-bot.service.d/common.conf"

    assert link.resolve() == UNITS / "line-bot-.service.d/common.conf"
