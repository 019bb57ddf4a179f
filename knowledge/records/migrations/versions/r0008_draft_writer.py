"""Whose a draft is, by the id of the person: two colleagues may have the same name."""

from alembic import op
from sqlalchemy import Column, String

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the id; a draft from before is nobody's own."""
    op.add_column("draft", Column("person_id", String(32), nullable=False, server_default=""))


def downgrade() -> None:
    """Only the name is left."""
    with op.batch_alter_table("draft") as batch:
        batch.drop_column("person_id")
