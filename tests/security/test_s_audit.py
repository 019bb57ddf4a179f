"""OPS.md §4, S2: the audit is never green by silence, and the bill of materials is complete."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.security.audit import LOCKS, ROOT, judged

# As pip-audit 2.10.1 prints them.
AUDITED = {"name": "fictional-a", "version": "1.0", "vulns": []}
WEAK = {
    "name": "fictional-b",
    "version": "0.5",
    "vulns": [
        {"id": "PYSEC-0000-1", "fix_versions": ["1.0"], "aliases": [], "description": "Fictional."}
    ],
}
SKIPPED = {
    "name": "fictional-c",
    "skip_reason": "Dependency not found on PyPI and could not be audited: fictional-c (2.0)",
}
NO_CONNECTION = (
    "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed\n"
    "ERROR:pip_audit._cli:Tip: your network may be blocking this service. "
    "Try another service with `-s SERVICE`\n"
)


def printed(*packages: dict[str, Any]) -> str:
    """pip-audit's JSON."""
    return json.dumps({"dependencies": packages, "fixes": []})


def test_s2_nothing_found_in_all_packages_is_good() -> None:
    verdict = judged(printed(AUDITED, AUDITED), "No known vulnerabilities found")

    assert verdict.status == 0
    assert "2の部品を調べ" in verdict.words


@pytest.mark.parametrize("others", [[], [AUDITED], [SKIPPED]])
def test_s2_a_weakness_ends_with_1_and_names_what_helps(others: list[dict[str, Any]]) -> None:
    verdict = judged(printed(*others, WEAK), "Found 1 known vulnerability in 1 package")

    assert verdict.status == 1
    assert "fictional-b 0.5：PYSEC-0000-1（直った版：1.0）" in verdict.words


@pytest.mark.parametrize(
    ("output", "errors"),
    [
        (printed(SKIPPED, SKIPPED), "No known vulnerabilities found"),
        ("", NO_CONNECTION),
        ("", "requests.exceptions.ReadTimeout: HTTPSConnectionPool"),
    ],
    ids=["no package is known there", "no connection", "no answer"],
)
def test_s2_an_audit_that_could_not_look_says_so_and_does_not_call_it_good(
    output: str, errors: str
) -> None:
    verdict = judged(output, errors)

    assert verdict.status == 0
    assert "実行できませんでした" in verdict.words
    assert "ありませんでした" not in verdict.words


@pytest.mark.parametrize(
    ("output", "errors"),
    [
        (printed(AUDITED, SKIPPED), "No known vulnerabilities found"),
        (printed(), "No known vulnerabilities found"),
        ("", ""),
        ("{}", ""),
        ("not json", "Traceback\nKeyError: 'x'"),
        ("", "ERROR:pip_audit._cli:invalid requirements input: requirements.lock"),
    ],
    ids=["half", "no packages", "silence", "other json", "no json", "no lock"],
)
def test_s2_an_audit_that_went_wrong_is_not_passed_over(output: str, errors: str) -> None:
    verdict = judged(output, errors)

    assert verdict.status == 1
    assert "弱点はありませんでした" not in verdict.words


@pytest.mark.parametrize("lock", LOCKS)
def test_s2_every_locked_dependency_is_pinned_by_version_and_hash(lock: str) -> None:
    packages = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", "").splitlines()

    loose = [line for line in packages if "==" not in line or "--hash=sha256:" not in line]

    assert packages
    assert [line for line in loose if line.strip() and not line.startswith("#")] == []


def test_s2_the_bill_of_materials_lists_every_locked_package(tmp_path: Path) -> None:
    lock, bill = ROOT / "requirements.lock", tmp_path / "sbom.json"
    program = str(Path(sys.executable).with_name("cyclonedx-py"))
    command = [program, "requirements", "--output-format", "JSON", "--output-file", str(bill)]

    subprocess.run([*command, str(lock)], check=True, capture_output=True, timeout=60)

    listed = {part["name"] for part in json.loads(bill.read_text("utf-8"))["components"]}
    locked = set(re.findall(r"^([\w.-]+)==", lock.read_text("utf-8"), re.MULTILINE))
    assert listed == locked
