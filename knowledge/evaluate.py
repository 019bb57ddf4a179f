"""Measure the engine: rankings on a BEIR folder, decisions on a question file; pure arithmetic."""

import math
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.question_files import Benchmark, Question

DEPTH = 10
CORRECT_GRADE = 2


@dataclass(frozen=True)
class Response:
    """What the bot did with a question: decision, ids in the order shown, spans it removed."""

    decision: str
    ids: tuple[str, ...]
    removed: tuple[tuple[int, int], ...] = ()


def rankings(benchmark: Benchmark, rank: Callable[[str], Sequence[str]]) -> dict[str, float]:
    """nDCG (linear gain), recall and MRR at 10, hits of grade 2, and milliseconds a query."""
    totals: defaultdict[str, float] = defaultdict(float)
    milliseconds = []
    judged = [q for q in benchmark.queries if any(benchmark.relevant.get(q, {}).values())]
    for query in judged:
        started = time.perf_counter()
        found = list(rank(benchmark.queries[query]))[:DEPTH]
        milliseconds.append((time.perf_counter() - started) * 1000)
        for name, value in _ranking_scores(found, benchmark.relevant[query]).items():
            totals[name] += value
    scores = {name: round(total / len(judged), 4) for name, total in totals.items()}
    return {**scores, **_timings(milliseconds)}


def decisions(questions: Sequence[Question], respond: Callable[[str], Response]) -> dict[str, Any]:
    """Shares of right, shown, wrong-as-sure and declined, for all in-domain kinds and per kind."""
    return summary(run(questions, respond))


def run(questions: Sequence[Question], respond: Callable[[str], Response]) -> "Run":
    """Ask every question and judge what comes back."""
    judged, milliseconds = [], []
    for question in questions:
        started = time.perf_counter()
        response = respond(question.query)
        milliseconds.append((time.perf_counter() - started) * 1000)
        judged.append(Judgement(question, response))
    return Run(tuple(judged), tuple(milliseconds))


def summary(of_run: "Run") -> dict[str, Any]:
    """The shares of a run: by what the questions ask for, and per kind."""
    judged = of_run.judged
    kinds = sorted({judgement.question.kind for judgement in judged})
    shares = {name: _shares(of_run.group(name)) for name in GROUPS}
    false_alarms = shares.pop("no_emergency")["alarmed"]
    return {
        "questions": len(judged),
        **shares,
        "false_alarms": false_alarms,
        "kinds": {kind: _shares([j for j in judged if j.question.kind == kind]) for kind in kinds},
        **_timings(of_run.milliseconds),
    }


@dataclass(frozen=True)
class Judgement:
    """One question with what the bot did, and whether that was right."""

    question: Question
    response: Response

    @property
    def is_in_domain(self) -> bool:
        """True when an entry answers the question."""
        return any(not expected.startswith("@") for expected in self.question.expect)

    @property
    def is_right_first(self) -> bool:
        """The first thing shown is an accepted one; the right kind of reply where none is asked."""
        if not self.is_in_domain:
            return self.response.decision in self._accepted_decisions()
        if self.question.need_all:
            return self.is_shown
        is_first = bool(self.response.ids) and self.response.ids[0] in self.question.expect
        return is_first or self._is_accepted_reply

    @property
    def is_shown(self) -> bool:
        """An accepted entry is among those shown; all of them where the question holds several."""
        wanted = set(self.question.expect)
        shown = wanted.intersection(self.response.ids)
        if self.question.need_all:
            return shown == wanted
        return bool(shown) or (self.is_in_domain and self._is_accepted_reply)

    @property
    def is_wrong_as_sure(self) -> bool:
        """An entry nobody asked for was given as the answer."""
        return self.is_answered and any(
            shown not in self.question.expect for shown in self.response.ids
        )

    @property
    def is_declined(self) -> bool:
        """The bot claimed no entry."""
        return self.response.decision in ("none", "smalltalk")

    @property
    def is_answered(self) -> bool:
        """One entry was given as the answer, right or wrong."""
        return self.response.decision == "answer"

    @property
    def is_alarmed(self) -> bool:
        """The bot took it for an emergency."""
        return self.response.decision == "emergency"

    @property
    def unremoved_spans(self) -> int:
        """How many pieces of personal data were not wholly covered."""
        return sum(
            not any(start <= span.start and span.end <= end for start, end in self.response.removed)
            for span in self.question.pii_spans
        )

    @property
    def _is_accepted_reply(self) -> bool:
        """Where an emergency or an entry would be right, the emergency was."""
        return f"@{self.response.decision}" in self.question.expect

    def _accepted_decisions(self) -> tuple[str, ...]:
        named = tuple(expected.removeprefix("@") for expected in self.question.expect)
        return named or ("none", "smalltalk")


@dataclass(frozen=True)
class Run:
    """Questions asked one after the other: the judgements, and the milliseconds each took."""

    judged: tuple[Judgement, ...]
    milliseconds: tuple[float, ...]

    def group(self, name: str) -> list[Judgement]:
        """The judgements of one of GROUPS."""
        return [judgement for judgement in self.judged if GROUPS[name](judgement)]


GROUPS: dict[str, Callable[[Judgement], bool]] = {
    "in_domain": lambda j: j.is_in_domain,
    "out_of_scope": lambda j: not j.question.expect,
    "smalltalk": lambda j: "@smalltalk" in j.question.expect,
    "emergency": lambda j: "@emergency" in j.question.expect,
    "no_emergency": lambda j: "@emergency" not in j.question.expect,
}
"""What questions ask for; one that accepts several kinds of reply stands in several groups."""


def _shares(judged: Sequence[Judgement]) -> dict[str, float]:
    count = len(judged) or 1
    spans = sum(len(j.question.pii_spans) for j in judged)
    shares = {
        "n": len(judged),
        "right_first": _share((j.is_right_first for j in judged), count),
        "shown": _share((j.is_shown for j in judged), count),
        "wrong_as_sure": _share((j.is_wrong_as_sure for j in judged), count),
        "declined": _share((j.is_declined for j in judged), count),
        "answered": _share((j.is_answered for j in judged), count),
        "alarmed": _share((j.is_alarmed for j in judged), count),
    }
    if spans:
        shares["pii_removed"] = round(1 - sum(j.unremoved_spans for j in judged) / spans, 4)
    return shares


def _share(flags: Iterable[bool], count: int) -> float:
    return round(sum(flags) / count, 4)


def _ranking_scores(found: Sequence[str], grades: Mapping[str, int]) -> dict[str, float]:
    gains = [grades.get(document, 0) for document in found]
    ideal = sorted(grades.values(), reverse=True)[:DEPTH]
    first = next((rank for rank, gain in enumerate(gains, start=1) if gain > 0), None)
    scores = {
        "ndcg@10": _dcg(gains) / _dcg(ideal),
        "recall@10": sum(gain > 0 for gain in gains) / sum(grade > 0 for grade in grades.values()),
        "mrr@10": 1 / first if first else 0.0,
    }
    for depth in (1, 3, 5, 10):
        scores[f"hit2@{depth}"] = float(CORRECT_GRADE in gains[:depth])
    return scores


def _dcg(gains: Sequence[int]) -> float:
    return math.fsum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _timings(milliseconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(milliseconds) or [0.0]
    return {
        "ms_p50": round(statistics.median(ordered), 2),
        "ms_p95": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 2),
    }
