"""Staff may sign in with a code as well; nobody rewrites the audit trail, the program included."""

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary, String

revision = "0006"
down_revision = "0005"

SQLITE = (
    """
    CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is never rewritten'); END
    """,
    """
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is never rewritten'); END
    """,
    # REPLACE deletes without asking the trigger above.
    """
    CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is never rewritten'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit trail is never rewritten'; END $$
    """,
    """
    CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER audit_no_update",
    "DROP TRIGGER audit_no_delete",
    "DROP TRIGGER audit_no_replace",
)
POSTGRESQL_BACK = ("DROP TRIGGER audit_stays ON audit", "DROP FUNCTION audit_stays()")


def upgrade() -> None:
    """Add what belongs to the codes, and lock the trail."""
    op.add_column("staff", Column("code_secret", LargeBinary))
    op.add_column("staff", Column("code_since", BigInteger))
    op.add_column("staff", Column("code_step", BigInteger))
    op.create_table(
        "recovery_code",
        Column("code_hash", String(64), primary_key=True),
        Column("person_id", String(32), nullable=False),
        Column("used_at", BigInteger),
    )
    op.create_index("recovery_code_person", "recovery_code", ["person_id"])
    _run(SQLITE, POSTGRESQL)


def downgrade() -> None:
    """Unlock the trail; from now on passwords alone count again."""
    _run(SQLITE_BACK, POSTGRESQL_BACK)
    op.drop_table("recovery_code")
    with op.batch_alter_table("staff") as batch:
        for name in ("code_secret", "code_since", "code_step"):
            batch.drop_column(name)


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in sqlite if op.get_bind().dialect.name == "sqlite" else postgresql:
        op.execute(statement)
