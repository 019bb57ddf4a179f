"""The steps of somebody who signs in: the password, a code if they have one, then the page wanted."""

import hmac

from flask import flash, g, redirect, render_template, request, session, url_for
from wtforms import PasswordField

from handlers.staff import devices, guard, kept, passwords
from handlers.staff.desk import Desk, Page
from handlers.staff.forms import CodeForm, SignInForm
from handlers.staff.passwords import Attempt, Claim
from knowledge.records import accounts, audit, second_factor, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Act
from knowledge.records.second_factor import Keeper, Way

TOO_MANY = "続けて失敗したため、しばらくログインできません。{seconds}秒たってから、もう一度お試しください。"
TOO_MANY_HERE = "続けて失敗したため、{seconds}秒たってから、もう一度お試しください。"
WRONG_PASSWORD = "パスワードが違います。"  # noqa: S105 - words for people
LEFT = "回復コードを使いました。残りは{left}個です。"
HALF_WAY = "half_way"
HALF_WAY_SECONDS = 10 * 60.0
"""Long enough to find the phone."""

HALF_WAY_PARTS = 4
"""A browser may come with what an earlier version of this site gave it."""


def attempt(desk: Desk, account: str, password: str = "") -> Attempt:
    """A try that comes with this request; a code is tried without the password."""
    device = devices.of_account(desk, account)
    return Attempt(account, password, request.remote_addr or "", device)


def too_often(claimed: Claim) -> str:
    """What to say to somebody who must wait before they may try again; empty when they may."""
    return TOO_MANY.format(seconds=int(claimed.wait) + 1) if claimed.wait > 0 else ""


def typed_again(desk: Desk, person: Person, field: PasswordField) -> Claim | None:
    """The try of somebody signed in who typed their password; None, told beside it, when it fails."""
    claimed = passwords.claim(desk, attempt(desk, person.account, field.data))
    if claimed.wait > 0:
        field.errors = [TOO_MANY_HERE.format(seconds=int(claimed.wait) + 1)]
    elif passwords.person_of(desk, claimed) is None:
        field.errors = [WRONG_PASSWORD]
    else:
        return claimed
    return None


def after_password(desk: Desk, person: Person, form: SignInForm, claimed: Claim) -> Page:
    """The next step of somebody whose password is right."""
    target = guard.safe_next(form.next.data or "")
    if not person.has_code:
        passwords.forget(desk, claimed)
        return _come_in(desk, person, target, form.kept.data)
    passwords.take_back(desk, claimed)
    guard.clear()
    mark = passwords.mark(desk, person)
    session[HALF_WAY] = [person.person_id, desk.clock(), target, mark]
    if form.kept.data:
        again = CodeForm(formdata=None, next=target, kept=form.kept.data)
        return render_template("staff/sign_in_code.html", form=again)
    return redirect(url_for("staff.sign_in_code"), 303)


def half_way(desk: Desk) -> tuple[Person, str] | None:
    """Whose password was right in this browser a moment ago, and where they want to go."""
    found = session.get(HALF_WAY, ())
    if len(found) != HALF_WAY_PARTS:
        return None
    person_id, at, target, mark = found
    with store.reading(desk.records) as connection:
        person = accounts.get(connection, person_id)
    is_late = desk.clock() - at > HALF_WAY_SECONDS
    if person is None or person.is_disabled or not person.has_code or is_late:
        return None
    if not hmac.compare_digest(mark, passwords.mark(desk, person)):
        return None
    return person, target


def with_code(
    desk: Desk, person: Person, target: str, form: CodeForm, claimed: Claim
) -> Page | None:
    """Let in whoever has a code; None, and a failure more, when it is not right."""
    way = prove(desk, person, form.code.data)
    if not way:
        return None
    passwords.forget(desk, claimed)
    return _come_in(desk, person, target, form.kept.data, way)


def prove(desk: Desk, person: Person, code: str) -> Way:
    """How a person proved who they are; a failure and a code on paper used are in the trail."""
    keeper, now = Keeper(desk.secret_key), desk.clock()
    with store.writing(desk.records) as connection:
        way = second_factor.accept(connection, keeper, person.person_id, code, now)
        if way == "paper":
            audit.note(connection, person, Act("use_recovery_code", person.account), now)
    if not way:
        passwords.failed(desk, person)
    return way


def _come_in(desk: Desk, person: Person, target: str, typed: str | None, way: Way = "") -> Page:
    """Where they wanted to go, with what they had typed when their session ended."""
    detail = {"code": way} if way else {}
    guard.begin(desk, person, Act("sign_in", person.account, detail=detail))
    if way == "paper":
        with store.reading(desk.records) as connection:
            left = second_factor.recovery_left(connection, person.person_id)
        flash(LEFT.format(left=left))
    g.person = person
    return kept.resume_page(target, typed) if typed else redirect(target, 303)
