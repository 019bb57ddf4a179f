"""Find a person's lines of the trail, old failures and waiting changes without reading the rest."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Index what is asked for."""
    op.create_index("audit_person", "audit", ["person_id", "number"])
    op.create_index("sign_in_failure_at", "sign_in_failure", ["at"])
    op.create_index("job_kind", "job", ["kind", "state"])


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("job_kind", "job")
    op.drop_index("sign_in_failure_at", "sign_in_failure")
    op.drop_index("audit_person", "audit")
