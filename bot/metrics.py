"""Count and time what the bot does, and show it to Prometheus at `/metrics`.

One process keeps its figures in memory. Several processes of one node keep them in files of a
shared folder, which any of them can add up; prometheus_client decides on this when it is imported,
by a variable that the parent sets for its children (`child_environment`).
"""

import fcntl
import hmac
import platform
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flask import Blueprint, Response, abort, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

OTHER = "other"
"""The label of everything outside a closed set: no label ever holds what a citizen sent."""

REASONS = ("signature", "body", "size")
OUTCOMES = (
    *("done", "expired", "token_rejected", "unknown", "failed", "not_tried"),
    *("slowed", "ignored", "unsent", "unrecorded"),
)
DECISIONS = (
    *("answer", "choose", "none", "smalltalk", "emergency", "nothing"),
    *("greeting", "menu"),
)
ENDPOINTS = ("reply", "leave", "start")  # the last part of the path; start: the loading dots
CALL_OUTCOMES = ("done", "token_rejected", "failed", "unknown", "not_tried")

SEARCH_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.06, 0.1, 0.2, 0.5, 1.0)
ANSWER_BUCKETS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 60.0)
CALL_BUCKETS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)

DEAD = "0"
"""No process has this id: the figures of those that ended are kept under it."""

METRICS_PATH = "/metrics"


@dataclass(frozen=True)
class State:
    """What is read when somebody looks, not counted: the queue and the knowledge of now."""

    queue_length: int
    queue_age_seconds: float
    knowledge_revision: int
    engine: str


class Metrics:
    """The figures of one app; a call costs microseconds and never raises.

    Every series exists from the start: Prometheus sees the first event as a step from 0, and a
    disk that fills up later cannot stop a process that writes to its figures' file. One that starts
    on a full disk is killed (SIGBUS), so the folder belongs into memory, as /run is.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """With a folder, share the figures with the other processes; ValueError if that is not on."""
        if (folder is not None) != (values.ValueClass is not values.MutexValue):
            raise ValueError("metrics folder and PROMETHEUS_MULTIPROC_DIR must be set together")
        self._folder = folder
        self._registry = CollectorRegistry()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._count()
        self._time()
        alive = Gauge(
            "line_bot_processes",
            "Processes of this node that are alive",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        alive.set(1)

    def _count(self) -> None:
        counter = partial(Counter, registry=self._registry)
        self._events = counter("line_bot_webhook_events", "Events taken from LINE and acknowledged")
        refused = counter("line_bot_webhook_refused", "Deliveries refused", ["reason"])
        finished = counter("line_bot_events", "Events by how they ended", ["outcome"])
        decided = counter("line_bot_decisions", "Replies by what was decided", ["decision"])
        self._refused = _by_label(refused, REASONS)
        self._finished = _by_label(finished, OUTCOMES)
        self._decided = _by_label(decided, DECISIONS)

    def _time(self) -> None:
        histogram = partial(Histogram, registry=self._registry)
        self._search = histogram(
            "line_bot_search_seconds", "Search of one message", buckets=SEARCH_BUCKETS
        )
        self._answer = histogram(
            "line_bot_answer_seconds", "Event received to reply accepted", buckets=ANSWER_BUCKETS
        )
        calls = histogram(
            "line_bot_line_call_seconds",
            "Calls of LINE's API",
            ["endpoint", "outcome"],
            buckets=CALL_BUCKETS,
        )
        self._calls = {
            (endpoint, outcome): calls.labels(endpoint, outcome)
            for endpoint in (*ENDPOINTS, OTHER)
            for outcome in (*CALL_OUTCOMES, OTHER)
        }

    def accepted(self, count: int) -> None:
        """Events of one delivery that were stored and acknowledged."""
        self._events.inc(count)

    def refused(self, reason: str) -> None:
        """A delivery was turned away: signature, body or size."""
        self._refused.get(reason, self._refused[OTHER]).inc()

    def finished(self, outcome: str) -> None:
        """An event ended; the word is that of the inbox."""
        self._finished.get(outcome, self._finished[OTHER]).inc()

    def decided(self, decision: str) -> None:
        """What a reply says; an empty decision means that nothing was said."""
        self._decided.get(decision or "nothing", self._decided[OTHER]).inc()

    def searched(self, seconds: float) -> None:
        """One search of the knowledge base."""
        self._search.observe(seconds)

    def answered(self, seconds: float) -> None:
        """From the event's arrival to LINE's accepting the reply, by our own clock."""
        self._answer.observe(seconds)

    def called(self, endpoint: str, outcome: str, seconds: float) -> None:
        """One call of LINE's API, the last attempt included."""
        known = endpoint if endpoint in ENDPOINTS else OTHER
        result = outcome if outcome in CALL_OUTCOMES else OTHER
        self._calls[known, result].observe(seconds)

    def exposition(self, read_state: Callable[[], State]) -> tuple[bytes, str]:
        """The page for Prometheus and its content type, in either mode."""
        now = CollectorRegistry()
        now.register(_Now(read_state))
        if self._folder is None:
            body = generate_latest(self._registry)
        else:
            added_up = CollectorRegistry()
            MultiProcessCollector(added_up, str(self._folder))  # type: ignore[no-untyped-call] # library
            with _folder_to_ourselves(self._folder):
                body = generate_latest(added_up)
        return body + generate_latest(now), CONTENT_TYPE_PLAIN_0_0_4


def _by_label(counter: Counter, names: Iterable[str]) -> dict[str, Counter]:
    return {name: counter.labels(name) for name in (*names, OTHER)}


class _Now(Collector):
    """The gauges that are read at the moment of the scrape."""

    def __init__(self, read_state: Callable[[], State]) -> None:
        self._read_state = read_state

    def describe(self) -> Iterable[Metric]:
        """Registering must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Nothing of a state that cannot be read: the other figures are needed most then."""
        try:
            state = self._read_state()
        except Exception:  # noqa: BLE001 - whatever the database says, the scrape goes on
            return
        yield GaugeMetricFamily(
            "line_bot_queue_length", "Events that wait or are in work", state.queue_length
        )
        yield GaugeMetricFamily(
            "line_bot_queue_age_seconds", "Age of the oldest of them", state.queue_age_seconds
        )
        yield GaugeMetricFamily(
            "line_bot_knowledge_revision", "Revision of the knowledge", state.knowledge_revision
        )
        build = GaugeMetricFamily(
            "line_bot_build_info", "What is running", labels=["version", "python", "engine"]
        )
        build.add_metric([_own_version(), platform.python_version(), state.engine], 1)
        yield build


def _own_version() -> str:
    try:
        return version("nagasaki-line-guide")
    except PackageNotFoundError:  # run from a checkout
        return "checkout"


def child_environment(folder: Path) -> dict[str, str]:
    """What a child process must find in its environment to share its figures in a folder."""
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


def prepare(folder: Path) -> None:
    """Start from zero: to be called before the first child starts, and by nobody else."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.db"):
        path.unlink(missing_ok=True)


def mark_dead(folder: Path, pid: int) -> None:
    """Take a process that ended out of the folder; what it counted stays counted.

    Otherwise every restart would leave files that each scrape reads.
    """
    with _folder_to_ourselves(folder):
        mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call] # library
        for kind in ("counter", "histogram"):
            _add_to_the_dead(folder / f"{kind}_{pid}.db", folder / f"{kind}_{DEAD}.db")


def _add_to_the_dead(path: Path, grave: Path) -> None:
    if not path.exists():
        return
    try:
        left = list(MmapedDict.read_all_values_from_file(str(path)))  # type: ignore[no-untyped-call] # library
    except (struct.error, RuntimeError, UnicodeDecodeError):
        left = []  # killed while it made the file: nothing was counted in it
    total = MmapedDict(str(grave))  # type: ignore[no-untyped-call] # library
    for key, value, _, _ in left:
        before, _ = total.read_value(key)  # type: ignore[no-untyped-call] # library
        total.write_value(key, before + value, 0.0)  # type: ignore[no-untyped-call] # library
    total.close()  # type: ignore[no-untyped-call] # library
    path.unlink()


@contextmanager
def _folder_to_ourselves(folder: Path) -> Iterator[None]:
    """A scrape in the middle of `mark_dead` would see a counter fall, which means "restarted"."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def create_blueprint(exposition: Callable[[], tuple[bytes, str]], token: str) -> Blueprint:
    """`GET /metrics` for whoever has the token; for others there is no such page."""
    blueprint = Blueprint("metrics", __name__)

    @blueprint.before_app_request
    def hide() -> None:
        # Before routing speaks: it would tell of the page by 405 to a POST, by 308 to //metrics.
        if [part for part in request.path.split("/") if part] != [METRICS_PATH.strip("/")]:
            return
        if not _is_allowed(request.headers.get("Authorization", ""), token):
            abort(404)

    @blueprint.get(METRICS_PATH)
    def metrics() -> Response:
        body, content_type = exposition()
        response = Response(body, content_type=content_type)
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint


def _is_allowed(authorization: str, token: str) -> bool:
    given = authorization.encode("utf-8", "surrogateescape")
    return bool(token) and hmac.compare_digest(given, f"Bearer {token}".encode())
