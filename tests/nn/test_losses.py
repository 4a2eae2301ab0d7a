"""Losses and penalties: their values and gradients against the formulas as people write them by hand."""

import math
import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd import Value, gradients, sigmoid, softmax
from nn import (
    L1,
    L2,
    LOSSES,
    MLP,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    half_squared_error,
    hinge,
    mean_squared_error,
    softmax_cross_entropy,
    squared_error,
)

numbers = st.floats(-4.0, 4.0, allow_subnormal=False)
probabilities = st.floats(0.01, 0.99)
pairs = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5)


def value_and_gradient(loss, prediction, target, **options):
    """A loss of Values, and its derivative with respect to each prediction."""
    values = [Value(p) for p in prediction] if isinstance(prediction, list) else Value(prediction)
    cost = loss(values, target, **options)
    return cost.data, gradients(cost, values)


@given(pairs)
def test_squared_errors_against_the_hand_formulas(pairs):
    """Sum, half sum and mean of squares, with derivatives 2(p - t), p - t and 2(p - t)/n."""
    p, t = (list(column) for column in zip(*pairs, strict=True))
    errors = np.subtract(p, t)
    for loss, scale in ((squared_error, 1.0), (half_squared_error, 0.5), (mean_squared_error, 1.0 / len(p))):
        value, gradient = value_and_gradient(loss, p, t)
        assert value == pytest.approx(scale * (errors**2).sum(), rel=1e-13, abs=1e-300)
        np.testing.assert_allclose(gradient, 2.0 * scale * errors, rtol=1e-13)


@given(probabilities, st.floats(0.0, 1.0))
def test_binary_cross_entropy_has_the_derivative_that_document_002_lacks(p, t):
    """Its derivative is (p - t) / (p (1 - p)), not p - t."""
    value, gradient = value_and_gradient(binary_cross_entropy, p, t)
    assert value == pytest.approx(-t * math.log(p) - (1.0 - t) * math.log(1.0 - p), rel=1e-12, abs=1e-14)
    assert gradient == pytest.approx((p - t) / (p * (1.0 - p)), rel=1e-11, abs=1e-13)


@given(st.floats(-20.0, 20.0), st.floats(0.0, 1.0))
def test_cross_entropy_of_logits_is_that_of_their_sigmoid_with_derivative_s_minus_t(z, t):
    """With respect to the logit, the derivative is document 002's p - y."""
    value, gradient = value_and_gradient(binary_cross_entropy_with_logits, z, t)
    s = sigmoid(z)
    assert gradient == pytest.approx(s - t, rel=1e-12, abs=1e-15)
    assert value == pytest.approx(-t * math.log(s) - (1.0 - t) * math.log(sigmoid(-z)), rel=1e-9, abs=1e-15)


@given(st.lists(st.floats(-30.0, 30.0), min_size=2, max_size=5), st.data())
def test_softmax_cross_entropy_has_the_gradient_softmax_minus_one_hot(logits, data):
    """Document 004's formula, with the target as a class and as a row."""
    k = data.draw(st.integers(0, len(logits) - 1))
    row = [float(j == k) for j in range(len(logits))]
    expected = np.array(softmax(logits)) - row
    for target in (k, float(k), row):
        value, gradient = value_and_gradient(softmax_cross_entropy, logits, target)
        assert value == pytest.approx(np.logaddexp.reduce(logits) - logits[k], rel=1e-12, abs=1e-12)
        np.testing.assert_allclose(gradient, expected, rtol=1e-12, atol=1e-14)


@given(numbers, st.sampled_from([-1.0, 1.0, -1, 1]))
def test_hinge_is_micrograds(score, target):
    """max(0, 1 - t s), with derivative -t where it is positive."""
    assume(target * score != 1.0)
    value, gradient = value_and_gradient(hinge, score, target)
    assert value == max(0.0, 1.0 - target * score)
    assert gradient == (-target if target * score < 1.0 else 0.0)


ELEMENTWISE = {
    "squared_error": (numbers, numbers),
    "half_squared_error": (numbers, numbers),
    "binary_cross_entropy": (probabilities, st.floats(0.0, 1.0)),
    "binary_cross_entropy_with_logits": (numbers, st.floats(0.0, 1.0)),
    "hinge": (numbers, st.sampled_from([-1.0, 1.0])),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(data=st.data())
def test_reduce_adds_or_averages_the_outputs(name, data):
    """Over several outputs a loss is the sum of its parts, or their mean."""
    loss = LOSSES[name]
    rows = data.draw(st.lists(st.tuples(*ELEMENTWISE[name]), min_size=1, max_size=4))
    p, t = (list(column) for column in zip(*rows, strict=True))
    each = [loss(a, b) for a, b in rows]
    assert all(isinstance(cost, float) for cost in each)
    assert loss(p, t) == pytest.approx(math.fsum(each), rel=1e-12, abs=1e-14)
    assert loss(p, t, reduce="mean") == pytest.approx(math.fsum(each) / len(each), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("z", [-1000.0, -50.0, 50.0, 1000.0])
def test_logits_of_any_size_have_finite_losses(z):
    """Where the sigmoid is 0 or 1 within rounding, the loss is still |z| or nearly 0, never nan."""
    wrong, right = (0.0, 1.0) if z > 0 else (1.0, 0.0)
    assert binary_cross_entropy_with_logits(z, wrong) == pytest.approx(abs(z), rel=1e-15)
    assert binary_cross_entropy_with_logits(z, right) == pytest.approx(math.exp(-abs(z)), rel=1e-12, abs=0.0)
    assert softmax_cross_entropy([z, 0.0], 0 if z > 0 else 1) == pytest.approx(0.0, abs=1e-12)
    assert softmax_cross_entropy([z, 0.0], 1 if z > 0 else 0) == pytest.approx(abs(z), rel=1e-12)


def test_probabilities_0_and_1_cost_nothing_if_right_and_infinity_if_wrong():
    """The ends of the unit interval are limits, not nan."""
    assert binary_cross_entropy(0.0, 0.0) == 0.0
    assert binary_cross_entropy(1.0, 1.0) == 0.0
    assert binary_cross_entropy(0.0, 1.0) == math.inf
    assert binary_cross_entropy(1.0, 0.0) == math.inf
    assert binary_cross_entropy(1e-20, 0.0) == 1e-20


REFUSED = {
    "two predictions, one target": (
        lambda: squared_error([1.0, 2.0], 1.0),
        "a loss compares as many predictions as targets, got 2 numbers and a single number",
    ),
    "three against two": (
        lambda: mean_squared_error([1.0, 2.0, 3.0], [1.0, 2.0]),
        "a loss compares as many predictions as targets, got 3 numbers and 2 numbers",
    ),
    "hinge with 0": (
        lambda: hinge(0.5, 0.0), "this loss takes targets -1 and 1, got 0; from 0 and 1 they are 2 * y - 1",
    ),
    "cross-entropy with -1": (
        lambda: binary_cross_entropy(0.5, -1.0),
        "this loss takes targets from 0 to 1, got -1; from -1 and 1 they are (y + 1) / 2",
    ),
    "a class that is none": (
        lambda: softmax_cross_entropy([1.0, 2.0, 3.0], 3), "a target of 3 classes is an int from 0 to 2, got 3",
    ),
    "half a class": (
        lambda: softmax_cross_entropy([1.0, 2.0, 3.0], 0.5), "a target of 3 classes is an int from 0 to 2, got 0.5",
    ),
    "a row too short": (
        lambda: softmax_cross_entropy([1.0, 2.0, 3.0], [1.0, 0.0]),
        "softmax_cross_entropy takes a target for each of 3 logits, got 2",
    ),
    "one logit": (
        lambda: softmax_cross_entropy(1.0, 0),
        "softmax_cross_entropy takes a sequence of logits, one for each class, got float 1.0; a single output goes "
        "with binary_cross_entropy_with_logits",
    ),
    "a reduction that is none": (
        lambda: squared_error(1.0, 1.0, reduce="average"),
        "reduce is one of 'sum', 'mean', got 'average'; choose one of these",
    ),
    "a negative penalty": (lambda: L2(-1.0), "L2 takes a finite strength of at least 0, got -1.0"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_are_refused_by_name(case):
    """The thing, the rule, and what was received."""
    attempt, message = REFUSED[case]
    with pytest.raises((ValueError, TypeError), match=f"^{re.escape(message)}$"):
        attempt()


@given(st.just(0.0) | st.floats(1e-9, 2.0), st.booleans(), st.integers(0, 99))
def test_penalties_fall_on_weights_and_on_biases_only_on_request(strength, biases, seed):
    """L2 has gradient strength w, L1 strength sign w; biases have none unless asked for."""
    model = MLP(2, [3, 1], bias_init="normal", rng=seed)
    named = model.named_parameters()
    w = np.array([0.0 if name.endswith("bias") and not biases else value.data for name, value in named])
    values = [value for _, value in named]
    ridge, lasso = L2(strength, biases)(model), L1(strength, biases)(model)
    assert ridge.data == pytest.approx(0.5 * strength * (w**2).sum(), rel=1e-12)
    assert lasso.data == pytest.approx(strength * np.abs(w).sum(), rel=1e-12)
    np.testing.assert_allclose(gradients(ridge, values), strength * w, rtol=1e-12)
    np.testing.assert_allclose(gradients(lasso, values), strength * np.sign(w), rtol=1e-12)
