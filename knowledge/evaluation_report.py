"""What is told of a run: scores per entry, confusions, the worst questions, and the baseline's gate."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.evaluate import Judgement, Run

HALF_A_QUESTION = 0.5

Fault = Literal["wrong_as_sure", "not_shown", "not_declined", "not_first"]


@dataclass(frozen=True)
class EntryScore:
    """How the questions fared that one entry answers, alone or beside others."""

    entry_id: str
    n: int
    right_first: int
    shown: int


@dataclass(frozen=True)
class Confusion:
    """What was asked for, what came first instead, and how often; @ marks a reply without entry."""

    expected: str
    shown: str
    count: int


@dataclass(frozen=True)
class Failure:
    """A question that went wrong, and how."""

    fault: Fault
    judgement: Judgement


@dataclass(frozen=True)
class Measure:
    """How many of how many."""

    count: int
    of: int

    @property
    def share(self) -> float:
        """0 where there is nothing to measure."""
        return self.count / self.of if self.of else 0.0


def entry_scores(run: Run) -> list[EntryScore]:
    """A score for each entry expected, the worst first."""
    asked: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judgement in run.group("in_domain"):
        for entry_id in judgement.question.expect:
            if not entry_id.startswith("@"):
                asked[entry_id].append(judgement)
    scores = [_entry_score(entry_id, judged) for entry_id, judged in asked.items()]
    return sorted(scores, key=lambda s: (s.right_first / s.n, s.shown / s.n, -s.n, s.entry_id))


def confusions(run: Run) -> list[Confusion]:
    """What was shown for what was expected where that was wrong, the most frequent first."""
    pairs = Counter((_expected(j), _first_shown(j)) for j in run.judged if not j.is_right_first)
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Confusion(expected, shown, count) for (expected, shown), count in ordered]


def failures(run: Run) -> list[Failure]:
    """The worst questions: wrong as sure, then not shown, then offered in vain, then not first."""
    found = [Failure(fault, j) for j in run.judged if (fault := _fault(j)) is not None]
    from_bad_to_less_bad = list(_FAULTS)
    return sorted(found, key=lambda failure: from_bad_to_less_bad.index(failure.fault))


def measures(run: Run) -> dict[str, Measure]:
    """The numbers that may not get worse, exactly."""
    return {
        name: Measure(sum(map(counts, run.group(group))), len(run.group(group)))
        for name, (group, counts) in (_MORE_IS_BETTER | _LESS_IS_BETTER).items()
    }


def worsened(now: Mapping[str, Measure], before: Mapping[str, Measure]) -> list[str]:
    """The names of measures worse than before by more than half a question."""
    return [
        name
        for name in before
        if _loss(name, now[name], before[name]) > HALF_A_QUESTION / max(now[name].of, 1)
    ]


_FAULTS: dict[Fault, Callable[[Judgement], bool]] = {
    "wrong_as_sure": lambda j: j.is_wrong_as_sure,
    "not_shown": lambda j: bool(j.question.expect) and not (j.is_shown or j.is_right_first),
    "not_declined": lambda j: not j.question.expect and not j.is_right_first,
    "not_first": lambda j: not j.is_right_first,
}
"""From bad to less bad; a question counts under the first that fits."""

_MORE_IS_BETTER: dict[str, tuple[str, Callable[[Judgement], bool]]] = {
    "right_first": ("in_domain", lambda j: j.is_right_first),
    "shown": ("in_domain", lambda j: j.is_shown),
    "out_of_scope_declined": ("out_of_scope", lambda j: j.is_declined),
    "emergency_recall": ("emergency", lambda j: j.is_right_first),
    "smalltalk": ("smalltalk", lambda j: j.is_right_first),
}
_LESS_IS_BETTER: dict[str, tuple[str, Callable[[Judgement], bool]]] = {
    "wrong_as_sure": ("in_domain", lambda j: j.is_wrong_as_sure),
    "out_of_scope_answered": ("out_of_scope", lambda j: j.is_answered),
    "false_alarms": ("no_emergency", lambda j: j.is_alarmed),
}


def _fault(judgement: Judgement) -> Fault | None:
    return next((fault for fault, fits in _FAULTS.items() if fits(judgement)), None)


def _entry_score(entry_id: str, judged: Sequence[Judgement]) -> EntryScore:
    """Of two questions in one message, each entry answers for its own."""
    single = [judgement for judgement in judged if not judgement.question.need_all]
    found = sum(entry_id in j.response.ids for j in judged if j.question.need_all)
    return EntryScore(
        entry_id,
        n=len(judged),
        right_first=found + sum(judgement.is_right_first for judgement in single),
        shown=found + sum(judgement.is_shown for judgement in single),
    )


def _expected(judgement: Judgement) -> str:
    """The first entry that is missing; the first accepted one where any would do."""
    expect, ids = judgement.question.expect, judgement.response.ids
    missing = [entry_id for entry_id in expect if entry_id not in ids]
    return next(iter(missing if judgement.question.need_all else expect), "@none")


def _first_shown(judgement: Judgement) -> str:
    return next(iter(judgement.response.ids), f"@{judgement.response.decision}")


def _loss(name: str, now: Measure, before: Measure) -> float:
    loss = before.share - now.share
    return loss if name in _MORE_IS_BETTER else -loss
