"""Where a derivative jumps the partials are a convention; whatever it is, they must be a subgradient along every line.

Along a line ``x + t d`` a function of several numbers is a function of ``t``, with a slope on either side of ``t = 0``.
What the partials say of it, their product with ``d``, must lie between the two. A row can break this though each
partial alone is between the slopes of its own operand: where all operands of ``clip`` are ``x`` it is ``x``, and the
three partials must sum to 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import inf, isfinite
from typing import Any

import pytest
from mpmath import mp, mpf

from autograd import floats
from autograd.op import Op
from autograd.ops import TABLE
from autograd.testing.oracles import EPSILON
from autograd.testing.references import DIGITS, precisely

# A jump has no slope on one of its sides.
JUMPS = {"step", "compare"}
# No row says that these have a kink where all operands are 0, or jump with the first operand, a condition.
OTHERS = {"hypot", "norm", "where"}
KINKED = [op for op in TABLE.values() if (op.kinks or op.ties or op.name in OTHERS) and op.name not in JUMPS]

DIRECTIONS = (-1.0, -0.5, 0.0, 0.5, 1.0)
# So small that the curvature of no row shows in the 50 digits' first half.
NEAR = mpf(2) ** -80


def points(op: Op) -> Iterator[tuple[float, ...]]:
    """Every order of the operands, equal ones too, with zero among them; infinite ones where they may tie."""
    numbers = (-inf, -1.0, 0.0, 1.0, inf) if op.ties else (-1.0, 0.0, 1.0)
    return product(numbers, repeat=op.arity or 3)


def directions(op: Op, point: Sequence[float]) -> Iterator[tuple[float, ...]]:
    """The ways to go from there: an infinite number stays, and so does a condition that is 0."""
    fixed = [not isfinite(x) or (op.name == "where" and k == 0 and x == 0.0) for k, x in enumerate(point)]
    return product(*[(0.0,) if stays else DIRECTIONS for stays in fixed])


def slope(op: Op, point: Sequence[float], direction: Sequence[float]) -> mpf:
    """Of the independent function, on the one side that ``direction`` points to."""
    f = precisely(op.name)
    here = f(*map(mpf, point))
    there = f(*[mpf(x) + NEAR * d for x, d in zip(point, direction, strict=True)])
    return mpf(0) if there == here else (there - here) / NEAR  # where it is infinite and stays


@pytest.mark.parametrize("op", KINKED, ids=lambda op: op.name)
def test_partials_are_a_subgradient_along_every_line(op: Any) -> None:
    """At every kink and tie, and beside them, their product with a direction lies between the slopes on both sides."""
    with mp.workdps(DIGITS):
        for point in points(op):
            partials = op.differentiate(floats, op.value(floats, *point), point)
            for direction in directions(op, point):
                back = tuple(-d for d in direction)
                low, high = sorted([slope(op, point, direction), -slope(op, point, back)])
                terms = [mpf(p) * d for p, d in zip(partials, direction, strict=True) if d]
                rounding = 4 * EPSILON * mp.fsum(terms, absolute=True) + NEAR  # of partials; of slopes that bend
                assert low - rounding <= mp.fsum(terms) <= high + rounding, (point, direction, partials)
