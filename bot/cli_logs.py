"""flask logs: erase texts that are kept, when their time is over or when somebody asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.cli_common import DAY, fail, parts_of
from bot.config import HIGHEST
from knowledge.plan import JST
from knowledge.records import retention
from knowledge.records.retention import Purged, Selection
from knowledge.text import without_lone_surrogates

logs_commands = AppGroup("logs", help="質問の記録を扱う。")

STILL_IN_FILE = (
    "文は消しましたが、ほかのプログラムが使っているため、ファイルの中の古い写しが残ることが"
    "あります。少し待って、flask logs purge を行ってください。"
)


@logs_commands.command("purge")
@click.option(
    "--days",
    type=click.IntRange(1, HIGHEST["BOT_RETENTION_DAYS"]),
    help="質問の文を残す日数（何も付けなければ BOT_RETENTION_DAYS）",
)
@click.pass_obj
def purge(info: ScriptInfo, days: int | None) -> None:
    """期限を過ぎた記録を消す。質問の数と、案内した項目は残る。"""
    parts = parts_of(info)
    with _or_fail():
        found = retention.purge(parts.records, parts.clock(), days or parts.config.retention_days)
    click.echo(_counts(found))
    _rewrite(parts.records)


@logs_commands.command("erase")
@click.option("--event", "event_id", help="この番号（webhookEventId）の質問")
@click.option("--containing", "text", help="この文字を含むすべての質問")
@click.option("--before", "day", type=DAY, help="この日より前のすべての質問（YYYY-MM-DD）")
@click.option("--yes", is_flag=True, help="確かめずに消す")
@click.pass_obj
def erase(info: ScriptInfo, event_id: str | None, text: str | None, day: Any, *, yes: bool) -> None:
    """選んだ質問の文を消す。質問があったことと、案内した項目だけが残る。元には戻せない。"""
    selection = _selection(event_id, text, day)
    records = parts_of(info).records
    with _or_fail():
        found = retention.count(records, selection)
    if not found:
        fail(["文の残っている質問は見つかりませんでした。"])
    if not (yes or event_id or click.confirm(f"{found} 件の質問の文を消します。よろしいですか。")):
        click.echo("何も消しませんでした。")
        return
    with _or_fail():
        erased = retention.erase(records, selection)
    click.echo(f"{erased} 件の質問の文を消しました。")
    _rewrite(records)


def _selection(event_id: str | None, text: str | None, day: Any) -> Selection:
    if sum(map(bool, (event_id, text, day))) != 1:
        raise click.UsageError("--event、--containing、--before のうち、一つだけを付けてください。")
    if event_id:
        return retention.of_event(without_lone_surrogates(event_id))
    if text:
        return retention.containing(without_lone_surrogates(text))
    midnight: datetime = day.replace(tzinfo=JST)
    return retention.asked_before(midnight.timestamp())


def _rewrite(records: Engine) -> None:
    if not retention.rewrite(records):
        click.echo(STILL_IN_FILE, err=True)


def _counts(purged: Purged) -> str:
    return "\n".join(
        (
            f"文を消した質問：{purged.questions} 件",
            f"送信の取り消しで文を消した質問：{purged.taken_back} 件",
            f"中身を消した受信：{purged.bodies} 件",
            f"つながりを消した受信：{purged.links} 件",
            f"消した受信の番号：{purged.events} 件",
            f"消した選択肢：{purged.offers} 件",
            f"消した取り消しの印：{purged.tombstones} 件",
            f"消した職員のコメント：{purged.comments} 件",
            f"消した職員のログインの跡：{purged.sessions} 件",
            f"消した招待リンクの跡：{purged.invitations} 件",
            f"消したログインの失敗：{purged.failures} 件",
        )
    )


@contextmanager
def _or_fail() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        fail([f"記録のデータベースが使えません（{type(error).__name__}）。"])
