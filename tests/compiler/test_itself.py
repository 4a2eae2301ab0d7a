"""A compiled function is its function: given Values or differentiated, it has all derivatives of it."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import CompileError, Value, compile, data, grad, values
from nn import MLP
from tests.compiler.residuals import W, X, Y, cube, squared


def test_value_through_a_compiled_function_keeps_its_derivatives():
    """Alone, in a list, in a dict, in an array."""
    for wrap, f in {
        Value: cube,
        (lambda x: [x, 2.0]): lambda p: cube(p[0]),
        (lambda x: {"a": x}): lambda p: cube(p["a"]),
        (lambda x: np.array([x, 1.0], dtype=object)): lambda p: cube(p[0]),
    }.items():
        x = Value(2.0)
        y = compile(f)(x if wrap is Value else wrap(x)) * x
        y.backward()
        assert (y.data, x.grad) == (16.0, 32.0)


def test_value_found_outside_takes_part():
    """As it does in the function itself; numbers are given by ``value_and_grad``."""
    w = Value(3.0)
    fast = compile(lambda x: w * x * x)
    (fast(2.0) + w).backward()
    assert w.grad == 5.0
    assert fast.value_and_grad(2.0) == (12.0, 12.0)
    slope = grad(fast)(2.0)
    slope.backward()
    assert (slope.data, w.grad) == (12.0, 9.0)


def test_parameters_of_a_module_count_as_numbers():
    """A module is an argument like an array; its results are Values, and so is what comes of them."""
    model = MLP(2, [3, 1], activation="tanh", rng=0)
    loss = lambda model, x, y: (model(x) - y) ** 2
    fast = compile(loss, batched=("x", "y"))
    assert isinstance(fast(model, X, Y), float)
    parts = [loss(model, x, y) for x, y in zip(X, Y, strict=True)]
    autograd.mean(parts).backward()
    np.testing.assert_allclose(grad(fast)(model, X, Y), [p.grad for p in model.parameters()], rtol=1e-12)
    assert isinstance(compile(cube)(model(X[0])), Value)


def test_parameter_that_is_a_variable_is_no_number():
    """A transformation that puts its variable into a module is not told that the result is constant."""
    model = MLP(1, [1], rng=0)
    fast = compile(lambda model, x: model(x) ** 2)

    def f(w):
        model.layers[0].neurons[0].weights[0] = w
        return fast(model, [3.0])

    def numbers(w):
        model.layers[0].neurons[0].weights[0] = w
        return fast.value_and_grad(model, [3.0])[0]

    assert data(grad(f)(2.0)) == 36.0  # a Value, since the bias takes part
    with pytest.raises(CompileError, match="gives numbers, and forgets how they depend on the variable"):
        grad(numbers)(2.0)


@pytest.mark.parametrize("reduce", ["mean", "sum", None])
@pytest.mark.parametrize("lists", [False, True])
def test_batched_function_is_mapped_over_the_rows_and_reduced(reduce, lists):
    """With Values among the parameters or the examples."""
    fast = compile(squared, batched=("x", "y"), reduce=reduce)
    by_hand = [squared(W, x, y) for x, y in zip(X, Y, strict=True)]
    expected = {"mean": np.mean(by_hand), "sum": np.sum(by_hand), None: np.array(by_hand)}[reduce]
    x, y = (X.tolist(), Y.tolist()) if lists else (X, Y)
    for args in ((values(W), x, y), (W, values(x).tolist() if lists else values(x), y)):
        np.testing.assert_allclose(data(fast(*args)), expected, rtol=1e-13)
    np.testing.assert_allclose(fast(W, x, y), expected, rtol=1e-13)


def test_several_results_are_reduced_one_by_one():
    """In the structure that the function gives."""
    fast = compile(lambda w, x: {"a": w * x, "b": [w * w, x]}, batched="x")
    w, x = Value(3.0), np.array([1.0, 2.0, 6.0])
    assert data(fast(w, x))["a"] == 9.0
    assert [float(e) for e in data(fast(w, x))["b"]] == [9.0, 3.0]
    rows = compile(lambda w, x: [w * x, x], batched="x", reduce=None)
    assert data(rows(w, x)).tolist() == rows(3.0, x).tolist() == [[3.0, 1.0], [6.0, 2.0], [18.0, 6.0]]


def test_rows_that_do_not_fit_are_refused():
    """In words, whether Values take part or not."""
    fast = compile(squared, batched=("x", "y"))
    with pytest.raises(ValueError, match="equally many examples, got 4, 5; cut them"):
        fast(values(W), X, Y[:4])
    with pytest.raises(ValueError, match="at least one example"):
        fast(values(W), X[:0], Y[:0])
    with pytest.raises(CompileError, match="takes an array of numbers whose first axis is examples, got"):
        fast(values(W), Value(2.0), Y)
