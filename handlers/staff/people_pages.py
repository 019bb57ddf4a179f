"""The staff themselves: inviting, roles, stopping somebody."""

import secrets
from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from handlers.staff import code_pages, guard
from handlers.staff.desk import Desk
from handlers.staff.forms import PersonForm, PlainForm, ResetCodeForm, RoleForm
from knowledge.records import accounts, audit, store
from knowledge.records.accounts import AccountTakenError, Person
from knowledge.records.audit import Act

INVITATION_SECONDS = 7 * 24 * 60 * 60.0
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
    def people() -> Page:
        form = PersonForm()
        link = ""
        if form.validate_on_submit():
            try:
                link = invite(desk, guard.me(), _new_person(form))
                form = PersonForm(formdata=None)
            except AccountTakenError:
                form.account.errors = ["このメールアドレスは、もう使われています。"]
        with store.reading(desk.records) as connection:
            everybody = accounts.everybody(connection)
        role_forms = {p.person_id: RoleForm(formdata=None, role=p.role) for p in everybody}
        return render_template(
            "staff/people.html", form=form, link=link, people=everybody, role_forms=role_forms
        )


def _add_role(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/people/<person_id>/role")
    @guard.needs("admin")
    def change_role(person_id: str) -> Page:
        form, person = RoleForm(), _somebody(desk, person_id)
        if not form.validate_on_submit() or person.person_id == guard.me().person_id:
            flash("自分の役割は変えられません。ほかの管理する人に頼んでください。")
            return redirect(url_for("staff.people"), 303)
        with store.writing(desk.records) as connection:
            accounts.change(connection, person.person_id, role=form.role.data)
            accounts.close_sessions(connection, person.person_id)
            act = Act("change_role", person.account, detail={"role": form.role.data})
            audit.note(connection, guard.me(), act, desk.clock())
        flash(f"{person.name} さんの役割を変えました。")
        return redirect(url_for("staff.people"), 303)


def _add_disable(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/people/<person_id>/disable")
    @guard.needs("admin")
    def disable(person_id: str) -> Page:
        person = _somebody(desk, person_id)
        if not PlainForm().validate_on_submit() or person.person_id == guard.me().person_id:
            flash("自分は止められません。ほかの管理する人に頼んでください。")
            return redirect(url_for("staff.people"), 303)
        stop(desk, guard.me(), person)
        flash(f"{person.name} さんを止めました。すぐにログアウトされます。")
        return redirect(url_for("staff.people"), 303)

    @blueprint.post("/people/<person_id>/enable")
    @guard.needs("admin")
    def enable(person_id: str) -> Page:
        person = _somebody(desk, person_id)
        if PlainForm().validate_on_submit() and person.is_disabled:
            let_back_in(desk, guard.me(), person)
            flash(f"{person.name} さんは、また使えます。パスワードは前と同じです。")
        return redirect(url_for("staff.people"), 303)


def _add_invitation(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/people/<person_id>/invitation")
    @guard.needs("admin")
    def invite_again(person_id: str) -> Page:
        person = _somebody(desk, person_id)
        if not PlainForm().validate_on_submit() or person.is_disabled:
            abort(400)
        link = invitation_link(desk, guard.me(), person)
        return render_template("staff/invitation_link.html", person=person, link=link)


def _add_code(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/people/<person_id>/code", methods=["GET", "POST"])
    @guard.needs("admin")
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


def stop(desk: Desk, by: Person, person: Person) -> None:
    """Let a person in no more, from this moment on."""
    with store.writing(desk.records) as connection:
        accounts.stop(connection, person.person_id, desk.clock())
        audit.note(connection, by, Act("disable", person.account), desk.clock())


def let_back_in(desk: Desk, by: Person, person: Person) -> None:
    """Let somebody who was stopped sign in again, with the password they had."""
    with store.writing(desk.records) as connection:
        accounts.change(connection, person.person_id, disabled_at=None)
        audit.note(connection, by, Act("enable", person.account), desk.clock())


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
    return invitation_link(desk, by, person)


def invitation_link(desk: Desk, by: Person, person: Person) -> str:
    """A link that lets a person choose a password once, within a week."""
    token = secrets.token_urlsafe(32)
    expires_at = desk.clock() + INVITATION_SECONDS
    with store.writing(desk.records) as connection:
        accounts.invite(connection, guard.fingerprint(token), person.person_id, expires_at)
        audit.note(connection, by, Act("invite", person.account), desk.clock())
    return f"{desk.base_url}/staff/invitation/{token}"


def _new_person(form: PersonForm) -> Person:
    return Person(secrets.token_hex(16), form.account.data, form.name.data, form.role.data)


def _somebody(desk: Desk, person_id: str) -> Person:
    with store.reading(desk.records) as connection:
        person = accounts.get(connection, person_id)
    if person is None:
        abort(404)
    return person
