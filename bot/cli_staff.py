"""flask staff: the first admin, and a way in when nobody can sign in."""

import re
import secrets

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo

from bot import parts as parts_module
from bot.cli_common import COMMAND, fail, parts_of
from handlers.staff import code_pages, people_pages
from handlers.staff.desk import Desk
from handlers.staff.filters import ROLE_NAMES
from handlers.staff.forms import ACCOUNT_FORM
from knowledge.records import accounts, store
from knowledge.records.accounts import MAX_ACCOUNT, MAX_NAME, ROLES, AccountTakenError, Person
from knowledge.records.audit import Act

LOCAL_ACCOUNT = "admin@example.jp"
NO_REASON = "理由は書かれていません（コマンドから）"
REASON = "理由（操作の記録に残る）"

staff_commands = AppGroup("staff", help="編集サイトの職員を扱う。")


@staff_commands.command("add")
@click.argument("account")
@click.option("--name", required=True, help="名前")
@click.option("--role", type=click.Choice(ROLES), default="admin", help="役割")
@click.pass_obj
def add(info: ScriptInfo, account: str, name: str, role: str) -> None:
    """職員を加え、パスワードを決めるための、一度だけ使えるリンクを出す。"""
    problems = _problems(account, name)
    if problems:
        fail(problems)
    desk = parts_of(info).desk()
    try:
        link = people_pages.invite(
            desk, COMMAND, Person(secrets.token_hex(16), account, name, role)
        )
    except AccountTakenError:
        fail([f"{account} は、もう使われています。"])
    click.echo(f"{name} さんを加えました。7日のうちに、次のリンクを開いてください。\n{link}")


@staff_commands.command("list")
@click.pass_obj
def list_(info: ScriptInfo) -> None:
    """職員の一覧を出す。"""
    with store.reading(parts_of(info).desk().records) as connection:
        everybody = accounts.everybody(connection)
    for person in everybody:
        state = "止めています" if person.is_disabled else "使えます"
        click.echo(f"{person.account}\t{person.name}\t{ROLE_NAMES[person.role]}\t{state}")


@staff_commands.command("disable")
@click.argument("account")
@click.option("--reason", default=NO_REASON, help=REASON)
@click.pass_obj
def disable(info: ScriptInfo, account: str, reason: str) -> None:
    """職員を止める。ログイン中でも、すぐに使えなくなる。"""
    desk = parts_of(info).desk()
    people_pages.stop(desk, COMMAND, _somebody(desk, account), reason)
    click.echo(f"{account} を止めました。")


@staff_commands.command("enable")
@click.argument("account")
@click.option("--reason", default=NO_REASON, help=REASON)
@click.pass_obj
def enable(info: ScriptInfo, account: str, reason: str) -> None:
    """止めた職員を、また使えるようにする。パスワードは前と同じ。"""
    desk = parts_of(info).desk()
    people_pages.let_back_in(desk, COMMAND, _somebody(desk, account), reason)
    click.echo(f"{account} は、また使えます。")


@staff_commands.command("reset-code")
@click.argument("account")
@click.option("--reason", required=True, help=REASON)
@click.pass_obj
def reset_code(info: ScriptInfo, account: str, reason: str) -> None:
    """職員の確認コードを外す。次は、パスワードだけでログインする。"""
    desk = parts_of(info).desk()
    person = _somebody(desk, account)
    code_pages.turn_off(desk, COMMAND, person, Act("reset_code", person.account, reason=reason))
    click.echo(f"{account} の確認コードを外しました。")


def first_local_account(app: Flask) -> str | None:
    """In local mode, with nobody there yet: the link for the first admin, to be shown once."""
    desk = parts_module.of(app).desk()
    if accounts.has_anybody(desk.records):
        return None
    person = Person(secrets.token_hex(16), LOCAL_ACCOUNT, "試し", "admin")
    return people_pages.invite(desk, COMMAND, person)


def _somebody(desk: Desk, account: str) -> Person:
    with store.reading(desk.records) as connection:
        person = accounts.find(connection, account)
    if person is None:
        fail([f"{account} という職員はいません。"])
    return person


def _problems(account: str, name: str) -> list[str]:
    is_account = re.fullmatch(ACCOUNT_FORM, accounts.plain(account)) and len(account) <= MAX_ACCOUNT
    return [
        *([] if is_account else [f"アカウントは、{MAX_ACCOUNT}文字までのメールアドレスです。"]),
        *(
            []
            if name.strip() and len(name) <= MAX_NAME
            else [f"名前は1文字から{MAX_NAME}文字です。"]
        ),
    ]
