"""The tables from before there were versions: events, offers, questions.

A database of that time has them already, all or (after a crash) some: only what lacks is made.
"""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, String, Text

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create what is missing."""
    op.create_table(
        "event",
        Column("event_id", String(128), primary_key=True),
        Column("received_at", BigInteger, nullable=False),
        Column("finished_at", BigInteger),
        Column("outcome", String(32)),
        if_not_exists=True,
    )
    op.create_index("event_unfinished", "event", ["finished_at", "received_at"], if_not_exists=True)
    op.create_table(
        "offer",
        Column("chat_key", String(64), primary_key=True),
        Column("offered_at", BigInteger, nullable=False),
        Column("event_id", String(128), nullable=False),
        Column("options", Text, nullable=False),
        if_not_exists=True,
    )
    _create_question()


def _create_question() -> None:
    op.create_table(
        "question",
        Column("event_id", String(128), primary_key=True),
        Column("asked_at", BigInteger, nullable=False),
        Column("chat_key", String(64), nullable=False),
        Column("redacted", Text, nullable=False),
        Column("normalised", Text, nullable=False),
        Column("decision", String(16), nullable=False),
        Column("shown", Text, nullable=False),
        Column("engine", String(64), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("milliseconds", Float, nullable=False),
        Column("next_steps", Text),
        Column("next_at", BigInteger),
        if_not_exists=True,
    )
    op.create_index("question_asked_at", "question", ["asked_at"], if_not_exists=True)


def downgrade() -> None:
    """Drop them all."""
    op.drop_table("question")
    op.drop_table("offer")
    op.drop_table("event")
