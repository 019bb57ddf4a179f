"""Who is signed in, and who may open which page: closed unless a page says otherwise."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from handlers.staff import devices, kept
from handlers.staff.desk import Desk
from knowledge.records import accounts, audit, second_factor, store
from knowledge.records.accounts import Person
from knowledge.records.audit import Act

Views = Callable[[], dict[str, Callable[..., Any]]]
View = TypeVar("View", bound=Callable[..., Any])

EVERYBODY = "everybody"
"""A page for people who are not signed in yet."""

IDLE_SECONDS = 30 * 60.0
ABSOLUTE_SECONDS = 10 * 60 * 60.0
"""A working day; then everybody signs in again (OPS.md §4, C2)."""

SEEN_EVERY_SECONDS = 30.0
LONGEST_NAME = 128
"""Letters in a part of an address; no entry, question or link has a name as long."""

NOT_TAKEN = "ログインが切れていたため、送ったものを受け取っていません。ログインして、もう一度送ってください。"
SIGNED_OUT = "時間がたったか、ほかの場所での操作で、ログインが切れました。ログインすると、元のページに戻ります。"
AT_THE_DOOR = ("staff.sign_in", "staff.sign_in_code")
SESSION_KEY = "staff"


def needs(role: str) -> Callable[[View], View]:
    """Mark a view with the least role that may open it; a view without a mark stays closed."""

    def mark(view: View) -> View:
        view.role = role  # type: ignore[attr-defined]  # read by the guard and by the role test
        return view

    return mark


def keeps_text(view: View) -> View:
    """Mark a view whose form is carried through the sign-in page when the session has ended."""
    view.keeps_text = True  # type: ignore[attr-defined]  # read by the guard
    return view


def before_code(view: View) -> View:
    """Mark a view that is open to somebody who has yet to set up the code they must have."""
    view.before_code = True  # type: ignore[attr-defined]  # read by the guard
    return view


def me() -> Person:
    """The person whose request this is."""
    person: Person = g.person
    return person


def stand(blueprint: Blueprint, desk: Desk, views: Views) -> None:
    """Let the guard look at every request of the site; `views` are the app's view functions."""
    blueprint.before_request(_refuse)

    @blueprint.before_request
    def let_in() -> Response | tuple[str, int] | None:
        if request.endpoint == "staff.static":
            return None
        view = views().get(request.endpoint or "")
        role = getattr(view, "role", None)
        was_here, person = SESSION_KEY in session, _signed_in(desk)
        g.person = person
        if role == EVERYBODY:
            return None
        if person is None:
            typed = _is_kept(view) and kept.typed()
            again = kept.sign_in_again_page
            return again(request.path, typed) if typed else _to_the_door(was_here=was_here)
        if role is None or not person.may(role):
            return kept.refused_page() if _is_kept(view) else abort(403)
        must_set_up = not getattr(view, "before_code", False) and _lacks_code(desk, person)
        return redirect(url_for("staff.own_code"), 303) if must_set_up else None

    _keep_what_came_late(blueprint, desk, views)


def _keep_what_came_late(blueprint: Blueprint, desk: Desk, views: Views) -> None:
    """A form whose token is of an earlier session: nothing is done, and nothing lost."""

    @blueprint.errorhandler(CSRFError)
    def came_too_late(_: CSRFError) -> tuple[str, int]:
        g.person = _signed_in(desk)
        if request.endpoint in AT_THE_DOOR and kept.is_carrying():
            target, typed = safe_next(request.form.get("next", "")), request.form["kept"]
        elif _is_kept(views().get(request.endpoint or "")):
            target, typed = request.path, kept.typed()
        else:
            return render_template("staff/form_expired.html"), 400
        if g.person is None:
            return kept.sign_in_again_page(target, typed)
        return kept.resume_page(target, typed), 400


def begin(desk: Desk, person: Person, act: Act | None = None) -> None:
    """Sign a person in, with a session of their own that can be ended from elsewhere.

    Where the trail is to tell of it there is no session without its line.
    """
    token = secrets.token_urlsafe(32)
    with store.writing(desk.records) as connection:
        accounts.open_session(connection, fingerprint(token), person.person_id, desk.clock())
        if act is not None:
            audit.note(connection, person, act, desk.clock())
    clear()
    session[SESSION_KEY] = token
    devices.remember(desk, person.person_id)


def clear() -> None:
    """Forget what this browser was; what was made for it is of no use on the next page."""
    session.clear()
    g.pop("csrf_token", None)


def end(desk: Desk) -> None:
    """Sign out here."""
    token = session.get(SESSION_KEY, "")
    with store.writing(desk.records) as connection:
        accounts.close_session(connection, fingerprint(token))
    session.clear()


def fingerprint(token: str) -> str:
    """What is stored of a secret that its owner keeps."""
    return hashlib.sha256(token.encode()).hexdigest()


def safe_next(target: str) -> str:
    """Where to go after signing in: a page of this site, whatever the address says."""
    is_ours = target.startswith("/staff/") and "\\" not in target
    return target if is_ours and target.isprintable() else url_for("staff.home")


def _refuse() -> tuple[str, int] | None:
    """What no page works with: a letter that PostgreSQL cannot hold, a name longer than any."""
    sent = (*request.args.items(multi=True), *request.form.items(multi=True))
    files = ((file.filename or "", "") for file in request.files.values())
    if any("\0" in text for texts in ((request.path,), *sent, *files) for text in texts):
        g.person = None
        return render_template("staff/odd_letter.html"), 400
    if any(len(str(name)) > LONGEST_NAME for name in (request.view_args or {}).values()):
        abort(404)
    return None


def _is_kept(view: Callable[..., Any] | None) -> bool:
    return getattr(view, "keeps_text", False) and kept.is_own_form()


def _lacks_code(desk: Desk, person: Person) -> bool:
    with store.reading(desk.records) as connection:
        return second_factor.is_missing(connection, person)


def _signed_in(desk: Desk) -> Person | None:
    token = session.get(SESSION_KEY)
    if not isinstance(token, str):
        return None
    now = desk.clock()
    with store.reading(desk.records) as connection:
        found = accounts.session(connection, fingerprint(token))
        person = accounts.get(connection, found[0]) if found else None
    if found is None or person is None or person.is_disabled:
        return None
    _, began, seen = found
    if now - began > ABSOLUTE_SECONDS or now - seen > IDLE_SECONDS:
        end(desk)
        return None
    if now - seen > SEEN_EVERY_SECONDS:
        with store.writing(desk.records) as connection:
            accounts.see_session(connection, fingerprint(token), now)
    return person


def _to_the_door(*, was_here: bool) -> Response:
    """The sign-in page, which leads back here and says why one sees it; what was sent is not done."""
    here = request.full_path.rstrip("?")
    if request.method == "GET" and was_here:
        flash(SIGNED_OUT)
    if request.method == "POST":
        flash(NOT_TAKEN)
        has_page = "GET" in ((request.url_rule and request.url_rule.methods) or ())
        here = request.path if has_page else url_for("staff.home")
    return redirect(url_for("staff.sign_in", next=here))
