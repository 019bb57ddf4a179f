"""Find what is old without reading what was forgotten long ago."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Index events by age alone."""
    op.create_index("event_received_at", "event", ["received_at"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("event_received_at", "event")
