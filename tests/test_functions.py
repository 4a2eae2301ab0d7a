"""From a row of the table to what users call: functions, operators, methods, NumPy's functions."""

from __future__ import annotations

import builtins
import copy
import math
from collections import Counter
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, floats, gradients
from autograd.ops import TABLE
from autograd.testing.expressions import OPERATORS, Expression, record
from autograd.testing.strategies import ANY_FLOAT, MARGIN, arguments, expressions
from tests.rows import EVERY_OP


def same(a: float, b: float) -> bool:
    """Bit for bit the same number; one nan is as good as another."""
    return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1.0, a) == math.copysign(1.0, b))


@EVERY_OP
@given(data=st.data())
def test_function_records_its_row(op: Any, data: st.DataObject) -> None:
    """The public function gives one node whose operation, operands, value and partials are those of the row."""
    args = data.draw(arguments(op))
    xs = [Value(x) for x in args]
    y = record(op.name, xs)
    assert y.op is op
    assert y.args == tuple(xs)
    assert same(y.data, op.value(floats, *args))
    assert all(map(same, y.partials, op.differentiate(floats, y.data, args, range(len(args)))))


@EVERY_OP
@given(data=st.data())
def test_constant_is_kept_as_a_number_without_a_partial(op: Any, data: st.DataObject) -> None:
    """Operands that are plain numbers stay plain numbers in their place and have no partial; the rest is as before."""
    args = data.draw(arguments(op))
    constants = data.draw(st.lists(st.booleans(), min_size=len(args), max_size=len(args)).filter(lambda c: not all(c)))
    operands = [x if constant else Value(x) for x, constant in zip(args, constants, strict=True)]
    y, everything = record(op.name, operands), record(op.name, [Value(x) for x in args])
    assert y.args == tuple(operands)
    assert same(y.data, everything.data)
    for partial, other, constant in zip(y.partials, everything.partials, constants, strict=True):
        assert partial is None if constant else same(partial, other)


@EVERY_OP
@given(data=st.data())
def test_function_of_floats_is_a_float(op: Any, data: st.DataObject) -> None:
    """Without a Value among the operands there is no node, only the number."""
    args = data.draw(arguments(op))
    number = getattr(autograd, op.name)(*args) if op.arity else record(op.name, args)
    assert type(number) is float
    assert same(number, record(op.name, [Value(x) for x in args]).data)


@pytest.mark.parametrize("name", OPERATORS)
@given(data=st.data())
def test_operator_is_its_row_bit_for_bit(name: str, data: st.DataObject) -> None:
    """The operators written out in Value give what the table gives, for every float and a constant on either side."""
    op = TABLE[name]
    args = data.draw(st.tuples(*[ANY_FLOAT] * op.arity))
    y = op.value(floats, *args)
    expected = [y, *op.differentiate(floats, y, args, range(op.arity))]
    for constant in (None, 0, 1)[: op.arity + 1 if op.arity > 1 else 1]:
        made = OPERATORS[name](*(x if i == constant else Value(x) for i, x in enumerate(args)))
        actual = [made.data, *made.partials]
        assert all(same(a, b) for a, b in zip(actual, expected, strict=True) if a is not None)


NUMPY_NAMES = {"pow": "power", "div": "divide", "sub": "subtract", "mul": "multiply"}
UFUNCS = [
    (op, ufunc)
    for op in TABLE.values()
    for ufunc in [getattr(np, NUMPY_NAMES.get(op.name, op.ufunc or op.name), None)]
    if isinstance(ufunc, np.ufunc) and ufunc.nin == op.arity
]


@pytest.mark.parametrize(("op", "ufunc"), UFUNCS, ids=[op.name for op, _ in UFUNCS])
@given(data=st.data())
def test_numpys_function_of_that_name_takes_values(op: Any, ufunc: np.ufunc, data: st.DataObject) -> None:
    """NumPy's function on an array of Values gives the value and the gradients of ours."""
    args = data.draw(arguments(op, margin=MARGIN, largest=4.0))
    xs, ys = [Value(x) for x in args], [Value(x) for x in args]
    theirs, ours = ufunc(*[np.array([x], dtype=object) for x in xs])[0], record(op.name, ys)
    assert theirs.data == ours.data
    assert gradients(theirs, xs) == gradients(ours, ys)


@EVERY_OP
def test_public_function_is_documented(op: Any) -> None:
    """A row's function is public and says what it is; a star import brings it, unless it replaces a builtin."""
    assert (op.name in autograd.__all__) is not hasattr(builtins, op.name)
    assert getattr(autograd, op.name).__doc__


@pytest.mark.parametrize("field", ["name", "symbol"])
def test_names_and_symbols_are_unique(field: str) -> None:
    """No two operations share a name or the symbol pictures show."""
    assert [x for x, count in Counter(getattr(op, field) for op in TABLE.values()).items() if count > 1] == []


def test_table_is_keyed_by_name() -> None:
    """An operation is found under its own name."""
    assert {name: op.name for name, op in TABLE.items()} == {name: name for name in TABLE}


@EVERY_OP
def test_row_is_one_of_a_kind(op: Any) -> None:
    """A row has a short name for messages, and copies of a graph share it."""
    assert repr(op) == f"Op({op.name!r})"
    assert copy.copy(op) is op
    assert copy.deepcopy([op])[0] is op


def test_mean_is_the_sum_divided_by_the_count() -> None:
    """Each of three numbers has a third of the say."""
    xs = [Value(1.0), Value(2.0), Value(6.0)]
    y = autograd.mean(xs)
    assert (y.data, gradients(y, xs)) == (3.0, [1 / 3] * 3)


@pytest.mark.parametrize(
    ("f", "below"),
    [(autograd.leaky_relu, -0.02), (autograd.elu, math.expm1(-2.0))],
    ids=["leaky_relu", "elu"],
)
def test_rectifier_has_the_default_of_its_paper(f: Any, below: float) -> None:
    """A slope of 0.01 below zero (Maas et al.), an exponential that ends at -1 (Clevert et al.)."""
    assert (f(-2.0), f(2.0)) == (below, 2.0)


@pytest.mark.parametrize(("condition", "taken"), [(1.0, 0), (-0.5, 0), (0.0, 1), (-0.0, 1)])
def test_where_hands_its_derivative_to_the_branch_it_takes(condition: float, taken: int) -> None:
    """All of it, and none to the other; the condition has none."""
    inputs = [Value(x) for x in (condition, 3.0, 5.0)]
    y = autograd.where(*inputs)
    assert y.data == (3.0, 5.0)[taken]
    assert gradients(y, inputs) == [0.0, 1.0 - taken, 0.0 + taken]


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_step_is_zero_at_zero(zero: float) -> None:
    """It is the derivative of relu, which is 0 there."""
    assert autograd.step(zero) == autograd.step(Value(zero)).data == 0.0
    assert gradients(autograd.relu(x := Value(zero)), x) == 0.0


@given(expression=expressions(max_leaves=3, max_steps=6))
def test_stopped_gradient_is_none(expression: Expression) -> None:
    """``stop_gradient`` has the value of its operand and no derivative, of any order, eager and compiled."""
    f = lambda p: autograd.stop_gradient(expression.of(p)) * p[0] * p[0]
    at = list(expression.leaves)
    y = expression.of(at)
    assert f(at) == y * at[0] * at[0]
    assert autograd.compile(f)(at) == pytest.approx(f(at), rel=1e-12)
    expected = [2.0 * y * at[0], *[0.0] * (len(at) - 1)]
    assert autograd.grad(f)(at) == pytest.approx(expected)
    assert autograd.compile(f).value_and_grad(at)[1] == pytest.approx(expected)
    second = autograd.hessian(f)(at)
    assert second[0][0] == pytest.approx(2.0 * y)
    assert all(x == 0.0 for i, row in enumerate(second) for j, x in enumerate(row) if (i, j) != (0, 0))


def test_stopped_gradient_is_none_beside_an_infinite_adjoint() -> None:
    """Where the square root is steep, too."""
    f = lambda x: autograd.sqrt(autograd.stop_gradient(x))
    assert autograd.grad(f)(0.0) == autograd.compile(f).value_and_grad(0.0)[1] == 0.0


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_slope_of_a_curve_that_levels_off_is_right_to_one_unit_of_one(name: str) -> None:
    """Eager and compiled: it is made of the value, and where that is nearly 1 has fewer digits of its own."""
    f = getattr(autograd, name)
    at = np.linspace(-40.0, 40.0, 400)
    with mpmath.workdps(50):
        half = [mpmath.mpf(x) if name == "tanh" else mpmath.mpf(x) / 2 for x in at]
        right = np.array([float(mpmath.sech(x) ** 2 / (1 if name == "tanh" else 4)) for x in half])
    eager = [gradients(f(x), x) for x in map(Value, at.tolist())]
    compiled = autograd.compile(f, batched="x", reduce=None).value_and_grad(at)[1]
    for found in (eager, compiled):
        assert np.abs(np.array(found) - right).max() <= 2.0**-52
