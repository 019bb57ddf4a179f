"""The logistic model learns what divides its cases, and nothing from what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import logistic
from knowledge.logistic import Model

VALUES = [0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0]
CASES = [{"likeness": value} for value in VALUES]
RIGHT = [value > 0.5 for value in VALUES]

features = st.floats(0, 1, allow_nan=False)
cases = st.lists(
    st.tuples(st.fixed_dictionaries({"words": features, "sounds": features}), st.booleans()),
    min_size=1,
    max_size=40,
)


def test_separable_cases_are_learnt() -> None:
    model = logistic.fit(CASES, RIGHT)

    assert [model.probability(case) > 0.5 for case in CASES] == RIGHT


def test_more_of_a_good_sign_is_likelier() -> None:
    model = logistic.fit(CASES, RIGHT)

    likely = [model.probability(case) for case in CASES]
    assert likely == sorted(likely)
    assert len(set(likely)) == len(likely)


def test_the_better_of_two_features_weighs_more() -> None:
    noise = [1.0, 0.0] * 5
    two = [{**case, "noise": value} for case, value in zip(CASES, noise, strict=True)]

    model = logistic.fit(two, RIGHT)

    assert model.weights["likeness"] > abs(model.weights["noise"])


@pytest.mark.parametrize("value", [0.0, 1.0, 0.1, 1 / 3, 0.7, -5.0, 1e6])
def test_a_constant_feature_changes_nothing(value: float) -> None:
    with_constant = [{**case, "constant": value} for case in CASES]

    model = logistic.fit(with_constant, RIGHT)

    without = logistic.fit(CASES, RIGHT)
    assert model.weights["constant"] == pytest.approx(0, abs=1e-3)
    assert model.weights["likeness"] == pytest.approx(without.weights["likeness"], abs=1e-3)


def test_the_same_cases_give_the_same_model() -> None:
    once = logistic.fit(CASES, RIGHT)

    again = logistic.fit(CASES, RIGHT)

    assert once == again


def test_the_order_of_the_features_does_not_matter() -> None:
    forward = [{"a": value, "b": 1 - value**2} for value in VALUES]
    backward = [{"b": 1 - value**2, "a": value} for value in VALUES]

    models = logistic.fit(forward, RIGHT), logistic.fit(backward, RIGHT)

    assert models[0] == models[1]


def test_a_missing_feature_counts_as_zero() -> None:
    sparse = [{"likeness": value} if value else {} for value in VALUES]

    model = logistic.fit(sparse, RIGHT)

    assert model == logistic.fit(CASES, RIGHT)


@pytest.mark.parametrize(("right", "likely"), [([True], 1.0), ([False], 0.0)])
def test_cases_that_are_all_alike_give_a_sure_model(right: list[bool], likely: float) -> None:
    model = logistic.fit(CASES, right * len(CASES))

    assert model.probability(CASES[0]) == pytest.approx(likely, abs=0.01)


@given(cases)
def test_any_cases_give_probabilities(judged: list[tuple[dict[str, float], bool]]) -> None:
    known = [case for case, _ in judged]

    model = logistic.fit(known, [right for _, right in judged])

    assert all(0 <= model.probability(case) <= 1 for case in known)


@pytest.mark.parametrize(
    ("model", "case", "likely"),
    [
        pytest.param(Model(0.0, {}), {}, 0.5, id="no-knowledge"),
        pytest.param(Model(0.0, {"a": 2.0}), {"a": 0.5}, 0.7311, id="one-feature"),
        pytest.param(Model(-1.0, {"a": 1.0}), {"a": 1.0, "b": 9.0}, 0.5, id="unknown-feature"),
        pytest.param(Model(1.0, {"a": 5.0}), {}, 0.7311, id="feature-left-out"),
        pytest.param(Model(0.0, {"a": 1e9}), {"a": 1.0}, 1.0, id="far-above"),
        pytest.param(Model(0.0, {"a": 1e9}), {"a": -1.0}, 0.0, id="far-below"),
    ],
)
def test_a_case_is_weighed(model: Model, case: dict[str, float], likely: float) -> None:
    found = model.probability(case)

    assert found == pytest.approx(likely, abs=1e-4)
