"""Build small true-to-life things for tests; every detail may be overridden."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.config import Config
from knowledge.entry import Contact, Entry, Source
from knowledge.plan import PlanRow
from knowledge.records.questions import Question
from knowledge.text import normalise
from tests import servers

DAY = date(2026, 11, 22)

SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "fictional-channel-access-token"


def an_entry(**changes: Any) -> Entry:
    """A small published entry."""
    entry = Entry(
        id="bulky-waste",
        title="粗大ごみの申込み",
        category="ごみ・くらし",
        audience=("市民",),
        summary="粗大ごみは電話で申し込みます。",
        body="内容：大きなごみを集めます。",
        phrasings=("粗大ごみを出したい", "ソファを捨てたい", "たんすの処分"),
        contact=Contact("廃棄物対策課"),
        owner="廃棄物対策課",
        review_by=date(2027, 3, 31),
        sources=(Source("電話で申し込む", "https://www.city.nagasaki.lg.jp/", "official"),),
    )
    return replace(entry, **changes)


def a_plan_row(**changes: Any) -> PlanRow:
    """A row of the plan with all its marks."""
    row = PlanRow(
        id="1-1-①-1",
        name="ある事業",
        summary="ある事業を進める。",
        departments=("ある課",),
        marks={"R7": "◇", "R8": "△", "R9": "○"},
    )
    return replace(row, **changes)


def a_question(**changes: Any) -> Question:
    """A question as it is kept, looked for and not found; changed words are cut as the bot does."""
    words = changes.get("redacted", "住民票がほしい")
    question = Question(
        event_id="event-1",
        asked_at=1_800_000_000.0,
        chat_key="key-1",
        message_id="message-1",
        redacted=words,
        normalised=normalise(words),
        decision="none",
        shown=(),
        engine="lexical",
        revision=1,
        milliseconds=5.5,
    )
    return replace(question, **changes)


def a_config(folder: Path, **changes: Any) -> Config:
    """A local configuration with its files in a folder; records and queue by the run's store."""
    config = Config(
        is_local=True,
        port=8000,
        base_url="http://127.0.0.1:8000",
        line_channel_secrets=(SECRET,),
        line_channel_access_token=TOKEN,
        secret_key="fictional-secret-key-for-tests",
        line_api_base="http://127.0.0.1:8000/simulator/line",
        database=folder / "kb.db",
        records_url=changes.get("records_url") or servers.records_url(folder),
        queue_url=changes.get("queue_url") or servers.queue_url(folder),
        engine="lexical",
    )
    return replace(config, **changes)
