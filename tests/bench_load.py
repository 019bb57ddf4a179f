"""Print what the whole bot bears, as processes, beside two echo bots and against a local LINE."""

import json
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from handlers.line import text as text_handler
from handlers.line.reply import Chat
from knowledge import plan
from knowledge.base import KnowledgeBase
from knowledge.records import store
from knowledge.records.event_table import event_table
from tests import servers
from tests.load import certificate, processes, stub_control
from tests.load.driver import Report, drive
from tests.load.ledger import Ledger, join
from tests.load.letters import Plan
from tests.load.processes import Process
from tests.load.stub_control import Stub

QUESTIONS = Path(__file__).with_name("questions") / "in_domain.jsonl"
SECRET = "fictional-channel-secret-0123456789"
FLOOD = 2000
UNSETTLED = ("received", "processing")
WAIT_SECONDS = 90.0
ENDS = frozenset({"expired", "token_rejected", "unknown", "failed"})


@dataclass(frozen=True)
class Bot:
    """A bot that runs: its process group, its webhook, and its records where it has any."""

    process: Process
    callback: str
    records_url: str = ""

    def statuses(self) -> dict[str, str]:
        """How its events ended, once none is in work."""
        if not self.records_url:
            return {}
        engine = store.open_store(self.records_url)
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            with engine.connect() as connection:
                rows = connection.execute(select(event_table.c.event_id, event_table.c.status))
                found: dict[str, str] = {row.event_id: row.status for row in rows}
            if not set(UNSETTLED) & set(found.values()) or time.monotonic() > deadline:
                return found
            time.sleep(0.2)


def main() -> None:
    """Run all measurements and print them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected, search_ms = answers_of(folder)
        say("search", f"{search_ms:.2f} ms CPU a question (lexical, {len(expected)} questions)")
        with stub_control.running(folder) as stub:
            with ours(folder, stub, {}) as bot:
                say("idle", f"{idle(bot):.1f} % of a core, web and workers")
                steady(bot, stub, expected, search_ms)
                slow_line(bot, stub, expected)
            on_servers(folder, stub, expected, search_ms)
        compare(folder, expected)


def answers_of(folder: Path) -> tuple[dict[str, str], float]:
    """Every question with the first text of its answer, and the CPU time of finding it."""
    kb = KnowledgeBase(folder / "expected.db")
    kb.import_catalog()
    chat = Chat(kb, plan.today())
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    texts = list(dict.fromkeys(json.loads(line)["query"] for line in lines))
    text_handler.say(texts[0], chat)
    started = time.process_time()
    replies = {text: text_handler.say(text, chat) for text in texts}
    spent = (time.process_time() - started) * 1000 / len(texts)
    return {text: reply.messages[0]["text"] for text, reply in replies.items()}, spent


def steady(bot: Bot, stub: Stub, expected: Mapping[str, str], search_ms: float) -> None:
    """100 messages a second for a minute, LINE at 50 ms."""
    before = bot.process.cpu_seconds()
    report, ledger = run(bot, stub, a_plan(bot, expected, rate=100, seconds=60))
    cpu = (bot.process.cpu_seconds() - before) * 1000 / max(1, ledger.replied)
    say("100/s × 60 s", ledger.as_table())
    say("", f"right {right(report, stub, expected)} of {ledger.replied}, late {late(report)}")
    allowed = 2.0 + 1.6 * search_ms
    say("CPU a message", f"{cpu:.2f} ms, web and workers (goal ≤ {allowed:.2f} ms)")


def idle(bot: Bot) -> float:
    """The share of a core that waiting for work costs."""
    before = bot.process.cpu_seconds()
    time.sleep(5)
    return (bot.process.cpu_seconds() - before) / 5 * 100


def on_servers(folder: Path, stub: Stub, expected: Mapping[str, str], search_ms: float) -> None:
    """The same minute with the records on PostgreSQL and the queue on Redis, all on this machine."""
    records, queue = servers.fresh_database(), servers.fresh_redis()
    if records is None or queue is None:
        say("PostgreSQL and Redis", "not run: not installed on this machine")
        return
    env = {"BOT_RECORDS_URL": records, "BOT_QUEUE_URL": queue}
    with ours(folder, stub, env) as bot:
        say("PostgreSQL and Redis", "")
        steady(bot, stub, expected, search_ms)


def slow_line(bot: Bot, stub: Stub, expected: Mapping[str, str]) -> None:
    """LINE at 1.5 s, and LINE that hangs for 8 s."""
    report, ledger = run(bot, stub, a_plan(bot, expected, rate=60, seconds=20), latency_ms=1500)
    ends = [bot.statuses().get(event.event_id) for event in report.events]
    say("LINE 1.5 s, 60/s × 20 s", f"{ledger.as_table()}, late {late(report)}")
    say("", f"done {ends.count('done')}, expired {ends.count('expired')} of {len(ends)}")
    report, ledger = run(
        bot, stub, a_plan(bot, expected, rate=60, seconds=15), mode="hang", seconds=8
    )
    say("LINE hangs 8 s, 60/s", f"{ledger.as_table()}, late {late(report)}")
    time.sleep(6)  # until the breaker lets calls through again


def compare(folder: Path, expected: Mapping[str, str]) -> None:
    """A flood of messages for our bot and both echo bots, LINE over HTTP and over TLS."""
    made = certificate.make(folder)
    for scheme, trusted in (("HTTP", None), ("TLS", made)):
        env = trusted.environment() if trusted else {}
        with stub_control.running(folder, trusted) as stub:
            with ours(folder, stub, env) as bot:
                rates = {"ours": flood(bot, stub, expected, FLOOD)}
            for module, count in (("echo_bare", FLOOD), ("echo_sdk", FLOOD // 8)):
                with echo(folder, module, stub, env) as bot:
                    rates[module] = flood(bot, stub, expected, count)
        for name, rate in rates.items():
            ratio = rates["ours"] / rate if rate else 0.0
            say(
                f"flood, LINE over {scheme}",
                f"{name:10} {rate:6.0f} replies/s (ours {ratio:.2f} ×)",
            )


def flood(bot: Bot, stub: Stub, expected: Mapping[str, str], count: int) -> float:
    """Replies a second when messages come as fast as they can be sent."""
    hurried = replace(
        a_plan(bot, expected, rate=2000, seconds=count / 2000), timeout_seconds=60, grace_seconds=60
    )
    run(bot, stub, replace(hurried, rate=50, seconds=1))  # connections and caches are warm then
    _, ledger = run(bot, stub, hurried)
    if ledger.replied < ledger.sent:
        say("  not all were answered", ledger.as_table())
    return ledger.replies_per_second


def a_plan(bot: Bot, expected: Mapping[str, str], rate: float, seconds: float) -> Plan:
    """Distinct questions of many people."""
    return Plan(bot.callback, SECRET, list(expected), rate, seconds, users=2000, connections=64)


def run(
    bot: Bot, stub: Stub, load: Plan, mode: str = "ok", **settings: float
) -> tuple[Report, Ledger]:
    """One run from a clean ledger, until every event has ended."""
    stub.reset()
    stub.mode(mode, **settings)
    report = drive(load)
    statuses = bot.statuses()
    ledger = join(report, stub.calls(), statuses, ENDS)
    stub.mode()
    return report, ledger


def right(report: Report, stub: Stub, expected: Mapping[str, str]) -> int:
    """How many people got the answer that the knowledge base gives to their question."""
    said = {call["token"]: call["first_text"] for call in stub.calls() if call["accepted"]}
    return sum(_same(said.get(event.token), expected[event.text]) for event in report.events)


def _same(said: str | None, meant: str) -> bool:
    """The ledger may keep the beginning of a text only."""
    return bool(said) and meant.startswith(said or "")


@contextmanager
def ours(folder: Path, stub: Stub, env: Mapping[str, str]) -> Iterator[Bot]:
    """`flask serve` with one worker a core, on SQLite, in a folder of its own."""
    port, home = processes.free_port(), Path(tempfile.mkdtemp(dir=folder))
    url = f"http://127.0.0.1:{port}"
    settings = {
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": "fictional-channel-access-token",
        "BOT_SECRET_KEY": "fictional-secret-key-for-a-benchmark",
        "LINE_API_BASE": stub.url,
        "BOT_DATABASE": str(home / "kb.db"),
        "BOT_RECORDS_URL": f"sqlite:///{home / 'records.db'}",
        "BOT_QUEUE_URL": f"sqlite:///{home / 'queue.db'}",
        "BOT_ENGINE": "lexical",
        "BOT_RATE_LIMIT": "10000",
        "PORT": str(port),
        **env,
    }
    flask = str(Path(processes.PYTHON).with_name("flask"))
    command = [flask, "serve"]
    with processes.start(command, settings, f"{url}/healthz", home, seconds=60) as process:
        bot = Bot(process, f"{url}/callback", settings["BOT_RECORDS_URL"])
        time.sleep(5)  # the workers load their index after the door is open
        yield bot


@contextmanager
def echo(folder: Path, module: str, stub: Stub, env: Mapping[str, str]) -> Iterator[Bot]:
    """An echo bot in one process of sixteen threads."""
    port, home = processes.free_port(), Path(tempfile.mkdtemp(dir=folder))
    url = f"http://127.0.0.1:{port}"
    options = ["--port", str(port), "--line-api", stub.url, "--secret", SECRET, "--token", "t"]
    command = [processes.PYTHON, "-m", f"tests.load.{module}", *options]
    with processes.start(command, env, f"{url}/", home) as process:
        yield Bot(process, f"{url}/callback")


def late(report: Report) -> str:
    """How far the driver was behind: when high, the machine was too busy to measure."""
    return f"{report.late_p99_ms:.0f} ms"


def say(name: str, value: str) -> None:
    """One line of the report."""
    print(f"{name:28} {value}", flush=True)  # noqa: T201 - printing is this module's job


if __name__ == "__main__":
    main()
