"""Document 004: a relu network of any depth with softmax, cross-entropy and weight decay, one column a point.

The formulas of the text are lost; F004-1 to 5 are those its code computes, each proved against the engine. E004-1 to 7
are the code's errors, each with the counterexample. E004-6 and E004-8 are messages and Python 2: no numbers, no test.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from hypothesis.strategies import SearchStrategy

from autograd import NonFiniteError, Value, data, exp, grads, log, logsumexp, sigmoid, softmax, values
from autograd.testing.oracles import EPSILON, absolute_gradient

#: Multiples of an eighth: sums of products of them do not round, so that scores are exact at any depth drawn here.
EIGHTHS = st.integers(-8, 8).map(lambda k: k / 8)
SCORES = st.integers(-4000, 4000).map(lambda k: k / 100)

# Of the size of what is multiplied and added up. Scores are exact and at most 1093 (three inputs of at most 1 and a
# bias of 1, through six layers of 3), so softmax is off by the rounding of that exponent, 1093 units, 2e-13; from there
# on each product and sum adds one unit, a few dozen in all.
ROUNDING = 1e-12


class Case(NamedTuple):
    """A network and data: ``W[l]`` of shape (outputs, inputs), ``b[l]`` (outputs, 1), points (inputs, N)."""

    W: list[np.ndarray]
    b: list[np.ndarray]
    points: np.ndarray
    labels: np.ndarray
    decay: float


def filled(*shape: int) -> SearchStrategy[np.ndarray]:
    return arrays(float, shape, elements=EIGHTHS, fill=st.nothing())


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """0 to 5 hidden layers of 1 to 3 neurons, 2 or 3 classes, 1 to 3 points."""
    hidden = draw(st.lists(st.integers(1, 3), max_size=5))
    sizes = [draw(st.integers(1, 3)), *hidden, draw(st.integers(2, 3))]
    n = draw(st.integers(1, 3))
    labels = draw(arrays(int, n, elements=st.integers(0, sizes[-1] - 1)))
    W = [draw(filled(after, before)) for before, after in pairwise(sizes)]
    b = [draw(filled(size, 1)) for size in sizes[1:]]
    return Case(W, b, draw(filled(sizes[0], n)), labels, draw(st.sampled_from([0.0, 1e-5, 0.5])))


def relu(z: np.ndarray) -> np.ndarray:
    """On floats and on Values, with derivative 0 at 0."""
    return (z > 0) * z


def forward(W: list[Any], b: list[Any], points: np.ndarray) -> list[np.ndarray]:
    """Values of every layer: the points, the hidden layers, the scores."""
    layers = [points]
    for W_l, b_l in zip(W[:-1], b[:-1], strict=True):
        layers.append(relu(W_l @ layers[-1] + b_l))
    return [*layers, W[-1] @ layers[-1] + b[-1]]


def probabilities(scores: np.ndarray) -> np.ndarray:
    """Softmax of every column."""
    e = np.exp(scores - scores.max(axis=0))
    return e / e.sum(axis=0)


def one_hot(case: Case) -> np.ndarray:
    return np.eye(len(case.W[-1]))[:, case.labels]


def cross_entropy(scores: Any, labels: np.ndarray) -> Any:
    """Mean of ``log Σ exp(s) - s_y`` over the columns."""
    return sum(logsumexp(s) - s[y] for s, y in zip(scores.T, labels, strict=True)) / len(labels)


def by_engine(case: Case) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Gradients with respect to all weights and biases, from the loss alone."""
    W, b = [values(w) for w in case.W], [values(b) for b in case.b]
    loss = cross_entropy(forward(W, b, case.points)[-1], case.labels)
    (loss + 0.5 * case.decay * sum((w**2).sum() for w in W)).backward()
    return [grads(w) for w in W], [grads(b) for b in b]


def by_hand(
    W: list[np.ndarray], layers: list[np.ndarray], dscores: np.ndarray, decay: float
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """F004-2 and 3: ``dW = dout xᵀ + reg W``, ``db = Σ dout``, ``dlayer = Wᵀ dout`` where the layer is above 0."""
    dW: list[np.ndarray] = []
    db: list[np.ndarray] = []
    dout = dscores
    for w, layer in zip(reversed(W), reversed(layers[:-1]), strict=True):
        dW.insert(0, dout @ layer.T + decay * w)
        db.insert(0, dout.sum(axis=1, keepdims=True))
        dout = (w.T @ dout) * (layer > 0)
    return dW, db


# ── Formulas ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(scores=arrays(float, (3, 2), elements=SCORES), labels=arrays(int, 2, elements=st.integers(0, 2)))
def test_f004_1_derivative_of_cross_entropy_is_softmax_minus_one_hot(scores: np.ndarray, labels: np.ndarray) -> None:
    """Gradient(): ``dL/ds = (softmax(s) - 1[i = y]) / N``."""
    recorded = values(scores)
    cross_entropy(recorded, labels).backward()
    expected = (probabilities(scores) - np.eye(3)[:, labels]) / 2
    # The exponent, at most 42, is off by a unit for the scores, two for their logarithm, two for its sum.
    assert grads(recorded) == pytest.approx(expected, abs=42 * 5 * EPSILON)


@given(case=cases())
def test_f004_2_and_3_gradients_of_any_depth_are_those_of_the_layer_by_layer_rule(case: Case) -> None:
    """back_prop_parameter, back_prop_layer: from no hidden layer to five, with weight decay."""
    layers = forward(case.W, case.b, case.points)
    p, n = probabilities(layers[-1]), len(case.labels)
    expected = by_hand(case.W, layers, (p - one_hot(case)) / n, case.decay)
    size = by_hand([abs(w) for w in case.W], [abs(a) for a in layers], (p + one_hot(case)) / n, case.decay)
    for found, wanted, scale in zip(by_engine(case), expected, size, strict=True):
        for actual, formula, bound in zip(found, wanted, scale, strict=True):
            assert (abs(actual - formula) <= ROUNDING * bound).all()


@given(case=cases())
def test_f004_2_weight_decay_adds_to_weights_and_not_to_biases(case: Case) -> None:
    """``reg W`` on every weight, whatever the data say; the gradients of biases are the same to the last bit."""
    dW, db = by_engine(case._replace(decay=0.5))
    dW_free, db_free = by_engine(case._replace(decay=0.0))
    assert all((a == b).all() for a, b in zip(db, db_free, strict=True))
    for decayed, free, w in zip(dW, dW_free, case.W, strict=True):
        assert (abs(decayed - free - 0.5 * w) <= 2 * EPSILON * (abs(free) + abs(w))).all()


@given(a=SCORES, b=SCORES)
def test_f004_4_softmax_of_two_scores_is_the_logistic_of_their_difference(a: float, b: float) -> None:
    """``softmax(s)_1 = 1 / (1 + exp(s_2 - s_1))``, and so is its derivative."""
    x, y = Value(a), Value(b)
    p = softmax([x, y])[0]
    p.backward()
    s = sigmoid(a - b)
    assert p.data == pytest.approx(s, rel=85 * EPSILON)  # of the exponents, up to 41 and 80
    assert (x.grad, y.grad) == (pytest.approx(s * (1 - s), abs=170 * EPSILON * s), pytest.approx(-x.grad))


@given(points=arrays(float, (2, 4), elements=EIGHTHS, unique=True), weights=filled(2, 4))
def test_f004_5_centred_and_scaled_points_do_not_change_with_origin_and_unit(
    points: np.ndarray, weights: np.ndarray
) -> None:
    """Rows of mean 0 and greatest size 1; so the derivatives of any sum of them add up to 0, alone and times x."""
    recorded = values(points)
    centred = recorded - recorded.mean(axis=1, keepdims=True)
    scaled = centred / abs(centred).max(axis=1, keepdims=True)
    assert abs(data(scaled)).max(axis=1).tolist() == [1.0, 1.0]
    assert data(scaled).mean(axis=1) == pytest.approx([0.0, 0.0], abs=4 * EPSILON)
    root = (weights * scaled).sum()
    root.backward()
    size = np.array(absolute_gradient(root, list(recorded.flat))).reshape(points.shape)
    assert (abs(grads(recorded).sum(axis=1)) <= 32 * EPSILON * size.sum(axis=1)).all()
    assert (abs((points * grads(recorded)).sum(axis=1)) <= 32 * EPSILON * size.sum(axis=1)).all()


# ── Errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(top=SCORES, gap=st.integers(1, 4000).map(lambda k: k / 100))
def test_e004_1_and_2_loss_is_the_logarithm_of_a_negative_number_and_stops_backtracking(top: float, gap: float) -> None:
    """calc_loss divides by the sum of the shifted scores, not of their exponentials: nan, which nothing exceeds."""
    shifted = [Value(score) - top for score in (top, top - gap)]
    loss = -log(exp(shifted[0]) / sum(shifted))
    with pytest.raises(
        NonFiniteError, match=r"the root is nan; it began at log\(-.* = nan, 1 operation below the root"
    ):
        loss.backward()
    assert not loss.data - 0.409 > 1e-9  # the right loss at the start, which a worse one should exceed


def test_e004_3_kept_weights_are_the_weights() -> None:
    """``W_prev = self.W`` is one list with two names: going back changes nothing, at however small a rate."""
    W, rate = [Value(0.0)], 5.0

    def loss() -> Value:
        return (W[0] - 1.0) ** 2

    kept, before = W, loss()
    before.backward()
    W[0].data -= rate * W[0].grad
    for _ in range(300):
        assert loss().data - before.data > 1e-9
        rate /= 5
        W = kept
    assert 0.0 < rate < 1e-208


@pytest.mark.parametrize(("score", "survives"), [(709.0, True), (710.0, False)])
def test_e004_4_exponentials_of_unshifted_scores_overflow(score: float, survives: bool) -> None:
    """Gradient() divides exponentials: nan from 710, where the softmax is still 1 and 0."""
    scores = [Value(score), Value(0.0)]
    e = [exp(s) for s in scores]
    assert math.isfinite((e[0] / sum(e)).data) == survives
    assert [p.data for p in softmax(scores)] == [1.0, pytest.approx(exp(-score), rel=score * EPSILON)]


@pytest.mark.parametrize(("below", "survives"), [(745.0, True), (746.0, False)])
def test_e004_5_column_far_below_the_greatest_of_all_scores_becomes_zero_over_zero(
    below: float, survives: bool
) -> None:
    """One maximum for all columns is valid until a column lies 746 below it; a maximum of each column always is."""
    scores = np.array([[0.0, -below], [0.0, -below]])
    with np.errstate(invalid="ignore", under="ignore"):
        e = np.exp(scores - scores.max())
        together = e / e.sum(axis=0)
    assert np.isfinite(together).all() == survives
    assert probabilities(scores).tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert [p.data for p in softmax(values(scores[:, 1]))] == pytest.approx([0.5, 0.5], rel=below * EPSILON)


def test_e004_7_without_a_hidden_layer_the_rule_needs_the_points_where_the_code_looks_for_hidden_values() -> None:
    """``layer_vals[-1]`` of no layers is an IndexError; one step of the rule, from the points, is the gradient."""
    points, labels = np.array([[0.5, -1.0]]), np.array([0, 1])
    case = Case([np.zeros((2, 1))], [np.zeros((2, 1))], points, labels, 0.0)
    assert forward(case.W, case.b, points)[1:-1] == []
    dW, db = by_engine(case)
    assert dW[0].tolist() == [[-0.375], [0.375]]
    assert db[0].tolist() == [[0.0], [0.0]]
