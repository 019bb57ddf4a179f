"""flask records: bring the records database to a version, or carry it to another one."""

from typing import TextIO

import click
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import SQLAlchemyError

from bot.cli_common import fail, parts_of
from knowledge.records import copying, migrations, store

records_commands = AppGroup("records", help="記録のデータベースを扱う。")


@records_commands.command("migrate")
@click.option("--to", "version", default=migrations.HEAD, help="この版にする（戻すときに使う）")
@click.pass_obj
def migrate(info: ScriptInfo, version: str) -> None:
    """記録のデータベースの版を変える。何も付けなければ、今のプログラムの版にする。"""
    records = parts_of(info).records
    try:
        migrations.move_to(records, version)
    except (migrations.UnknownVersionError, ValueError) as error:
        fail([str(error)])
    except SQLAlchemyError as error:
        fail([f"データベースの版を変えられませんでした（{type(error).__name__}）。"])
    click.echo(f"記録のデータベースは、版 {version} です。")


@records_commands.command("copy")
@click.option("--to", "url", help="コピー先（例：postgresql://…）")
@click.option(
    "--to-file", "file", type=click.File(encoding="utf-8"), help="コピー先を書いたファイル"
)
@click.pass_obj
def copy(info: ScriptInfo, url: str | None, file: TextIO | None) -> None:
    """記録を、空の別のデータベースへ写す（ボットを止めてから行う）。

    合い言葉を命令の行に残さないために、コピー先はファイルでも渡せる。
    """
    url = url or (file.read().strip() if file else "")
    try:
        rows = copying.copy(parts_of(info).records, store.open_store(url))
    except (copying.CopyError, store.RecordsUrlError) as error:
        fail([str(error)])
    except SQLAlchemyError as error:
        fail([f"コピー先のデータベースが使えません（{type(error).__name__}）。"])
    for table, count in rows.items():
        click.echo(f"{table}：{count} 行")
    click.echo("写し終えました。BOT_RECORDS_URL をコピー先に変えて、起動してください。")
