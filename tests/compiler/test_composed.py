"""Transformations of compiled functions, and compiled transformations, are those of the function."""

from __future__ import annotations

from itertools import product
from queue import SimpleQueue

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import (
    CompileError,
    NonFiniteError,
    Value,
    compile,
    exp,
    grad,
    hessian,
    hvp,
    jacobian,
    log,
    sqrt,
    tanh,
    value_and_grad,
)
from autograd.testing.strategies import expressions
from tests.compiler.residuals import W, X, Y, cube, residual, rosenbrock, squared


def counted(f):
    """The function, and how often it has run so far."""
    runs = SimpleQueue()  # not followed by the compiler, as a list would be
    return (lambda p: (runs.put(1), f(p))[1]), runs.qsize


def same(found, expected):
    """Equal within 1e-12 of the largest."""
    assert type(found) is type(expected)
    assert np.shape(found[-1] if isinstance(found, tuple) else found) == np.shape(
        expected[-1] if isinstance(expected, tuple) else expected
    )
    found, expected = np.array(flat(found)), np.array(flat(expected))
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-12 * max(1.0, np.abs(expected).max(initial=0.0)))


TRANSFORMATIONS = {
    "grad": grad,
    "value_and_grad": value_and_grad,
    "hessian": hessian,
    "jacobian": jacobian,
    "hvp": lambda f: lambda p: hvp(f)(p, p),
    "compile": compile,
}


@pytest.mark.filterwarnings("ignore:the compiled .* is not verified")  # where it has nowhere else a number
@given(program=expressions(max_leaves=3, max_steps=8), as_array=st.booleans())
def test_derivatives_of_a_compiled_function_are_those_of_the_function(program, as_array):
    """To 1e-12, in the same types and shapes."""
    f, at = (lambda p: program.of(p)), list(program.leaves)
    at = np.array(at) if as_array else at
    fast = compile(f)
    for transform in (grad, value_and_grad, hessian, jacobian):
        same(transform(fast)(at), transform(f)(at))
    same(hvp(fast)(at, at), hvp(f)(at, at))


@given(name=st.sampled_from(["grad", "value_and_grad", "jacobian", "hessian"]), seed=st.integers(0, 99))
@pytest.mark.parametrize("reduce", ["mean", "sum"])
def test_derivatives_of_a_mean_are_means_of_derivatives(reduce, name, seed):
    """Compiled over the batch; by a parameter or by the examples themselves."""
    rng = np.random.default_rng(seed)
    w, x, y = rng.normal(size=2), rng.normal(size=(4, 2)), rng.normal(size=4)
    fast = compile(squared, batched=("x", "y"), reduce=reduce)
    total = lambda w, x, y: sum(squared(w, a, b) for a, b in zip(x, y, strict=True)) / (4 if reduce == "mean" else 1)
    transform = TRANSFORMATIONS[name]
    for argnums in (0, 2) if name != "hessian" else (0,):
        same(transform(fast, argnums=argnums)(w, x, y), transform(total, argnums=argnums)(w, x, y))


@pytest.mark.parametrize("transform", [grad, value_and_grad, hessian, jacobian], ids=lambda t: t.__name__)
def test_derivatives_at_numbers_run_compiled(transform):
    """The function is recorded when it is first called, and not run again."""
    f, runs = counted(rosenbrock)
    derivative = transform(compile(f))
    derivative(np.array([0.5, 2.0]))
    before = runs()
    for at in ([1.0, 1.0], [-1.2, 1.0]):
        same(derivative(np.array(at)), transform(rosenbrock)(np.array(at)))
    assert runs() == before


def test_jacobian_of_rows():
    """A row for each example, in the shape that an eager Jacobian has."""
    fast = compile(residual, batched=("x", "y"), reduce=None)
    every = lambda w: np.array([residual(w, x, y) for x, y in zip(X, Y, strict=True)])
    same(jacobian(fast)(W, X, Y), jacobian(every)(W))
    several = compile(lambda w, x: [w[0] * x, w[1] * w[0]], batched="x", reduce=None)
    assert jacobian(several)(W, Y).shape == (5, 2, 2)
    by_number = compile(lambda w, x: w * w * x, batched="x", reduce=None)
    np.testing.assert_allclose(jacobian(by_number)(3.0, Y), 6.0 * Y)
    one = compile(lambda w, x: [w * x, w * w], batched="x", reduce=None)
    np.testing.assert_allclose(jacobian(one)(3.0, Y), np.stack([Y, np.full(5, 6.0)], axis=1))
    with pytest.raises(TypeError, match=r"use autograd\.jacobian"):
        grad(several)(W, Y)


@settings(max_examples=60)
@given(
    program=expressions(max_leaves=2, max_steps=5),
    names=st.lists(st.sampled_from(sorted(TRANSFORMATIONS)), min_size=1, max_size=3),
)
def test_transformations_compose(program, names):
    """``grad`` of ``compile`` of ``hessian`` ...: to depth three eager's numbers, never an error."""
    at = list(program.leaves)

    def composed(transformations):
        f = lambda p: program.of(p)
        for name, transform in transformations:
            if name in ("grad", "value_and_grad", "hessian", "hvp"):
                f = single(f)
            f = transform(f)
        return f

    eager = composed([(name, TRANSFORMATIONS[name] if name != "compile" else (lambda f: f)) for name in names])
    try:
        expected = eager(at)
    except NonFiniteError:  # a third derivative may be too large
        return
    found = composed([(name, TRANSFORMATIONS[name]) for name in names])(at)
    for a, b in zip(flat(found), flat(expected), strict=True):
        assert a == pytest.approx(b, rel=1e-9, abs=1e-9 * max(1.0, *map(abs, flat(expected))))
    fast = compile(composed([(name, TRANSFORMATIONS[name]) for name in names]))
    for a, b in zip(flat(fast(at)), flat(expected), strict=True):
        assert a == pytest.approx(b, rel=1e-9, abs=1e-9 * max(1.0, *map(abs, flat(expected))))


def flat(x):
    """The numbers in nested results."""
    if isinstance(x, list | tuple | np.ndarray):
        return [y for part in x for y in flat(part)]
    return [x]


def single(f):
    """The function that gives one number of many, by weights that tell the places apart."""
    return lambda p: sum((k + 1.0) * y for k, y in enumerate(flat(f(p))))


@pytest.mark.parametrize(("outer", "inner"), list(product([grad, hessian, jacobian], repeat=2)))
def test_compiled_inside_and_outside(outer, inner):
    """A compiled derivative of a compiled derivative of a compiled function."""
    f = lambda x: tanh(x) * x + exp(0.5 * x)
    fast = compile(outer(compile(inner(compile(f)))))
    for at in (0.0, 0.7, -2.0):
        assert fast(at) == pytest.approx(outer(inner(f))(at), rel=1e-12)


def test_compiled_derivative_that_is_not_finite_is_that_of_the_function():
    """Infinite where it is, refused where the value is undefined, whatever was recorded."""
    for f in (sqrt, log):
        fast = compile(f)
        assert grad(fast)(4.0) == grad(f)(4.0)
        for derive in (grad, hessian, jacobian):
            with pytest.raises(NonFiniteError):
                derive(fast)(-1.0)
    assert grad(compile(sqrt))(0.0) == jacobian(compile(sqrt))(0.0) == np.inf


def test_numbers_inside_a_transformation_are_refused():
    """``value_and_grad`` of a compiled function always gives numbers, which a variable must not become."""
    fast = compile(cube)
    assert fast.value_and_grad(Value(2.0)) == (8.0, 12.0)
    for f in (lambda x: fast.value_and_grad(x)[0], lambda x: fast.value_and_grad([x * 2.0][0])[1]):
        with pytest.raises(CompileError, match=r"use autograd\.value_and_grad of it, which gives Values"):
            grad(f)(2.0)
        with pytest.raises(CompileError, match="value_and_grad inside a compiled function would freeze"):
            compile(f)(2.0)
    assert grad(lambda x: value_and_grad(fast)(x)[1])(2.0) == 12.0


def test_function_of_several_results_has_no_gradient():
    """In the words of the function's own derivative."""
    fast = compile(lambda x: [x, x * x])
    for transform in (grad, value_and_grad, hessian):
        with pytest.raises(TypeError, match=r"takes a function that gives one number, got list of 2 numbers"):
            transform(fast)(2.0)


def test_derivative_that_is_infinite_is_that_of_the_function():
    """Where the program's is not finite the function itself is asked."""
    f = lambda x: x**1.5
    assert hessian(compile(f))(0.0) == hessian(f)(0.0) == np.inf
