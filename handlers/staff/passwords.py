"""Passwords: long, hashed slowly, and guessed slowly; what else is guessed at the door, as slowly."""

import hmac
from dataclasses import dataclass

from werkzeug.security import check_password_hash, generate_password_hash

from handlers.staff.desk import Desk
from knowledge.records import accounts, audit, store, turns
from knowledge.records.accounts import Person
from knowledge.records.audit import Act

MIN_LENGTH = 15
MAX_LENGTH = 200
MIN_NAME = 4
"""Shorter names before the @ are in many passwords by chance."""

WINDOW_SECONDS = 15 * 60.0
FREE_TRIES = 5
ADDRESS_TRIES = 30
MAX_PAUSE_SECONDS = 300.0

COMMON = frozenset("password パスワード 123456789 qwertyuiop nagasaki 長崎市役所 abcdefg".split())
NOBODY_HASH = generate_password_hash("nobody has this password")
"""Checked when there is no such account, so that the answer takes as long."""

SOMEBODY = Person("", "", "ログインしていない人", "viewer")
"""Who failed, as far as the trail can tell."""


@dataclass(frozen=True)
class Attempt:
    """One try to sign in: the account as typed, and where it comes from."""

    account: str
    password: str
    address: str
    device: str = ""
    """The number of a browser in which this account came in before (`devices`)."""


@dataclass(frozen=True)
class Claim:
    """One try that is allowed, or the seconds to wait for one."""

    attempt: Attempt
    wait: float
    noted: tuple[int, ...] = ()
    """The failures that it counts as until it is known to be none."""


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
    own = account.split("@", maxsplit=1)[0].lower()
    if len(set(lowered)) < 5 or (len(own) >= MIN_NAME and own in lowered):
        return "そのパスワードは推測されやすいので、別のものにしてください。"
    if any(lowered.startswith(word) or lowered.endswith(word) for word in COMMON):
        return "よく使われる言葉が入っているので、別のものにしてください。"
    return ""


def mark(desk: Desk, person: Person) -> str:
    """Tells one password of a person from their next, and tells nothing of either."""
    named = f"password:{person.person_id}:{person.password_hash}"
    return hmac.digest(desk.secret_key, named.encode(), "sha256").hex()


def claim(desk: Desk, attempt: Attempt) -> Claim:
    """Ask for one try. It counts as failed at once, so that tries side by side see each other."""
    subjects, now = _subjects(desk, attempt), desk.clock()
    since = now - WINDOW_SECONDS
    with store.writing(desk.records) as connection:
        turns.take(connection, turns.SIGN_IN)
        accounts.forget_failures(connection, before=since)
        tries = [
            (free, *accounts.failures(connection, subject, since))
            for subject, free in zip(subjects, (FREE_TRIES, ADDRESS_TRIES), strict=True)
        ]
        wait = max(_left(free, count, last, now) for free, count, last in tries)
        if wait > 0:
            return Claim(attempt, wait)
        return Claim(attempt, 0.0, tuple(accounts.note_failure(connection, subjects, now)))


def person_of(desk: Desk, claimed: Claim) -> Person | None:
    """The person with this password; a failure of an account there is stands in the trail."""
    attempt = claimed.attempt
    with store.reading(desk.records) as connection:
        person = accounts.find(connection, attempt.account)
    known = person.password_hash if person and person.password_hash else NOBODY_HASH
    is_right = check_password_hash(known, attempt.password[:MAX_LENGTH])
    if is_right and person is not None and person.password_hash and not person.is_disabled:
        return person
    if person is not None:
        failed(desk, person)
    return None


def failed(desk: Desk, person: Person) -> None:
    """Write into the trail that somebody tried to be a person."""
    with store.writing(desk.records) as connection:
        audit.note(connection, SOMEBODY, Act("sign_in_failed", person.account), desk.clock())


def take_back(desk: Desk, claimed: Claim) -> None:
    """This try was no failure; the earlier ones go on counting, as a code is still to come."""
    with store.writing(desk.records) as connection:
        accounts.forget_failures(connection, claimed.noted)


def forget(desk: Desk, claimed: Claim) -> None:
    """Whoever is in has failed for the last time; what strangers tried elsewhere goes on counting."""
    with store.writing(desk.records) as connection:
        own = _subjects(desk, claimed.attempt)[0]
        accounts.forget_failures(connection, claimed.noted, own)


def _left(free: int, count: int, last: float, now: float) -> float:
    """After the free tries each failure doubles the pause; nobody is locked out for good."""
    if count < free:
        return 0.0
    return max(0.0, last + min(MAX_PAUSE_SECONDS, 2.0 ** (count - free + 1)) - now)


def _subjects(desk: Desk, attempt: Attempt) -> list[str]:
    """Keyed hashes: neither accounts nor addresses stand in the table of failures.

    Where a browser is known its own tries count: who guesses elsewhere makes nobody there wait.
    """
    account = f"account:{accounts.plain(attempt.account)}"
    own = f"device:{attempt.device}" if attempt.device else account
    named = (own, f"address:{attempt.address}")
    return [hmac.digest(desk.secret_key, name.encode(), "sha256").hex() for name in named]
