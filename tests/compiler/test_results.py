"""What a compiled function gives: numbers in the structure of its function, once or for each example."""

from __future__ import annotations

import re
from functools import partial

import numpy as np
import pytest

from autograd import CompileError, Value, compile, tanh
from autograd.errors import OperandError

X = np.array([1.0, 2.0, 6.0])


def test_many_results_are_floats_in_their_structure():
    """Also where an array program computes them."""

    def g(xs):
        return {"first": [tanh(x) for x in xs[:40]], "rest": ([tanh(x) for x in xs[40:]], xs[0])}

    xs = np.linspace(-1.0, 1.0, 80).tolist()
    fast = compile(g)
    result = fast(xs)
    assert fast.stats.kind in ("arrays", "tiles")
    first, (rest, last) = result.values()
    assert list(result) == ["first", "rest"]
    assert first + rest == pytest.approx(np.tanh(xs), rel=1e-15)
    assert last == -1.0
    assert {type(y) for y in result["first"]} == {float}


@pytest.mark.parametrize(("reduce", "weight"), [("mean", 1 / 3), ("sum", 1.0)])
def test_several_results_are_reduced_one_by_one(reduce, weight):
    """In the structure of the function."""
    fast = compile(lambda w, x: {"a": w * x, "b": [x * x]}, batched="x", reduce=reduce)
    assert fast(2.0, X) == {"a": 18.0 * weight, "b": [41.0 * weight]}


def test_result_of_one_entry_keeps_its_structure():
    """A sequence of one number is not a number, and has no gradient."""
    fast = compile(lambda x: [x * x])
    assert fast(3.0) == [9.0]
    with pytest.raises(CompileError, match="takes a function that gives one number"):
        fast.value_and_grad(3.0)
    each = compile(lambda w, x: [w * x], batched="x", reduce=None)
    assert each(2.0, X).tolist() == [[2.0], [4.0], [12.0]]
    assert compile(lambda w, x: w * x, batched="x", reduce=None)(2.0, X).tolist() == [2.0, 4.0, 12.0]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: compile(2.5), OperandError, "compile takes a function of numbers, got float 2.5; pass the function"),
        (lambda: compile(tanh, reduce="max"), ValueError, "reduce is 'mean', 'sum' or None, got 'max'"),
        (
            lambda: compile(lambda: 3.0, batched="x"),
            CompileError,
            "batched names arguments of <lambda>, which has no 'x'; it has none",
        ),
        (
            lambda: compile(lambda a, b: a, batched=("b", "c", "d")),
            CompileError,
            "batched names arguments of <lambda>, which has no 'c'; it has a, b",
        ),
        (
            lambda: compile(lambda **x: 1.0),
            CompileError,
            "a compiled function names its arguments, <lambda> has * or **; wrap it",
        ),
        (
            lambda: compile(max),
            CompileError,
            "a compiled function names its arguments, max does not say what it takes; wrap it",
        ),
        (
            lambda: compile(partial(max)),
            CompileError,
            "a compiled function names its arguments, partial does not say what it takes; wrap it",
        ),
        (
            lambda: compile(np.sin),
            CompileError,
            "a compiled function names its arguments, sin takes NumPy's options with them; wrap it",
        ),
        (
            lambda: compile(lambda w, x: [w * x], batched="x", reduce=None).value_and_grad(2.0, X),
            CompileError,
            "value_and_grad takes a function that gives one number, <lambda> gives several; sum them, or let reduce "
            "be 'mean' or 'sum'",
        ),
        (
            lambda: compile(lambda w, x: w * x, batched="x")(2.0, np.ones(0)),
            ValueError,
            "the mean takes at least one example, got none; use reduce='sum' if there may be none",
        ),
        (
            lambda: compile(lambda w, x, y, z: w * x, batched=("x", "y", "z"))(2.0, X, [X], [[1.0]]),
            ValueError,
            "batched arguments hold equally many examples, got 1, 3; cut them",
        ),
        (
            lambda: compile(lambda w, x: w * x, batched="x")(2.0, 3.0),
            CompileError,
            "batched argument 'x' takes an array whose first axis is examples, got the number 3.0; leave its name out",
        ),
        (
            lambda: compile(lambda x: [x, "y"])(2.0),
            TypeError,
            "a compiled function gives numbers: a real number, got str 'y'",
        ),
        (
            lambda: compile(lambda x: x).explain(),
            CompileError,
            "<lambda> has no program before it knows the shapes of its arguments; call it once",
        ),
    ],
)
def test_misuse_is_refused_with_advice(call, error, message):
    """The thing, the rule, what came instead, and what to do."""
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        call()


def test_function_without_arguments_is_compiled_at_once():
    """There is nothing to wait for; the leaves it finds are read in each call."""
    w = Value(3.0)
    fast = compile(lambda: w * w)
    assert fast.stats.scalar_nodes == 1
    w.data = 4.0
    assert fast().data == 16.0
    assert fast.program.value((), fixed=[4.0]) == 16.0


def test_program_calls_numbers_by_the_names_of_the_arguments():
    """Those to differentiate first; numbered where an argument holds several."""
    fast = compile(lambda a, b, c: a * b[0] * b[1] * c)
    assert fast(1.0, (2.0, 3.0), 5.0) == 30.0
    assert "def value(a, b_0, b_1, c):" in fast.source
    fast.value_and_grad(1.0, (2.0, 3.0), 5.0, argnums=(2, 1))
    assert "def value_and_grad(c, b_0, b_1, a):" in fast.source
    assert str(fast.program) == fast.source
    assert fast.explain() == fast.program.explain()


def test_program_of_the_last_call_is_shown():
    """Also if another was compiled between."""
    fast = compile(lambda xs: sum(x * x for x in xs))
    fast([1.0])
    one = fast.source
    fast([1.0, 2.0])
    assert fast.source != one
    fast([5.0])
    assert fast.source == one


def test_numbers_and_arrays_are_differentiated_together():
    """As one flat vector, whichever holds the numbers."""
    fast = compile(lambda a, b: (a * a).sum() * b[0] + b[1])
    value, (da, db) = fast.value_and_grad(np.array([1.0, 2.0]), [3.0, 4.0], argnums=(0, 1))
    assert (value, da.tolist(), db) == (19.0, [6.0, 12.0], [5.0, 1.0])
    value, da = fast.value_and_grad(np.array([1.0, 2.0]), [3.0, 4.0])
    assert (value, da.tolist()) == (19.0, [6.0, 12.0])
