"""Rows of the table of operations for tests: each of them, its operands, and how near to 50 digits it has to be."""

from __future__ import annotations

import math
import sys
from typing import Any

import pytest
from hypothesis.strategies import SearchStrategy
from mpmath import mp, mpf

from autograd.op import REAL
from autograd.ops import TABLE
from autograd.testing.oracles import EPSILON, TINY, derivative
from autograd.testing.references import DIGITS, NAMESPACE, precisely
from autograd.testing.strategies import DIFFERENTIABLE, arguments, room, tie_distance

EVERY_OP = pytest.mark.parametrize("op", TABLE.values(), ids=list(TABLE))
EVERY_DERIVATIVE = pytest.mark.parametrize("op", DIFFERENTIABLE, ids=lambda op: op.name)
PLACES = [(op, i) for op in DIFFERENTIABLE for i, domain in enumerate(op.domain) if not domain.whole]
EVERY_PARTIAL = pytest.mark.parametrize(("op", "i"), PLACES, ids=[f"{op.name}-{i}" for op, i in PLACES])

#: Signed zeros, ordinary numbers, the smallest, some whose square overflows, infinities, nan.
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 5e-324, 1e200, -1e200, math.inf, -math.inf, math.nan]


def differentiated(op: Any, count: int) -> list[int]:
    """The places of operands that there is a derivative with respect to: of all but orders."""
    return [k for k, domain in enumerate(op.domain if op.arity else op.domain * count) if not domain.whole]


#: Units in the last place allowed for an operation's own rounding, in its operands and its result.
ULPS = 8


def drawn(op: Any) -> SearchStrategy[list[float]]:
    """Operands from the domain that cannot overflow on the way to a result that does not."""
    if op.name in ("prod", "dot"):
        return arguments(op, largest=1e75)  # factors are multiplied one after the other
    if op.name == "pow":
        return arguments(op, margin=1e-300)  # b * a**(b - 1), where 1 / a is still a float
    if op.name == "mills":
        return arguments(op, largest=1e4)  # below 0 it grows by exp(a**2 / 2), for which even exponents are too short
    return arguments(op)


def precise_room(op: Any, args: list[float]) -> float:
    """Distance from ``args`` to the nearest point without a derivative."""
    domains = op.domain if op.arity else op.domain * len(args)
    nearest = min(room(x, domain) for x, domain in zip(args, domains, strict=True))
    nearest = min(nearest, room(args[0], REAL, op.kinks))
    return min(nearest, tie_distance(args)) if op.ties else nearest


def agrees(actual: float, exact: mpf, slack: mpf, args: list[mpf]) -> bool:
    """Whether a float is within ``slack`` of the exact number; beyond the largest float, infinity is right.

    Something on the way may have been rounded among the subnormal numbers, and multiplied by an operand since.
    """
    if math.isinf(actual):
        return actual * exact > 0 and abs(exact) + slack >= sys.float_info.max
    return abs(actual - exact) <= slack + 4 * TINY * mp.fprod(1 + abs(x) for x in args)


def last_digits(op: Any) -> float:
    """What an operation may lose near a result of 0, whatever its size."""
    return ULPS * EPSILON if op.name == "logsumexp" else 1e-300


def rounding(f: Any, inputs: list[mpf]) -> mpf:
    """How far the result may be when every input and the result itself are off by ``ULPS`` units in the last place."""
    nudge = mpf(10) ** -25  # less than the distance from any float to the next
    y = f(*inputs)
    moved = [f(*inputs[:k], x * (1 + nudge), *inputs[k + 1 :]) for k, x in enumerate(inputs)]
    return ULPS * (ulp(y) * abs(y) + sum(ulp(x) * abs(z - y) / nudge for x, z in zip(inputs, moved, strict=True)))


def ulp(x: mpf) -> mpf:
    """A unit in the last place, as a fraction of ``x``: more among the subnormal numbers."""
    return max(mpf(EPSILON), mpf(TINY) / abs(x)) if x else mpf(0)


def assert_value(op: Any, args: list[float], actual: float) -> None:
    """A value is that of the independent function, up to rounding of operands and result."""
    f = precisely(op.name)
    with mp.workdps(DIGITS):
        inputs = [mpf(x) for x in args]
        exact = f(*inputs)
        assert agrees(actual, exact, rounding(f, inputs) + last_digits(op), inputs), (actual, exact)


def assert_derivative(op: Any, args: list[float], place: int, actual: float) -> None:
    """A partial is the 50-digit derivative of the independent function, up to rounding of operands and result."""

    def partial(y: mpf, *xs: mpf) -> mpf:
        return mpf(op.differentiate(NAMESPACE, y, xs, [place])[0])

    f = precisely(op.name)
    with mp.workdps(DIGITS):
        inputs = [mpf(x) for x in args]
        exact = derivative(f, inputs, place, precise_room(op, args))
        slack = rounding(partial, [f(*inputs), *inputs])
        if op is TABLE["pow"] and place == 0:
            slack += EPSILON * abs(exact * mp.log(inputs[0]))  # of the exponent b - 1
        assert agrees(actual, exact, slack, inputs), (actual, exact)
