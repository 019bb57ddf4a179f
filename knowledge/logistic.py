"""Logistic regression on a handful of features: fit, and weigh one case."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

RIDGE = 1.0
MAX_STEPS = 50


@dataclass(frozen=True)
class Model:
    """A probability from named features: 1 / (1 + exp(-(bias + Σ weight · feature)))."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """How likely, 0–1; a feature the model does not know counts nothing."""
        total = self.bias + sum(w * features.get(name, 0.0) for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def fit(cases: Sequence[Mapping[str, float]], right: Sequence[bool]) -> Model:
    """The ridge model of some cases, by Newton's method; features are scaled while fitting."""
    names = sorted({name for case in cases for name in case})
    raw = np.array([[case.get(name, 0.0) for name in names] for case in cases])
    mean, spread = raw.mean(axis=0), raw.std(axis=0) + 1e-9
    scaled = np.column_stack([np.ones(len(raw)), (raw - mean) / spread])
    weights = _newton(scaled, np.array(right, dtype=float))
    per_feature = weights[1:] / spread
    bias = float(weights[0] - per_feature @ mean)
    rounded = {name: round(float(w), 4) for name, w in zip(names, per_feature, strict=True)}
    return Model(round(bias, 4), rounded)


def _newton(cases: Floats, right: Floats) -> Floats:
    weights = np.zeros(cases.shape[1])
    ridge = np.diag([1e-6] + [RIDGE] * (cases.shape[1] - 1))
    for _ in range(MAX_STEPS):
        likely = 1 / (1 + np.exp(-cases @ weights))
        slope = cases.T @ (likely - right) + ridge @ weights
        curve = cases.T @ (cases * (likely * (1 - likely))[:, None]) + ridge
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-8:
            break
    return weights
