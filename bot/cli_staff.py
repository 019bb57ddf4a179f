"""flask staff: the first admin, and a way in when nobody can sign in."""

import secrets

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo

from bot import parts as parts_module
from bot.cli_common import fail, parts_of
from handlers.staff import people_pages
from handlers.staff.filters import ROLE_NAMES
from knowledge.records import accounts, audit, store
from knowledge.records.accounts import ROLES, AccountTakenError, Person
from knowledge.records.audit import Act

COMMAND = Person("", "flask staff", "命令", "admin")
LOCAL_ACCOUNT = "admin@example.jp"

staff_commands = AppGroup("staff", help="編集サイトの職員を扱う。")


@staff_commands.command("add")
@click.argument("account")
@click.option("--name", required=True, help="名前")
@click.option("--role", type=click.Choice(ROLES), default="admin", help="役割")
@click.pass_obj
def add(info: ScriptInfo, account: str, name: str, role: str) -> None:
    """職員を加え、パスワードを決めるための、一度だけ使えるリンクを出す。"""
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
@click.pass_obj
def disable(info: ScriptInfo, account: str) -> None:
    """職員を止める。ログイン中でも、すぐに使えなくなる。"""
    desk = parts_of(info).desk()
    with store.writing(desk.records) as connection:
        person = accounts.find(connection, account)
        if person is not None:
            now = int(desk.clock() * 1000)
            accounts.change(connection, person.person_id, disabled_at=now)
            accounts.close_sessions(connection, person.person_id)
            audit.note(connection, COMMAND, Act("disable", account), desk.clock())
    if person is None:
        fail([f"{account} という職員はいません。"])
    click.echo(f"{account} を止めました。")


def first_local_account(app: Flask) -> str | None:
    """In local mode, with nobody there yet: the link for the first admin, to be shown once."""
    desk = parts_module.of(app).desk()
    if accounts.has_anybody(desk.records):
        return None
    person = Person(secrets.token_hex(16), LOCAL_ACCOUNT, "試し", "admin")
    return people_pages.invite(desk, COMMAND, person)
