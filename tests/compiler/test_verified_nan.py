"""Programs that give nan or infinity, held to what the engine says there; and points that are looked at together."""

from __future__ import annotations

import math
import re
from functools import reduce
from operator import mul

import numpy as np
import pytest

from autograd import (
    CompileError,
    NonFiniteError,
    Value,
    compile,
    log,
    sqrt,
)
from autograd.compiler.calls import verify as verification
from autograd.compiler.calls.again import side_by_side
from autograd.compiler.program.program import Program

# ── Where a program gives nan ────────────────────────────────────────────────────────────────────────────────────────
from autograd.compiler.scalars.tape import record
from nn import MLP
from tests.compiler.test_verification import verify_as


@pytest.mark.parametrize(("reduce", "weight"), [("mean", 0.25), ("sum", 1.0)])
def test_infinite_slope_is_that_of_every_example(reduce, weight):
    """The engine's values and gradients, added up or averaged over the batch."""
    fast = compile(lambda w, x: sqrt(w[0]) + w[1] * x, batched="x", reduce=reduce)
    value, gradient = fast.value_and_grad([0.0, 3.0], np.array([1.0, 2.0, 4.0, 8.0]))
    assert value == 45.0 * weight
    assert gradient == [math.inf, 15.0 * weight]


@pytest.mark.parametrize(
    ("x", "begin"),
    [([-1.0], "the root is nan"), ([1.0, -1.0], "example 1: the root is nan"), ([-1.0, 1.0], "example 0: the root")],
)
def test_example_that_is_not_finite_is_named_where_there_are_several(x, begin):
    """By its position in the batch."""
    with pytest.raises(NonFiniteError, match=f"^{begin}"):
        compile(lambda w, x: log(w * x), batched="x").value_and_grad(1.0, np.array(x))


@pytest.mark.filterwarnings("ignore:the compiled <lambda> is not verified")
def test_constant_that_is_nan_is_reported_as_such():
    """There is no operation to blame."""
    message = "the root is nan, a leaf that no operation made; give it a finite number"
    with pytest.raises(NonFiniteError, match=f"^{re.escape(message)}$"):
        compile(lambda x: math.nan).value_and_grad(1.0)


def test_no_examples_have_no_slope_even_where_one_would_be_infinite():
    """An empty sum, whatever it is a sum of."""
    fast = compile(lambda w, x: log(w[0]) + w[1], batched="x", reduce="sum")
    assert fast.value_and_grad([0.0, 1.0], np.zeros(0)) == (0.0, [0.0, 0.0])


def test_overflow_at_one_point_is_no_fault_and_at_all_points_is_one(monkeypatch):
    """A value that is not finite is asked of the engine in every call; a program that gives no other is wrong."""
    x = [1e-200, 1e-200, 1e200, 1e200] * 2
    fast = compile(lambda x: reduce(mul, x))
    assert fast(x) == reduce(mul, x)
    monkeypatch.setattr(Program, "value", lambda *_, **__: np.nan)
    with pytest.raises(CompileError, match="differs from <lambda> itself at a second point, nan against"):
        compile(lambda x: reduce(mul, x))([1.0, 2.0])


def test_engine_is_asked_first_where_the_program_is_finite(monkeypatch):
    """It takes a hundred times as long."""
    asked, again = [], verification.again
    monkeypatch.setattr(verification, "again", lambda tape, places: asked.append(places[0]) or again(tape, places))
    monkeypatch.setattr(verification, "ENOUGH", 1)
    assert np.isclose(compile(lambda p: sum(log(x) for x in p))([2.0] * 8), 8.0 * math.log(2.0))
    (point,) = asked
    assert (point > 0.0).all()


@pytest.mark.parametrize("given", [True, False])
def test_numbers_that_stay_in_the_second_recording_are_moved_as_well(given):
    """Zeros in a module and in a Value from outside would hide what is wrong."""
    scale, model = Value(0.0), MLP(1, [1], rng=0)
    for p in model.parameters():
        p.data = 0.0
    if given:
        right, wrong, args = lambda x, m: x + m([x]) * x, lambda x, m: x - m([x]) * x, (2.0, model)
    else:
        right, wrong, args = lambda x: x + scale * x, lambda x: x - scale * x, (2.0,)
    with pytest.raises(CompileError, match="differs from <lambda> itself at a second point"):
        verify_as(right, wrong, *args)


@pytest.mark.parametrize("f", [lambda x, u: x * u - x * -u, lambda x, u: x - x + 0.0 * u])
def test_slopes_at_several_points_at_once_are_those_of_each(f):
    points = [[np.array(numbers), np.zeros(0)] for numbers in ([1.5, 2.0], [0.0, 0.0], [-3.0, 0.5])]
    leaves = [Value(1.0), Value(2.0)]
    results, moves = side_by_side(record([f(*leaves)], leaves), points, ())
    for place, result, does_move in zip(points, results, moves, strict=True):
        x, u = map(Value, place[0].tolist())
        y = f(x, u)
        y.backward()
        assert result == y.data
        assert does_move == any((x.grad, u.grad))
