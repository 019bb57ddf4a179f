"""The city's staff: who may sign in, as what, and from which sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    func,
    select,
    update,
)

from knowledge.records.store import metadata

MAX_ACCOUNT, MAX_NAME = 254, 64
"""Letters."""

Role: TypeAlias = Literal["viewer", "editor", "publisher", "admin"]
ROLES: tuple[str, ...] = get_args(Role)
"""From the least to the most: each may do all that the ones before it may."""

person_table = Table(
    "staff",
    metadata,
    Column("person_id", String(32), primary_key=True),
    Column("account", String(MAX_ACCOUNT), nullable=False, unique=True),
    Column("name", String(MAX_NAME), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(255)),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
    Column("code_secret", LargeBinary),
    Column("code_since", BigInteger),
    Column("code_step", BigInteger),
)
"""The three columns of the code belong to `second_factor`."""

session_table = Table(
    "staff_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", String(32), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Index("staff_session_person", "person_id"),
)

invitation_table = Table(
    "staff_invitation",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", String(32), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)

failure_table = Table(
    "sign_in_failure",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("subject", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("sign_in_failure_subject", "subject", "at"),
    Index("sign_in_failure_at", "at"),
)


@dataclass(frozen=True)
class Person:
    """One member of staff; `account` is what they sign in with, times in seconds."""

    person_id: str
    account: str
    name: str
    role: str
    password_hash: str | None = None
    is_disabled: bool = False
    has_code: bool = False
    """True when signing in asks for a code as well."""

    def may(self, role: str) -> bool:
        """True when this person has at least that role."""
        return not self.is_disabled and ROLES.index(self.role) >= ROLES.index(role)


class AccountTakenError(ValueError):
    """Another person has this account already."""


def plain(account: str) -> str:
    """An account as it is stored and compared: a phone begins with a capital, or ends with a space."""
    return account.strip().casefold()


def add(connection: Connection, person: Person, now: float) -> None:
    """Add a person without a password; raises AccountTakenError."""
    if find(connection, person.account) is not None:
        raise AccountTakenError(person.account)
    values = {
        "person_id": person.person_id,
        "account": plain(person.account),
        "name": person.name,
        "role": person.role,
        "password_hash": person.password_hash,
        "created_at": _ms(now),
    }
    connection.execute(person_table.insert(), values)


def everybody(connection: Connection) -> list[Person]:
    """All staff, disabled ones too, by name."""
    rows = connection.execute(select(person_table).order_by(person_table.c.name)).mappings()
    return [_person(dict(row)) for row in rows]


def find(connection: Connection, account: str) -> Person | None:
    """The person with an account, however it is typed."""
    return _one(connection, person_table.c.account == plain(account))


def get(connection: Connection, person_id: str) -> Person | None:
    """The person with an id."""
    return _one(connection, person_table.c.person_id == person_id)


def change(connection: Connection, person_id: str, **values: str | int | None) -> None:
    """Set columns of a person: name, role, password_hash, disabled_at."""
    statement = update(person_table).where(person_table.c.person_id == person_id)
    connection.execute(statement.values(values))


def set_password(connection: Connection, person_id: str, password_hash: str) -> None:
    """Another password: no session and no link of before opens anything."""
    change(connection, person_id, password_hash=password_hash)
    close_sessions(connection, person_id)
    _void_invitations(connection, person_id)


def stop(connection: Connection, person_id: str, now: float) -> None:
    """Let a person in no more, by no session and no link."""
    change(connection, person_id, disabled_at=_ms(now))
    close_sessions(connection, person_id)
    _void_invitations(connection, person_id)


def has_anybody(engine: Engine) -> bool:
    """True when at least one account exists."""
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(person_table)).scalar_one() > 0


def open_session(connection: Connection, token_hash: str, person_id: str, now: float) -> None:
    """Begin a session."""
    values = {"token_hash": token_hash, "person_id": person_id}
    connection.execute(
        session_table.insert(), {**values, "created_at": _ms(now), "seen_at": _ms(now)}
    )


def session(connection: Connection, token_hash: str) -> tuple[str, float, float] | None:
    """A session's person, when it began and when it was last seen; None when it is gone."""
    columns = session_table.c
    statement = select(columns.person_id, columns.created_at, columns.seen_at)
    row = connection.execute(statement.where(columns.token_hash == token_hash)).first()
    return None if row is None else (row.person_id, row.created_at / 1000, row.seen_at / 1000)


def see_session(connection: Connection, token_hash: str, now: float) -> None:
    """Note that a session is in use."""
    statement = update(session_table).where(session_table.c.token_hash == token_hash)
    connection.execute(statement.values(seen_at=_ms(now)))


def close_session(connection: Connection, token_hash: str) -> None:
    """End one session."""
    connection.execute(delete(session_table).where(session_table.c.token_hash == token_hash))


def close_sessions(connection: Connection, person_id: str) -> None:
    """End all sessions of a person, wherever they are signed in."""
    connection.execute(delete(session_table).where(session_table.c.person_id == person_id))


def invite(connection: Connection, token_hash: str, person_id: str, expires_at: float) -> None:
    """Store a one-time link; links given to this person before are void."""
    _void_invitations(connection, person_id)
    values = {"token_hash": token_hash, "person_id": person_id, "expires_at": _ms(expires_at)}
    connection.execute(invitation_table.insert(), values)


def invited(connection: Connection, token_hash: str, now: float) -> str | None:
    """The person an unused, unexpired link belongs to."""
    columns = invitation_table.c
    statement = select(columns.person_id).where(
        columns.token_hash == token_hash, columns.used_at.is_(None), columns.expires_at > _ms(now)
    )
    return connection.execute(statement).scalar()


def use_invitation(connection: Connection, token_hash: str, now: float) -> bool:
    """Void a link; True for exactly one caller."""
    columns = invitation_table.c
    statement = (
        update(invitation_table)
        .where(columns.token_hash == token_hash, columns.used_at.is_(None))
        .values(used_at=_ms(now))
    )
    return connection.execute(statement).rowcount == 1


def note_failure(connection: Connection, subjects: Sequence[str], now: float) -> list[int]:
    """A sign-in failed for an account and an address (both as keyed hashes); the lines' numbers."""
    rows = [{"subject": subject, "at": _ms(now)} for subject in subjects]
    noted = connection.execute(failure_table.insert().returning(failure_table.c.number), rows)
    return list(noted.scalars())


def failures(connection: Connection, subject: str, since: float) -> tuple[int, float]:
    """How many failures there were since a time, and when the last one was (0 when none)."""
    columns = failure_table.c
    statement = select(func.count(), func.coalesce(func.max(columns.at), 0)).where(
        columns.subject == subject, columns.at > _ms(since)
    )
    count, last = connection.execute(statement).one()
    return count, last / 1000


def forget_failures(
    connection: Connection, numbers: Sequence[int] = (), subject: str = "", before: float = 0.0
) -> None:
    """Drop the failures with these numbers, those of an account that is in, and all old ones."""
    columns = failure_table.c
    wanted = (
        (numbers, columns.number.in_(numbers)),
        (subject, columns.subject == subject),
        (before, columns.at < _ms(before)),
    )
    for is_wanted, condition in wanted:  # one by one: each has an index of its own
        if is_wanted:
            connection.execute(delete(failure_table).where(condition))


def _void_invitations(connection: Connection, person_id: str) -> None:
    connection.execute(delete(invitation_table).where(invitation_table.c.person_id == person_id))


def _one(connection: Connection, condition: object) -> Person | None:
    row = connection.execute(select(person_table).where(condition)).mappings().first()  # type: ignore[arg-type]
    return None if row is None else _person(dict(row))


def _person(row: dict[str, object]) -> Person:
    return Person(
        person_id=str(row["person_id"]),
        account=str(row["account"]),
        name=str(row["name"]),
        role=str(row["role"]),
        password_hash=None if row["password_hash"] is None else str(row["password_hash"]),
        is_disabled=row["disabled_at"] is not None,
        has_code=row["code_since"] is not None,
    )


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
