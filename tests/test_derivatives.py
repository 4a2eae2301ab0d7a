"""Derivatives of functions: gradients, Jacobians and Hessians, in the shape of their arguments, to any order."""

from __future__ import annotations

import copy
import math
import pickle
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import OperandError, Value, data, grad, gradients, hessian, hvp, jacobian

NUMBERS = st.floats(-3.0, 3.0).map(lambda x: round(x, 3))
POINTS = st.lists(NUMBERS, min_size=2, max_size=5)


def smooth(p):
    """A function of every entry and every pair of neighbours."""
    return sum(autograd.sin(a * b) + autograd.exp(-a * a) for a, b in zip(p, [*p[1:], p[0]], strict=True))


class Line(NamedTuple):
    """A container with names."""

    slope: float
    intercept: float


@given(POINTS)
def test_hessian_is_symmetric_and_a_jacobian_of_the_gradient(point):
    """Entry by entry, the Hessian is the derivative of the gradient."""
    x = np.array(point)
    matrix = hessian(smooth)(x)
    assert np.array_equal(matrix, matrix.T)
    np.testing.assert_allclose(matrix, jacobian(grad(smooth))(x), rtol=1e-12, atol=1e-12)


@given(POINTS, st.randoms())
def test_hvp_is_the_hessian_times_the_vector(point, random):
    """A Hessian-vector product is the product with the whole Hessian."""
    x, v = np.array(point), np.array([random.uniform(-1, 1) for _ in point])
    np.testing.assert_allclose(hvp(smooth)(x, v), hessian(smooth)(x) @ v, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("order", range(1, 8))
def test_derivatives_nest_to_any_order(order):
    """The n-th derivative of exp(2x) is 2**n exp(2x)."""
    derivative = f = lambda x: autograd.exp(2.0 * x)
    for _ in range(order):
        derivative = grad(derivative)
    assert derivative(0.3) == pytest.approx(2.0**order * f(0.3), rel=1e-12)


def test_inner_variable_is_not_mistaken_for_the_outer():
    """The derivative of x * (d/dy (x + y) at y = x) is 1: the inner one is of y alone."""
    assert grad(lambda x: x * grad(lambda y: x + y)(x))(2.0) == 1.0


def test_inner_gradient_at_a_plain_number_keeps_its_dependence_on_the_outer_variable():
    """The derivative of x * (d/dy (x y) at y = 3) is that of x * x."""
    assert grad(lambda x: x * grad(lambda y: x * y)(3.0))(2.0) == 4.0


def test_inner_result_that_is_an_outer_variable_is_a_constant_to_the_inner():
    """A function that ignores its argument and gives the outer variable has derivative 0 inside."""
    assert grad(lambda x: x + grad(lambda y: x)(1.0))(2.0) == 1.0


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        (2.0, 4.0),
        ([1.0, 2.0], [2.0, 4.0]),
        ((1.0, (2.0, 3.0)), (2.0, (4.0, 6.0))),
        ({"a": 1.0, "b": [2.0]}, {"a": 2.0, "b": [4.0]}),
        (Line(1.0, 2.0), Line(2.0, 4.0)),
    ],
    ids=lambda x: type(x).__name__,
)
def test_gradient_comes_back_in_the_shape_of_the_argument(argument, expected):
    """Floats, sequences, dicts and named tuples, nested, give the same of derivatives."""

    def squares(x):
        if isinstance(x, dict):
            return squares(list(x.values()))
        return sum(map(squares, x)) if isinstance(x, list | tuple) else x * x

    found = grad(squares)(argument)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("shape", [(3,), (2, 2), (1, 2, 3), (0,)])
def test_gradient_of_an_array_is_a_float_array_of_its_shape(shape):
    """The derivative of a sum of squares is twice the array."""
    x = np.arange(float(np.prod(shape))).reshape(shape)
    found = grad(lambda a: autograd.sum((a * a).ravel()))(x)
    assert found.dtype == float
    assert np.array_equal(found, 2.0 * x)


def test_argnums_chooses_and_a_tuple_gives_a_tuple():
    """Each positional argument can be the one differentiated; others and keywords pass through."""
    f = lambda x, y, *, power: x**power * y
    assert grad(f, argnums=1)(3.0, 5.0, power=2) == 9.0
    assert grad(f, argnums=(0, 1))(3.0, 5.0, power=2) == (30.0, 9.0)


def test_jacobian_of_arrays_is_one_array_of_both_shapes():
    """The Jacobian of W x with respect to x is W, of shape (outputs, inputs)."""
    W = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(jacobian(lambda x: W @ x)(np.ones(3)), W)
    assert jacobian(lambda x: np.outer(x, x))(np.ones(3)).shape == (3, 3, 3)


def test_jacobian_keeps_the_structure_of_the_result():
    """A dict of results gives a dict of gradients, a constant among them zeros."""
    found = jacobian(lambda x: {"product": x[0] * x[1], "constant": 7.0})([2.0, 3.0])
    assert found == {"product": [3.0, 2.0], "constant": [0.0, 0.0]}


def test_hessian_of_a_separable_function_visits_only_its_diagonal(monkeypatch):
    """Entries that two inputs share nothing of are 0.0 and cost no pass over the other's operations."""
    visited = []
    adjoints = autograd.recorded.adjoints

    def counted(root, wrt, partials, **numbers):
        return adjoints(root, wrt, lambda node: visited.append(node) or partials(node), **numbers)

    monkeypatch.setattr(autograd.recorded, "adjoints", counted)
    n = 30
    found = hessian(lambda p: sum(autograd.sin(x) for x in p))(np.linspace(0.1, 1.0, n))
    assert np.array_equal(found, np.diag(-np.sin(np.linspace(0.1, 1.0, n))))
    assert len(visited) < 10 * n  # a full second pass for every entry would be over n * n


def test_gradient_leaves_captured_values_untouched():
    """Differentiating a function of a model's parameters changes no ``grad``."""
    w = Value(3.0)
    assert data(grad(lambda x: w * x * x)(2.0)) == 12.0
    assert w.grad == 0.0


def test_gradients_of_a_recorded_root_have_no_side_effects():
    """Neither leaves nor interior nodes remember that they were differentiated."""
    x = Value(2.0)
    y = x * x
    z = y * x
    assert gradients(z, [x, y]) == [12.0, 2.0]
    assert (x.grad, y.grad, z.grad) == (0.0, 0.0, 0.0)


def test_input_that_does_not_matter_gives_zero_and_says_so_on_request():
    """The derivative is 0.0, and with ``strict`` an error that names the input."""
    f = lambda x, y: x * 2.0
    assert grad(f, argnums=(0, 1))(1.0, 5.0) == (2.0, 0.0)
    with pytest.raises(ValueError, match=r"the result does not depend on input 1; use it, or leave strict out"):
        grad(f, argnums=(0, 1), strict=True)(1.0, 5.0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: grad(lambda x: [x, x])(1.0), TypeError, "grad takes a function that gives one number, got list of 2"),
        (lambda: grad(lambda x: x * np.ones(3))(1.0), TypeError, "got ndarray of 3 numbers; use autograd.jacobian"),
        (lambda: grad(lambda x: None)(1.0), TypeError, "got None; did a function forget its return?"),
        (lambda: grad(lambda x: x)("1"), TypeError, "grad differentiates a real number, got str '1'; use float(text)"),
        (
            lambda: grad(lambda x: x)(),
            ValueError,
            "argument 0, but there are 0; pass it by position",
        ),
        (lambda: hvp(smooth)([1.0, 2.0], [1.0]), ValueError, "hvp takes a vector as long as x, 2 numbers, got 1"),
        (lambda: grad(autograd.log)(-1.0), ArithmeticError, "it began at log(-1) = nan"),
        (lambda: grad(lambda x: math.inf)(1.0), ArithmeticError, "the result is inf, a constant that no variable made"),
        (lambda: grad(math.exp)(1.0), TypeError, "autograd.exp"),
        (lambda: gradients(1.0, Value(1.0)), TypeError, "gradients takes a Value to differentiate, got 1.0"),
        (lambda: gradients(Value(1.0), [2.0]), TypeError, "gradients takes Values to differentiate with respect to"),
    ],
)
def test_wrong_use_says_what_came_and_what_to_do(call, error, message):
    """The message names the thing, the rule, the value and the way out."""
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


@pytest.mark.parametrize("transform", [lambda f: f, autograd.compile], ids=["on graphs", "compiled"])
def test_jacobian_of_an_array_by_a_list_has_a_list_in_each_place(transform):
    """Also where there is one number in each."""
    f = transform(lambda p: np.array([p[0] * p[-1], p[0]]))
    assert [list(row) for row in jacobian(f)([2.0, 3.0])] == [[3.0, 2.0], [1.0, 0.0]]
    one = transform(lambda p: np.array([p[0] ** 2]))
    assert jacobian(one)([3.0]).tolist() == [[6.0]]
    assert data(transform(jacobian(f))([2.0, 3.0])[1]).tolist() == [1.0, 0.0]


class Scaled(list):
    """A list with a number of its own, which is made from that."""

    __slots__ = ("scale",)

    def __init__(self, scale, entries):
        super().__init__(entries)
        self.scale = scale


class Named(dict):
    """A dict with an attribute and a method."""

    scale = 1.0

    def total(self):
        return sum(self.values()) * self.scale


class Offset(Line):
    """A named tuple with an attribute."""

    offset = 1.0


@pytest.mark.parametrize("transform", [lambda f: f, autograd.compile], ids=["eager", "compiled"])
def test_lists_dicts_and_tuples_of_ones_own_stay_what_they_are(transform):
    """Attributes and methods come along, as they are in each call, into the function and into the gradient."""
    rows, named, line = Scaled(2.0, [3.0]), Named(a=3.0), Offset(2.0, 5.0)
    f = transform(lambda x: x[0] * x.scale)
    g = transform(lambda x: x.total())
    h = transform(lambda x: x.slope * x.offset)
    for scale in (2.0, 5.0):
        rows.scale = named.scale = line.offset = scale
        assert (grad(f)(rows), grad(f)(rows).scale, type(grad(f)(rows))) == ([scale], scale, Scaled)
        assert (grad(g)(named), type(grad(g)(named))) == ({"a": scale}, Named)
        assert (grad(h)(line), grad(h)(line).offset) == ((scale, 0.0), scale)
        assert [f(rows), g(named), h(line)] == [3.0 * scale, 3.0 * scale, 2.0 * scale]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
@pytest.mark.parametrize("f", [lambda x: x, lambda x: [x], lambda x: {"a": x}], ids=["number", "list", "dict"])
def test_a_copy_of_a_variable_is_refused(copied, f):
    """The result would not depend on the variable; a copy of a list shares it."""
    with pytest.raises(OperandError, match="would lose how the result depends on it; use the Value itself"):
        grad(lambda x: copy.deepcopy(f(x)) and x)(3.0)
    with pytest.raises(OperandError, match="would lose how the result depends on it; use the Value itself"):
        hessian(lambda x: copied(x) * x)(3.0)
    assert grad(lambda x: copy.copy([x])[0] ** 2 * copied(Value(2.0)))(3.0) == 12.0


def test_a_result_is_copied_with_its_operands():
    """What was a variable may be copied again, too."""
    kept = []
    assert grad(lambda x: copy.copy(x * x) * (kept.append(x) or 1.0))(3.0) == 6.0
    assert copy.deepcopy(kept[0]).data == 3.0
