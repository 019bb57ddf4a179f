"""Print how fast the bot is on this machine, beside two simple alternatives on the same questions."""

import json
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from bot import webhook
from bot.simulator import events
from handlers.line import event as line_event
from handlers.line import routes
from handlers.line import text as text_handler
from handlers.line.reply import Chat
from knowledge import index, plan, search
from knowledge.base import KnowledgeBase, as_document
from knowledge.text import normalise
from knowledge.vectors import installed_encoder

QUESTIONS = Path(__file__).with_name("questions") / "in_domain.jsonl"
PACKAGES = ("flask", "line-bot-sdk", "rapidfuzz", "sudachipy", "numpy", "sqlite-utils")
DEPTH = 10


def main() -> None:
    """Run all measurements and print them."""
    say(
        "machine",
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    )
    say("packages", ", ".join(f"{name} {version(name)}" for name in PACKAGES))
    questions = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        documents = bench_bot(KnowledgeBase(Path(folder) / "kb.db"), questions)
        encoder = installed_encoder()
        if encoder is not None:
            bench_bot(KnowledgeBase(Path(folder) / "kb.db", encoder), questions)
    compare("rapidfuzz WRatio", by_wratio(documents), questions)
    compare("SQLite FTS5 trigram", by_trigram(documents), questions)


def bench_bot(kb: KnowledgeBase, questions: Sequence[dict[str, Any]]) -> list[index.Document]:
    """Measure the bot on one knowledge base; returns what it searches."""
    kb.import_catalog()
    day = plan.today()
    kb.tokenizer.tokens("暖機")
    started = time.perf_counter()
    entries = kb.snapshot(day).entries
    say(
        f"[{kb.engine}]",
        f"start {(time.perf_counter() - started) * 1000:.0f} ms, {len(entries)} entries",
    )
    chat = Chat(kb, day)
    texts = [question["query"] for question in questions]
    compare("  search", lambda text: search.ids(kb.rank(text, day)), questions)
    say("  ask, whole answer", spread(timed(lambda text: text_handler.say(text, chat), texts)))
    say("  webhook bytes to messages", spread(timed(lambda text: answer_body(text, chat), texts)))
    say("  resident memory", f"{resident_megabytes():.0f} MB")
    return [as_document(entry) for entry in entries.values()]


def resident_megabytes() -> float:
    """What this process holds in memory now (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def compare(
    name: str, rank: Callable[[str], Sequence[str]], questions: Sequence[dict[str, Any]]
) -> None:
    """Print the times and the share of right first answers of one way to search."""
    rank(questions[0]["query"])
    right = sum(rank(q["query"])[:1] in [[e] for e in q["expect"]] for q in questions)
    times = timed(rank, [q["query"] for q in questions])
    say(name, f"{spread(times)}, right first {right / len(questions):.1%} of {len(questions)}")


def by_wratio(documents: Iterable[index.Document]) -> Callable[[str], list[str]]:
    """rapidfuzz alone, on every title and phrasing."""
    pairs = [(p, d.id) for d in documents for p in (d.title, *d.phrasings)]
    phrases = [phrase for phrase, _ in pairs]

    def rank(text: str) -> list[str]:
        found = process.extract(text, phrases, scorer=fuzz.WRatio, limit=DEPTH)
        return [pairs[row][1] for _, _, row in found]

    return rank


def by_trigram(documents: Iterable[index.Document]) -> Callable[[str], list[str]]:
    """SQLite's FTS5 with its trigram tokenizer, any trigram of the question."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE entry USING fts5(id UNINDEXED, text, tokenize = 'trigram')")
    rows = [(d.id, " ".join((d.title, *d.phrasings, d.summary, d.body))) for d in documents]
    db.executemany("INSERT INTO entry VALUES (?, ?)", rows)

    def rank(text: str) -> list[str]:
        normal = normalise(text).replace(" ", "")
        pieces = [f'"{normal[i : i + 3]}"' for i in range(max(1, len(normal) - 2))]
        query = "SELECT id FROM entry WHERE entry MATCH ? ORDER BY bm25(entry) LIMIT ?"
        return [row[0] for row in db.execute(query, (" OR ".join(pieces), DEPTH))]

    return rank


def answer_body(text: str, chat: Chat) -> int:
    """From the raw body of a webhook to the JSON of the messages; returns its length."""
    body = json.dumps(events.payload(events.text_event(text))).encode()
    found = webhook.parse(body) or []
    replies = [routes.answer(line_event.parse(raw), chat) for raw in found]
    return len(json.dumps([reply.messages for reply in replies]))


def timed(job: Callable[[str], object], texts: Iterable[str]) -> list[float]:
    """Milliseconds of each call."""
    times = []
    for text in texts:
        started = time.perf_counter()
        job(text)
        times.append((time.perf_counter() - started) * 1000)
    return sorted(times)


def spread(times: Sequence[float]) -> str:
    """Median and 95th percentile."""
    return f"p50 {statistics.median(times):.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms"


def say(name: str, value: str) -> None:
    """One line of the report."""
    print(f"{name:28} {value}")  # noqa: T201 - printing is this module's job


if __name__ == "__main__":
    main()
