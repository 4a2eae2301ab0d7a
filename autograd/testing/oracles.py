"""Independent ways to the derivative of an expression. None of them looks at a partial derivative of the table.

=============================  ======================================  ==============================================
oracle                         what it computes with                   how far the truth may be
=============================  ======================================  ==============================================
:func:`high_precision`         50-digit numbers, textbook definitions  nowhere a float can see
:func:`finite_difference`      floats, five points, Richardson         a bound computed from step, curvature, rounding
:func:`complex_step`           complex numbers, no subtraction         a few units in the last place
:mod:`autograd.testing.exact`  fractions with a first-order part       nowhere: exact
=============================  ======================================  ==============================================
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import Any

from mpmath import mp, mpf

from autograd import Value
from autograd.graph import adjoints
from autograd.testing.estimates import Estimate
from autograd.testing.expressions import Expression
from autograd.testing.references import COMPLEX, DIGITS, precisely
from autograd.testing.strategies import MARGIN

EPSILON = sys.float_info.epsilon
TINY = 5e-324

# ── High precision ───────────────────────────────────────────────────────────────────────────────────────────────────


def derivative(f: Callable[..., mpf], args: Sequence[Any], i: int, room: float = 1.0, order: int = 1) -> mpf:
    """Derivative of ``f`` with respect to ``args[i]`` by central differences in as many digits as that takes.

    The step is 10^-40 of the ``room`` to the nearest singularity, less for large operands, which leaves the first 50
    digits right; the digits carried make up for the subtraction, at operands of any size.
    """
    point = [mpf(x) for x in args]
    sizes = [mpf(1), *(abs(x) for x in point if x)]
    finest = mpf(10) ** -40 * min(mpf(1), mpf(room)) / max(sizes)
    lost = order * -mp.log10(finest) + 2 * max(abs(mp.log10(x)) for x in sizes)
    lost += min(max(sizes) ** 2, 750) / 2  # to see exp(-x) or exp(-x**2) beside 1, unless it is 0 to a float
    with mp.workdps(2 * DIGITS + int(lost)):
        terms = [
            (-1) ** k * mp.binomial(order, k) * f(*point[:i], point[i] + (mpf(order) / 2 - k) * finest, *point[i + 1 :])
            for k in range(order + 1)
        ]
        return mp.fsum(terms) / finest**order


def precise_root(expression: Expression) -> Callable[..., mpf]:
    """The root as a function of the leaves, in 50-digit arithmetic."""

    def apply(name: str, operands: list[Any]) -> mpf:
        return precisely(name)(*[mpf(x) for x in operands])

    return lambda *leaves: expression.run(leaves, apply)[-1]


def high_precision(expression: Expression) -> tuple[mpf, list[mpf]]:
    """Value and gradient of a expression, right to 50 digits."""
    f = precise_root(expression)
    with mp.workdps(DIGITS):
        gradient = [derivative(f, expression.leaves, i, MARGIN) for i in range(len(expression.leaves))]
        return f(*map(mpf, expression.leaves)), gradient


def hessian(expression: Expression) -> list[list[mpf]]:
    """Second derivatives of a expression, right to 40 digits."""
    f = precise_root(expression)

    def slope(i: int) -> Callable[..., mpf]:
        return lambda *leaves: derivative(f, leaves, i, MARGIN)

    places = range(len(expression.leaves))
    with mp.workdps(DIGITS):
        # The inner step is 1e-40 of the margin; a coarser outer one keeps its error out of sight.
        return [[derivative(slope(i), expression.leaves, j, MARGIN * 1e10) for j in places] for i in places]


def absolute_gradient(root: Value, leaves: Sequence[Value]) -> list[float]:
    """Sum over all paths of the product of absolute partials: the size of what is added up in a gradient."""

    def absolute(node: Value) -> list[tuple[Value, float]]:
        pairs = zip(node.args, node.partials, strict=True)
        return [(arg, abs(partial)) for arg, partial in pairs if isinstance(arg, Value) and partial is not None]

    return adjoints(root, leaves, absolute)


# ── Finite differences ───────────────────────────────────────────────────────────────────────────────────────────────


def finite_difference(expression: Expression, i: int) -> Estimate:
    """Derivative with respect to leaf ``i`` by Richardson extrapolation, order 4, with its error bound.

    ``(4 D(h) - D(2h)) / 3``, where ``D(h)`` is the central difference, differs from the derivative by
    ``h**4 / 30`` times a fifth derivative within two steps (the curvature), and by what the rounding of the four
    values is divided by (the rounding, which 50-digit values of the same four points measure). The step keeps every
    node a tenth of the margin away from any kink.

    Notes
    -----
    ``autograd.check.central_difference`` makes the same estimate. Its bound knows the function's values only, and
    takes them to be right to some units in the last place; a random expression may lose more to cancellation.
    """
    x = expression.leaves[i]
    h = _step(expression, i)
    points = [x - 2 * h, x - h, x + h, x + 2 * h]
    weights = [1 / (12 * h), -8 / (12 * h), 8 / (12 * h), -1 / (12 * h)]
    values = [expression.of(_moved(expression, i, t)) for t in points]
    estimate = math.fsum(w * v for w, v in zip(weights, values, strict=True))
    with mp.workdps(DIGITS):
        f = precise_root(expression)
        errors = [float(v - f(*_moved(expression, i, t))) for t, v in zip(points, values, strict=True)]
        curvature = max(_fifth_derivative(expression, i, t) for t in (x - 2 * h, x, x + 2 * h))
    # Of the values, of our own sum, and of the points, which are off by half a unit in the last place.
    rounding = math.fsum(abs(w * e) for w, e in zip(weights, errors, strict=True))
    rounding += 4 * EPSILON * math.fsum(abs(w * v) for w, v in zip(weights, values, strict=True))
    rounding += abs(estimate) * math.fsum(abs(w) * math.ulp(t) for w, t in zip(weights, points, strict=True))
    return Estimate(estimate, 2 * curvature * h**4 / 30 + rounding)


def _moved(expression: Expression, i: int, t: float) -> list[float]:
    return [t if k == i else x for k, x in enumerate(expression.leaves)]


def _step(expression: Expression, i: int) -> float:
    """A power of two near ``eps**(1/5)``, halved until two steps move no node by more than a tenth of the margin."""
    x = expression.leaves[i]
    h = 2.0**-10
    here = expression.run(expression.leaves, _float)
    while True:
        moved = [expression.run(_moved(expression, i, t), _float) for t in (x - 2 * h, x + 2 * h)]
        if all(abs(b - a) <= MARGIN / 10 for there in moved for a, b in zip(here, there, strict=True)):
            return h
        h /= 2


def _float(name: str, operands: list[Any]) -> float:
    return float(precisely(name)(*map(mpf, operands)))


def _fifth_derivative(expression: Expression, i: int, t: float) -> float:
    return abs(float(derivative(precise_root(expression), _moved(expression, i, t), i, MARGIN, order=5)))


# ── Complex step ─────────────────────────────────────────────────────────────────────────────────────────────────────


def complex_step(expression: Expression, i: int) -> float:
    """Derivative with respect to leaf ``i`` as ``Im f(x + ih) / h``, which subtracts nothing.

    References
    ----------
    Squire and Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 40 (1998).
    """
    h = 1e-40
    leaves = [complex(x, h if k == i else 0.0) for k, x in enumerate(expression.leaves)]
    return complex(expression.run(leaves, lambda name, operands: COMPLEX[name](*operands))[-1]).imag / h
