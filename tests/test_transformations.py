"""``grad`` and its kin as functions of functions: in which structures, of which shapes, and what may nest in what."""

from __future__ import annotations

from collections import Counter, OrderedDict, UserDict, defaultdict
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, grad, hessian, hvp, jacobian, value_and_grad
from autograd.trees import flatten
from autograd.variables import is_variable
from tests.transforms import OF_ONE

# ── Structures ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("kind", [dict, OrderedDict, defaultdict, Counter, UserDict, MappingProxyType])
def test_dicts_of_every_kind_are_read_and_given(kind: Any, compiled: bool) -> None:
    """By key and in their order, by the function and by whoever reads the derivative."""
    x = kind(float, b=2.0, a=3.0) if kind is defaultdict else kind({"b": 2.0, "a": 3.0})

    def f(p: Any) -> Any:
        assert list(p) == ["b", "a"] == [key for key, _ in p.items()]
        first, second = p.values()
        return first**2 * second + 0.0 * p["a"]

    function = autograd.compile(f) if compiled else f
    found = grad(function)(x)
    assert isinstance(found, kind if kind not in (UserDict, MappingProxyType) else dict)
    assert (list(found), list(found.values()), list(found.items())) == (
        ["b", "a"],
        [12.0, 4.0],
        [("b", 12.0), ("a", 4.0)],
    )
    assert list(hessian(function)(x)["b"].values()) == [6.0, 4.0]


@pytest.mark.parametrize("name", OF_ONE)
@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(
    "x",
    [[True, 3.0], (3.0, False), [1, 2], {"a": True, "b": [False, 2]}, [np.True_, 0.5], np.array([True, False])],
    ids=str,
)
def test_truth_is_a_number_where_it_is_differentiated(name: str, compiled: bool, x: Any) -> None:
    """As it is in arithmetic: its derivative is that by 1.0 or 0.0, compiled too, and no True stands among them."""
    plain, rebuild = flatten(x, "")
    f = lambda p: (lambda q: q[0] ** 2 * (q[1] + 2.0) ** 3)(flatten(p, "")[0])
    found = flatten(OF_ONE[name](autograd.compile(f) if compiled else f, x), "")[0]
    assert [type(entry) for entry in found] == [float] * len(found)
    floats = rebuild([float(entry) for entry in plain])
    assert found == pytest.approx(flatten(OF_ONE[name](f, floats), "")[0], rel=1e-14)


# ── Shapes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_argument_is_counted_from_the_end_as_well() -> None:
    """``argnums=-2`` of two is the first."""
    f = lambda x, y: x * x * y
    assert (grad(f, argnums=-2)(3.0, 5.0), grad(f, argnums=-1)(3.0, 5.0)) == (30.0, 9.0)


def test_gradient_of_the_identity_is_one_with_a_float_for_a_value() -> None:
    """A function that gives its argument back gives a number, not the variable that stood for it."""
    found = value_and_grad(lambda x: x)(2.0)
    assert found == (2.0, 1.0)
    assert [type(x) for x in found] == [float, float]


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (lambda x: [x[0], x[1] * x[0]], np.array([2.0, 3.0]), "[array([1., 0.]), array([3., 2.])]"),
        (
            lambda x: np.array([x[0], x[1] * x[0]]),
            [2.0, 3.0],
            "array([list([1.0, 0.0]), list([3.0, 2.0])], dtype=object)",
        ),
        (lambda x: np.array([x, x * x]), 3.0, "array([1., 6.])"),
        (lambda x: x[:1], np.array([2.0, 3.0]), "array([[1., 0.]])"),
        (lambda x: x[:0], np.array([2.0, 3.0]), "array([], shape=(0, 2), dtype=float64)"),
        (lambda x: np.array([1.0]), np.zeros(0), "array([], shape=(1, 0), dtype=float64)"),
    ],
    ids=["array to list", "list to array", "number to array", "one row", "no row", "no column"],
)
def test_jacobian_has_the_argument_in_the_place_of_each_number(f: Callable[..., Any], x: Any, expected: str) -> None:
    """One array for arrays in and out, even empty ones; else the argument's shape inside the result's."""
    assert repr(jacobian(f)(x)) == expected


@pytest.mark.parametrize(
    ("f", "args", "argnums", "expected"),
    [
        (lambda p: p[0] ** 3, (np.array([2.0]),), 0, "array([[12.]])"),
        (lambda p: 1.0, (np.zeros(0),), 0, "array([], shape=(0, 0), dtype=float64)"),
        (lambda p: p**3, (np.array(2.0),), 0, "12.0"),
        (
            lambda p: p["a"] ** 2 * p["b"],
            ({"a": 3.0, "b": 5.0},),
            0,
            "{'a': {'a': 10.0, 'b': 6.0}, 'b': {'a': 6.0, 'b': 0.0}}",
        ),
        (lambda x, y: x * x * y, (3.0, 5.0), (0, 1), "((10.0, 6.0), (6.0, 0.0))"),
    ],
    ids=["one entry", "no entry", "no dimension", "dict", "two arguments"],
)
def test_hessian_has_the_argument_in_the_place_of_each_number(
    f: Callable[..., Any], args: Any, argnums: Any, expected: str
) -> None:
    """One square array for an array, even an empty one; else the argument's shape inside the argument's."""
    assert repr(hessian(f, argnums)(*args)) == expected


def test_hessian_is_differentiated_below_its_diagonal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ``n`` inputs, ``n (n + 1) / 2`` second derivatives are taken; the others are mirrored."""
    taken = []
    adjoints = autograd.recorded.adjoints
    counted = lambda y, xs, *rest, **numbers: taken.append(len(xs)) or adjoints(y, xs, *rest, **numbers)
    monkeypatch.setattr(autograd.recorded, "adjoints", counted)
    hessian(lambda p: autograd.prod(p))([2.0, 3.0, 5.0, 7.0])
    assert taken == [4, 1, 2, 3, 4]


# ── Nesting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_hessian_vector_product_is_differentiated_with_respect_to_the_point() -> None:
    """Of ``f = x³ y``, the first entry of ``H v`` along (1, 0) is 6xy, whose derivatives are 6y and 6x."""
    product = hvp(lambda p: p[0] ** 3 * p[1])
    assert grad(lambda p: product(p, [1.0, 0.0])[0])([2.0, 5.0]) == [30.0, 12.0]


def test_hessian_vector_product_is_differentiated_with_respect_to_the_vector() -> None:
    """Its derivative along the vector is the Hessian."""
    f = lambda p: p[0] ** 3 * p[1]
    point = [2.0, 5.0]
    assert jacobian(lambda v: hvp(f)(point, v))([0.3, -0.7]) == hessian(f)(point)


def test_hessian_vector_product_of_numbers_is_made_of_floats() -> None:
    """Nothing is recorded where nothing around it differentiates."""
    assert [type(x) for x in hvp(lambda p: p[0] * p[1])([1.0, 2.0], [1.0, 0.0])] == [float, float]


@pytest.mark.parametrize("product", [lambda xs: xs[0] * xs[1], autograd.prod, lambda xs: autograd.dot(xs[:1], xs[1:])])
def test_inner_gradient_sees_the_outer_variable_in_every_kind_of_node(product: Callable[..., Any]) -> None:
    """The derivative of ``x · d(xy)/dy`` is 2x, whether the product is a node of two operands or of many."""
    assert grad(lambda x: x * grad(lambda y: product([x, y]))(3.0))(2.0) == 4.0


def test_inner_value_that_is_an_outer_variable_keeps_its_derivative() -> None:
    """``value_and_grad`` of a function that ignores its argument hands the outer variable through."""
    assert grad(lambda x: value_and_grad(lambda y: x)(1.0)[0])(2.0) == 1.0


def test_value_from_outside_takes_part() -> None:
    """Value and derivative are Values, which depend on it; ``data`` makes numbers of them."""
    w = Value(3.0)
    value, slope = value_and_grad(lambda x: w * x * x)(2.0)
    (value + slope).backward()
    assert (value.data, slope.data, w.grad) == (12.0, 12.0, 8.0)
    assert autograd.data((value, slope))[1] == 12.0


def test_value_made_inside_is_a_constant() -> None:
    """Nobody outside can ask for its derivative."""
    value, slope = value_and_grad(lambda x: Value(3.0) * x)(2.0)
    assert (value, slope, type(value), type(slope)) == (6.0, 3.0, float, float)


@pytest.mark.parametrize(("power", "expected"), [(1, 4.0), (2, 24.0)])
@pytest.mark.parametrize("at", [2.0, Value(2.0), Value(1.0) * 2.0], ids=["number", "leaf", "result"])
def test_nested_derivative_at_a_value_is_that_at_its_number(power: int, expected: float, at: Any) -> None:
    """``d/dx (x · d(x yⁿ)/dy)`` is ``2 n x y**(n-1)``: a float at a float, and a Value at a Value."""
    found = grad(lambda x: x * grad(lambda y: x * y**power)(3.0))(at)
    assert float(f"{found:.17g}") == expected
    assert isinstance(found, Value) == isinstance(at, Value)


def test_function_that_fails_leaves_no_variable_behind() -> None:
    """What it kept of its argument is a leaf like others."""
    kept: list[Any] = []
    with pytest.raises(ZeroDivisionError):
        grad(lambda x: kept.append(x) or 1 / 0)(3.0)  # type: ignore[func-returns-value]
    slope = grad(lambda x: x * kept[0])(2.0)
    slope.backward()
    assert (slope.data, kept[0].grad, is_variable(kept[0])) == (3.0, 1.0, False)
