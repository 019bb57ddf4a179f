"""flask backup and flask restore: everything in one sealed file, and back."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import ScriptInfo
from sqlalchemy.exc import SQLAlchemyError

from bot.cli_common import fail, parts_of
from bot.config import Config
from knowledge import backups
from knowledge.backups import BackupError, Manifest
from knowledge.plan import JST
from knowledge.records import retention

NO_KEY = "BOT_BACKUP_KEY を設定してください。試すときの鍵は毎回変わるため、そのままでは控えを戻せません。"
NOT_PURGED = "戻した記録から、期限を過ぎた文を消せませんでした。flask logs purge を行ってください。"


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup(info: ScriptInfo, file: Path) -> None:
    """知識と記録の控えを、暗号にして FILE に書き、戻せることを確かめる。動いていてもよい。"""
    parts = parts_of(info)
    config = parts.config
    try:
        made = backups.write(file, config.database, parts.records, _key(config), parts.clock())
    except BackupError as error:
        fail([str(error)])
    click.echo(_contents(made))
    click.echo(
        f"{file.name} に書きました（{file.stat().st_size:,} バイト）。戻せることを確かめました。"
    )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def restore(info: ScriptInfo, file: Path) -> None:
    """FILE の控えを戻す。今のものは、名前を変えて残す。ボットを止めてから行う。"""
    parts = parts_of(info)
    config, now = parts.config, parts.clock()
    try:
        held, aside = backups.restore(file, config.database, parts.records, _key(config), now)
    except BackupError as error:
        fail([str(error)])
    click.echo(_contents(held))
    click.echo(
        "控えを戻しました。前のものは、次の名前で残しました。要らなくなったら消してください。"
    )
    for place in aside:
        click.echo(f"  {place.name}")
    try:
        retention.purge(parts.records, now, config.retention_days)
    except SQLAlchemyError:
        fail([NOT_PURGED])


def _key(config: Config) -> str:
    """A trial's own secret is made anew at every start, so nothing could ever be restored."""
    key = config.backup_key or ("" if config.is_local else config.secret_key)
    if not key:
        fail([NO_KEY])
    return key


def _contents(manifest: Manifest) -> str:
    knowledge, records = manifest.parts
    made_at = datetime.fromisoformat(manifest.made_at).astimezone(JST)
    return "\n".join(
        (
            f"{made_at:%Y-%m-%d %H:%M} の控え",
            f"知識：{knowledge.rows['entry']} 項目（版 {manifest.knowledge_revision}）",
            f"記録：質問 {records.rows['question']} 件、受信 {records.rows['event']} 件"
            f"（データベースの版 {manifest.records_version}）",
        )
    )
