"""flask records: bring the records database to a version, or carry it to another one."""

from typing import TextIO

import click
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import SQLAlchemyError

from bot.cli_common import fail, parts_of
from knowledge.records import audit, copying, migrations, store

MARK_LETTERS = 16
"""Of a line's hash: as many as somebody writes down."""

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


@records_commands.command("check")
@click.option("--seen", default="", help="前に書き留めた「最後の行」（例：120:0a1b2c3d4e5f6071）")
@click.pass_obj
def check(info: ScriptInfo, seen: str) -> None:
    """職員の操作の記録が、あとから書きかえられていないか調べる。"""
    number, _, mark = seen.partition(":")
    with store.reading(parts_of(info).records) as connection:
        found = audit.check(connection)
        kept = audit.mark_of(connection, int(number)) if number.isdecimal() else ""
    if found.broken_at is not None:
        fail(
            [f"操作の記録の {found.broken_at} 行目が、書いたときと違います。控えと比べてください。"]
        )
    if seen and not (mark and kept.startswith(mark)):
        fail([f"前に書き留めた行（{seen}）がありません。切り取られたおそれがあります。"])
    click.echo(f"操作の記録 {found.lines} 行は、書いたときのままです。")
    click.echo(f"最後の行　{found.last}:{found.mark[:MARK_LETTERS]}")
