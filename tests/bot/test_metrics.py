"""The figures add up over processes and restarts, and whoever has no token sees no page."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families

from bot import metrics
from bot.line_api import Outcome
from bot.metrics import Metrics, State

ROOT = Path(__file__).parents[2]
NOW = State(queue_length=3, queue_age_seconds=1.5, knowledge_revision=7, engine="lexical")
CANARY = "母が倒れました U0123456789abcdef0123456789abcdef"
TOKEN = "fictional-metrics-token"

Samples = dict[str, float]


def parsed(exposition: tuple[bytes, str]) -> Samples:
    """`name{label=value}` → value, read as Prometheus reads it; a name twice is an error."""
    families = list(text_string_to_metric_families(exposition[0].decode()))
    names = [family.name for family in families]
    assert len(names) == len(set(names))
    return {
        sample.name
        + "".join(f"{{{k}={v}}}" for k, v in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def shown(figures: Metrics) -> Samples:
    """The page of an app whose queue is known."""
    return parsed(figures.exposition(lambda: NOW))


def test_every_kind_of_figure_is_shown() -> None:
    figures = Metrics()

    figures.accepted(2)
    figures.refused("signature")
    figures.finished("expired")
    figures.decided("choose")
    figures.searched(0.004)
    figures.answered(0.3)
    figures.called("reply", "done", 0.06)

    page = shown(figures)
    assert page["line_bot_webhook_events_total"] == 2
    assert page["line_bot_webhook_refused_total{reason=signature}"] == 1
    assert page["line_bot_events_total{outcome=expired}"] == 1
    assert page["line_bot_decisions_total{decision=choose}"] == 1
    assert page["line_bot_search_seconds_bucket{le=0.002}"] == 0
    assert page["line_bot_search_seconds_bucket{le=0.005}"] == 1
    assert page["line_bot_answer_seconds_sum"] == 0.3
    assert page["line_bot_line_call_seconds_count{endpoint=reply}{outcome=done}"] == 1
    assert page["line_bot_processes"] == 1


def test_the_queue_and_the_knowledge_are_read_when_somebody_looks() -> None:
    page = shown(Metrics())

    assert page["line_bot_queue_length"] == 3
    assert page["line_bot_queue_age_seconds"] == 1.5
    assert page["line_bot_knowledge_revision"] == 7
    assert [
        name for name in page if name.startswith("line_bot_build_info{engine=lexical}{python=3")
    ]


def test_a_database_that_does_not_answer_leaves_the_other_figures() -> None:
    def locked() -> State:
        raise TimeoutError(CANARY)

    page = parsed(Metrics().exposition(locked))

    assert "line_bot_webhook_events_total" in page
    assert "line_bot_queue_length" not in page


def test_every_series_is_there_before_anything_happened() -> None:
    page = shown(Metrics())

    assert page["line_bot_events_total{outcome=failed}"] == 0
    assert page["line_bot_webhook_refused_total{reason=size}"] == 0
    assert page["line_bot_line_call_seconds_count{endpoint=reply}{outcome=failed}"] == 0


def test_no_label_ever_holds_what_somebody_sent() -> None:
    figures = Metrics()
    before = shown(figures).keys()

    figures.refused(CANARY)
    figures.finished(CANARY)
    figures.decided(CANARY)
    figures.called(CANARY, CANARY, 1.0)

    after = shown(figures)
    assert after.keys() == before
    assert after["line_bot_events_total{outcome=other}"] == 1
    assert after["line_bot_line_call_seconds_count{endpoint=other}{outcome=other}"] == 1


def test_every_outcome_of_a_call_has_its_own_label() -> None:
    assert set(Outcome) <= set(metrics.CALL_OUTCOMES)
    assert set(Outcome) <= set(metrics.OUTCOMES)


def test_two_apps_in_one_process_count_for_themselves() -> None:
    one, other = Metrics(), Metrics()

    one.accepted(5)

    assert shown(one)["line_bot_webhook_events_total"] == 5
    assert shown(other)["line_bot_webhook_events_total"] == 0


def test_threads_lose_no_count() -> None:
    figures = Metrics()
    threads = [
        threading.Thread(target=lambda: [figures.finished("done") for _ in range(500)])
        for _ in range(4)
    ]

    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert shown(figures)["line_bot_events_total{outcome=done}"] == 2000


def test_a_folder_without_the_library_in_that_mode_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="PROMETHEUS_MULTIPROC_DIR"):
        Metrics(tmp_path)


COUNTS = """
import sys
from pathlib import Path
from bot.metrics import Metrics
figures = Metrics(Path(sys.argv[1]))
figures.accepted(int(sys.argv[2]))
figures.searched(0.004)
print("counted", flush=True)
sys.stdin.read()
"""

SHOWS = """
import sys
from pathlib import Path
from bot.metrics import Metrics, State
page, _ = Metrics(Path(sys.argv[1])).exposition(lambda: State(3, 1.5, 7, "lexical"))
sys.stdout.buffer.write(page)
"""


class Worker:
    """A process of its own that has counted, and waits until it is killed."""

    def __init__(self, folder: Path, count: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", COUNTS, str(folder), str(count)],
            cwd=ROOT,
            env=metrics.child_environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "counted\n"

    def kill(self) -> int:
        """SIGKILL; its process id."""
        self._process.kill()
        self._process.communicate()
        return self._process.pid


def scraped(folder: Path) -> Samples:
    """The page as the web process shows it."""
    result = subprocess.run(
        [sys.executable, "-c", SHOWS, str(folder)],
        cwd=ROOT,
        env=metrics.child_environment(folder),
        capture_output=True,
        check=True,
    )
    return parsed((result.stdout, ""))


def test_two_processes_add_up_and_the_dead_stay_counted(tmp_path: Path) -> None:
    metrics.prepare(tmp_path)
    one, other = Worker(tmp_path, 2), Worker(tmp_path, 3)
    both_alive = scraped(tmp_path)

    metrics.mark_dead(tmp_path, one.kill())
    one_dead = scraped(tmp_path)
    dead = other.kill()
    metrics.mark_dead(tmp_path, dead)
    metrics.mark_dead(tmp_path, dead)
    both_dead = scraped(tmp_path)

    pages = (both_alive, one_dead, both_dead)
    assert [page["line_bot_webhook_events_total"] for page in pages] == [5, 5, 5]
    assert [page["line_bot_search_seconds_bucket{le=0.005}"] for page in pages] == [2, 2, 2]
    assert [page["line_bot_search_seconds_count"] for page in pages] == [2, 2, 2]
    assert both_dead["line_bot_queue_length"] == 3
    assert not list(tmp_path.glob(f"*_{dead}.db"))


def test_only_living_processes_are_counted_as_alive(tmp_path: Path) -> None:
    metrics.prepare(tmp_path)
    workers = [Worker(tmp_path, 1), Worker(tmp_path, 1)]

    both = alive(tmp_path)
    metrics.mark_dead(tmp_path, workers[0].kill())
    one = alive(tmp_path)
    workers[1].kill()

    assert (both, one) == (2, 1)


def alive(folder: Path) -> float | None:
    """The gauge of living processes, read by one that does not count itself."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))
    return registry.get_sample_value("line_bot_processes")


def test_a_file_that_was_never_finished_is_cleared_away(tmp_path: Path) -> None:
    metrics.prepare(tmp_path)
    (tmp_path / "counter_4711.db").touch()

    metrics.mark_dead(tmp_path, 4711)

    assert not (tmp_path / "counter_4711.db").exists()
    assert scraped(tmp_path)["line_bot_webhook_events_total"] == 0


def test_a_new_start_counts_from_zero(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    metrics.prepare(folder)
    Worker(folder, 2).kill()

    metrics.prepare(folder)

    assert scraped(folder)["line_bot_webhook_events_total"] == 0


def client_of(token: str) -> FlaskClient:
    """A browser at an app with a page of figures."""
    app = Flask("test", static_folder=None)
    figures = Metrics()
    app.register_blueprint(metrics.create_blueprint(lambda: figures.exposition(lambda: NOW), token))
    return app.test_client()


def test_whoever_has_the_token_sees_the_page() -> None:
    answer = client_of(TOKEN).get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 200
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"line_bot_webhook_events_total 0.0" in answer.data


@pytest.mark.parametrize(
    "given",
    [
        *("", "Bearer", "Bearer ", "Bearer \xff\xfe", TOKEN, f"Basic {TOKEN}"),
        *(f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}, Bearer {TOKEN}"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "BREW"])
@pytest.mark.parametrize("path", ["/metrics", "//metrics", "/metrics/"])
def test_without_the_token_there_is_no_such_page(given: str, method: str, path: str) -> None:
    client = client_of(TOKEN)
    headers = {"Authorization": given}

    answer = client.open(path, method=method, headers=headers)

    nowhere = client.open("/no-such-page", method=method, headers=headers)
    assert answer.status_code == nowhere.status_code == 404
    assert answer.data == nowhere.data
    assert answer.headers == nowhere.headers


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer None", f"Bearer {TOKEN}"])
def test_without_a_token_in_the_configuration_nobody_sees_the_page(given: str) -> None:
    answer = client_of("").get("/metrics", headers={"Authorization": given})

    assert answer.status_code == 404
