"""What a program gives that is not finite is asked of the function: no written call hides it."""

from __future__ import annotations

from math import isfinite

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import NonFiniteError, Value, compile, dot, exp, gradients, jacobian, log, sqrt
from autograd.compiler.calls import results
from autograd.compiler.calls.finite import FEW, is_finite


def test_value_that_is_not_finite_is_given_as_it_is():
    fast = compile(lambda x: log(x))
    assert [fast(x) for x in (1.0, 0.0, 1.0)] == [0.0, -np.inf, 0.0]
    assert np.isnan(fast(-1.0))


def test_what_is_not_finite_is_explained_as_ever():
    """The general call finds the example and the operation; an infinite gradient, or a huge one, is no error."""
    fast = compile(lambda w, x: log(w[0] * x), batched="x")
    for _ in range(2):
        fast.value_and_grad([1.0], np.array([1.0, 2.0]))
    with pytest.raises(NonFiniteError, match="example 1: the root is nan"):
        fast.value_and_grad([1.0], np.array([1.0, -2.0]))
    root = compile(lambda w: w[0] ** 0.5 + w[1])
    assert [root.value_and_grad([x, 1.0])[1][0] for x in (4.0, 4.0, 0.0)] == [0.25, 0.25, np.inf]
    steep = compile(lambda w: exp(w[0]) * w[1])
    for x in (1.0, 2.0, 700.0):
        assert steep.value_and_grad([x, 1.0])[1][0] == np.exp(x)


@pytest.mark.parametrize("count", [200, FEW + 1])
def test_gradient_is_finite_where_its_squares_are_not(count):
    """And nothing is said of overflow."""
    fast, w = compile(dot), np.ones(count)
    for x in (1.0, 2.0, 1e200, -1e300):
        value, slopes = fast.value_and_grad(w, np.full(count, x), argnums=0)
        assert value == pytest.approx(count * x, rel=1e-12)
        assert slopes.tolist() == [x] * count


@pytest.mark.parametrize("count", [200, FEW + 1])
def test_engine_is_asked_where_one_number_of_a_gradient_is_not_finite(count, monkeypatch):
    """The value says nothing of it."""
    asked = []
    monkeypatch.setattr(results, "gradients", lambda *args: asked.append(args) or gradients(*args))
    fast, w = compile(lambda w: autograd.sum([sqrt(x) for x in w])), np.ones(count)
    for zero in (-1, 0, count // 2):
        fast.value_and_grad(w)
        at_zero = w.copy()
        at_zero[zero] = 0.0
        value, slopes = fast.value_and_grad(at_zero)
        assert (value, slopes[zero], slopes.sum()) == (count - 1.0, np.inf, np.inf)
    assert len(asked) == 3


@settings(max_examples=20)
@given(st.sampled_from([0, 1, 200, FEW, FEW + 1]), st.sampled_from([1.0, 1e200, np.inf, -np.inf, np.nan]), st.data())
def test_array_is_finite_if_all_its_numbers_are(count, x, data):
    """Few numbers or many, and wherever the one stands that is not."""
    array = np.full(count, -1e300)
    if count:
        array[data.draw(st.integers(0, count - 1))] = x
    assert is_finite(array) == all(map(isfinite, array.tolist()))


HUGE = st.sampled_from([*[1e-200, 1e200, -1e200] * 4, 0.5, np.inf, np.nan])

# What overflows in one order and not in another.
EXTREME = {
    "product": lambda x: autograd.prod(x),
    "sum": lambda x: autograd.sum([1e108 * a for a in 4 * x]),
    "dot": lambda x: autograd.dot(x[:4], x[4:]),
    "two results": lambda x: [autograd.prod(x), autograd.dot(x[:4], x[4:])],
}


@pytest.mark.parametrize("f", EXTREME.values(), ids=EXTREME)
@pytest.mark.parametrize("how", ["mean", "sum", None, "alone"])
@settings(max_examples=20)
@given(rows=st.lists(st.lists(HUGE, min_size=8, max_size=8), min_size=1, max_size=4))
def test_value_that_is_not_finite_is_that_of_the_function(f, how, rows):
    """Products and sums overflow in another order: what a program makes of that is asked of the engine."""
    batched = how != "alone"
    fast = (
        compile(lambda w, x: f(list(x)), batched="x", reduce=how, verify=False) if batched else compile(f, verify=False)
    )
    args = (1.0, np.array(rows)) if batched else (rows[0],)
    own = f([Value(x) for x in rows[0]]) if not batched else fast(Value(1.0), args[1])
    expected = np.asarray(autograd.data(own), dtype=float)
    found = [np.asarray(fast(*args), dtype=float) for _ in range(3)]  # the general call, and that for its structure
    given = [np.ones(1), args[1]] if batched else [np.array(rows[0])]
    alone = np.reshape(fast.program.value(*given), expected.shape)  # of the program
    if how is None:
        finite = np.isfinite(alone.reshape(len(rows), -1)).all(1).reshape(-1, *[1] * (alone.ndim - 1))
    else:
        finite = np.isfinite(alone).all()
    expected = np.where(finite, alone, expected)
    for value in found:
        assert np.array_equal(value, expected, equal_nan=True)


def test_value_over_no_examples_is_zero_whatever_they_share():
    """Nothing times nan is nan where it is multiplied; there is nothing that is."""
    fast = compile(lambda w, x: [log(w) * x, log(w)], batched="x", reduce="sum")
    assert [fast(1.0, np.ones(2)), *[fast(-1.0, np.ones(0)) for _ in range(3)]] == [[0.0, 0.0]] * 4
    bare = compile(lambda w, x: log(w) + x, batched="x", reduce="sum")
    assert [bare(1.0, np.ones(2)), *[bare(-1.0, np.ones(0)) for _ in range(3)]] == [2.0, 0.0, 0.0, 0.0]


def test_no_examples_and_unequal_examples_are_refused_as_ever():
    """By the general call, in its words."""
    fast = compile(lambda w, x, y: w * x - y, batched=("x", "y"))
    for _ in range(2):
        fast.value_and_grad(1.0, np.ones(2), np.ones(2))
    with pytest.raises(ValueError, match="hold equally many examples, got 2, 3"):
        fast.value_and_grad(1.0, np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="takes at least one example"):
        fast.value_and_grad(1.0, np.ones(0), np.ones(0))


@pytest.mark.parametrize("rows", [1, 7, 40_000])
def test_caller_is_no_use_where_a_sum_over_examples_has_a_derivative_that_is_not_finite(rows):
    """In tiles the runtime says so, whatever parts of the examples are summed by whom."""
    fast = compile(lambda w, x: autograd.sum([sqrt(a) * b for a, b in zip(w, x, strict=True)]), batched="x", threads=2)
    w, X = np.linspace(1.0, 2.0, 20), np.ones((rows, 20))
    fast.value_and_grad(w, X)
    ((caller, _),) = fast._programs.direct.callers.values()
    for zero in (0, 11, 19):
        assert caller(w, X) is not None
        at_zero = w.copy()
        at_zero[zero] = 0.0
        assert caller(at_zero, X) is None
        assert isfinite(fast(at_zero, X))


@pytest.mark.parametrize("rows", [1, 7, 200])
def test_caller_is_no_use_where_a_number_of_an_example_is_not_finite(rows):
    """The runtime says so of the values and of the derivatives; what came in is looked at where nothing shows it."""
    fast = compile(lambda x: [sqrt(x[0]), sqrt(x[1]), x[2] * x[0]], batched="x", reduce=None)
    linear = compile(lambda x: [2.0 * x[0], x[1] * x[2]], batched="x", reduce=None)
    X = np.random.default_rng(rows).uniform(1.0, 2.0, size=(rows, 3))
    for f, bad in ((fast, -1.0), (jacobian(fast), 0.0), (jacobian(linear), np.nan)):
        known = (linear if bad != bad else fast)._programs.direct.callers
        known.clear()
        f(X)
        ((caller, _),) = known.values()
        for example in (0, rows // 2, rows - 1):
            assert np.array_equal(caller(X), f(X))
            changed = X.copy()
            changed[example, 0] = bad
            assert caller(changed) is None
