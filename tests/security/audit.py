"""Ask pip-audit about our locked dependencies, and tell "found nothing" from "could not look".

pip-audit ends with 0 and "No known vulnerabilities found" also when its service knew none of the
packages: that silence must never pass for a clean bill of health.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-semantic.lock")
UNREACHABLE = ("Could not connect to", "ConnectTimeout", "ReadTimeout", "NameResolutionError")


@dataclass(frozen=True)
class Verdict:
    """What to say, and how to end: 1 when somebody must act."""

    status: int
    words: str


def judged(output: str, errors: str) -> Verdict:
    """What a run of pip-audit proves, from all it printed."""
    packages = _packages(output)
    if packages is None:
        return _broken_off(errors)
    if found := [package for package in packages if package.get("vulns")]:
        return Verdict(1, "\n".join(["知られた弱点が見つかりました。", *_weaknesses(found)]))
    skipped = [package["name"] for package in packages if "vulns" not in package]
    if len(skipped) == len(packages):
        return _not_run("調べる先が、どの部品も知りませんでした")
    if skipped:
        return Verdict(1, f"調べられなかった部品があります：{'、'.join(skipped)}")
    return Verdict(0, f"{len(packages)}の部品を調べ、知られた弱点はありませんでした。")


def _packages(output: str) -> list[dict[str, Any]] | None:
    try:
        found = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    return found or None


def _broken_off(errors: str) -> Verdict:
    if any(sign in errors for sign in UNREACHABLE):
        return _not_run("調べる先につながりませんでした")
    lines = errors.strip().splitlines()
    return Verdict(1, f"pip-audit が終わりまで動きませんでした：{lines[-1] if lines else ''}")


def _not_run(reason: str) -> Verdict:
    words = f"実行できませんでした（{reason}）。弱点がないという意味ではありません。"
    return Verdict(0, f"{words}外につながる所で、もう一度行ってください。")


def _weaknesses(packages: list[dict[str, Any]]) -> list[str]:
    return [
        f"- {package['name']} {package['version']}：{weakness['id']}"
        f"（直った版：{'、'.join(weakness['fix_versions']) or 'まだありません'}）"
        for package in packages
        for weakness in package["vulns"]
    ]


def main() -> int:
    """Run it, print the verdict, return the exit status."""
    command = [str(Path(sys.executable).with_name("pip-audit")), "--format", "json"]
    command += ["--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    for lock in LOCKS:
        command += ["--requirement", str(ROOT / lock)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    verdict = judged(ended.stdout, ended.stderr)
    sys.stdout.write(f"{verdict.words}\n")
    return verdict.status


if __name__ == "__main__":
    sys.exit(main())
