"""Print what a search costs when the knowledge grows to that of a prefecture or of a thousand cities."""

import ctypes
import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlite_utils import Database

from knowledge import index, schema, search
from knowledge.index import Document, Index
from knowledge.tokens import Tokenizer
from knowledge.vectors import CachedEncoder, Encoder, installed_encoder
from tests import grown
from tests.grown import Question
from tests.saying import say

SIZES = (100, 2_000, 20_000, 200_000)
QUESTIONS = 300
WARM_UP = 20
START_SIZE = 100
ENGINES = ("lexical", "vectors")
MOST_WITH_VECTORS = 2_000
"""A phrasing takes 2 ms to encode: 2,000 entries a minute, 20,000 eight, 200,000 an hour and a half."""


def main() -> None:
    """Measure each size and engine in a process of its own, so that its memory is its own."""
    jobs: dict[str, Callable[..., None]] = {"--one": measure, "--start": start}
    if sys.argv[1:2] and sys.argv[1] in jobs:
        jobs[sys.argv[1]](*sys.argv[2:])
        return
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    for engine in ENGINES:
        for size in sizes:
            if engine == "lexical" or size <= MOST_WITH_VECTORS:
                alone("--one", str(size), engine)
            else:
                say(f"{size:>7} entries, {engine}: left out, as vectors take 25 ms an entry")
    measure_start()


def alone(*arguments: str) -> None:
    """One measurement in its own process, which prints it."""
    subprocess.run([sys.executable, "-m", "tests.bench_growth", *arguments], check=True)


def measure_start() -> None:
    """From the start of a process to its first ranking, without and with the vectors kept."""
    with tempfile.TemporaryDirectory() as folder:
        for cache in ("cold", "warm"):
            started = time.perf_counter()
            alone("--start", folder)
            seconds = time.perf_counter() - started
            say(f"{START_SIZE:>7} entries, start with a {cache} cache: {seconds:.1f} s")


def start(folder: str) -> None:
    """What a starting process does: load the model, index, answer."""
    path = Path(folder) / "kb.db"
    schema.migrate(path)
    encoder = installed_encoder()
    cached = CachedEncoder(encoder, Database(path)) if encoder else None
    built = index.build(grown.documents(START_SIZE), Tokenizer(), encoder, cached)
    search.rank(built, "粗大ごみの出し方")


def measure(count: str, engine: str) -> None:
    """Make the entries, index them, ask, and print one line."""
    size = int(count)
    encoder = installed_encoder() if engine == "vectors" else None
    if engine == "vectors" and encoder is None:
        say(f"{size:>7} entries, {engine}: the optional package is not installed")
        return
    tokenizer = Tokenizer()
    tokenizer.tokens("暖機")
    before = megabytes("VmRSS")
    documents = grown.documents(size)
    built, seconds = indexed(documents, tokenizer, encoder)
    after = megabytes("VmRSS")
    asked = grown.questions(documents, QUESTIONS + WARM_UP, tokenizer)
    times, right = ask(built, asked)
    say(
        f"{size:>7} entries, {engine}: {len(built.phrases)} phrasings, "
        f"index {seconds:.1f} s, {after - before:.0f} MB (peak {megabytes('VmHWM'):.0f} MB), "
        f"search {spread(times)}, right first {right:.1%} of {len(times)}"
    )


def indexed(
    documents: Sequence[Document], tokenizer: Tokenizer, encoder: Encoder | None
) -> tuple[Index, float]:
    """The index and the seconds it took; what building needed is given back."""
    started = time.perf_counter()
    built = index.build(documents, tokenizer, encoder)
    seconds = time.perf_counter() - started
    tokenizer.forget()
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return built, seconds


def ask(built: Index, asked: Sequence[Question]) -> tuple[list[float], float]:
    """Milliseconds of each search, sorted, and the share whose first entry is the expected one."""
    for question in asked[:WARM_UP]:
        search.rank(built, question.text)
    times, right = [], 0
    for question in asked[WARM_UP:]:
        started = time.perf_counter()
        ranking = search.rank(built, question.text)
        times.append((time.perf_counter() - started) * 1000)
        right += search.ids(ranking)[:1] == [question.entry_id]
    return sorted(times), right / len(times)


def spread(times: Sequence[float]) -> str:
    """Median, 95th and 99th percentile of sorted times."""
    p50, p95, p99 = (times[int(len(times) * share)] for share in (0.5, 0.95, 0.99))
    return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms"


def megabytes(name: str) -> float:
    """What this process holds in memory now (VmRSS), or held at most (VmHWM); Linux."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split(f"{name}:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
