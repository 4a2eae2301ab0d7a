"""Exact arithmetic for graphs of rational operations: a derivative without any tolerance.

Two ways that share nothing. Forward, a :class:`Dual` carries its derivative along. Backward, the engine's own chain
rule and the table's own partials work on fractions instead of floats. They must be equal, to the last digit of
numerator and denominator.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from operator import add, mul
from types import SimpleNamespace
from typing import Any

from autograd import Value
from autograd.graph import adjoints
from autograd.ops import TABLE
from autograd.testing.expressions import Expression, record


class Dual:
    """``value + slope * e`` with ``e * e = 0``: a fraction with an exact derivative; floats are taken exactly."""

    def __init__(self, value: Any, slope: Any = 0) -> None:
        self.value, self.slope = Fraction(value), Fraction(slope)

    def __add__(self, other: Any) -> Dual:
        other = dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Any) -> Dual:
        other = dual(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __truediv__(self, other: Any) -> Dual:
        other = dual(other)  # (a + b e) / (c + d e) = (a + b e) (c - d e) / c²
        return self * Dual(1 / other.value, -other.slope / other.value**2)

    def __neg__(self) -> Dual:
        return self * -1

    def __sub__(self, other: Any) -> Dual:
        return self + -dual(other)

    def __rsub__(self, other: Any) -> Dual:
        return dual(other) - self

    def __eq__(self, other: object) -> bool:
        return self.value == dual(other).value

    __radd__, __rmul__, __hash__ = __add__, __mul__, None  # type: ignore[assignment]


def dual(x: Any) -> Dual:
    """``x`` as a number with a first-order part."""
    return x if isinstance(x, Dual) else Dual(x)


def _sign(a: Dual, b: Any) -> Dual:
    return Dual((a.value > dual(b).value) - (a.value < dual(b).value))


def _larger(a: Dual, b: Any) -> Dual:
    return dual(b) if _sign(a, b).value < 0 else a


def power(a: Dual, b: Any) -> Dual:
    """An integer power, by multiplication."""
    n = int(dual(b).value)
    result: Dual = math.prod([a] * abs(n), start=Dual(1))
    return result if n >= 0 else Dual(1) / result


RATIONAL: dict[str, Any] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: dual(a) / b,
    "neg": lambda a: -a,
    "square": lambda a: a * a,
    "abs": lambda a: a * _sign(a, 0),
    "relu": lambda a: _larger(a, 0),
    "maximum": _larger,
    "minimum": lambda a, b: -_larger(-a, -b),
    "where": lambda condition, a, b: b if condition == 0 else a,
    "sum": lambda *args: reduce(add, args, Dual(0)),
    "prod": lambda *args: reduce(mul, args, Dual(1)),
    "dot": lambda *args: reduce(add, map(mul, args[: len(args) // 2], args[len(args) // 2 :]), Dual(0)),
}

# What the rows of these operations may call.
NAMESPACE = SimpleNamespace(**RATIONAL, compare=_sign, step=lambda a: Dual(int(a.value > 0)))


def _run(expression: Expression, leaves: list[Dual]) -> list[Dual]:
    return expression.run(leaves, lambda name, operands: RATIONAL[name](*map(dual, operands)))


def forward(expression: Expression) -> list[Fraction]:
    """Exact gradient: one run for each leaf, which alone has a first-order part."""
    places = range(len(expression.leaves))
    return [_run(expression, [Dual(x, int(i == k)) for k, x in enumerate(expression.leaves)])[-1].slope for i in places]


def backward(expression: Expression) -> list[Fraction]:
    """Exact gradient by the engine's chain rule over its own graph, with the table's partials, in fractions."""
    leaves = [Value(x) for x in expression.leaves]
    nodes = expression.run(leaves, record)
    numbers = dict(zip(nodes, _run(expression, list(map(Dual, expression.leaves))), strict=True))

    def partials(node: Value) -> Iterator[tuple[Value, Dual]]:
        args = [numbers[arg] if isinstance(arg, Value) else Dual(arg) for arg in node.args]
        wanted = [i for i, arg in enumerate(node.args) if isinstance(arg, Value)]
        found = TABLE[node.op.name].differentiate(NAMESPACE, numbers[node], args, wanted)  # type: ignore[union-attr]
        return ((node.args[i], dual(p)) for i, p in zip(wanted, found, strict=True))  # type: ignore[misc]

    return [adjoint.value for adjoint in adjoints(nodes[-1], leaves, partials, zero=Dual(0), one=Dual(1))]
