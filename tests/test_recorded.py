"""Derivatives recorded as graphs: what they consist of, and what stays zero."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from autograd import Value, gradients, log, ops, sqrt, square, where
from autograd.graph import topological_order


def test_recorded_slope_of_a_product_is_the_other_factor() -> None:
    """The very node: sums that begin, adjoints of 1 and partials of 1 leave no nodes behind."""
    x, y, z = Value(2.0), Value(3.0), Value(4.0)
    assert gradients(x * y + z, x, create_graph=True) is y


def test_recorded_slope_passes_a_sum_unchanged() -> None:
    """The slope of the square of a sum is twice the sum, one node."""
    x, y = Value(2.0), Value(3.0)
    total = x + y
    slope = gradients(square(total), x, create_graph=True)
    assert (slope.op, slope.args) == (ops.mul, (2.0, total))


def test_factor_that_happens_to_be_one_stays_in_the_recorded_slope() -> None:
    """Only the constant 1 is left out: a Value of 1 may change."""
    x, y = Value(2.0), Value(1.0)
    slope = gradients(square(x * y), x, create_graph=True)
    assert slope.data == 4.0
    assert gradients(slope, y) == 8.0


@pytest.mark.parametrize("build", [lambda x: where(x > 0.0, sqrt(x), 3.0), lambda x: 0.0 * sqrt(x)])
def test_branch_that_is_not_taken_is_no_part_of_the_recorded_slope(build: Callable[[Value], Value]) -> None:
    """Partials of zero are left out, and with them all that lies below."""
    x, y = Value(0.0), Value(2.0)
    slope = gradients(y * build(x), x, create_graph=True)
    assert (slope.data, topological_order(slope)) == (0.0, [])


def test_adjoint_of_zero_wins_against_an_infinite_partial_to_every_order() -> None:
    """At ``x = y = 0`` the slope of ``y sqrt(x)`` with respect to ``x`` is 0, and so is how it changes with ``y``."""
    x, y = Value(0.0), Value(0.0)
    slope = gradients(y * sqrt(x), x, create_graph=True)
    assert slope.data == 0.0
    second = gradients(slope, y, create_graph=True)
    assert second.data == 0.0
    assert gradients(second, [x, y]) == [0.0, 0.0]


def test_slope_is_infinite_where_no_adjoint_is_zero() -> None:
    """The other order of the same two derivatives: no zero stands in the way."""
    x, y = Value(0.0), Value(0.0)
    slope = gradients(y * sqrt(x), y, create_graph=True)
    assert gradients(slope, x) == math.inf


def test_recorded_slope_of_what_does_not_depend_is_a_leaf_of_zero() -> None:
    """It can be used and differentiated like any other."""
    slope = gradients(Value(2.0) * 3.0, Value(1.0), create_graph=True)
    assert (type(slope), slope.data, slope.op) == (Value, 0.0, None)


def test_second_derivatives_of_numbers_that_have_changed_are_refused() -> None:
    """They would mix the numbers of then and of now: neither 12, the slope of then, nor 75, but 54."""
    a = Value(2.0)
    y = a * a * a
    assert gradients(gradients(y, a, create_graph=True), a) == 12.0
    a.data = 5.0
    assert gradients(y, a) == 12.0
    with pytest.raises(ValueError, match=r"set after it: mul\(5, 5\) had the value 4 and .*; compute it again"):
        gradients(y, a, create_graph=True)


def test_second_derivatives_are_refused_where_the_result_happens_to_be_the_same() -> None:
    """The product is 12 both times, the slopes are not."""
    a, b = Value(2.0), Value(6.0)
    y = a * b
    a.data, b.data = 3.0, 4.0
    with pytest.raises(ValueError, match="had the value 12 and the partials 6, 2, and would now have 12 and 4, 3"):
        gradients(y, [a, b], create_graph=True)


def test_what_a_derivative_does_not_depend_on_may_change() -> None:
    """Only what lies between is computed again."""
    x, z = Value(2.0), Value(3.0)
    w = z * z
    y = x * x * w
    z.data = 5.0
    assert gradients(gradients(y, x, create_graph=True), x) == 18.0


def test_second_derivatives_where_nan_stays_nan_are_not_refused() -> None:
    """Nan is no change."""
    x = Value(-1.0)
    assert math.isnan(gradients(log(x), x, create_graph=True, check=False).data)
