"""Published releases of the knowledge base, for machines that share no disk."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the shelf of releases."""
    op.create_table(
        "release",
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("sha256", String(64), nullable=False),
        Column("content", LargeBinary, nullable=False),
        Column("published_at", BigInteger, nullable=False),
        Column("published_by", String(64), nullable=False),
    )


def downgrade() -> None:
    """Drop it; every machine keeps the release it has."""
    op.drop_table("release")
