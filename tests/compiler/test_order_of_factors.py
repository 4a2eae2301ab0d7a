"""Factors are multiplied in the order of the function: a program overflows and underflows where that does."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, compile, prod
from autograd.compiler import compile_tape, record
from autograd.compiler.backends import BACKENDS
from autograd.compiler.scalars.builder import ORDERED
from autograd.compiler.scalars.normal import Normal

# Products of a few of these overflow, underflow, or neither, by their order.
FACTORS = st.sampled_from([1e-200, 1e200, -1e200, 1e-300, 5e-324, 1e100, 1e-100, 1.5, 0.3, -0.7, 0.0, -0.0, 1.0])
SPELLINGS = {"prod": prod, "one after the other": math.prod}


def own(f, numbers):
    """Value and derivatives of the function itself."""
    leaves = [Value(x) for x in numbers]
    y = f(leaves)
    y.backward(check=False)
    return y.data, [leaf.grad for leaf in leaves]


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(numbers=st.lists(FACTORS, min_size=1, max_size=ORDERED))
def test_products_are_those_of_the_function_bit_for_bit(spelling, numbers):
    """In every back end, whatever comes to nothing or to infinity on the way; derivatives that are finite, too."""
    f, at = SPELLINGS[spelling], np.array(numbers)
    value, slopes = own(f, numbers)
    leaves = [Value(x) for x in numbers]
    tape = record([f(leaves)], leaves, [])
    for kind in BACKENDS:
        found, derivatives = compile_tape(tape, kind=kind).value_and_grad(at)
        assert np.float64(found).tobytes() == np.float64(value).tobytes()
        finite = np.isfinite(derivatives)  # else the engine is asked
        assert np.array_equal(derivatives[finite], np.array(slopes)[finite])


@pytest.mark.parametrize("reduce", ["sum", None])
@given(rows=st.lists(st.lists(FACTORS, min_size=ORDERED, max_size=ORDERED), min_size=1, max_size=9))
def test_products_of_examples_are_those_of_the_function(reduce, rows):
    """Of each example, and of their sum, in every back end that takes examples."""
    leaves, weight, X = [Value(x) for x in rows[0]], Value(1.0), np.array(rows)
    tape = record([prod([weight, *leaves[1:]])], [weight], [], [leaves])
    X[:, 0] = 1.0
    values = [own(prod, [1.0, *row[1:]])[0] for row in rows]
    for kind in [kind for kind in BACKENDS if BACKENDS[kind].takes is not Normal]:
        found = compile_tape(tape, [("x", (ORDERED,))], reduce, kind).value([1.0], X)
        if reduce is None:
            assert np.array_equal(np.ravel(found), values, equal_nan=True)
        else:
            assert math.isclose(found, sum(values), rel_tol=1e-12) or not math.isfinite(found)


def test_tiny_factors_do_not_make_nothing_of_a_product():
    """As they would if the last two were multiplied first."""
    fast = compile(lambda x: prod(list(x)))
    assert fast([1e200, 1.0, 1e-200, 1e-200]) == 1e-200
    assert fast.value_and_grad([1e200, 1.0, 1e-200, 1e-200])[1] == [0.0, 0.0, 1.0, 1.0]
