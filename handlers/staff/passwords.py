"""Passwords: long, hashed slowly, and guessed slowly."""

import hmac
from dataclasses import dataclass

from werkzeug.security import check_password_hash, generate_password_hash

from handlers.staff.desk import Desk
from knowledge.records import accounts, store
from knowledge.records.accounts import Person

MIN_LENGTH = 15
MAX_LENGTH = 200
WINDOW_SECONDS = 15 * 60.0
FREE_TRIES = 5
ADDRESS_TRIES = 30
MAX_PAUSE_SECONDS = 300.0

COMMON = frozenset("password パスワード 123456789 qwertyuiop nagasaki 長崎市役所 abcdefg".split())
NOBODY_HASH = generate_password_hash("nobody has this password")
"""Checked when there is no such account, so that the answer takes as long."""


@dataclass(frozen=True)
class Attempt:
    """One try to sign in: the account as typed, and the address it comes from."""

    account: str
    password: str
    address: str


def hashed(password: str) -> str:
    """scrypt, with werkzeug's costs (about 100 ms; ASVS 11.4.2)."""
    return generate_password_hash(password)


def problem(password: str, account: str) -> str:
    """What is wrong with a new password, in a sentence; empty when it is good."""
    if len(password) < MIN_LENGTH:
        return f"パスワードは{MIN_LENGTH}文字以上にしてください。言葉をいくつかつなげると覚えやすくなります。"
    if len(password) > MAX_LENGTH:
        return f"パスワードは{MAX_LENGTH}文字までにしてください。"
    lowered = password.lower()
    if len(set(lowered)) < 5 or account.split("@", maxsplit=1)[0].lower() in lowered:
        return "そのパスワードは推測されやすいので、別のものにしてください。"
    if any(lowered.startswith(word) or lowered.endswith(word) for word in COMMON):
        return "よく使われる言葉が入っているので、別のものにしてください。"
    return ""


def pause(desk: Desk, attempt: Attempt) -> float:
    """Seconds to wait before this account or address may try again; 0 when it may now."""
    since = desk.clock() - WINDOW_SECONDS
    with store.reading(desk.records) as connection:
        tries = [
            (free, *accounts.failures(connection, subject, since))
            for subject, free in zip(
                _subjects(desk, attempt), (FREE_TRIES, ADDRESS_TRIES), strict=True
            )
        ]
    return max(_left(free, count, last, desk.clock()) for free, count, last in tries)


def person_of(desk: Desk, attempt: Attempt) -> Person | None:
    """The person who may sign in with these words; a failure is remembered."""
    with store.reading(desk.records) as connection:
        person = accounts.find(connection, attempt.account)
    known = person.password_hash if person and person.password_hash else NOBODY_HASH
    is_right = check_password_hash(known, attempt.password[:MAX_LENGTH])
    account_subject = _subjects(desk, attempt)[0]
    with store.writing(desk.records) as connection:
        if is_right and person is not None and person.password_hash and not person.is_disabled:
            before = desk.clock() - WINDOW_SECONDS
            accounts.forget_failures(connection, account_subject, before)
            return person
        accounts.note_failure(connection, _subjects(desk, attempt), desk.clock())
    return None


def _left(free: int, count: int, last: float, now: float) -> float:
    """After the free tries each failure doubles the pause; nobody is locked out for good."""
    if count < free:
        return 0.0
    return max(0.0, last + min(MAX_PAUSE_SECONDS, 2.0 ** (count - free + 1)) - now)


def _subjects(desk: Desk, attempt: Attempt) -> list[str]:
    """Keyed hashes: neither accounts nor addresses stand in the table of failures."""
    named = (f"account:{attempt.account.lower()}", f"address:{attempt.address}")
    return [hmac.digest(desk.secret_key, name.encode(), "sha256").hex() for name in named]
