"""Expressions write a table row down, in as few operations as leave the result as it is."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from autograd import Value, floats, operation
from autograd.compiler import compile_tape, record
from autograd.compiler.scalars.expressions import Expression, combine, symbols

a, b = Expression("a"), Expression("b")

WRITTEN = {
    "a + 2.0": "add(a, 2.0)",
    "2.0 + a": "add(2.0, a)",
    "a - 2.0": "sub(a, 2.0)",
    "2.0 - a": "sub(2.0, a)",
    "a * 2.0": "mul(a, 2.0)",
    "2.0 * a": "mul(2.0, a)",
    "a / 2.0": "div(a, 2.0)",
    "2.0 / a": "div(2.0, a)",
    "a ** b": "pow(a, b)",
    "2.0 ** a": "pow(2.0, a)",
    "-a": "neg(a)",
    "2 * a": "mul(2.0, a)",
    "symbols.tanh(a * b)": "tanh(mul(a, b))",
    "symbols.sum(a, b)": "add(add(0.0, a), b)",
    "symbols.prod(a, b, a)": "mul(mul(a, b), a)",
    "symbols.dot(a, b, 2.0, a)": "add(add(0.0, mul(a, 2.0)), mul(b, a))",
    "symbols.norm(a)": "hypot(0.0, a)",
    "symbols.logsumexp(a, b, 0)": "logsumexp(logsumexp(a, b), 0.0)",
}


@pytest.mark.parametrize("source", WRITTEN)
def test_arithmetic_is_written_down_in_the_order_of_its_operands(source: str):
    """On either side of a number, two at a time; integers become floats."""
    assert repr(eval(source)) == WRITTEN[source]


SIMPLER = {
    "1.0 * a": "a",
    "a * 1.0": "a",
    "-1.0 * a": "neg(a)",
    "a * -1.0": "neg(a)",
    "-a * b": "neg(mul(a, b))",
    "-(-a)": "a",
    "4.0 * (0.3 * a)": "mul(1.2, a)",
    "0.3 * (4.0 * a)": "mul(1.2, a)",
    "a ** 0": "1.0",
    "a ** 1": "a",
    "a ** 2": "mul(a, a)",
    "a ** 3": "mul(mul(a, a), a)",
    "a ** -1": "div(1.0, a)",
    "symbols.mul_no_nan(2.0, a)": "mul(2.0, a)",
    "symbols.mul_no_nan(0.0, a)": "0.0",
    "symbols.where(2.0, a, b)": "a",
    "symbols.where(0.0, a, b)": "b",
}


@pytest.mark.parametrize("source", SIMPLER)
def test_constant_operand_makes_an_expression_simpler(source: str):
    """No digit of a result depends on it, the last one of a cube excepted."""
    assert repr(eval(source)) == SIMPLER[source]


KEPT = {
    "0.0 * a": "mul(0.0, a)",  # a zero may meet infinity
    "0.1 * (0.3 * a)": "mul(0.1, mul(0.3, a))",  # both products round
    "a * (2.0 * b)": "mul(a, mul(2.0, b))",  # only one is a constant
    "2.0 * (a * b)": "mul(2.0, mul(a, b))",  # the inner product has none
    "2.0 * (2.0 + a)": "mul(2.0, add(2.0, a))",  # the constant is added
    "a**0.5": "pow(a, 0.5)",  # other powers
    "symbols.pow(2.0, a)": "pow(2.0, a)",  # the exponent varies
    "symbols.mul_no_nan(a, b)": "mul_no_nan(a, b)",  # the mask varies
    "symbols.where(a, b, 0.0)": "where(a, b, 0.0)",  # the condition varies
    "-symbols.abs(-a)": "neg(abs(neg(a)))",  # another sign in between
}


@pytest.mark.parametrize("source", KEPT)
def test_expression_stays_as_it_is_written(source: str):
    """Where a simpler one could round or branch differently."""
    assert repr(eval(source)) == KEPT[source]


@pytest.mark.parametrize(
    ("function", "args", "result"),
    [("mul", (2.0, 3.0), 6.0), ("neg", (2.0,), -2.0), ("log", (1,), 0.0), ("div", (1, 0), np.inf), ("pow", (2, 3), 8)],
)
def test_function_of_numbers_is_a_number(function: str, args: tuple[float, ...], result: float):
    """Computed at once, as the engine does."""
    assert combine(function, *args) == result


def test_equal_expressions_have_equal_keys():
    """However they were made; another order, function or sign of zero is another expression."""
    again = Expression("a")
    assert (a * b + 1.0).key == (again * b + 1.0).key == (again * b + 1.0).key
    others = [a * b + 1.0, b * a + 1.0, a * b - 1.0, a * b + 0.0, a * b + -0.0, a + 1.0]
    assert len({e.key for e in others}) == len(others)
    assert a.key != b.key


@pytest.mark.parametrize("name", ["frobnicate", "math", "__len__", "inf"])
def test_row_that_calls_another_function_is_told_so(name: str):
    """By name, before anything is emitted."""
    message = f"table rows may call the functions of autograd.floats, got {name!r}"
    with pytest.raises(AttributeError, match=f"^{re.escape(message)}$"):
        getattr(symbols, name)


OPERANDS = dict.fromkeys(floats.__all__, 1) | dict.fromkeys(["where", "sum", "prod", "norm", "logsumexp"], 3)
OPERANDS |= dict.fromkeys(["atan2", "compare", "div", "hypot", "maximum", "minimum", "mul_no_nan", "pow"], 2)
OPERANDS |= dict.fromkeys(["mills", "polygamma"], 2)
OPERANDS |= {"dot": 4}
POINTS = [-3.0, -0.5, 0.0, 0.5, 2.0]


@pytest.mark.parametrize("kind", ["arrays", "python"])
@pytest.mark.parametrize("name", floats.__all__)
def test_every_function_may_be_called_by_an_operation_of_ones_own(name: str, kind: str):
    """Also those of any number of operands."""
    nothing: Any = lambda m, y, a, b: 0.0
    mine = operation(nothing, nothing)(lambda m, a, b: getattr(m, name)(*(a, b, b, a)[: OPERANDS[name]]))
    leaves = [Value(x) for x in POINTS]
    roots = [mine(x, y) for x in leaves for y in leaves]
    found = compile_tape(record(roots, leaves), kind=kind).value(np.array(POINTS))
    assert np.allclose(found, [root.data for root in roots], rtol=1e-13, equal_nan=True)
