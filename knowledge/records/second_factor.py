"""The second key of a member of staff: codes of an app on their phone, and codes on paper.

The secret of an app is sealed like the inbox, with the bot's own secret; a backup holds it sealed.
"""

import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    String,
    Table,
    delete,
    func,
    or_,
    select,
    update,
)

from knowledge.records import settings
from knowledge.records.accounts import ROLES, Person, person_table
from knowledge.records.store import metadata
from knowledge.sealed import Seal

ISSUER = "長崎市 案内の編集"
CLOCK_STEPS = 1
"""A phone's clock may be this many steps of 30 seconds wrong."""

RECOVERY_CODES = 10
RECOVERY_GROUPS = 3
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
"""No 0, 1 and 8, which look like O, I and B."""

REQUIRED_FROM = "publisher"

Way: TypeAlias = Literal["app", "paper", ""]
"""How somebody proved who they are; empty when they did not."""

recovery_table = Table(
    "recovery_code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("person_id", String(32), nullable=False),
    Column("used_at", BigInteger),
    Index("recovery_code_person", "person_id"),
)

_person = person_table.c
_recovery = recovery_table.c


@dataclass(frozen=True)
class Keeper:
    """Who seals the secrets of the apps and hashes the codes on paper, with the bot's secret."""

    secret: bytes

    def seal(self) -> Seal:
        """Closes and opens the secrets of the apps."""
        return Seal(self.secret, "second factor")

    def fingerprint(self, person_id: str, code: str) -> str:
        """What is stored of a code on paper."""
        named = f"recovery:{person_id}:{plain(code)}"
        return hmac.digest(self.secret, named.encode(), "sha256").hex()


def is_required(role: str, *, is_asked: bool) -> bool:
    """True when a role may not go without a code, where the setting asks publishers for one."""
    return is_asked and ROLES.index(role) >= ROLES.index(REQUIRED_FROM)


def is_missing(connection: Connection, person: Person) -> bool:
    """True for somebody who has no code although the city's settings ask for one."""
    if person.has_code or not is_required(person.role, is_asked=True):
        return False
    return is_required(person.role, is_asked=bool(settings.get(connection).code_needed))


def prepare(connection: Connection, keeper: Keeper, person_id: str) -> None:
    """Make a secret that does not count yet; the one of somebody who has codes stays."""
    sealed = keeper.seal().close(pyotp.random_base32())
    statement = update(person_table).where(
        _person.person_id == person_id, _person.code_since.is_(None)
    )
    connection.execute(statement.values(code_secret=sealed, code_step=None))


def secret(connection: Connection, keeper: Keeper, person_id: str) -> str | None:
    """What the app must know; None when nothing is prepared, or another key has sealed it."""
    statement = select(_person.code_secret).where(_person.person_id == person_id)
    sealed = connection.execute(statement).scalar()
    try:
        return None if sealed is None else keeper.seal().open(bytes(sealed))
    except ValueError:
        return None


def address(shown: str, account: str) -> str:
    """The text of the picture that an app reads."""
    return pyotp.TOTP(shown).provisioning_uri(name=account, issuer_name=ISSUER)


def accept(connection: Connection, keeper: Keeper, person_id: str, code: str, now: float) -> Way:
    """Take a code of either kind, which then is of no more use to anybody."""
    if accept_app(connection, keeper, person_id, code, now):
        return "app"
    return "paper" if _accept_paper(connection, keeper, person_id, code, now) else ""


def accept_app(
    connection: Connection, keeper: Keeper, person_id: str, code: str, now: float
) -> bool:
    """True for the app's code of now, for exactly one caller."""
    known = secret(connection, keeper, person_id)
    if known is None:
        return False
    step = _step(known, plain(code), now)
    if step is None:
        return False
    statement = update(person_table).where(
        _person.person_id == person_id,
        or_(_person.code_step.is_(None), _person.code_step < step),
    )
    return connection.execute(statement.values(code_step=step)).rowcount == 1


def turn_on(connection: Connection, keeper: Keeper, person_id: str, now: float) -> list[str]:
    """From now on signing in asks for a code; returns the codes on paper, known to nobody else."""
    statement = update(person_table).where(_person.person_id == person_id)
    connection.execute(statement.values(code_since=int(now * 1000)))
    return renew(connection, keeper, person_id)


def renew(connection: Connection, keeper: Keeper, person_id: str) -> list[str]:
    """Other codes on paper; those given before are void."""
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    connection.execute(delete(recovery_table).where(_recovery.person_id == person_id))
    rows = [
        {"code_hash": keeper.fingerprint(person_id, code), "person_id": person_id} for code in codes
    ]
    connection.execute(recovery_table.insert(), rows)
    return codes


def turn_off(connection: Connection, person_id: str) -> None:
    """From now on the password alone counts."""
    statement = update(person_table).where(_person.person_id == person_id)
    connection.execute(statement.values(code_secret=None, code_since=None, code_step=None))
    connection.execute(delete(recovery_table).where(_recovery.person_id == person_id))


def recovery_left(connection: Connection, person_id: str) -> int:
    """How many codes on paper can still be used."""
    statement = select(func.count()).where(
        _recovery.person_id == person_id, _recovery.used_at.is_(None)
    )
    return connection.execute(statement).scalar_one()


def plain(code: str) -> str:
    """As it is compared: however wide, spaced or hyphenated somebody types it."""
    folded = unicodedata.normalize("NFKC", code).upper()
    return "".join(letter for letter in folded if letter.isalnum())


def _accept_paper(
    connection: Connection, keeper: Keeper, person_id: str, code: str, now: float
) -> bool:
    statement = update(recovery_table).where(
        _recovery.code_hash == keeper.fingerprint(person_id, code),
        _recovery.person_id == person_id,
        _recovery.used_at.is_(None),
    )
    return connection.execute(statement.values(used_at=int(now * 1000))).rowcount == 1


def _step(known: str, code: str, now: float) -> int | None:
    try:
        return pyotp.TOTP(known).verify_and_get_timecode(
            code, for_time=now, valid_window=CLOCK_STEPS
        )
    except OTPVerificationError:
        return None


def _new_code() -> str:
    groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(RECOVERY_GROUPS))
    return "-".join(groups)
