"""Events become an inbox that survives a crash; messages can be taken back.

Every event id stays: it is what a replay is known by.
"""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String

revision = "0002"
down_revision = "0001"

# SQLite cannot alter a column: there, `batch` builds the table anew and copies the rows.


def upgrade() -> None:
    """What was in work has lost its text and its reply token with its process: it expired."""
    op.execute(
        "UPDATE event SET outcome = coalesce(substr(outcome, 1, 16), 'expired'),"
        " finished_at = coalesce(finished_at, received_at)"
    )
    op.drop_index("event_unfinished", "event")
    with op.batch_alter_table("event") as batch:
        batch.alter_column(
            "outcome",
            new_column_name="status",
            existing_type=String(32),
            type_=String(16),
            nullable=False,
        )
        batch.add_column(Column("chat_key", String(64), nullable=False, server_default=""))
        batch.add_column(Column("message_id", String(64)))
        batch.add_column(Column("kind", String(32), nullable=False, server_default=""))
        batch.add_column(Column("sent_at", BigInteger, nullable=False, server_default="0"))
        batch.add_column(Column("lease_until", BigInteger))
        batch.add_column(Column("queued_at", BigInteger, nullable=False, server_default="0"))
        batch.add_column(Column("attempts", Integer, nullable=False, server_default="0"))
        batch.add_column(Column("body", LargeBinary))
    op.create_index("event_chat", "event", ["chat_key", "received_at"])
    op.create_index("event_status", "event", ["status", "received_at"])
    op.create_index("event_message", "event", ["message_id"])
    op.create_table(
        "unsent",
        Column("message_id", String(64), primary_key=True),
        Column("unsent_at", BigInteger, nullable=False),
    )
    op.add_column("question", Column("message_id", String(64)))
    op.create_index("question_message", "question", ["message_id"])
    op.create_index("question_chat", "question", ["chat_key"])


def downgrade() -> None:
    """Messages in work are lost: the version before keeps no text to answer from."""
    op.drop_index("question_chat", "question")
    op.drop_index("question_message", "question")
    with op.batch_alter_table("question") as batch:
        batch.drop_column("message_id")
    op.drop_table("unsent")
    for index in ("event_chat", "event_status", "event_message"):
        op.drop_index(index, "event")
    with op.batch_alter_table("event") as batch:
        batch.alter_column(
            "status",
            new_column_name="outcome",
            existing_type=String(16),
            type_=String(32),
            nullable=True,
        )
        for name in (
            "chat_key", "message_id", "kind", "sent_at", "lease_until", "queued_at", "attempts",
            "body",
        ):  # fmt: skip
            batch.drop_column(name)
    op.execute("UPDATE event SET outcome = NULL WHERE finished_at IS NULL")
    op.create_index("event_unfinished", "event", ["finished_at", "received_at"])
