"""A thousand functions that depend on their numbers are right or refused; a thousand that do not are compiled."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import autograd
from autograd import AutogradError, CompileError, Value
from autograd.testing.programs import HARMLESS, READING, dependent_functions, independent_functions, made

#: Twenty points of all signs, with zeros; the first decides what is recorded.
POINT = st.tuples(*[st.sampled_from([0.0, 1.0, -1.0, 0.5, -2.5]) | st.floats(-3.0, 3.0)] * 3)
POINTS = st.lists(POINT, min_size=20, max_size=20)
#: As many functions as are promised, in any profile; a failing one is short enough as it is.
THOUSAND = settings(max_examples=1000, phases=[Phase.explicit, Phase.generate])


def eagerly(source: str, point: tuple[float, ...]) -> tuple[Any, ...]:
    """Value and gradient of a fresh function; nothing where it fails by itself."""
    xs = [Value(x) for x in point]
    try:
        y = made(source)(*xs)
        return y.data, *autograd.gradients(y, xs)
    except (AutogradError, ValueError, TypeError, AttributeError, KeyError, AssertionError) as error:
        return (type(error),)


def agrees(found: tuple[Any, ...], expected: tuple[Any, ...]) -> bool:
    """Equal but for the rounding of sums; the same error."""
    if isinstance(found[0], type) or isinstance(expected[0], type):
        return found == expected
    return np.allclose(found, expected, rtol=1e-9, atol=1e-9)


@given(source=dependent_functions(), points=POINTS)
@THOUSAND
def test_function_that_reads_a_number_is_right_or_refused(source, points):
    """At every point, whichever was first: the number of an earlier call is in none of them."""
    fast = autograd.compile(made(source))
    for point in points:
        found = called(fast, point)
        assert found is CompileError or agrees(found, eagerly(source, point)), point


def called(fast: Any, point: tuple[float, ...]) -> Any:
    """Value and gradient, or the kind of error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value, gradient = fast.value_and_grad(*point, argnums=(0, 1, 2))
    except CompileError:
        return CompileError
    except (AutogradError, ValueError, TypeError, AttributeError, KeyError, AssertionError) as error:
        return (type(error),)  # of the function itself
    return value, *gradient


@given(source=independent_functions(), points=POINTS)
@THOUSAND
def test_function_that_never_reads_a_number_is_compiled_and_right(source, points):
    """Whatever else it does: closures, objects, inner derivatives, inner compiled functions."""
    fast, f = autograd.compile(made(source)), made(source)
    for point in points:
        xs = [Value(x) for x in point]
        y = f(*xs)
        value, gradient = fast.value_and_grad(*point, argnums=(0, 1, 2))
        assert agrees((value, *gradient), (y.data, *autograd.gradients(y, xs))), point
        assert agrees((fast(*point),), (y.data,))
    assert len(fast._programs) == 2


@pytest.mark.parametrize("line", READING)
def test_every_way_to_read_a_number_is_refused(line):
    """Alone, where nothing else could be the reason."""
    text = line.format(a="x", b="y", c="2.0", n=0, t="t0")
    with pytest.raises(CompileError):
        autograd.compile(made(f"def f(x, y, z):\n    {text}\n    return t0 + z"))(1.0, 2.0, 3.0)


@pytest.mark.parametrize("line", HARMLESS)
def test_every_harmless_line_compiles_alone(line):
    """At zeros first, then elsewhere."""
    text = line.format(a="x", b="y", c="2.0", n=0, t="t0")
    f = made(f"def f(x, y, z):\n    {text}\n    return t0 + z")
    fast = autograd.compile(f)
    for point in ((0.0, 0.0, 0.0), (1.0, -2.0, 3.0), (-0.5, 2.0, 0.0)):
        y = f(*map(Value, point))
        assert math.isclose(fast(*point), y.data, rel_tol=1e-12, abs_tol=1e-12)
