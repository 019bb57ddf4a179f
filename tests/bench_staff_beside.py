"""Print how long citizens wait for answers while the staff's site works, beside when it rests."""

import contextlib
import http.cookiejar
import io
import json
import random
import re
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from handlers.staff import changes
from handlers.staff.changes import Change, Proposed
from handlers.staff.desk import Desk
from knowledge.entry import CATEGORIES
from knowledge.records import jobs
from knowledge.records.accounts import Person
from tests.handlers.staff.conftest import PASSWORD
from tests.load import processes, stub_control
from tests.load.busy_year import Known
from tests.load.driver import drive, percentile
from tests.load.letters import Plan
from tests.load.stub_control import Stub
from tests.saying import say

QUESTIONS = Path(__file__).with_name("questions") / "in_domain.jsonl"
SECRET = "fictional-channel-secret-0123456789"
RATE, SECONDS, ROUNDS = 10.0, 15.0, 3
START_SECONDS = 900.0
READING_SECONDS = 1.0
"""How long a clerk looks at a page before opening the next: short, as for several clerks."""

GOAL = 1.5
PAGES = (
    "/staff/questions", "/staff/entries?query=図書館", "/staff/dashboard", "/staff/questions?look=all",
    "/staff/questions/groups/{key}", "/staff/entries/{entry_id}/edit", "/staff/export", "/staff/report",
    "/staff/questions?words=図書館&look=all", "/staff/changes/{job_id}", "/staff/links",
)  # fmt: skip

Work = Callable[[], None]


class Clerk:
    """Somebody at the site, with a browser."""

    def __init__(self, url: str, account: str) -> None:
        self._url = url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        self._sign_in(account)

    def get(self, path: str) -> str:
        """Open a page or a file."""
        with self._opener.open(self._url + urllib.parse.quote(path, "/?=&%"), timeout=120) as page:
            return str(page.read().decode("utf-8", "replace"))

    def post(self, path: str, **fields: object) -> None:
        """Send a form."""
        boundary, body = encode_multipart({"csrf_token": self._token(), **fields})
        content_type = f"multipart/form-data; boundary={boundary}"
        request = urllib.request.Request(
            self._url + path, body, {"Content-Type": content_type, "Referer": self._url}
        )
        self._opener.open(request, timeout=120).close()

    def _sign_in(self, account: str) -> None:
        self.post("/staff/sign-in", account=account, password=PASSWORD)

    def _token(self) -> str:
        page = self.get("/staff/account")
        return str(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0])


def main(folder: Path, desk: Desk, person: Person, known: Known, sheet: bytes) -> None:
    """Ask through the real processes, alone and beside each kind of work."""
    with stub_control.running(folder) as stub, serving(folder, stub) as url:
        wait_until_answering(url, stub)
        clerk = Clerk(url, person.account)
        pages = [page.format(**vars(known), key=known.asked_key) for page in PAGES]
        kinds: dict[str, Sequence[Work]] = {
            "pages": [lambda: read(clerk, pages)],
            "export and import": [lambda: files(clerk, sheet)],
            "comparison": [lambda: compare(desk, person)],
        }
        kinds["all of it"] = [work for works in kinds.values() for work in works]
        for name, works in kinds.items():
            compare_waits(url, stub, name, works)


def compare_waits(url: str, stub: Stub, name: str, works: Sequence[Work]) -> None:
    """Alone and beside the work in turns, so that whatever else the machine does meets both."""
    alone: list[float] = []
    beside: list[float] = []
    for _ in range(ROUNDS):
        alone += asked(url, stub, RATE, SECONDS)
        beside += asked_beside(url, stub, works)
    ratio = percentile(beside, 0.95) / percentile(alone, 0.95)
    say(f"{name:18} alone {spread(alone)}; beside {spread(beside)}; × {ratio:.2f} (goal ≤ {GOAL})")


def asked_beside(url: str, stub: Stub, works: Sequence[Work]) -> list[float]:
    """The same while work is done again and again; returns when the last of it is done."""
    is_over = threading.Event()

    def repeat(work: Work) -> None:
        while not is_over.is_set():
            with contextlib.suppress(OSError):
                work()

    threads = [threading.Thread(target=repeat, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    waits = asked(url, stub, RATE, SECONDS)
    is_over.set()
    for thread in threads:
        thread.join()
    return waits


def spread(waits: Sequence[float]) -> str:
    """Median and tail."""
    p50, p95, p99 = (percentile(waits, share) for share in (0.5, 0.95, 0.99))
    return f"p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f} ms"


def asked(url: str, stub: Stub, rate: float, seconds: float) -> list[float]:
    """Milliseconds from the webhook to the answer at LINE, for every question that got one."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["query"] for line in lines]
    stub.reset()
    stub.mode(latency_ms=50)
    seed = int(time.time())
    report = drive(Plan(f"{url}/callback", SECRET, texts, rate, seconds, users=500, seed=seed))
    deadline = time.monotonic() + 60
    while True:
        answered = {c["token"]: c["accepted_at"] for c in stub.calls() if c["accepted"]}
        if len(answered) >= report.sent or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    events = [event for event in report.events if event.token in answered]
    return [(answered[event.token] - event.at) * 1000 for event in events]


def read(clerk: Clerk, pages: Sequence[str]) -> None:
    """Look at one page after the other."""
    for page in pages:
        clerk.get(page)
        time.sleep(READING_SECONDS)


def files(clerk: Clerk, sheet: bytes) -> None:
    """Take entries away as Excel and CSV, all and of one kind, and have a sheet looked through."""
    clerk.get("/staff/export/file")
    clerk.get(f"/staff/export/file?category={random.choice(CATEGORIES)}")
    clerk.get("/staff/export/file?format=csv")
    upload = FileStorage(io.BytesIO(sheet), "a.xlsx", "file")
    clerk.post("/staff/import", file=upload)
    time.sleep(READING_SECONDS)


def compare(desk: Desk, person: Person) -> None:
    """Have a change of one entry compared, to its end."""
    stored = desk.kb.all_entries()[-1]
    entry = replace(stored.entry, phrasings=(*stored.entry.phrasings, "タンスばほかしたか"))
    change = Change("publish", "測る", (Proposed(entry, stored.revision),))
    job_id = changes.begin(desk, person, change)
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        job = changes.find(desk, job_id)
        if job is None or job.state in (jobs.DONE, jobs.FAILED):
            return
        time.sleep(0.5)


def wait_until_answering(url: str, stub: Stub) -> None:
    """The processes read 5,000 entries before they answer."""
    deadline = time.monotonic() + START_SECONDS
    while len(asked(url, stub, 4, 2)) < 8 and time.monotonic() < deadline:
        time.sleep(1)
    asked(url, stub, RATE, 10)


@contextlib.contextmanager
def serving(folder: Path, stub: Stub) -> Iterator[str]:
    """`flask serve` with one worker a core, on the files of a folder."""
    port = processes.free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": "fictional-channel-access-token",
        "BOT_SECRET_KEY": "fictional-secret-key-for-tests",
        "LINE_API_BASE": stub.url,
        "BOT_DATABASE": str(folder / "kb.db"),
        "BOT_RECORDS_URL": f"sqlite:///{folder / 'records.db'}",
        "BOT_QUEUE_URL": f"sqlite:///{folder / 'queue.db'}",
        "BOT_ENGINE": "lexical",
        "BOT_RATE_LIMIT": "10000",
        "PORT": str(port),
    }
    command = [str(Path(processes.PYTHON).with_name("flask")), "serve"]
    logs = Path(tempfile.mkdtemp(dir=folder))
    with processes.start(command, settings, f"{url}/healthz", logs, seconds=START_SECONDS):
        yield url
