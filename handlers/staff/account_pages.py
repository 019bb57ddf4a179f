"""Signing in and out, accepting an invitation, and changing one's password."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from handlers.staff import arriving, guard, passwords
from handlers.staff.desk import Desk, Page
from handlers.staff.forms import NewPasswordForm, OwnPasswordForm, SignInForm
from knowledge.records import accounts, audit, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Act
from knowledge.records.jobs import Transaction

WRONG = "メールアドレスかパスワードが違います。"


def add_routes(blueprint: Blueprint, desk: Desk) -> None:
    """`/staff/sign-in` and its neighbours."""
    _add_doors(blueprint, desk)
    _add_passwords(blueprint, desk)


def _add_doors(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/sign-in", methods=["GET", "POST"])
    @guard.needs(guard.EVERYBODY)
    def sign_in() -> Page:
        form = SignInForm(next=request.args.get("next", ""))
        if not form.validate_on_submit():
            return render_template("staff/sign_in.html", form=form)
        attempt = arriving.attempt(desk, form.account.data, form.password.data)
        claimed = passwords.claim(desk, attempt)
        wait = arriving.too_often(claimed)
        if wait:
            form.password.errors = [wait]
            return render_template("staff/sign_in.html", form=form), 429
        person = passwords.person_of(desk, claimed)
        if person is None:
            form.password.errors = [WRONG]
            return render_template("staff/sign_in.html", form=form), 401
        return arriving.after_password(desk, person, form, claimed)

    @blueprint.post("/sign-out")
    @guard.needs("viewer")
    @guard.before_code
    def sign_out() -> Page:
        guard.end(desk)
        flash("ログアウトしました。")
        return redirect(url_for("staff.sign_in"), 303)

    @blueprint.post("/sign-out-everywhere")
    @guard.needs("viewer")
    @guard.before_code
    def sign_out_everywhere() -> Page:
        with store.writing(desk.records) as connection:
            accounts.close_sessions(connection, guard.me().person_id)
            audit.note(
                connection, guard.me(), Act("sign_out_everywhere", guard.me().account), desk.clock()
            )
        flash("すべての場所でログアウトしました。")
        return redirect(url_for("staff.sign_in"), 303)

    @blueprint.get("/account")
    @guard.needs("viewer")
    @guard.before_code
    def account() -> Page:
        return render_template("staff/account.html")


def _add_passwords(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.route("/invitation/<token>", methods=["GET", "POST"])
    @guard.needs(guard.EVERYBODY)
    def invitation(token: str) -> Page:
        person = _invited(desk, token)
        if person is None:
            return render_template("staff/invitation_gone.html"), 404
        form = NewPasswordForm()
        if not _is_good(form, person):
            return render_template("staff/invitation.html", form=form, person=person)
        if not _accept(desk, person, token, form.password.data):
            return render_template("staff/invitation_gone.html"), 404
        if person.has_code:
            flash("パスワードを決めました。ログインしてください。")
            return redirect(url_for("staff.sign_in"), 303)
        guard.begin(desk, person)
        flash("パスワードを決めました。ログインしています。")
        return redirect(url_for("staff.home"), 303)

    @blueprint.route("/password", methods=["GET", "POST"])
    @guard.needs("viewer")
    def password() -> Page:
        form = OwnPasswordForm()
        if not _is_good(form, guard.me()) or not _is_own(desk, form):
            return render_template("staff/password.html", form=form)
        hashed = passwords.hashed(form.password.data)
        with store.writing(desk.records) as connection:
            _set_password(connection, desk, guard.me(), hashed)
        guard.begin(desk, guard.me())
        flash("パスワードを変えました。ほかの場所では、ログインし直しが要ります。")
        return redirect(url_for("staff.home"), 303)


def _invited(desk: Desk, token: str) -> Person | None:
    with store.reading(desk.records) as connection:
        person_id = accounts.invited(connection, guard.fingerprint(token), desk.clock())
        person = accounts.get(connection, person_id) if person_id else None
    return None if person is None or person.is_disabled else person


def _accept(desk: Desk, person: Person, token: str, password: str) -> bool:
    """Use the link up and save the password, both or neither; False when it was used meanwhile."""
    hashed = passwords.hashed(password)
    with store.writing(desk.records) as connection:
        if not accounts.use_invitation(connection, guard.fingerprint(token), desk.clock()):
            return False
        _set_password(connection, desk, person, hashed)
    return True


def _set_password(connection: Transaction, desk: Desk, person: Person, hashed: str) -> None:
    accounts.set_password(connection, person.person_id, hashed)
    audit.note(connection, person, Act("set_password", person.account), desk.clock())


def _is_good(form: NewPasswordForm, person: Person) -> bool:
    if not form.validate_on_submit():
        return False
    problem = passwords.problem(form.password.data, person.account)
    if problem:
        form.password.errors = [problem]
    return not problem


def _is_own(desk: Desk, form: OwnPasswordForm) -> bool:
    """Whoever finds a desk open does not make it their own."""
    claimed = arriving.typed_again(desk, guard.me(), form.present)
    if claimed is not None:
        passwords.forget(desk, claimed)
    return claimed is not None
