"""flask kb: check, import, export and compare the knowledge base with the catalog."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import yaml
from flask.cli import AppGroup, ScriptInfo

from bot import parts as parts_module
from bot.cli_common import COMMAND, fail
from bot.parts import Parts
from knowledge import entry as entry_module
from knowledge import plan, releases, seed, truth
from knowledge.entry import CATEGORIES, Entry
from knowledge.records import audit, store
from knowledge.records.audit import Act
from knowledge.release_content import ReleaseError
from knowledge.seed import Catalog

kb_commands = AppGroup("kb", help="知識ベース（案内の項目）を扱う。")

FILES = click.argument(
    "files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)


@kb_commands.command("check")
@FILES
@click.option("--date", "day", type=click.DateTime(formats=["%Y-%m-%d"]), help="この日として調べる")
def check(files: tuple[Path, ...], day: Any) -> None:
    """項目の書き方と、出典にない事実がないことを調べる。"""
    everything = seed.load()
    catalog = seed.load([*_others(files), *files]) if files else everything
    _stop_on(_problems(catalog, day.date() if day else plan.today(), {f.name for f in files}))
    click.echo(f"{len(catalog.entries)} 項目を調べました。問題はありません。")


@kb_commands.command("import")
@FILES
@click.pass_obj
def import_(info: ScriptInfo, files: tuple[Path, ...]) -> None:
    """カタログを取り込む。職員が直した項目は、そのまま残す。"""
    catalog = seed.load(files or None)
    _stop_on([str(problem) for problem in catalog.problems])
    parts = parts_module.of(info.load_app())
    with _or_fail():
        result = releases.import_catalog(parts.kb, parts.records, parts.clock, files or None)
        if result.added or result.updated:
            _note(parts, "import_catalog")
    click.echo(
        f"追加 {len(result.added)}、更新 {len(result.updated)}、"
        f"職員の修正を残した項目 {len(result.kept)}"
    )


@kb_commands.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def export(info: ScriptInfo, folder: Path) -> None:
    """今の項目を、分野ごとの YAML に書き出す。"""
    folder.mkdir(parents=True, exist_ok=True)
    entries = [stored.entry for stored in parts_module.of(info.load_app()).kb.all_entries()]
    for number, category in enumerate(CATEGORIES, start=1):
        chosen = [_without_category(entry) for entry in entries if entry.category == category]
        text = yaml.safe_dump(
            {"category": category, "entries": chosen}, allow_unicode=True, sort_keys=False
        )
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    click.echo(f"{len(entries)} 項目を書き出しました。")


@kb_commands.command("diff")
@click.pass_obj
def diff(info: ScriptInfo) -> None:
    """カタログと今の項目の違いを、項目と欄の名前で示す。"""
    current = {s.entry.id: s.entry for s in parts_module.of(info.load_app()).kb.all_entries()}
    catalog = {entry.id: entry for entry in seed.load().entries}
    for entry_id in [*catalog, *(i for i in current if i not in catalog)]:
        line = _difference(catalog.get(entry_id), current.get(entry_id))
        if line:
            click.echo(f"{entry_id}：{line}")


@kb_commands.command("publish")
@click.pass_obj
def publish(info: ScriptInfo) -> None:
    """今の知識を、すべての機械に配る。"""
    parts = parts_module.of(info.load_app())
    with _or_fail():
        number = releases.publish(parts.kb, parts.records, COMMAND.name, parts.clock())
        if number is not None:
            _note(parts, "publish_release")
    click.echo("配るものはありません。" if number is None else f"版 {number} を配りました。")


@kb_commands.command("releases")
@click.pass_obj
def list_releases(info: ScriptInfo) -> None:
    """戻せる版の一覧を、新しい順に出す。"""
    parts = parts_module.of(info.load_app())
    with _or_fail():
        found = releases.published(parts.records)
    for release in found:
        at = datetime.fromtimestamp(release.at, tz=plan.JST)
        click.echo(f"{release.number}\t{at:%Y-%m-%d %H:%M}\t{release.by}\t{release.sha256[:12]}")


@kb_commands.command("rollback")
@click.argument("number", type=int)
@click.pass_obj
def rollback(info: ScriptInfo, number: int) -> None:
    """知識を NUMBER の版に戻し、新しい版として配る。"""
    parts = parts_module.of(info.load_app())
    with _or_fail():
        new = releases.rollback(parts.kb, parts.records, number, COMMAND.name, parts.clock())
        if new is not None:
            _note(parts, "rollback_release", f"版 {number}")
    click.echo("今の知識と同じです。" if new is None else f"版 {number} に戻しました（版 {new}）。")


@contextmanager
def _or_fail() -> Iterator[None]:
    try:
        yield
    except ReleaseError as error:
        fail([str(error)])


def _note(parts: Parts, action: str, subject: str = "*") -> None:
    """Write into the trail which release a command made, and which stood before."""
    after, *older = (
        f"版 {one.number}（{one.sha256[:12]}）" for one in releases.published(parts.records)
    )
    act = Act(action, subject, detail={"before": older[0] if older else "なし", "after": after})
    with store.writing(parts.records) as connection:
        audit.note(connection, COMMAND, act, parts.clock())


def _difference(ours: Entry | None, theirs: Entry | None) -> str:
    if theirs is None:
        return "知識ベースにありません"
    if ours is None:
        return "カタログにありません"
    before, after = entry_module.to_data(ours), entry_module.to_data(theirs)
    return "、".join(field for field in before if before[field] != after[field])


def _problems(catalog: Catalog, day: date, only: set[str]) -> list[str]:
    found = [
        *catalog.problems,
        *truth.check(catalog.entries, catalog.file_of, plan.rows(), day),
    ]
    return [str(problem) for problem in found if not only or problem.file in only]


def _others(files: tuple[Path, ...]) -> list[Path]:
    """The catalog's other files: ids and phrasings must be unique across all of them."""
    given = {path.resolve() for path in files}
    return [path for path in seed.files() if path.resolve() not in given]


def _without_category(entry: Entry) -> dict[str, Any]:
    data = entry_module.to_data(entry)
    del data["category"]
    return data


def _stop_on(problems: list[str]) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
