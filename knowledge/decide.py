"""Decide from a ranking: answer when sure, offer choices when unsure, else say so; pure.

The weights and thresholds are fitted by `flask evaluate --fit` and kept in decision.json with their
provenance, so that nobody turns them by hand.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from knowledge.logistic import Model
from knowledge.search import NEAR_EXACT, Match, Ranking

Kind = Literal["answer", "choose", "none"]

MODEL_FILE = Path(__file__).with_name("decision.json")
MAX_CHOICES = 3
MIN_CHOICES = 2
NEAR_SCORE = 0.45
"""A candidate whose score is below this share of the best one's is no choice worth offering."""


@dataclass(frozen=True)
class Decision:
    """What to show: a match for each question when answering, two or three when choosing.

    `chance` is how likely it is that the answer is right, or that one of the nearest entries is;
    None where nothing was weighed. `other_place` names the municipality whose matter was asked,
    where it is not ours; `is_outside` tells that these are the words of a topic marked as not ours.
    """

    kind: Kind
    matches: tuple[Match, ...]
    why: str
    chance: float | None = None
    other_place: str = ""
    is_outside: bool = False


@dataclass(frozen=True)
class Policy:
    """When to answer and when to offer: two fitted models and the thresholds on them."""

    best_is_right: Model
    one_is_right: Model
    sure: float
    near: float


def decide(ranking: Ranking, policy: Policy) -> Decision:
    """Answer a clear winner; offer up to three near ones; otherwise nothing."""
    if not ranking.matches:
        return Decision("none", (), "知っている言葉がありません")
    return _near_exact(ranking) or _weighed(ranking, policy)


def _near_exact(ranking: Ranking) -> Decision | None:
    """Almost the very words of a known phrasing, or of a topic we do not cover, need no weighing."""
    best, outside = ranking.matches[0], ranking.outside
    if best.evidence.letters >= NEAR_EXACT:
        return Decision("answer", (best,), "登録した言い回しとほぼ同じです", chance=1.0)
    if outside is not None and outside.evidence.letters >= NEAR_EXACT:
        why = f"案内しない話題の例「{outside.phrase}」とほぼ同じです"
        return Decision("none", (), why, chance=0.0, is_outside=True)
    return None


def _weighed(ranking: Ranking, policy: Policy) -> Decision:
    known = features(ranking)
    sure = policy.best_is_right.probability(known)
    if sure >= policy.sure:
        return Decision("answer", ranking.matches[:1], f"正しい見込み {_percent(sure)}", sure)
    near = policy.one_is_right.probability(known)
    if near >= policy.near:
        return Decision(
            "choose", _choices(ranking), f"合う項目がこの中にある見込み {_percent(near)}", near
        )
    return Decision("none", (), f"合う項目がある見込み {_percent(near)}。低いので答えません", near)


def _percent(chance: float) -> str:
    return f"{100 * chance:.0f}％"


def features(ranking: Ranking) -> dict[str, float]:
    """What the decision rests on: likeness of the best, its lead, and how much was understood."""
    best = ranking.matches[0]
    likeness = vars(best.evidence)
    second = vars(ranking.matches[1].evidence) if len(ranking.matches) > 1 else {}
    leads = {f"{name}_lead": value - second.get(name, 0.0) for name, value in likeness.items()}
    outside = vars(ranking.outside.evidence) if ranking.outside is not None else {}
    outside_leads = {f"{n}_over_outside": v - outside.get(n, 0.0) for n, v in likeness.items()}
    second_score = ranking.matches[1].score if len(ranking.matches) > 1 else 0.0
    return {
        **likeness,
        **leads,
        **outside_leads,
        "score_lead": best.score - second_score,
        "words_count": min(ranking.words, 8) / 8,
        "unknown_share": ranking.unknown_share,
    }


@cache
def policy(engine: str) -> Policy:
    """The fitted policy of an engine, from the file; read once."""
    return policy_from_data(json.loads(MODEL_FILE.read_text(encoding="utf-8"))[engine])


def policy_from_data(data: Mapping[str, Any]) -> Policy:
    """A policy as decision.json keeps it."""
    return Policy(
        best_is_right=Model(**data["best_is_right"]),
        one_is_right=Model(**data["one_is_right"]),
        sure=data["sure"],
        near=data["near"],
    )


def _choices(ranking: Ranking) -> tuple[Match, ...]:
    """Two or three, never a far-fetched third."""
    best = ranking.matches[0].score
    near = [m for m in ranking.matches[:MAX_CHOICES] if m.score >= NEAR_SCORE * best]
    return tuple(near if len(near) >= MIN_CHOICES else ranking.matches[:MIN_CHOICES])
