"""Every row of the op table in JavaScript: value and partials against 50 digits, and its functions at every edge."""

from __future__ import annotations

from functools import cache
from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import floats
from autograd.compiler.backends.javascript.text import Text
from autograd.compiler.scalars.expressions import Expression, combine, whole_symbols
from autograd.op import Op
from autograd.ops import TABLE
from autograd.testing.oracles import EPSILON, TINY
from autograd.testing.references import DIGITS, precisely
from tests.node import Node, node_fixture  # noqa: F401 - pytest uses it
from tests.rows import EVERY_OP, EVERY_PARTIAL, assert_derivative, assert_value, drawn

EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 1e-320, -TINY, 1e308, -1e308, 710.0, -746.0, 26.5, inf, -inf, nan]


@cache
def module(op: Op, count: int) -> str:
    """A function of an array of operands, to the value and all partials."""
    text = Text()
    x = [Expression(f"x[{k}]") for k in range(count)]
    value = text.of(op.value(whole_symbols, *x))
    partials = [text.of(p) for p in op.differentiate(whole_symbols, Expression("y"), x)]
    body = f"export function row(x) {{ const y = {value}; return [[y, {', '.join(partials)}]]; }}"
    return "\n".join([*text.library(), body])


def in_javascript(node: Node, op: Op, args: list[float]) -> list[float]:
    return node.call(module(op, len(args)), "row", args)[0].tolist()


@EVERY_OP
@given(data=st.data())
def test_value_is_the_independent_function(node: Node, op: Any, data: st.DataObject) -> None:
    """Within the bounds that the rows themselves are held to."""
    args = data.draw(drawn(op))
    assert_value(op, args, in_javascript(node, op, args)[0])


@EVERY_PARTIAL
@settings(
    max_examples=max(10, settings().max_examples // 4)
)  # fifty digits take time, and the rows are tried in Python
@given(data=st.data())
def test_partial_is_the_derivative_of_value(node: Node, op: Any, i: int, data: st.DataObject) -> None:
    """The 50-digit derivative of the independent function, up to rounding of operands and result."""
    args = data.draw(drawn(op))
    place = i if op.arity else data.draw(st.integers(0, len(args) - 1))
    assert_derivative(op, args, place, in_javascript(node, op, args)[1 + place])


@pytest.mark.parametrize("function", floats.__all__)
def test_function_has_the_edges_of_the_engine(node: Node, function: str) -> None:
    """Zeros with their signs, infinities, nan and the ends of what a float holds, as ``autograd.floats`` has them."""
    count = floats_arity(function)
    text = Text()
    call = text.of(combine(function, *[Expression(f"x[k + {k}]") for k in range(count)]))
    loop = f"for (let k = 0; k < x.length; k += {count}) found.push({call});"
    source = "\n".join([*text.library(), f"export function all(x) {{ const found = []; {loop} return [found]; }}"])
    points = np.stack(np.meshgrid(*[EDGES] * count), axis=-1).reshape(-1, count)
    (found,) = node.call(source, "all", points.ravel())
    for args, y in zip(points.tolist(), found.tolist(), strict=True):
        expected = getattr(floats, function)(*args)
        same = y == expected or (y != y and expected != expected)
        assert same or abs(y - expected) <= 4 * EPSILON * abs(expected) + 2 * TINY, (function, args, y, expected)
        if expected == 0.0 and function not in SUMS:
            assert np.signbit(y) == np.signbit(expected), (function, args)


# Of which -0 and 0 are equal operands, and the sign of the result is that of either.
SUMS = {"maximum", "minimum", "sum", "dot"}


def floats_arity(function: str) -> int:
    """How many operands to try a function with."""
    two = {"atan2", "compare", "div", "dot", "hypot", "logsumexp", "maximum", "minimum", "mul_no_nan", "norm", "pow"}
    two |= {"mills", "polygamma"}
    return 3 if function == "where" else 2 if function in two | {"prod", "sum"} else 1


@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_error_function_is_exact_to_the_last_digits(node: Node, name: str) -> None:
    """Within 3 units in the last place from one end to the other, also where ``erfc`` is subnormal."""
    op = TABLE[name]
    text = Text()
    call = text.of(op.value(whole_symbols, Expression("a")))
    source = "\n".join([*text.library(), f"export const all = (x) => [x.map((a) => {call})];"])
    points = np.concatenate([np.linspace(-6.5, 28.0, 3001), np.linspace(-0.6, 0.6, 401), [0.5, -0.5, 1e-300, 26.6]])
    (found,) = node.call(source, "all", points)
    with mp.workdps(DIGITS):
        for x, y in zip(points.tolist(), found.tolist(), strict=True):
            exact = precisely(name)(mpf(x))
            assert abs(y - exact) <= 3 * EPSILON * abs(exact) + TINY, x
