"""The staff's desk: accounts, sessions, the audit trail, drafts, reviews, link checks and jobs."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, String, Text

revision = "0005"
down_revision = "0004"

TABLES = (
    "job",
    "link_check",
    "review_note",
    "review",
    "draft",
    "audit",
    "sign_in_failure",
    "staff_invitation",
    "staff_session",
    "staff",
)


def upgrade() -> None:
    """Create the tables."""
    _create_accounts()
    _create_audit()
    _create_desk()


def downgrade() -> None:
    """Drop the tables, and all that staff did with them."""
    for table in TABLES:
        op.drop_table(table)


def _create_accounts() -> None:
    op.create_table(
        "staff",
        Column("person_id", String(32), primary_key=True),
        Column("account", String(254), nullable=False, unique=True),
        Column("name", String(64), nullable=False),
        Column("role", String(16), nullable=False),
        Column("password_hash", String(255)),
        Column("created_at", BigInteger, nullable=False),
        Column("disabled_at", BigInteger),
    )
    op.create_table(
        "staff_session",
        Column("token_hash", String(64), primary_key=True),
        Column("person_id", String(32), nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("seen_at", BigInteger, nullable=False),
    )
    op.create_index("staff_session_person", "staff_session", ["person_id"])
    op.create_table(
        "staff_invitation",
        Column("token_hash", String(64), primary_key=True),
        Column("person_id", String(32), nullable=False),
        Column("expires_at", BigInteger, nullable=False),
        Column("used_at", BigInteger),
    )
    op.create_table(
        "sign_in_failure",
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("subject", String(64), nullable=False),
        Column("at", BigInteger, nullable=False),
    )
    op.create_index("sign_in_failure_subject", "sign_in_failure", ["subject", "at"])


def _create_audit() -> None:
    op.create_table(
        "audit",
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("at", BigInteger, nullable=False),
        Column("person_id", String(32), nullable=False),
        Column("person_name", String(64), nullable=False),
        Column("action", String(32), nullable=False),
        Column("subject", String(128), nullable=False),
        Column("reason", Text, nullable=False),
        Column("detail", Text, nullable=False),
        Column("chain", String(64), nullable=False),
    )
    op.create_index("audit_subject", "audit", ["subject"])
    op.create_index("audit_at", "audit", ["at"])


def _create_desk() -> None:
    op.create_table(
        "draft",
        Column("entry_id", String(64), primary_key=True),
        Column("version", Integer, nullable=False),
        Column("base_revision", Integer, nullable=False),
        Column("document", Text, nullable=False),
        Column("person_name", String(64), nullable=False),
        Column("saved_at", BigInteger, nullable=False),
    )
    op.create_table(
        "review",
        Column("question_key", String(64), primary_key=True),
        Column("text", Text, nullable=False),
        Column("state", String(16), nullable=False),
        Column("entry_id", String(64)),
        Column("assignee", String(32)),
        Column("updated_at", BigInteger, nullable=False),
        Column("updated_by", String(64), nullable=False),
    )
    op.create_index("review_state", "review", ["state"])
    op.create_table(
        "review_note",
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("question_key", String(64), nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("person_name", String(64), nullable=False),
        Column("text", Text, nullable=False),
    )
    op.create_index("review_note_question", "review_note", ["question_key"])
    op.create_table(
        "link_check",
        Column("url_hash", String(64), primary_key=True),
        Column("url", Text, nullable=False),
        Column("checked_at", BigInteger, nullable=False),
        Column("outcome", String(16), nullable=False),
        Column("detail", String(200), nullable=False),
    )
    op.create_table(
        "job",
        Column("job_id", String(32), primary_key=True),
        Column("kind", String(16), nullable=False),
        Column("state", String(16), nullable=False),
        Column("done", Integer, nullable=False),
        Column("total", Integer, nullable=False),
        Column("request", Text, nullable=False),
        Column("result", Text),
        Column("person_id", String(32), nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("touched_at", BigInteger, nullable=False),
    )
    op.create_index("job_state", "job", ["state"])
