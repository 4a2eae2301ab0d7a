"""Document 000: a chain of single sigmoid neurons, and where in it the learning happens.

F000-1 to 4 are the formulas of its code, each proved against the engine; E000-1 to 8 are statements of its text and
code that are wrong, each with the counterexample. E000-6, a comment that gives another target than the code, shows
what that target would change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, grads, sigmoid, values
from autograd.testing.oracles import EPSILON

# Three decimals: they fail readably, and no product of a whole chain of them underflows.
WEIGHTS = st.integers(-2000, 2000).map(lambda k: k / 1000)
PORTIONS = st.integers(0, 1000).map(lambda k: k / 1000)

#: Weight and bias of each layer, for 2 to 8 layers, the input layer among them.
CHAINS = st.lists(st.tuples(WEIGHTS, WEIGHTS), min_size=1, max_size=7)

# Of the size of what is multiplied and added up. Weights and biases up to 2 keep |z| <= 4 and 1 - s >= 0.018, so that
# s (1 - s) loses 2 / 0.018 units, and each layer halves what the one before got wrong and adds some tens of units for
# z: below 200 units a layer, 1400 for seven, 3e-13.
ROUNDING = 1e-12

TARGET = 0.15


def shuffled_cases(seed: int = 0) -> np.ndarray:
    """The 100 inputs as the document draws them: after them come 20 for testing, then it shuffles."""
    random = np.random.RandomState(seed)
    cases, _ = random.rand(100), random.rand(20)
    random.shuffle(cases)
    return cases


def logistic(z: Any) -> Any:
    """The document's formula; it runs on floats, arrays and Values alike."""
    return 1.0 / (1.0 + np.exp(-z))


def cost_of(weights: Sequence[Any], biases: Sequence[Any], x: Any, target: float) -> Any:
    """Half the squared error of the chain, as a graph where weights and biases are Values."""
    for w, b in zip(weights, biases, strict=True):
        x = sigmoid(w * x + b)
    return 0.5 * (target - x) ** 2


def by_hand(w: np.ndarray, b: np.ndarray, x: float, target: float) -> tuple[np.ndarray, np.ndarray]:
    """F000-3: ``dC/dw`` and ``dC/db`` of every layer."""
    a = [x]
    for w_l, b_l in zip(w, b, strict=True):
        a.append(logistic(w_l * a[-1] + b_l))
    slopes = [s * (1 - s) for s in a[1:]]
    deltas = [(a[-1] - target) * slopes[-1]]
    for w_next, slope in zip(w[:0:-1], slopes[-2::-1], strict=True):
        deltas.insert(0, w_next * deltas[0] * slope)
    return np.array(deltas) * a[:-1], np.array(deltas)


def by_engine(w: np.ndarray, b: np.ndarray, x: float, target: float) -> tuple[np.ndarray, np.ndarray]:
    """The same from the forward pass alone."""
    weights, biases = values(w), values(b)
    cost_of(weights, biases, x, target).backward()
    return grads(weights), grads(biases)


def changes(bias: float, weight: float, cases: Sequence[float], layers: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """How far biases and weights move from constant ones, one case after the other, at rate 1."""
    w, b = np.full(layers - 1, weight), np.full(layers - 1, bias)
    for x in cases:
        dw, db = by_engine(w, b, x, TARGET)
        w, b = w - dw, b - db
    return b - bias, w - weight


# ── Formulas ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("function", [sigmoid, logistic])
@given(z=st.floats(-350.0, 350.0))  # below, the quotient's own partial, its square, is no longer a normal number
def test_f000_1_derivative_of_the_sigmoid_is_s_times_one_minus_s(function: Any, z: float) -> None:
    """Sigmoid, SigmoidDerivative: ours, and the document's quotient recorded step by step."""
    x, s = Value(z), logistic(z)
    y = function(x)
    y.backward()
    assert y.data == pytest.approx(s, rel=4 * EPSILON)
    assert abs(x.grad - s * (1 - s)) <= 8 * EPSILON * s  # 1 - s is as far off as s is


def test_f000_1_quotient_of_a_large_negative_number_is_right_though_its_exponential_overflows() -> None:
    """The document's formula gives 0, on floats and on Values, under a warning of NumPy's; ours gives 0 without."""
    with pytest.warns(RuntimeWarning, match="overflow encountered in exp"):
        assert [logistic(np.float64(-1000.0)), logistic(Value(-1000.0)).data] == [0.0, 0.0]
    assert sigmoid(-1000.0) == 0.0


@given(a=PORTIONS, target=PORTIONS)
def test_f000_2_derivative_of_the_cost_is_activation_minus_target(a: float, target: float) -> None:
    """CostDerivative: ``C = (t - a)² / 2`` has ``dC/da = a - t``, to the last bit."""
    activation = Value(a)
    (0.5 * (target - activation) ** 2).backward()
    assert activation.grad == a - target


@given(layers=CHAINS, x=PORTIONS, target=PORTIONS)
def test_f000_3_gradient_of_a_chain_is_that_of_backpropagation(
    layers: list[tuple[float, float]], x: float, target: float
) -> None:
    """BackPropagation: ``δ_L = (a_L - t) s'``, ``δ_l = w_{l+1} δ_{l+1} s'``, ``dC/db = δ``, ``dC/dw = δ a_{l-1}``."""
    w, b = np.array(layers).T
    for found, expected, with_plus in zip(
        by_engine(w, b, x, target), by_hand(w, b, x, target), by_hand(w, b, x, -target), strict=True
    ):
        size = np.abs(with_plus)  # a + t in the place of a - t: what is subtracted, not what is left
        assert (np.abs(found - expected) <= ROUNDING * size).all()


@given(layers=CHAINS, x=PORTIONS, rate=PORTIONS)
def test_f000_4_every_step_is_taken_from_the_old_weights(
    layers: list[tuple[float, float]], x: float, rate: float
) -> None:
    """``w -= η dC/dw``: layers that move before the backward pass is done do not change the others' gradients."""
    w, b = np.array(layers).T
    weights, biases = values(w), values(b)
    cost = cost_of(weights, biases, x, TARGET)
    dw, db = by_engine(w, b, x, TARGET)
    for parameter, step in zip([*weights, *biases], [*dw, *db], strict=True):
        parameter.data -= rate * step
    cost.backward()
    assert (grads(weights) == dw).all()
    assert (grads(biases) == db).all()


# ── Errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(x=PORTIONS, w=WEIGHTS, target=st.sampled_from([TARGET, 0.5, 0.9]))
def test_e000_1_plotted_activation_has_no_minimum_where_the_cost_has_a_line_of_them(
    x: float, w: float, target: float
) -> None:
    """At ``w x + b = logit(t)`` the cost is flat, but ``s(w + b)``, drawn as "cost function-surface", still rises."""
    b = math.log(target / (1 - target)) - w * x
    cost = by_engine(np.array([w]), np.array([b]), x, target)
    plotted = Value(w), Value(b)
    sigmoid(plotted[0] + plotted[1]).backward()
    assert np.abs(cost).max() <= 32 * EPSILON  # s and t differ by the rounding of z, below 6
    assert plotted[0].grad == plotted[1].grad > 0.0


@given(x=PORTIONS)
def test_e000_1_minimum_over_random_inputs_is_weight_zero_and_bias_logit_of_the_target(x: float) -> None:
    """There, at b = -1.7346, the cost of every input is flat; inputs 0 and 1 leave no other such point."""
    assert np.abs(by_engine(np.array([0.0]), np.array([math.log(0.15 / 0.85)]), x, TARGET)).max() <= 4 * EPSILON


def test_e000_2_guard_of_the_percentages_compares_a_truth_value() -> None:
    """``all(abs(d)) > small``: one unchanged weight hides the changes of all, and a change of 1e-300 passes."""

    def guard(difference: np.ndarray) -> bool:
        return all(abs(difference)) > 1e-10

    now, before = np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 1.0])
    assert ((now - before) / before * 100).tolist() == [0.0, 100.0, 200.0]
    assert not guard(now - before)
    assert guard(np.full(3, 1e-300))


@pytest.mark.parametrize(
    ("bias", "weight", "last_bias", "last_weight"),
    [(0.0, 2.0, 2.00, 1.53), (0.0, 0.0, 1.31, 0.67), (2.0, 0.0, 2.04, 1.82)],
)
def test_e000_3_changes_drawn_as_zero_are_large(
    bias: float, weight: float, last_bias: float, last_weight: float
) -> None:
    """5 layers, 100 cases: where the guard draws 0 per cent, biases learn more than weights, in every layer."""
    db, dw = np.abs(changes(bias, weight, shuffled_cases()))
    assert (db[-1], dw[-1]) == (pytest.approx(last_bias, abs=0.005), pytest.approx(last_weight, abs=0.005))
    assert (db > dw).all()


def test_e000_4_most_of_the_learning_may_occur_at_the_first_layer() -> None:
    """One step from b = -4, w = 8, which do not saturate, for the input 0.5488: the first layer moves most."""
    _, dw = changes(-4.0, 8.0, [0.5488])
    assert np.abs(dw) == pytest.approx([0.120, 0.068, 0.045, 0.044], abs=0.0005)


def test_e000_5_transposing_into_nothing_is_wrong_beyond_one_neuron_a_layer() -> None:
    """``Transpose`` returns its argument as it came: ``W δ`` for ``Wᵀ δ``, the same for 1 x 1 alone."""
    W, a = np.array([[0.0, 1.0], [0.0, 0.0]]), values([0.5, 0.25])
    out = [sigmoid(z) for z in W @ a]
    sum(0.5 * o**2 for o in out).backward()
    delta = np.array([o.data * o.data * (1 - o.data) for o in out])
    assert grads(a) == pytest.approx(W.T @ delta, rel=4 * EPSILON)
    assert (W.T @ delta).tolist() == [0.0, delta[0]]
    assert (W @ delta).tolist() == [delta[1], 0.0]


def test_e000_6_target_of_the_comment_would_reverse_the_first_step() -> None:
    """The comment says 1.0, the code 0.15: from w = b = 0 they pull to opposite sides."""
    zero = np.zeros(1)
    steps = [by_engine(zero, zero, 0.5, target)[1] for target in (0.15, 1.0)]
    assert steps == [pytest.approx([0.35 / 4], rel=4 * EPSILON), pytest.approx([-0.5 / 4], rel=4 * EPSILON)]


@given(layers=CHAINS, x=PORTIONS, target=PORTIONS)
def test_e000_7_linear_function_is_no_cost_function(layers: list[tuple[float, float]], x: float, target: float) -> None:
    """Offered for the sigmoid it is an activation; a cost that is linear in the output has no minimum to descend to."""
    w, b = np.array(layers).T
    biases = values(b)
    for w_l, b_l in zip(w, biases, strict=True):
        x = sigmoid(w_l * x + b_l)
    (x - target).backward()
    assert biases[-1].grad > 0.0


def test_e000_8_axes_are_exchanged_and_only_the_symmetric_function_hides_it() -> None:
    """``meshgrid(w, b)`` puts weights along the rows: a picture with biases there needs the transpose."""
    grid = np.arange(-5.0, 5.0, 0.5)
    W, B = np.meshgrid(grid, grid)
    assert (logistic(W + B) == logistic(W + B).T).all()
    cost = 0.5 * (TARGET - logistic(0.5 * W + B)) ** 2
    assert np.abs(cost - cost.T).max() > 0.1
