"""The staff themselves: inviting, roles, stopping somebody."""

import secrets
from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from handlers.staff import code_pages, guard
from handlers.staff.desk import Desk
from handlers.staff.forms import (
    DisableForm,
    EnableForm,
    PersonForm,
    PlainForm,
    ResetCodeForm,
    RoleForm,
)
from knowledge.records import accounts, audit, store
from knowledge.records.accounts import AccountTakenError, Person
from knowledge.records.audit import Act
from knowledge.records.jobs import Transaction

INVITATION_SECONDS = 7 * 24 * 60 * 60.0
ROLE_TOLD = "変えると、すぐにログアウトされます。次にログインしたときから、新しい役割になります。"
DISABLE_TOLD = "止めると、すぐにログアウトされ、ログインできなくなります。あとで元に戻せます。"
ENABLE_TOLD = "前と同じパスワードで、またログインできるようになります。"
Page = str | Response


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/people`."""
    _add_list(blueprint, desk)
    _add_role(blueprint, desk)
    _add_disable(blueprint, desk)
    _add_invitation(blueprint, desk)
    _add_code(blueprint, desk)


def _add_list(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/people", methods=["GET", "POST"])
    @guard.needs("admin")
    @guard.keeps_text
    def people() -> Page:
        form = PersonForm()
        link = whose = ""
        if form.validate_on_submit():
            try:
                link, whose = invite(desk, guard.me(), _new_person(form)), form.name.data
                form = PersonForm(formdata=None)
            except AccountTakenError:
                form.account.errors = ["このメールアドレスは、もう使われています。"]
        with store.reading(desk.records) as connection:
            everybody = accounts.everybody(connection)
        shown = {"form": form, "link": link, "whose": whose, "people": everybody}
        return render_template("staff/people.html", **shown)


def _add_role(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/people/<person_id>/role", methods=["GET", "POST"])
    @guard.needs("admin")
    @guard.keeps_text
    def change_role(person_id: str) -> Page:
        person = _somebody(desk, person_id)
        if person.person_id == guard.me().person_id:
            flash("自分の役割は変えられません。ほかの管理する人に頼んでください。")
            return redirect(url_for("staff.people"), 303)
        form = RoleForm(role=person.role)
        if not form.validate_on_submit():
            heading = f"{person.name} さんの役割を変える"
            return _asked_why(form, person, heading, ROLE_TOLD)
        role = form.role.data
        act = Act("change_role", person.account, _reason_in(form), {"role": role})
        with store.writing(desk.records) as connection:
            accounts.change(connection, person.person_id, role=role)
            accounts.close_sessions(connection, person.person_id)
            audit.note(connection, guard.me(), act, desk.clock())
        flash(f"{person.name} さんの役割を変えました。")
        return redirect(url_for("staff.people"), 303)


def _add_disable(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/people/<person_id>/disable", methods=["GET", "POST"])
    @guard.needs("admin")
    @guard.keeps_text
    def disable(person_id: str) -> Page:
        form, person = DisableForm(), _somebody(desk, person_id)
        if person.person_id == guard.me().person_id:
            flash("自分は止められません。ほかの管理する人に頼んでください。")
            return redirect(url_for("staff.people"), 303)
        if not form.validate_on_submit():
            return _asked_why(form, person, f"{person.name} さんを止める", DISABLE_TOLD)
        stop(desk, guard.me(), person, _reason_in(form))
        flash(f"{person.name} さんを止めました。すぐにログアウトされます。")
        return redirect(url_for("staff.people"), 303)

    @blueprint.route("/people/<person_id>/enable", methods=["GET", "POST"])
    @guard.needs("admin")
    @guard.keeps_text
    def enable(person_id: str) -> Page:
        form, person = EnableForm(), _somebody(desk, person_id)
        if not person.is_disabled:
            return redirect(url_for("staff.people"), 303)
        if not form.validate_on_submit():
            heading = f"{person.name} さんを、また使えるようにする"
            return _asked_why(form, person, heading, ENABLE_TOLD)
        let_back_in(desk, guard.me(), person, _reason_in(form))
        flash(f"{person.name} さんは、また使えます。パスワードは前と同じです。")
        return redirect(url_for("staff.people"), 303)


def _add_invitation(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/people/<person_id>/invitation")
    @guard.needs("admin")
    def invite_again(person_id: str) -> Page:
        person = _somebody(desk, person_id)
        if not PlainForm().validate_on_submit() or person.is_disabled:
            abort(400)
        with store.writing(desk.records) as connection:
            link = _link(connection, desk, guard.me(), person)
        return render_template("staff/invitation_link.html", person=person, link=link)


def _add_code(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/people/<person_id>/code", methods=["GET", "POST"])
    @guard.needs("admin")
    @guard.keeps_text
    def reset_code(person_id: str) -> Page:
        form, person = ResetCodeForm(), _somebody(desk, person_id)
        if person.person_id == guard.me().person_id:
            return redirect(url_for("staff.own_code"), 303)
        if not form.validate_on_submit():
            return render_template("staff/reset_code.html", form=form, person=person)
        act = Act("reset_code", person.account, reason=form.reason.data)
        code_pages.turn_off(desk, guard.me(), person, act)
        flash(f"{person.name} さんの確認コードを外しました。次は、パスワードだけでログインします。")
        return redirect(url_for("staff.people"), 303)


def stop(desk: Desk, by: Person, person: Person, reason: str) -> None:
    """Let a person in no more, from this moment on."""
    with store.writing(desk.records) as connection:
        accounts.stop(connection, person.person_id, desk.clock())
        audit.note(connection, by, Act("disable", person.account, reason), desk.clock())


def let_back_in(desk: Desk, by: Person, person: Person, reason: str) -> None:
    """Let somebody who was stopped sign in again, with the password they had."""
    with store.writing(desk.records) as connection:
        accounts.change(connection, person.person_id, disabled_at=None)
        audit.note(connection, by, Act("enable", person.account, reason), desk.clock())


def invite(desk: Desk, by: Person, person: Person) -> str:
    """Add a person and give the one-time link for their password; raises AccountTakenError."""
    person = replace(person, account=accounts.plain(person.account))
    with store.writing(desk.records) as connection:
        accounts.add(connection, person, desk.clock())
        audit.note(
            connection,
            by,
            Act("add_person", person.account, detail={"role": person.role}),
            desk.clock(),
        )
        return _link(connection, desk, by, person)


def _link(connection: Transaction, desk: Desk, by: Person, person: Person) -> str:
    """It lets a person choose a password once, within a week."""
    token = secrets.token_urlsafe(32)
    expires_at = desk.clock() + INVITATION_SECONDS
    accounts.invite(connection, guard.fingerprint(token), person.person_id, expires_at)
    audit.note(connection, by, Act("invite", person.account), desk.clock())
    return f"{desk.base_url}/staff/invitation/{token}"


def _new_person(form: PersonForm) -> Person:
    return Person(secrets.token_hex(16), form.account.data, form.name.data, form.role.data)


def _asked_why(
    form: RoleForm | DisableForm | EnableForm, person: Person, heading: str, told: str
) -> str:
    return render_template(
        "staff/person_change.html", form=form, person=person, heading=heading, told=told
    )


def _reason_in(form: RoleForm | DisableForm | EnableForm) -> str:
    return (form.reason.data or "").strip()


def _somebody(desk: Desk, person_id: str) -> Person:
    with store.reading(desk.records) as connection:
        person = accounts.get(connection, person_id)
    if person is None:
        abort(404)
    return person
