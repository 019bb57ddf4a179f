"""Browsers somebody came in with before: strangers who guess elsewhere do not stop them (OWASP).

The cookie signs nobody in. It gives those who come with it tries that are counted by themselves.
"""

import hashlib
import hmac
import secrets
from dataclasses import astuple, dataclass

from flask import after_this_request, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from handlers.staff import passwords
from handlers.staff.desk import Desk
from knowledge.records import accounts, store
from knowledge.records.accounts import Person

LIFETIME_SECONDS = 180 * 24 * 60 * 60.0
PEOPLE_ON_ONE = 5
"""Colleagues who share a browser, the latest first."""

PATH = "/staff"
SIGNED = {"digest_method": hashlib.sha256}


@dataclass(frozen=True)
class Visit:
    """Somebody who came all the way in with this browser, and what that asked of them then."""

    person_id: str
    device: str
    password_mark: str
    had_code: bool
    at: float


def cookie_name(desk: Desk) -> str:
    """Only https can set the one of a public site; `__Host-` would send it beyond the desk."""
    return "__Secure-staff-device" if desk.is_secure else "staff-device"


def of_account(desk: Desk, account: str) -> str:
    """This browser's number for an account; empty when nobody came in so, or the password is new."""
    visits = _visits(desk)
    if not visits:
        return ""
    with store.reading(desk.records) as connection:
        person = accounts.find(connection, account)
    return next((visit.device for visit in visits if person and _is_of(desk, visit, person)), "")


def remember(desk: Desk, person_id: str) -> None:
    """Let the answer to this request tell the browser that this person came in with it."""
    with store.reading(desk.records) as connection:
        person = accounts.get(connection, person_id)
    if person is None:
        return
    mark = passwords.mark(desk, person)
    visit = Visit(person_id, secrets.token_hex(16), mark, person.has_code, desk.clock())
    others = [other for other in _visits(desk) if other.person_id != person_id]
    value = _signer(desk).dumps([astuple(one) for one in [visit, *others][:PEOPLE_ON_ONE]])

    @after_this_request
    def write(response: Response) -> Response:
        response.set_cookie(
            cookie_name(desk),
            value,
            max_age=int(LIFETIME_SECONDS),
            path=PATH,
            secure=desk.is_secure,
            httponly=True,
            samesite="Lax",
        )
        return response


def _is_of(desk: Desk, visit: Visit, person: Person) -> bool:
    """Who only ever knew the password gets no tries of their own at a code set up since."""
    is_same_password = hmac.compare_digest(visit.password_mark, passwords.mark(desk, person))
    return is_same_password and (visit.had_code or not person.has_code)


def _visits(desk: Desk) -> list[Visit]:
    """What the cookie tells; nothing when it is not ours, or of long ago."""
    try:
        visits = [Visit(*row) for row in _signer(desk).loads(request.cookies[cookie_name(desk)])]
    except (KeyError, BadSignature):
        return []
    return [visit for visit in visits if desk.clock() - visit.at < LIFETIME_SECONDS]


def _signer(desk: Desk) -> URLSafeSerializer:
    return URLSafeSerializer(desk.secret_key, salt="staff device", signer_kwargs=SIGNED)
