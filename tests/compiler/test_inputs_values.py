"""Derivatives by what the examples hold, where Values take part and where numbers are not finite."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd
from autograd import NonFiniteError, Value, compile, grad, hessian, hvp, jacobian, log, sqrt, value_and_grad, where
from tests.compiler.examples import REDUCE, RNG, W, X, Y, alike, loss, pair


def numbers_in(x: Any) -> Any:
    """The same structure of arrays, with numbers for Values."""
    if isinstance(x, list | tuple):
        return type(x)(map(numbers_in, x))
    if isinstance(x, np.ndarray) and x.dtype == object and any(isinstance(e, list | tuple) for e in x.flat):
        return numbers_in(x.ravel().tolist())
    return np.asarray(autograd.data(x))


@REDUCE
def test_values_have_the_shapes_of_numbers(reduce: str | None) -> None:
    """Where a Value takes part, each derivative is there as a Value, of every transformation and argument."""
    fast = compile(pair, batched=("x", "y"), reduce=reduce)
    single = compile(loss, batched=("x", "y"), reduce=reduce)
    examples_first = compile(lambda x, w, y: loss(w, x, y), batched=("x", "y"), reduce=reduce)
    values = np.array([[Value(x) for x in row] for row in W], dtype=object)
    for argnums in (0, 1, (0, 2)):
        derived = [(derive, single) for derive in (jacobian, hessian, grad, value_and_grad)]
        for derive, f in [(jacobian, fast), *derived]:
            found, expected = derive(f, argnums)(values, X, Y), derive(f, argnums)(W, X, Y)
            alike(numbers_in(found), numbers_in(expected))
    direction = RNG.normal(size=X.shape)
    alike(numbers_in(hvp(examples_first)(X, direction, values, Y)), hvp(examples_first)(X, direction, W, Y))
    alike(numbers_in(hvp(single)(values, W, X, Y)), hvp(single)(W, W, X, Y))


@REDUCE
def test_derivatives_by_examples_are_differentiated_again(reduce: str | None) -> None:
    """A penalty on the slope by the examples, and its own slope by what they share."""
    fast = compile(loss, batched=("x", "y"), reduce=reduce)
    scale = 1.0 if reduce != "mean" else 1.0 / len(X)

    def penalty(w: Any) -> Any:
        return autograd.sum([s * s for row in grad(fast, 1)(w, X, Y) for s in row])

    def by_hand(w: Any) -> Any:
        slopes = [grad(loss, 1)(w, x, y) for x, y in zip(X, Y.tolist(), strict=True)]
        return autograd.sum([(s * scale) ** 2 for row in slopes for s in row])

    alike(grad(penalty)(W), grad(by_hand)(W))
    alike(grad(compile(penalty))(W), grad(by_hand)(W))


@REDUCE
def test_zero_adjoints_win_in_each_example(reduce: str | None) -> None:
    """The branch that is not taken has no derivative by its own example, be it infinite."""
    f = lambda x, w: where(x, sqrt(x) * w, w)
    fast = compile(f, batched="x", reduce=reduce)
    scale = 1.0 / 3.0 if reduce == "mean" else 1.0
    for derive in (grad, jacobian):
        alike(derive(fast)([0.0, 1.0, 4.0], 2.0), scale * np.array([0.0, 1.0, 0.5]) if not reduce else
              [0.0, scale, 0.5 * scale])  # fmt: skip
    at_root = compile(lambda x, w: sqrt(x * w), batched="x", reduce=reduce)
    assert np.asarray(grad(at_root)([0.0, 4.0], 1.0)).tolist() == [np.inf, 0.125 if reduce == "mean" else 0.25]


@pytest.mark.parametrize("reduce", [None, "sum"])
def test_what_has_infinite_curvature_has_it_along_its_own_direction(reduce: str | None) -> None:
    """The engine is asked for that example, and for its part of the direction."""
    found = hvp(compile(lambda x: x**1.5, batched="x", reduce=reduce))(np.array([1.0, 0.0, 4.0]), [-1.0, 1.0, 8.0])
    assert found.tolist() == [-0.75, np.inf, 3.0]


@REDUCE
def test_example_that_is_not_finite_is_named(reduce: str | None) -> None:
    """With the operation where that began."""
    fast = compile(lambda w, x: log(w * x), batched="x", reduce=reduce)
    for derive in (value_and_grad, grad, jacobian, hessian):
        with pytest.raises(NonFiniteError, match=r"^example 2: the root is nan; it began at log"):
            derive(fast, 1)(1.0, [1.0, 2.0, -3.0, 4.0])
    with pytest.raises(NonFiniteError, match=r"^example 1"):
        fast.value_and_grad(1.0, [1.0, -2.0], argnums=1)


@REDUCE
@pytest.mark.parametrize("argnums", [0, 1])
def test_derivative_inside_has_to_be_of_something(reduce: str | None, argnums: int) -> None:
    """What a function differentiates by itself is finite, or nothing is given: by every way of asking."""
    f = lambda w, x: grad(lambda t: log(t) * 0.0 + t)(w * x)
    fast = compile(f, batched="x", reduce=reduce, verify=False)
    ways = [lambda: fast.value_and_grad(-1.0, [1.0, 2.0], argnums=argnums)]
    ways += [
        lambda derive=derive: derive(fast, argnums)(-1.0, [1.0, 2.0]) for derive in (value_and_grad, jacobian, hessian)
    ]
    for way in (lambda: fast(-1.0, [1.0, 2.0]), *ways):
        with pytest.raises(NonFiniteError, match=r"it began at log\(-1\) = nan"):
            way()
    np.testing.assert_array_equal(fast.value_and_grad(1.0, [1.0, 2.0], argnums=argnums)[0], fast(1.0, [1.0, 2.0]))


def test_where_one_example_is_a_value_all_derivatives_are() -> None:
    """Values and numbers are not mixed."""
    for derive in (grad, value_and_grad):
        found = derive(compile(lambda x: x * x, batched="x", reduce=None))([Value(2.0), 3.0])
        assert all(type(x) is Value for part in np.atleast_2d(found) for x in part)
    assert autograd.data(found[1]).tolist() == [4.0, 6.0]
