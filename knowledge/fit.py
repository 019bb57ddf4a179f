"""Fit the decision on questions with known answers, by cross-validation, and say where it came from."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from knowledge import logistic
from knowledge.decide import MAX_CHOICES, Policy, features
from knowledge.logistic import Model
from knowledge.question_files import Question
from knowledge.search import Ranking

FOLDS = 5
MAX_WRONG_AS_SURE = 0.01
"""Share of answerable questions that may be answered wrongly as sure; the goal is 0.02."""
MAX_OUTSIDE_AS_SURE = 0.01
"""Share of questions out of scope that may get an answer as sure."""
MAX_DECLINED = 0.02
"""Share of answerable questions that may be declined. All three are measured out of fold."""


@dataclass(frozen=True)
class Case:
    """One question as the fit sees it."""

    features: Mapping[str, float]
    best_is_right: bool
    one_is_right: bool
    is_in_domain: bool


def case(question: Question, ranking: Ranking) -> Case | None:
    """A question and its ranking as a case; None when nothing was found at all."""
    if not ranking.matches:
        return None
    shown = [match.entry_id for match in ranking.matches[:MAX_CHOICES]]
    return Case(
        features=features(ranking),
        best_is_right=shown[0] in question.expect,
        one_is_right=any(entry_id in question.expect for entry_id in shown),
        is_in_domain=any(not expected.startswith("@") for expected in question.expect),
    )


def fit(cases: Sequence[Case]) -> Policy:
    """Models on all cases; thresholds where the out-of-fold errors stay below their limits."""
    sure = _out_of_fold(cases, [c.best_is_right for c in cases])
    near = _out_of_fold(cases, [c.one_is_right for c in cases])
    wrong = [p for p, c in zip(sure, cases, strict=True) if c.is_in_domain and not c.best_is_right]
    outside = [p for p, c in zip(sure, cases, strict=True) if not c.is_in_domain]
    in_domain = len(cases) - len(outside)
    needed = [p for p, c in zip(near, cases, strict=True) if c.is_in_domain and c.one_is_right]
    return Policy(
        best_is_right=logistic.fit([c.features for c in cases], [c.best_is_right for c in cases]),
        one_is_right=logistic.fit([c.features for c in cases], [c.one_is_right for c in cases]),
        sure=round(
            max(
                _upper(wrong, int(MAX_WRONG_AS_SURE * in_domain)),
                _upper(outside, int(MAX_OUTSIDE_AS_SURE * len(outside))),
            ),
            4,
        ),
        near=round(_lower(needed, int(MAX_DECLINED * len(needed))), 4),
    )


def as_data(policy: Policy, questions: Sequence[Question], day: date) -> dict[str, Any]:
    """The policy with its provenance, as decision.json keeps it."""
    return {
        "best_is_right": asdict(policy.best_is_right),
        "one_is_right": asdict(policy.one_is_right),
        "sure": policy.sure,
        "near": policy.near,
        "provenance": {
            "questions": len(questions),
            "sha256": fingerprint(questions),
            "folds": FOLDS,
            "max_wrong_as_sure": MAX_WRONG_AS_SURE,
            "max_outside_as_sure": MAX_OUTSIDE_AS_SURE,
            "max_declined": MAX_DECLINED,
            "fitted_on": day.isoformat(),
        },
    }


def fingerprint(questions: Sequence[Question]) -> str:
    """A hash of questions and expected answers, in their order."""
    lines = "\n".join(f"{q.query}\t{','.join(q.expect)}" for q in questions)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def _out_of_fold(cases: Sequence[Case], right: Sequence[bool]) -> list[float]:
    """Each case's probability from a model that has not seen it."""
    likely = [0.0] * len(cases)
    for fold in range(FOLDS):
        model = _model_without(cases, right, fold)
        for number in range(fold, len(cases), FOLDS):
            likely[number] = model.probability(cases[number].features)
    return likely


def _model_without(cases: Sequence[Case], right: Sequence[bool], fold: int) -> Model:
    seen = [number for number in range(len(cases)) if number % FOLDS != fold]
    return logistic.fit([cases[n].features for n in seen], [right[n] for n in seen])


def _upper(probabilities: Sequence[float], allowed: int) -> float:
    """The threshold that lets at most `allowed` of these pass."""
    ordered = sorted(probabilities, reverse=True)
    return ordered[allowed] + 1e-4 if len(ordered) > allowed else 0.0


def _lower(probabilities: Sequence[float], allowed: int) -> float:
    """The threshold that stops at most `allowed` of these."""
    ordered = sorted(probabilities)
    return ordered[allowed] - 1e-4 if len(ordered) > allowed else 0.0
