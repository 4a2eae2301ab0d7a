"""What may stand beside a Value, and what the node remembers of it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, floats, ops

INFIX = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "pow": operator.pow}
EVERY_OPERATOR = pytest.mark.parametrize("name", INFIX)


@EVERY_OPERATOR
@pytest.mark.parametrize("number", [2.0, 2, True, Fraction(5, 2), np.float32(2.5), np.int64(2)], ids=repr)
def test_number_keeps_its_place_among_the_operands(name: str, number: Any) -> None:
    """Left stays left; the number is remembered as a float, and has no partial; the Value has that of the row."""
    x, c, row = Value(3.0), float(number), ops.TABLE[name]
    left, right = INFIX[name](number, x), INFIX[name](x, number)
    _, second = row.differentiate(floats, left.data, (c, 3.0))
    first, _ = row.differentiate(floats, right.data, (3.0, c))
    assert (left.op, left.args, left.partials) == (row, (c, x), (None, second))
    assert (right.op, right.args, right.partials) == (row, (x, c), (first, None))
    assert [type(arg) for arg in (left.args[0], right.args[1])] == [float, float]


@EVERY_OPERATOR
def test_result_begins_with_no_gradient_and_no_label(name: str) -> None:
    """As a leaf does."""
    y = INFIX[name](Value(2.0, label="x"), Value(3.0))
    assert (y.op, y.grad, y.label) == (ops.TABLE[name], 0.0, "")


class Weight(Value):
    """A Value by another name."""

    __slots__ = ()


@pytest.mark.parametrize(
    "f",
    [*INFIX.values(), autograd.hypot, lambda a, b: autograd.sum([a, b]), lambda a, b: autograd.exp(a) * b],
    ids=[*INFIX, "hypot", "sum", "exp"],
)
def test_subclass_of_value_is_a_value(f: Callable[..., Any]) -> None:
    """On either side of every operation it counts as a Value does."""
    expected, *others = [
        (f(a, b).data, autograd.gradients(f(a, b), [a, b]))
        for a, b in [(p(2.0), q(3.0)) for p in (Value, Weight) for q in (Value, Weight)]
    ]
    assert others == [expected] * 3
