"""A compiled function and its derivatives are called as their function is: names, defaults, positions."""

from __future__ import annotations

import inspect
from functools import partial, wraps

import numpy as np
import pytest

import autograd
from autograd import Value, compile, grad, hessian, hvp, jacobian, value_and_grad
from tests.compiler.residuals import W, X, Y, cube, residual, rosenbrock, squared


def test_derivative_has_name_and_signature_of_its_function():
    """So that it can be compiled, batched, and called by name; and none of its attributes, which say what it is."""

    @autograd.operation(lambda m, y, a: 2.0 * a)
    def twice(m, a):
        return a * a

    for transform in (grad, value_and_grad, jacobian, hessian):
        derivative = transform(squared)
        assert (derivative.__name__, inspect.signature(derivative)) == ("squared", inspect.signature(squared))
        assert inspect.signature(transform(compile(squared))) == inspect.signature(squared)
        assert not hasattr(transform(twice), "op")
    assert grad(partial(residual, W))(X[0], Y[0]).shape == (2,)
    fast = compile(grad(squared), batched=("x", "y"))
    np.testing.assert_allclose(fast(W, y=Y, x=X), grad(compile(squared, batched=("x", "y")))(W, X, Y), rtol=1e-12)
    assert compile(hessian(rosenbrock))(np.array([1.0, 1.0])).tolist() == [[802.0, -400.0], [-400.0, 200.0]]
    assert compile(compile(cube))(2.0) == 8.0


def test_direction_has_no_batch_whatever_the_batched_argument_is_called():
    """``hvp`` takes ``(x, v)``; a function of a batched ``v`` is one of ``x`` to it."""
    x, v = np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 0.0])
    for f in (lambda v: v**3, lambda x: x**3):
        name = next(iter(inspect.signature(f).parameters))
        assert hvp(compile(f, batched=name))(x, v).tolist() == [2.0, 0.0, 0.0]


def test_defaults_are_those_of_the_function_as_it_is():
    """Bound anew, by name or not, also where it is mapped over rows."""

    def f(x, k=2.0, *, m=1.0):
        return x * k + m

    fast, mapped = compile(f), compile(f, batched="x")
    for k, m in ((2.0, 1.0), (3.0, 5.0)):
        f.__defaults__, f.__kwdefaults__ = (k,), {"m": m}
        for _ in range(2):
            assert fast(2.0) == fast.value_and_grad(2.0)[0] == 2.0 * k + m
            assert mapped([1.0, 3.0]) == mapped([Value(1.0), 3.0]).data == 2.0 * k + m


@pytest.mark.parametrize("name", ["f", "batched", "reduce", "verify"])
def test_what_a_compiled_function_was_made_from_is_settled(name):
    """Its programs were made from that."""
    fast = compile(cube)
    with pytest.raises(AttributeError):
        setattr(fast, name, getattr(fast, name))


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian])
@pytest.mark.parametrize("argnums", [0, -1, (-1,), (0, -1), ()])
def test_argnums_count_what_is_given_by_position(transform, argnums):
    """From the end too, whatever is given by name and left to its default."""

    def f(a, b, c=2.0, *, d=3.0):
        return a**3 * b * b * c**2 * d

    for args, by_name in [
        ((1.5, 2.0), {}), ((1.5, 2.0, 3.0), {"d": 1.0}), ((1.5,), {"b": 2.0}), ((1.5,), {"c": 4.0, "b": 2.0}),
        ((1.5, 2.0), {"d": 5.0}),
    ]:  # fmt: skip
        if argnums == (0, -1) and len(args) == 1:
            continue
        expected = transform(f, argnums)(*args, **by_name)
        assert transform(compile(f), argnums)(*args, **by_name) == expected
        assert compile(transform(f, argnums), verify=False)(*args, **by_name) == expected


def test_a_decorator_sees_what_is_given_by_name():
    """It may read it before the function does."""

    def f(x, k=2.0):
        return x * k

    @wraps(f)
    def decorated(*args, **by_name):
        return f(*args, **by_name) * by_name.get("k", 1.0) * len(args)

    fast = compile(decorated)
    for args, by_name in [((3.0,), {"k": 5.0}), ((3.0, 5.0), {}), ((), {"k": 5.0, "x": 3.0}), ((3.0,), {"k": 7.0})]:
        assert fast(*args, **by_name) == decorated(*args, **by_name)
