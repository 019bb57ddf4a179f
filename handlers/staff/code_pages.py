"""The code beside the password: setting it up, signing in with it, giving it up."""

import segno
from flask import Blueprint, flash, redirect, render_template, url_for

from handlers.staff import arriving, guard, passwords
from handlers.staff.desk import Desk, Page
from handlers.staff.forms import CodeForm, CodeOffForm, CodeOnForm, PlainForm
from knowledge.records import accounts, audit, second_factor, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Act
from knowledge.records.second_factor import Keeper

WRONG = "確認コードが違うか、もう使ったものです。アプリの数字は30秒ごとに変わります。次の数字をお試しください。"
QR_SCALE = 4


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/sign-in/code` and `/staff/account/code`."""
    _add_door(blueprint, desk)
    _add_page(blueprint, desk)
    _add_on(blueprint, desk)
    _add_paper(blueprint, desk)
    _add_off(blueprint, desk)


def _add_door(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/sign-in/code", methods=["GET", "POST"])
    @guard.needs(guard.EVERYBODY)
    def sign_in_code() -> Page:
        found = arriving.half_way(desk)
        if found is None:
            flash("時間がたちました。もう一度、パスワードからお願いします。")
            return redirect(url_for("staff.sign_in"), 303)
        person, target = found
        form = CodeForm()
        if not form.validate_on_submit():
            return render_template("staff/sign_in_code.html", form=form)
        claimed = passwords.claim(desk, arriving.attempt(desk, person.account))
        wait = arriving.too_often(claimed)
        if wait:
            form.code.errors = [wait]
            return render_template("staff/sign_in_code.html", form=form), 429
        page = arriving.with_code(desk, person, target, form, claimed)
        if page is None:
            form.code.errors = [WRONG]
            return render_template("staff/sign_in_code.html", form=form), 401
        return page


def _add_page(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/account/code")
    @guard.needs("viewer")
    @guard.before_code
    def own_code() -> Page:
        return _page(desk, CodeOnForm(), CodeOffForm())

    @blueprint.post("/account/code/prepare")
    @guard.needs("viewer")
    @guard.before_code
    def prepare_code() -> Page:
        if PlainForm().validate_on_submit():
            # No line in the trail: nothing is in force until the first code has proved the app.
            with store.writing(desk.records) as connection:
                second_factor.prepare(connection, Keeper(desk.secret_key), guard.me().person_id)
        return _back()


def _add_on(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/account/code/on")
    @guard.needs("viewer")
    @guard.before_code
    def turn_on_code() -> Page:
        form, person = CodeOnForm(), guard.me()
        if person.has_code:
            return _back()
        if not form.validate_on_submit():
            return _page(desk, form, CodeOffForm(formdata=None))
        codes = _turn_on(desk, person, form.code.data)
        if codes is None:
            form.code.errors = [WRONG]
            return _page(desk, form, CodeOffForm(formdata=None))
        guard.begin(desk, person)
        return render_template("staff/recovery_codes.html", codes=codes, is_new=True)


def _add_paper(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/account/code/paper")
    @guard.needs("viewer")
    @guard.before_code
    def renew_recovery_codes() -> Page:
        form, person = CodeOffForm(), guard.me()
        if not person.has_code:
            return _back()
        if not form.validate_on_submit() or not _has_all(desk, person, form):
            return _page(desk, CodeOnForm(formdata=None), form)
        with store.writing(desk.records) as connection:
            codes = second_factor.renew(connection, Keeper(desk.secret_key), person.person_id)
            act = Act("renew_recovery_codes", person.account)
            audit.note(connection, person, act, desk.clock())
        return render_template("staff/recovery_codes.html", codes=codes)


def _add_off(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/account/code/off")
    @guard.needs("viewer")
    @guard.before_code
    def turn_off_code() -> Page:
        form, person = CodeOffForm(), guard.me()
        if not person.has_code:
            return _back()
        if not form.validate_on_submit() or not _has_all(desk, person, form):
            return _page(desk, CodeOnForm(formdata=None), form)
        turn_off(desk, person, person, Act("turn_off_code", person.account))
        guard.begin(desk, person)
        flash("確認コードをやめました。次からは、パスワードだけでログインします。")
        return redirect(url_for("staff.account"), 303)


def turn_off(desk: Desk, by: Person, person: Person, act: Act) -> None:
    """Give up somebody's code; they are signed out everywhere."""
    with store.writing(desk.records) as connection:
        second_factor.turn_off(connection, person.person_id)
        accounts.close_sessions(connection, person.person_id)
        audit.note(connection, by, act, desk.clock())


def _turn_on(desk: Desk, person: Person, code: str) -> list[str] | None:
    """The codes on paper; None when the app shows another code."""
    keeper, now = Keeper(desk.secret_key), desk.clock()
    with store.writing(desk.records) as connection:
        if not second_factor.accept_app(connection, keeper, person.person_id, code, now):
            return None
        codes = second_factor.turn_on(connection, keeper, person.person_id, now)
        accounts.close_sessions(connection, person.person_id)
        audit.note(connection, person, Act("turn_on_code", person.account), now)
    return codes


def _has_all(desk: Desk, person: Person, form: CodeOffForm) -> bool:
    """True with the password and a code; what is wrong is written beside its field."""
    claimed = arriving.typed_again(desk, person, form.password)
    if claimed is None:
        return False
    if not arriving.prove(desk, person, form.code.data):
        form.code.errors = [WRONG]
        return False
    passwords.forget(desk, claimed)
    return True


def _page(desk: Desk, on: CodeOnForm, off: CodeOffForm) -> Page:
    """What there is to do now: begin, show the app its secret, or give it up."""
    person = guard.me()
    with store.reading(desk.records) as connection:
        shown = second_factor.secret(connection, Keeper(desk.secret_key), person.person_id)
        left = second_factor.recovery_left(connection, person.person_id)
        is_missing = second_factor.is_missing(connection, person)
    if shown is None or person.has_code:
        shown = ""
    address = second_factor.address(shown, person.account) if shown else ""
    return render_template(
        "staff/own_code.html",
        on=on,
        off=off,
        left=left,
        is_missing=is_missing,
        key=_in_groups(shown),
        address=address,
        picture=_picture(address) if address else "",
    )


def _picture(address: str) -> str:
    """What an app on a phone reads, as the address of an image that is part of the page."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_data_uri(scale=QR_SCALE, light="white")


def _in_groups(shown: str) -> str:
    return " ".join(shown[start : start + 4] for start in range(0, len(shown), 4))


def _back() -> Page:
    return redirect(url_for("staff.own_code"), 303)
