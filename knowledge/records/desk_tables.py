"""What the staff's desk keeps beside accounts: drafts, reviews of questions, checks and jobs."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from knowledge.records.store import metadata

draft_table = Table(
    "draft",
    metadata,
    Column("entry_id", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("base_revision", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("person_name", String(64), nullable=False),
    Column("saved_at", BigInteger, nullable=False),
    Column("person_id", String(32), nullable=False, server_default=""),
)

review_table = Table(
    "review",
    metadata,
    Column("question_key", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("entry_id", String(64)),
    Column("assignee", String(32)),
    Column("updated_at", BigInteger, nullable=False),
    Column("updated_by", String(64), nullable=False),
    Index("review_state", "state"),
)

review_note_table = Table(
    "review_note",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("question_key", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("person_name", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Index("review_note_question", "question_key"),
)

link_check_table = Table(
    "link_check",
    metadata,
    Column("url_hash", String(64), primary_key=True),
    Column("url", Text, nullable=False),
    Column("checked_at", BigInteger, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("detail", String(200), nullable=False),
)

job_table = Table(
    "job",
    metadata,
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
    Index("job_state", "state"),
    Index("job_kind", "kind", "state"),
)
