"""The table of the inbox, and its rows as they come and go."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from knowledge.records.store import metadata

event_table = Table(
    "event",
    metadata,
    Column("event_id", String(128), primary_key=True),
    Column("chat_key", String(64), nullable=False, server_default=""),
    Column("message_id", String(64)),
    Column("kind", String(32), nullable=False, server_default=""),
    Column("sent_at", BigInteger, nullable=False, server_default="0"),
    Column("received_at", BigInteger, nullable=False),
    Column("status", String(16), nullable=False),
    Column("lease_until", BigInteger),
    Column("queued_at", BigInteger, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("finished_at", BigInteger),
    Column("body", LargeBinary),
    Index("event_chat", "chat_key", "received_at"),
    Index("event_status", "status", "received_at"),
    Index("event_message", "message_id"),
    Index("event_received_at", "received_at"),
)


@dataclass(frozen=True)
class Arrival:
    """An event as it is stored; `sent_at` is LINE's time in ms, `body` is sealed."""

    event_id: str
    chat_key: str
    message_id: str
    kind: str
    sent_at: int
    body: bytes


@dataclass(frozen=True)
class Claimed:
    """An event handed to one worker; `received_at` in seconds by our own clock."""

    event_id: str
    chat_key: str
    kind: str
    received_at: float
    attempts: int
    body: bytes
