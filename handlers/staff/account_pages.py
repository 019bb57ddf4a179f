"""Signing in and out, accepting an invitation, and changing one's password."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from handlers.staff import guard, kept, passwords
from handlers.staff.desk import Desk
from handlers.staff.forms import NewPasswordForm, SignInForm
from handlers.staff.passwords import Attempt
from knowledge.records import accounts, audit, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Act

TOO_MANY = "続けて失敗したため、しばらくログインできません。{seconds}秒たってから、もう一度お試しください。"
WRONG = "メールアドレスかパスワードが違います。"
Page = str | Response | tuple[str, int]


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
        attempt = Attempt(form.account.data, form.password.data, request.remote_addr or "")
        wait = passwords.pause(desk, attempt)
        if wait > 0:
            form.password.errors = [TOO_MANY.format(seconds=int(wait) + 1)]
            return render_template("staff/sign_in.html", form=form), 429
        person = passwords.person_of(desk, attempt)
        if person is None:
            form.password.errors = [WRONG]
            return render_template("staff/sign_in.html", form=form), 401
        guard.begin(desk, person)
        _note(desk, person, Act("sign_in", person.account))
        g.person = person
        return _next_page(form)

    @blueprint.post("/sign-out")
    @guard.needs("viewer")
    def sign_out() -> Page:
        guard.end(desk)
        flash("ログアウトしました。")
        return redirect(url_for("staff.sign_in"), 303)

    @blueprint.post("/sign-out-everywhere")
    @guard.needs("viewer")
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
        guard.begin(desk, person)
        flash("パスワードを決めました。ログインしています。")
        return redirect(url_for("staff.home"), 303)

    @blueprint.route("/password", methods=["GET", "POST"])
    @guard.needs("viewer")
    def password() -> Page:
        form = NewPasswordForm()
        if not _is_good(form, guard.me()):
            return render_template("staff/password.html", form=form)
        _set_password(desk, guard.me(), form.password.data)
        guard.begin(desk, guard.me())
        flash("パスワードを変えました。ほかの場所では、ログインし直しが要ります。")
        return redirect(url_for("staff.home"), 303)


def _invited(desk: Desk, token: str) -> Person | None:
    with store.reading(desk.records) as connection:
        person_id = accounts.invited(connection, guard.fingerprint(token), desk.clock())
        return accounts.get(connection, person_id) if person_id else None


def _accept(desk: Desk, person: Person, token: str, password: str) -> bool:
    with store.writing(desk.records) as connection:
        if not accounts.use_invitation(connection, guard.fingerprint(token), desk.clock()):
            return False
    _set_password(desk, person, password)
    return True


def _set_password(desk: Desk, person: Person, password: str) -> None:
    hashed = passwords.hashed(password)
    with store.writing(desk.records) as connection:
        accounts.change(connection, person.person_id, password_hash=hashed)
        accounts.close_sessions(connection, person.person_id)
        audit.note(connection, person, Act("set_password", person.account), desk.clock())


def _is_good(form: NewPasswordForm, person: Person) -> bool:
    if not form.validate_on_submit():
        return False
    problem = passwords.problem(form.password.data, person.account)
    if problem:
        form.password.errors = [problem]
    return not problem


def _next_page(form: SignInForm) -> Page:
    """Where they wanted to go, with what they had typed when their session ended."""
    target = guard.safe_next(form.next.data or "")
    return kept.resume_page(target, form.kept.data) if form.kept.data else redirect(target, 303)


def _note(desk: Desk, person: Person, act: Act) -> None:
    with store.writing(desk.records) as connection:
        audit.note(connection, person, act, desk.clock())
