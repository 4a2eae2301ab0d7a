"""Document 001, "deep learning with a tiny neural net": 3 inputs, 4 relu neurons, 1 output, no biases.

Its formulas F001-1 to F001-6 are right, for any weights, inputs and widths. Its statements E001-1 to E001-7 are wrong,
and each test shows the counterexample.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.check import central_difference
from autograd.testing.oracles import EPSILON
from autograd.testing.strategies import MODERATE, arrays

INPUTS = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
OUTPUTS = np.array([1.0, 1.0, 0.0, 0.0])

#: Weights of the hidden layer, weights of the output, one row of inputs and its target: of any width.
CASES = st.tuples(st.integers(1, 5), st.integers(1, 4)).flatmap(
    lambda n: st.tuples(arrays(*n), arrays(n[0]), arrays(n[1]), MODERATE)
)

Weights = tuple[np.ndarray, np.ndarray]


def predict(hidden: Any, output: Any, inputs: Sequence[float]) -> tuple[list[Any], Any]:
    """Activations of the hidden layer, and of the output, of Values or floats alike."""
    middle = [autograd.relu(autograd.dot(row, inputs)) for row in hidden]
    return middle, autograd.dot(output, middle)


def record(hidden: np.ndarray, output: np.ndarray, inputs: np.ndarray, target: float) -> tuple[Any, Any, Value]:
    """The weights as Values, and the error they make."""
    weights = autograd.values(hidden), autograd.values(output)
    _, prediction = predict(*weights, inputs)
    return *weights, (prediction - target) ** 2


# ── Right ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(case=CASES)
def test_f001_1_to_3_forward_pass_in_values_is_the_one_in_arrays(case: tuple) -> None:
    """Hidden activations are relu of weighted sums, the output is a weighted sum, the error a squared difference."""
    hidden, output, inputs, target = case
    *_, error = record(hidden, output, inputs, target)
    prediction = output @ np.maximum(hidden @ inputs, 0.0)
    assert error.data == pytest.approx((prediction - target) ** 2, rel=1e-11, abs=1e-11)


@given(case=CASES)
def test_f001_4_derivative_with_respect_to_an_output_weight(case: tuple) -> None:
    """``de/dw_j = 2 (a - y) a_j``."""
    hidden, output, inputs, target = case
    _, weights, error = record(hidden, output, inputs, target)
    error.backward()
    middle, prediction = predict(hidden, output, inputs)
    assert [w.grad for w in weights] == pytest.approx([2 * (prediction - target) * a for a in middle], rel=1e-14)


@given(case=CASES)
def test_f001_5_derivative_with_respect_to_a_hidden_weight(case: tuple) -> None:
    """``de/dw_ji = 2 (a - y) relu'(z_j) w_j x_i``."""
    hidden, output, inputs, target = case
    weights, _, error = record(hidden, output, inputs, target)
    error.backward()
    _, prediction = predict(hidden, output, inputs)
    for j, row in enumerate(hidden):
        slope = 1.0 if autograd.dot(row, inputs) > 0.0 else 0.0
        expected = [2 * (prediction - target) * slope * output[j] * x for x in inputs]
        assert [w.grad for w in weights[j]] == pytest.approx(expected, rel=1e-14)


@given(case=CASES)
def test_f001_6_central_difference_of_the_error(case: tuple) -> None:
    """``(e(w + h) - e(w - h)) / 2h`` is exact up to rounding for an output weight, in which the error is quadratic."""
    hidden, output, inputs, target = case
    _, weights, error = record(hidden, output, inputs, target)
    error.backward()
    h = 1e-4
    middle, _ = predict(hidden, output, inputs)
    size = sum(abs(o * a) for o, a in zip(output, middle, strict=True))  # of what a prediction adds up
    for j, w in enumerate(weights):
        above, below = output.copy(), output.copy()
        above[j] += h
        below[j] -= h
        errors = [(predict(hidden, o, inputs)[1] - target) ** 2 for o in (above, below)]
        rounding = 2 * max(errors) ** 0.5 * (len(output) + 2) * size + 2 * max(errors)
        assert (errors[0] - errors[1]) / (2 * h) == pytest.approx(w.grad, abs=EPSILON * rounding / h)


# ── Wrong ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_e001_1_relu_does_not_map_into_the_unit_interval() -> None:
    """Of the two functions that "map the whole real line into the interval (0,1)", relu reaches 2 and more."""
    assert autograd.relu(2.0) == 2.0
    assert 0.0 < autograd.sigmoid(2.0) < 1.0


def test_e001_2_gradient_has_sixteen_components() -> None:
    """The gradient lives "in a 5D space because we have 5 weights": there are 4 * 3 + 4."""
    hidden, output, error = record(np.ones((4, 3)), np.ones(4), INPUTS[0], 1.0)
    error.backward()
    assert [w.grad != 0.0 for w in (*hidden.flat, *output)].count(True) == 16 - 4  # the second input is 0
    assert hidden.size + output.size == 16


def by_formula(hidden: np.ndarray, output: np.ndarray, x: np.ndarray, y: float) -> Weights:
    """The document's two formulas."""
    middle = np.maximum(hidden @ x, 0.0)
    outer = 2 * (output @ middle - y)
    return np.outer(outer * (middle > 0.0) * output, x), outer * middle


def by_differences(hidden: np.ndarray, output: np.ndarray, x: np.ndarray, y: float) -> Weights:
    """Central differences with the document's step."""

    def slope(w: np.ndarray, index: tuple[int, ...]) -> float:
        kept, errors = w[index], []
        for moved in (kept + 1e-4, kept - 1e-4):
            w[index] = moved
            errors.append((output @ np.maximum(hidden @ x, 0.0) - y) ** 2)
        w[index] = kept
        return (errors[0] - errors[1]) / 2e-4

    found = [np.array([slope(w, i) for i in np.ndindex(w.shape)]).reshape(w.shape) for w in (hidden, output)]
    return found[0], found[1]


def start(seed: int) -> Weights:
    """Weights as the document draws them, with the seed it does not give."""
    random = np.random.RandomState(seed)
    return 2.0 * random.random_sample((4, 3)) - 1.0, 2.0 * random.random_sample(4) - 1.0


def train(weights: Weights, gradient: Callable[..., Weights], passes: int = 60) -> float:
    """Mean error of the last of the document's passes over its four rows, which change the weights in place."""
    for _ in range(passes):
        total = 0.0
        for x, y in zip(INPUTS, OUTPUTS, strict=True):
            for w, g in zip(weights, gradient(*weights, x, y), strict=True):
                w -= 0.1 * g
            total += (weights[1] @ np.maximum(weights[0] @ x, 0.0) - y) ** 2
    return total / len(INPUTS)


def test_e001_3_initial_weights_were_never_stored() -> None:
    """``init = weights`` names the same array, which training changes in place: nothing is set back."""
    weights = start(0)
    init = weights
    train(weights, by_formula, passes=1)
    assert init[0] is weights[0]
    assert not np.array_equal(init[0], start(0)[0])


def test_e001_4_both_gradients_converge_alike_from_the_same_start() -> None:
    """The "better convergence using analytic derivatives" came from a second run that began where the first ended."""
    for passes in (10, 30, 50):
        assert train(start(0), by_formula, passes) == pytest.approx(train(start(0), by_differences, passes), rel=1e-6)
    second = start(0)
    train(second, by_differences)
    assert train(second, by_formula, 10) < 0.01 * train(start(0), by_formula, 10)


def test_e001_5_convergence_depends_on_the_seed() -> None:
    """The document shows one run without a seed: other seeds stay above 0.05."""
    final = [train(start(seed), by_formula) for seed in range(12)]
    assert min(final) < 1e-3
    assert max(final) > 0.05


@given(z=MODERATE)
def test_e001_6_derivative_may_be_taken_at_the_activation_for_relu(z: float) -> None:
    """``relu_deriv(layer_1)`` is given the activation and not its argument; for relu that is the same."""
    a = Value(autograd.relu(z))
    assert autograd.gradients(a.relu(), a) == float(z > 0.0)


def test_e001_6_derivative_at_the_activation_is_wrong_for_the_logistic() -> None:
    """With the other function the document names, the same code gives 0.235 for 0.25."""
    z = Value(0.0)
    a = z.sigmoid()
    wrong = autograd.sigmoid(a.data) * (1.0 - autograd.sigmoid(a.data))
    assert autograd.gradients(a, z) == 0.25
    assert wrong == pytest.approx(0.2350, abs=1e-4)


def test_e001_7_relu_as_a_product_is_nan_at_minus_infinity() -> None:
    """``(x > 0) * x`` is 0 * inf there; relu is 0."""
    with np.errstate(invalid="ignore"):
        assert np.isnan((np.float64(-np.inf) > 0) * np.float64(-np.inf))
    assert autograd.relu(-np.inf) == 0.0


# ── Suspected, and refuted ───────────────────────────────────────────────────────────────────────────────────────────


@given(w=MODERATE)
def test_aliased_differences_of_the_document_are_right_all_the_same(w: float) -> None:
    """``left``, ``right`` and the original are one array: it visits w - h, w, w + h and w, which is what is needed."""
    left = right = original = np.array([w])
    visited = []
    left[0] = original[0] - 1e-4
    visited.append(original[0])
    left[0] = original[0] + 1e-4
    right[0] = original[0] + 1e-4
    visited.append(original[0])
    right[0] = original[0] - 1e-4
    assert visited == pytest.approx([w - 1e-4, w + 1e-4], abs=1e-15)
    assert original[0] == pytest.approx(w, abs=1e-15)


def test_copies_in_the_differences_would_have_been_the_bug() -> None:
    """With copies, as one would expect them, ``+h`` and ``-h`` stay behind and spoil every later derivative."""
    weights = np.array([1.0, 2.0])

    def f(w: np.ndarray) -> float:
        return float(w @ w)

    left, right, found = weights.copy(), weights.copy(), []
    for i in range(2):
        left[i] = weights[i] - 1e-4
        below = f(left)
        left[i] = weights[i] + 1e-4
        right[i] = weights[i] + 1e-4
        above = f(right)
        right[i] = weights[i] - 1e-4
        found.append((above - below) / 2e-4)
    true = [
        central_difference(lambda t, i=i: f(np.where(np.arange(2) == i, t, weights)), weights[i])[0] for i in (0, 1)
    ]
    assert true == pytest.approx([2.0, 4.0])
    assert found == pytest.approx([true[0], true[1] - true[0]])
