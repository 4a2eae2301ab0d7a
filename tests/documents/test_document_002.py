"""Document 002: logistic regression and a tanh network in matrices, one row an example, with cross-entropy.

F002-1 to 7 are the formulas of its text, each proved against the engine; E002-1 to 8 are the wrong ones, each with the
counterexample.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from hypothesis.strategies import SearchStrategy

from autograd import Value, data, exp, gradients, grads, relu, sigmoid, tanh, values
from autograd.testing.oracles import EPSILON

#: Multiples of an eighth: sums of products of them do not round.
EIGHTHS = st.integers(-8, 8).map(lambda k: k / 8)
THOUSANDTHS = st.integers(1, 999).map(lambda k: k / 1000)

# Of the size of what is multiplied and added up: 450 units. With three inputs, weights and a bias up to 1, |z| <= 4, so
# 1 - p is at least 0.018 and loses 55; tanh loses 2 and hands a dozen on to the next sum; products and sums add dozens.
ROUNDING = 1e-13


class Case(NamedTuple):
    """Data and a network: ``X`` (m, n), ``y`` (m, 1), ``w1`` (n, h), ``b1`` (1, h), ``w2`` (h, 1), ``b2`` (1, 1)."""

    X: np.ndarray
    y: np.ndarray
    w1: np.ndarray
    b1: np.ndarray
    w2: np.ndarray
    b2: np.ndarray


def filled(*shape: int, elements: SearchStrategy[float] = EIGHTHS) -> SearchStrategy[np.ndarray]:
    return arrays(float, shape, elements=elements, fill=st.nothing())


def labels(m: int) -> SearchStrategy[np.ndarray]:
    """A column of 0 and 1, and now and then something between."""
    return filled(m, 1, elements=st.sampled_from([0.0, 1.0, 0.25]))


def cases(hidden: SearchStrategy[int]) -> SearchStrategy[Case]:
    """1 to 4 rows, 1 to 3 inputs."""
    return st.tuples(st.integers(1, 4), st.integers(1, 3), hidden).flatmap(
        lambda s: st.builds(
            Case, filled(s[0], s[1]), labels(s[0]), filled(s[1], s[2]), filled(1, s[2]), filled(s[2], 1), filled(1, 1)
        )
    )


NETWORKS = cases(st.integers(1, 3))
REGRESSIONS = cases(st.just(1))  # w1 and b1 alone, without a hidden layer
#: As many probabilities as labels.
PREDICTIONS = st.integers(1, 4).flatmap(lambda m: st.tuples(filled(m, 1, elements=THOUSANDTHS), labels(m)))


def logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def cross_entropy(p: Any, y: np.ndarray) -> Any:
    return (-y * np.log(p) - (1 - y) * np.log(1 - p)).mean()


def close(actual: np.ndarray, expected: np.ndarray, size: np.ndarray) -> bool:
    """Whether two arrays of one shape agree to :data:`ROUNDING` of the size of what was added up."""
    return actual.shape == expected.shape and bool((abs(actual - expected) <= ROUNDING * size).all())


# ── Formulas ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(x=st.floats(-700.0, 700.0))
def test_f002_1_quotient_of_exponentials_is_tanh_with_derivative_one_minus_its_square(x: float) -> None:
    """``(eˣ - e⁻ˣ) / (eˣ + e⁻ˣ)`` recorded step by step, and ours."""
    u, v, t = Value(x), Value(x), math.tanh(x)
    quotient, ours = (exp(u) - exp(-u)) / (exp(u) + exp(-u)), tanh(v)
    assert (quotient.data, ours.data) == (pytest.approx(t, abs=4 * EPSILON), t)
    assert gradients(quotient, u) == pytest.approx(1 - t * t, abs=8 * EPSILON)
    assert gradients(ours, v) == pytest.approx(1 - t * t, abs=2 * EPSILON)


@pytest.mark.parametrize(("x", "expected"), [(709.0, 1.0), (710.0, math.nan)])
def test_f002_1_quotient_of_exponentials_is_nan_from_710(x: float, expected: float) -> None:
    """There ``eˣ`` is infinite; our tanh stays 1."""
    v = Value(x)
    quotient = (exp(v) - exp(-v)) / (exp(v) + exp(-v))
    assert quotient.data == pytest.approx(expected, nan_ok=True)
    assert tanh(x) == 1.0


@given(z=filled(2, 2, elements=st.floats(-300.0, 300.0)))
def test_f002_2_derivative_of_the_logistic_is_s_times_one_minus_s(z: np.ndarray) -> None:
    """Entry by entry of an array; 1 - s is as far off as s is."""
    recorded, s = values(z), logistic(z)
    logistic(recorded).sum().backward()
    assert (abs(grads(recorded) - s * (1 - s)) <= 8 * EPSILON * s).all()


@given(case=PREDICTIONS)
def test_f002_3_cross_entropy_and_its_derivative(case: tuple[np.ndarray, np.ndarray]) -> None:
    """``(p - y) / (p (1 - p)) / m``, which is ``((1 - y) / (1 - p) - y / p) / m``."""
    p, y = case
    recorded = values(p)
    cross_entropy(recorded, y).backward()
    size = ((1 - y) / (1 - p) + y / p) / len(y)
    assert close(grads(recorded), (p - y) / (p * (1 - p)) / len(y), size)


@given(case=PREDICTIONS)
def test_f002_3_cross_entropy_of_certain_labels_is_the_surprise(case: tuple[np.ndarray, np.ndarray]) -> None:
    """For labels 0 and 1 it is the mean of ``-log`` of the probability that the label was given."""
    p, y = case[0], case[1].round()
    given_to_label = [q if label else 1 - q for q, label in zip(p.flat, y.flat, strict=True)]
    expected = sum(-math.log(q) for q in given_to_label) / len(y)
    assert cross_entropy(values(p), y).data == pytest.approx(expected, rel=16 * EPSILON)


@given(x=st.floats(allow_nan=False, allow_infinity=False))
def test_f002_4_derivative_of_relu_is_zero_up_to_and_at_zero(x: float) -> None:
    """``max(0, x)``, with derivative 0 if x <= 0 else 1."""
    v = Value(x)
    assert (relu(v).data, gradients(relu(v), v)) == (max(0.0, x), 0.0 if x <= 0 else 1.0)


@given(case=REGRESSIONS)
def test_f002_5_gradient_of_logistic_regression(case: Case) -> None:
    """``z = x w + b``, ``p = s(z)``: ``Xᵀ (p - y) / m`` and the mean of ``p - y``."""
    X, y, w, b = case.X, case.y, case.w1, case.b1
    weights, bias = values(w), values(b)
    cross_entropy(logistic(X @ weights + bias), y).backward()
    p, m = logistic(X @ w + b), len(y)
    assert close(grads(weights), X.T @ (p - y) / m, abs(X).T @ (p + y) / m)
    assert close(grads(bias), (p - y).mean(keepdims=True), (p + y).mean(keepdims=True))


@given(case=REGRESSIONS)
def test_f002_5_descent_rule_lowers_the_cost_by_at_least_what_the_gradient_promises(case: Case) -> None:
    """``w -= α dC/dw`` at the document's α = 0.1: by ``α (1 - α L / 2) |g|²``, where inputs up to 1 have L <= 1."""
    weights, bias = values(case.w1), values(case.b1)
    parameters = [*weights.flat, *bias.flat]

    def cost() -> Value:
        return cross_entropy(logistic(case.X @ weights + bias), case.y)

    before = cost()
    before.backward()
    for parameter in parameters:
        parameter.data -= 0.1 * parameter.grad
    promised = 0.1 * (1 - 0.1 / 2) * sum(parameter.grad**2 for parameter in parameters)
    assert cost().data <= before.data - promised + 32 * EPSILON * (1 + before.data)


def chain(
    X: np.ndarray, A1: np.ndarray, w2: np.ndarray, error: np.ndarray, slope: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """F002-6 in matrices, with its transposes and sums over the rows: ``dC/dw1``, ``db1``, ``dw2``, ``db2``."""
    back = (error @ w2.T) * slope
    return X.T @ back, back.sum(axis=0, keepdims=True), A1.T @ error, error.sum(axis=0, keepdims=True)


@given(case=NETWORKS)
def test_f002_6_gradients_of_the_network_with_a_hidden_layer(case: Case) -> None:
    """The four chains ``dC/dA2 dA2/dZ2 ...`` of w2, b2, w1, b1, for any number of rows, inputs and hidden neurons."""
    X, y, *parameters = case
    w1, b1, w2, b2 = recorded = [values(p) for p in parameters]
    cross_entropy(logistic(np.tanh(X @ w1 + b1) @ w2 + b2), y).backward()
    A1 = np.tanh(X @ case.w1 + case.b1)
    p, m = logistic(A1 @ case.w2 + case.b2), len(y)
    expected = chain(X, A1, case.w2, (p - y) / m, 1 - A1**2)
    size = chain(abs(X), np.ones_like(A1), abs(case.w2), (p + y) / m, np.ones_like(A1))
    for found, wanted, scale in zip(recorded, expected, size, strict=True):
        assert close(grads(found), wanted, scale)


@given(w=st.tuples(EIGHTHS, st.sampled_from([-1.0, -0.5, 0.25, 1.0])), b=EIGHTHS, x=EIGHTHS)
def test_f002_7_boundary_is_where_the_probability_is_one_half(w: tuple[float, float], b: float, x: float) -> None:
    """``x2 = (-b - w0 x1) / w1``; along it, x2 changes by ``-w0 / w1`` for x1."""
    x1, x2 = Value(x), (-b - w[0] * x) / w[1]
    assert sigmoid(x * w[0] + x2 * w[1] + b) == 0.5
    assert gradients((-b - w[0] * x1) / w[1], x1) == -w[0] / w[1]


# ── Errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(case=REGRESSIONS)
def test_e002_1_chaining_the_printed_derivative_trains_the_squared_error(case: Case) -> None:
    """``p - y`` for ``dC/dp``, times ``s'``, is the gradient of ``(p - y)² / 2``, not of the cross-entropy."""
    z = values(case.X @ case.w1)
    (0.5 * (logistic(z) - case.y) ** 2).sum().backward()
    p = logistic(data(z))
    assert close(grads(z), (p - case.y) * p * (1 - p), p + case.y)


def test_e002_1_printed_derivative_of_cross_entropy_is_that_of_the_logit() -> None:
    """At p = 0.9 for label 1 it is -1/0.9 with respect to p; the printed -0.1 is with respect to z."""
    z = Value(math.log(9.0))
    p = sigmoid(z)
    loss = cross_entropy(np.array([p]), np.ones(1))
    assert gradients(loss, [p, z]) == [pytest.approx(-1 / 0.9), pytest.approx(-0.1)]


@given(case=PREDICTIONS)
def test_e002_2_and_3_printed_squared_error_has_the_wrong_sign_and_its_derivative_another(
    case: tuple[np.ndarray, np.ndarray],
) -> None:
    """``-Σ (y - p)² / m`` is never positive and rises towards the labels; ``2 (p - y)`` is m times minus its slope."""
    p, y = case
    recorded = values(p)
    printed = -((y - recorded) ** 2).mean()
    printed.backward()
    assert printed.data <= 0.0
    assert close(len(y) * grads(recorded), -2 * (p - y), 2 * (p + y))


@pytest.mark.parametrize("hidden", [1, 2, 5])
def test_e002_4_second_layer_has_one_result_an_example(hidden: int) -> None:
    """The text wants ``A1 w21`` and ``A1 w22``; with w2 of one column there is one, whatever the number of neurons."""
    A1 = np.tanh(np.ones((3, 2)) @ values(np.ones((2, hidden))))
    assert (A1 @ np.ones((hidden, 1))).shape == (3, 1)


@given(case=NETWORKS)
def test_e002_5_one_bias_for_all_hidden_neurons_is_not_a_bias_for_each(case: Case) -> None:
    """The text writes one ``b1``, the code has shape (1, 2): the derivative of one is the sum of those of all."""
    shared, separate = Value(0.25), values(np.full_like(case.b1, 0.25))
    for b1 in (shared, separate):
        (np.tanh(case.X @ case.w1 + b1) @ case.w2).sum().backward()
    size = len(case.X) * abs(case.w2).sum()
    assert abs(shared.grad - grads(separate).sum()) <= ROUNDING * size


def test_e002_6_two_strict_thresholds_leave_one_half_undecided() -> None:
    """``> 0.5`` and ``< 0.5``: a model that knows nothing predicts neither class."""
    predictions = data(logistic(values([-1.0, 0.0, 1.0])))
    predictions[predictions > 0.5] = 1.0
    predictions[predictions < 0.5] = 0.0
    assert predictions.tolist() == [0.0, 0.5, 1.0]


def test_e002_7_length_of_the_second_row_is_not_the_number_of_columns() -> None:
    """``len(w[1])`` gives a bias for each column, unless the layer has one input and so no second row."""
    several, one = values(np.zeros((2, 3))), values(np.zeros((1, 3)))
    assert len(several[1]) == several.shape[1] == one.shape[1]
    with pytest.raises(IndexError, match="index 1 is out of bounds for axis 0 with size 1"):
        len(one[1])


@given(case=PREDICTIONS)
def test_e002_8_labels_in_a_row_against_predictions_in_a_column_lose_their_places(
    case: tuple[np.ndarray, np.ndarray],
) -> None:
    """(m,) and (m, 1) make m x m pairs: every prediction is pulled towards the mean of all labels."""
    p, y = case
    z = values(np.log(p / (1 - p)))
    difference = logistic(z) - y.ravel()
    assert difference.shape == (len(y), len(y))
    cross_entropy(logistic(z), y.ravel()).backward()
    lost = 1 / (1 - p)  # units of 1 - p, which is recomputed from z and down to 0.001 here
    assert close(grads(z), (p - y.mean()) / len(y), lost * (p + y.mean()) / len(y))
