"""Before a program gives a number it is checked: against its function at a second point, and wherever it gives nan."""

from __future__ import annotations

import math
import re
import warnings
from functools import reduce
from types import SimpleNamespace

import numpy as np
import pytest

from autograd import (
    CompileError,
    Value,
    asin,
    atan,
    compile,
    erf,
    grad,
    hessian,
    jacobian,
    log,
    maximum,
    relu,
    sigmoid,
    step,
    tanh,
)
from autograd.compiler.calls import verify as verification
from autograd.compiler.calls.verify import verify


def verify_as(f, g, *args, program=None, **options):
    """Verify the program of ``g``, or one that is given, as if it were that of ``f``."""
    given, other = compile(f, verify=False, **options), compile(g, verify=False, **options)
    call = given._call(args, {}, (0,))
    other._call(args, {}, (0,))
    verify(call, call.record(call.point(0)), program(other.program) if program else other.program)


# ── The second recording ─────────────────────────────────────────────────────────────────────────────────────────────


def test_report_is_the_same_each_time():
    """The points are drawn from a generator of their own."""

    def report():
        with pytest.raises(CompileError) as error:
            verify_as(lambda x: x, lambda x: 2.0 * x, 3.0)
        return str(error.value)

    assert report() == report()


# ── Are they the same numbers? ───────────────────────────────────────────────────────────────────────────────────────


TWO = lambda x: [x, 1e6 * x]


@pytest.mark.parametrize(
    ("f", "g"),
    [(lambda x: x, lambda x: x * (1.0 + 1e-7)), (TWO, lambda x: [x * (1.0 + 1e-7), 1e6 * x])],
    ids=["one", "two"],
)
def test_rounding_is_no_fault(f, g):
    """Nor what is nearly so small."""
    verify_as(f, g, 1.0)


@pytest.mark.parametrize(
    ("f", "g"),
    [(lambda x: x, lambda x: x * (1.0 + 5e-6)), (TWO, lambda x: [x * (1.0 + 5e-6), 1e6 * x])],
    ids=["one", "two"],
)
def test_what_is_more_than_rounding_is_a_fault(f, g):
    """Some millionths of each result, whatever stands beside it."""
    with pytest.raises(CompileError, match="differs from <lambda> itself at a second point"):
        verify_as(f, g, 1.0)


@pytest.mark.parametrize("size", [1e-4, 1e-20, 1e-200])
@pytest.mark.parametrize("k", [1.0, 1e-50])
def test_small_results_are_compared_too(size, k):
    """With numbers of their own size, whatever the units are."""
    with pytest.raises(CompileError, match="differs"):
        verify_as(lambda x: k * x, lambda x: k * x * (1.0 + 5e-6), size)
    verify_as(lambda x: k * x, lambda x: k * x * (1.0 + 1e-7), size)


# Functions whose slope at the point that is tried first is nearly zero, zero, or lost in rounding.
FLAT = {
    "tiny": lambda x: sigmoid(-40.0 * x),
    "zero": lambda x: relu(x),
    "rounded away": lambda x: tanh(15.0 * x),
    "rounded to zero": lambda x: tanh(-30.0 * x),
}


@pytest.mark.parametrize("name", FLAT)
def test_a_slope_that_tells_nothing_is_looked_at_elsewhere(name):
    """Where a program has no slope at all, and where it has another one."""
    f = FLAT[name]
    for factor in (0.0, 2.0):

        def wrong(program, factor=factor):
            def value_and_grad(*args, **options):
                value, gradient = program.value_and_grad(*args, **options)
                return value, factor * gradient

            return SimpleNamespace(value=program.value, value_and_grad=value_and_grad)

        with pytest.raises(CompileError, match="the gradient of the compiled"):
            verify_as(f, f, 1.0, program=wrong)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verify_as(f, f, 1.0)
        verify_as(lambda x: 0.0 * x, lambda x: 0.0 * x, 1.0)


def clip_below(x):
    """Its slope is zero where x is above -0.5."""
    return -relu(-0.5 - x)


def faded(x):
    """A number that many steps have hidden: it has no slope that is not lost, wherever one looks."""
    return reduce(lambda y, _: 1.5 + 1e-9 * tanh(y), range(4_000), x)


def test_engine_is_not_asked_for_slopes_where_nothing_moves(monkeypatch):
    """Of a long graph they would be zero everywhere; where the function moves and its program does not, it is asked."""
    asked, eager = [], verification.eager
    monkeypatch.setattr(verification, "eager", lambda *args: asked.append(1) or eager(*args))
    verify_as(faded, faded, 1.0)
    assert len(asked) == 1
    for f, g in ((relu, lambda x: 0.0 * x), (lambda x: step(x) + 1.0, lambda x: 0.0 * x + 1.0)):
        with pytest.raises(CompileError, match="differs from"):
            verify_as(f, g, 1.0)


# Of which some have a slope at some points only, and none moves a large number beside it.
HIDDEN = {"relu": relu, "step times x": lambda x: step(x) * x, "far out": lambda x: relu(x - 1.05), "below": clip_below}


@pytest.mark.parametrize("at", [1.0, -1.0])
@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("name", HIDDEN)
def test_slope_of_what_rounding_hides_is_looked_for_at_every_point(name, long, at):
    """A large number hides that the function moves, in a long graph as in a short one."""
    rest = (lambda x: 1e18 + faded(x)) if long else lambda x: 1e18
    f, g = lambda x: HIDDEN[name](x) + rest(x), lambda x: 0.0 * x + rest(x)
    with pytest.raises(CompileError, match="gradient of the compiled"):
        verify_as(f, g, at)
    verify_as(f, f, at)


def test_what_rounding_alone_can_do_is_no_fault():
    """Where everything cancels the order of a sum decides; a number that rounding does not move is still compared."""
    f = lambda x: (x + 1e18) - 1e18
    verify_as(f, lambda x: x, 3.0)
    with pytest.raises(CompileError, match="differs"):
        verify_as(lambda x: [f(x), x], lambda x: [f(x), x + 1e6], 3.0)


def test_report_shows_the_first_number_that_differs():
    """And what is to be done."""
    with pytest.raises(CompileError) as error:
        verify_as(lambda x: [x, 2.0 * x, 3.0 * x], lambda x: [x, 2.0 * x, 4.0 * x], 1.0)
    found, right = re.fullmatch(
        r"the value of the compiled <lambda> differs from <lambda> itself at a second point, (\S+) against (\S+); "
        "please report this, and leave the function uncompiled",
        str(error.value),
    ).groups()
    assert float(found) / float(right) == pytest.approx(4.0 / 3.0)


@pytest.mark.parametrize("batched", [False, True])
def test_wrong_gradient_is_reported(batched):
    """Where the value is right."""

    def wrong(program):
        return SimpleNamespace(value=program.value, value_and_grad=lambda *a, **k: (None, np.array([3.0, 5.0])))

    f = lambda w, x: 3.0 * w[0] + 4.0 * w[1] + x
    args, options = ([1.0, 2.0], np.ones(1) if batched else 1.0), {"batched": "x"} if batched else {}
    with pytest.raises(CompileError) as error:
        verify_as(f, f, *args, program=wrong, **options)
    assert str(error.value) == (
        "the gradient of the compiled <lambda> differs from <lambda> itself at a second point, 5.0 against 4.0; "
        "please report this, and leave the function uncompiled"
    )


@pytest.mark.parametrize("f", [lambda x: log(x), lambda x: log(-x), lambda x: log(x) + log(1.0 - x), lambda x: asin(x)])
def test_nan_verifies_nothing(f):
    """So other points are tried, of other signs and within the unit interval, until one is finite."""
    for wrong in (lambda x: f(x) * 1.01, lambda x: f(x * 1.01)):
        with pytest.raises(CompileError, match="differs from <lambda> itself"):
            verify_as(f, wrong, 0.5)
    verify_as(f, f, 0.5)


@pytest.mark.parametrize("transform", [grad, hessian, jacobian])
@pytest.mark.parametrize("x", [2.0, -1.0])
def test_derivative_that_only_the_engine_knows_is_its(transform, x):
    """An infinity that the value does not show, where a zero adjoint stops the engine and not the program."""
    f = lambda x: erf(log(relu(x)))
    assert transform(compile(f))(x) == pytest.approx(transform(f)(x), rel=1e-9)


def test_derivatives_of_nan_are_not_compared():
    """Where the value is nan, what is beyond it may be nan or 0: neither says anything of the program."""
    f = lambda x: (atan(maximum(x, 1.0)) - 1.0) ** (atan(maximum(x, 1.0)) - 1.0)
    assert hessian(compile(f))(2.0) == pytest.approx(hessian(f)(2.0), rel=1e-9)


@pytest.mark.parametrize("f", [lambda x: x + math.inf, lambda x: math.nan, lambda x: log(-x * x)])
def test_function_that_is_never_finite_is_compiled_and_said_to_be_unverified(f):
    """Once; its program gives what the function gives."""
    y = f(Value(2.0))
    fast = compile(f)
    with pytest.warns(UserWarning, match="the compiled <lambda> is not verified: the function is nan or infinite"):
        found = fast(2.0)
    assert np.array_equal(found, y.data if isinstance(y, Value) else y, equal_nan=True)
    fast(3.0)
