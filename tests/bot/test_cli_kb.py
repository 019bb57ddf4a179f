"""flask kb: the catalog is checked, brought in, written out and compared, and mistakes are named."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskCliRunner

from bot import parts
from handlers.staff import audit_pages
from knowledge import entry as entry_module
from knowledge import seed
from knowledge.base import KnowledgeBase
from knowledge.records import audit, store
from tests.builders import an_entry


def a_file(folder: Path, **changes: Any) -> Path:
    """A catalog file with one new entry."""
    new = {"id": "cat-cafe", "title": "猫の集い", "phrasings": ["猫に会いたい", "猫の集まり"]}
    data = {**entry_module.to_data(an_entry()), **new, **changes}
    category = data.pop("category")
    path = folder / "cats.yaml"
    text = yaml.safe_dump({"category": category, "entries": [data]}, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    return path


def kb_of(runner: FlaskCliRunner) -> KnowledgeBase:
    return parts.of(runner.app).kb


def edited(kb: KnowledgeBase, entry_id: str, **changes: Any) -> None:
    """A clerk saves an entry."""
    stored = next(stored for stored in kb.all_entries() if stored.entry.id == entry_id)
    data = {**entry_module.to_data(stored.entry), **changes}
    kb.save(entry_module.from_data(data), "clerk", stored.revision)


def test_the_catalog_is_without_fault(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["kb", "check", "--date", "2026-11-22"])

    assert (result.exit_code, result.output) == (0, "86 項目を調べました。問題はありません。\n")


def test_passed_review_dates_are_found_on_a_later_day(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["kb", "check", "--date", "2036-01-01"])

    assert result.exit_code == 1
    assert "digital.yaml：smartphone-salon：review_by：" in result.output


def test_a_new_file_is_checked_together_with_the_catalog(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    path = a_file(tmp_path, phrasings=["粗大ごみ"], id="bulky-waste")

    result = runner.invoke(args=["kb", "check", str(path), "--date", "2026-11-22"])

    assert result.exit_code == 1
    assert "cats.yaml：bulky-waste：id：同じ id が二つあります" in result.output


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"summary": "あ" * 121}, "summary"),
        ({"body": "電話は 095-000-0000 です。"}, "body"),
        ({"review_by": "2020-01-01"}, "review_by"),
        ({"plan": ["9-9-⑨-9"]}, "plan"),
        ({"colour": "red"}, "colour"),
        ({"review_by": "someday"}, "review_by"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_fault_ends_with_1_and_names_file_entry_and_field(
    runner: FlaskCliRunner, tmp_path: Path, changes: dict[str, Any], field: str
) -> None:
    path = a_file(tmp_path, **changes)

    result = runner.invoke(args=["kb", "check", str(path), "--date", "2026-11-22"])

    assert result.exit_code == 1
    named = [
        line for line in result.output.splitlines() if line.startswith("cats.yaml：cat-cafe：")
    ]
    assert [line for line in named if field in line]


@pytest.mark.parametrize("command", ["check", "import"])
@pytest.mark.parametrize(
    "content", [b"entries: [", b"\xff\xfe", b"just text", b"entries: {}", b"", b"- [1, 2]"]
)
def test_a_file_that_is_no_catalog_ends_with_1_and_is_named(
    runner: FlaskCliRunner, tmp_path: Path, command: str, content: bytes
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)

    result = runner.invoke(args=["kb", command, str(path)])

    assert result.exit_code == 1
    assert "broken.yaml：" in result.output


def test_a_file_is_brought_in_and_its_entry_found(
    own_runner: FlaskCliRunner, tmp_path: Path
) -> None:
    path = a_file(tmp_path)

    result = own_runner.invoke(args=["kb", "import", str(path)])

    assert (result.exit_code, result.output) == (0, "追加 1、更新 0、職員の修正を残した項目 0\n")
    asked = own_runner.invoke(args=["ask", "--json", "猫に会いたい"])
    assert '"id": "cat-cafe"' in asked.output


def test_bringing_the_catalog_in_again_changes_nothing(own_runner: FlaskCliRunner) -> None:
    before = kb_of(own_runner).revision

    result = own_runner.invoke(args=["kb", "import"])

    assert result.output == "追加 0、更新 0、職員の修正を残した項目 0\n"
    assert kb_of(own_runner).revision == before


def test_a_clerks_edit_survives_the_catalog_and_is_shown_as_a_difference(
    own_runner: FlaskCliRunner, tmp_path: Path
) -> None:
    edited(kb_of(own_runner), "bulky-waste", summary="職員が直した要約です。")
    path = seed.CATALOG / seed.load().file_of["bulky-waste"]

    own_runner.invoke(args=["kb", "import", str(path)])

    (line,) = own_runner.invoke(args=["kb", "diff"]).output.splitlines()
    assert line.startswith("bulky-waste：")
    assert "summary" in line
    assert kb_of(own_runner).entry("bulky-waste", date(2026, 11, 22)).summary.startswith("職員が")


def test_commands_that_change_the_knowledge_are_in_the_trail_with_what_stood_before(
    own_runner: FlaskCliRunner, tmp_path: Path
) -> None:
    mine = parts.of(own_runner.app)
    first = mine.kb.release
    own_runner.invoke(args=["kb", "import", str(a_file(tmp_path))])
    edited(mine.kb, "bulky-waste", summary="職員が直した要約です。")
    own_runner.invoke(args=["kb", "publish"])
    own_runner.invoke(args=["kb", "rollback", str(first.number)])

    with store.reading(mine.records) as connection:
        deeds = audit.trail(connection)

    assert [d.action for d in deeds] == ["rollback_release", "publish_release", "import_catalog"]
    assert deeds[0].subject == f"版 {first.number}"
    assert deeds[2].detail["before"] == f"版 {first.number}（{first.sha256[:12]}）"
    assert [d.detail["before"] for d in deeds[:2]] == [d.detail["after"] for d in deeds[1:]]
    assert {d.action for d in deeds} <= audit_pages.WORDS.keys()


def test_commands_that_change_nothing_are_not_in_the_trail(own_runner: FlaskCliRunner) -> None:
    mine = parts.of(own_runner.app)

    for command in (["import"], ["publish"], ["rollback", str(mine.kb.release.number)]):
        own_runner.invoke(args=["kb", *command])

    with store.reading(mine.records) as connection:
        assert audit.trail(connection) == []


def test_a_fresh_knowledge_base_does_not_differ_from_the_catalog(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["kb", "diff"])

    assert (result.exit_code, result.output) == (0, "")


def test_an_entry_that_the_catalog_lacks_is_shown_as_a_difference(
    own_runner: FlaskCliRunner, tmp_path: Path
) -> None:
    own_runner.invoke(args=["kb", "import", str(a_file(tmp_path))])

    result = own_runner.invoke(args=["kb", "diff"])

    assert result.output == "cat-cafe：カタログにありません\n"


def test_what_is_written_out_is_read_back_unchanged(runner: FlaskCliRunner, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "export"

    result = runner.invoke(args=["kb", "export", str(folder)])

    exported = seed.load(sorted(folder.glob("*.yaml")))
    assert result.output == "86 項目を書き出しました。\n"
    assert exported.problems == ()
    assert {e.id: e for e in exported.entries} == {e.id: e for e in seed.load().entries}
