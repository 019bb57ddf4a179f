"""What the city sets for the staff's desk; how sure the bot was of a question, and why it declined."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, String

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the settings, all at what the program says; questions from before tell neither."""
    op.create_table(
        "setting",
        Column("name", String(32), primary_key=True),
        Column("value", Integer, nullable=False),
        Column("changed_at", BigInteger, nullable=False),
        Column("changed_by", String(64), nullable=False),
    )
    op.add_column("question", Column("chance", Float))
    op.add_column("question", Column("reason", String(16)))


def downgrade() -> None:
    """Back to what the program says; how sure the bot was is forgotten."""
    with op.batch_alter_table("question") as batch:
        batch.drop_column("reason")
        batch.drop_column("chance")
    op.drop_table("setting")
