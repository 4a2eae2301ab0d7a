"""Independent ways to a derivative. None of them looks at a partial derivative of the table.

=====================  ============================================  ==============================================
oracle                 what it computes with                         how far the truth may be
=====================  ============================================  ==============================================
:func:`high_precision`  50-digit numbers, textbook definitions        nowhere a float can see
:func:`finite_difference`  floats, five points, Richardson            a bound computed from step, curvature, rounding
:func:`complex_step`    complex numbers, no subtraction               a few units in the last place
:mod:`tests.exact`      fractions with a first-order part             nowhere: exact
=====================  ============================================  ==============================================
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mpmath import mp, mpf

from autograd import Value
from autograd.graph import adjoints
from tests.programs import Program
from tests.references import COMPLEX, DIGITS, precisely
from tests.strategies import MARGIN

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


def precise_root(program: Program) -> Callable[..., mpf]:
    """The root as a function of the leaves, in 50-digit arithmetic."""

    def apply(name: str, operands: list[Any]) -> mpf:
        return precisely(name)(*[mpf(x) for x in operands])

    return lambda *leaves: program.run(leaves, apply)[-1]


def high_precision(program: Program) -> tuple[mpf, list[mpf]]:
    """Value and gradient of a program, right to 50 digits."""
    f = precise_root(program)
    with mp.workdps(DIGITS):
        gradient = [derivative(f, program.leaves, i, MARGIN) for i in range(len(program.leaves))]
        return f(*map(mpf, program.leaves)), gradient


def hessian(program: Program) -> list[list[mpf]]:
    """Second derivatives of a program, right to 40 digits."""
    f = precise_root(program)

    def slope(i: int) -> Callable[..., mpf]:
        return lambda *leaves: derivative(f, leaves, i, MARGIN)

    places = range(len(program.leaves))
    with mp.workdps(DIGITS):
        # The inner step is 1e-40 of the margin; a coarser outer one keeps its error out of sight.
        return [[derivative(slope(i), program.leaves, j, MARGIN * 1e10) for j in places] for i in places]


def absolute_gradient(root: Value, leaves: Sequence[Value]) -> list[float]:
    """Sum over all paths of the product of absolute partials: the size of what is added up in a gradient."""

    def absolute(node: Value) -> list[tuple[Value, float]]:
        pairs = zip(node.args, node.partials, strict=True)
        return [(arg, abs(partial)) for arg, partial in pairs if isinstance(arg, Value) and partial is not None]

    return adjoints(root, leaves, absolute)


# ── Finite differences ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Estimate:
    """A derivative from values alone, and how far the true one can be."""

    value: float
    bound: float


def finite_difference(program: Program, i: int) -> Estimate:
    """Derivative with respect to leaf ``i`` by Richardson extrapolation, order 4, with its error bound.

    ``(4 D(h) - D(2h)) / 3``, where ``D(h)`` is the central difference, differs from the derivative by
    ``h**4 / 30`` times a fifth derivative within two steps (the curvature), and by what the rounding of the four
    values is divided by (the rounding, which 50-digit values of the same four points measure). The step keeps every
    node a tenth of the margin away from any kink.

    Notes
    -----
    ``autograd.check.central_difference`` makes the same estimate. Its bound knows the function's values only, and
    takes them to be right to some units in the last place; a random program may lose more to cancellation on the way.
    """
    x = program.leaves[i]
    h = _step(program, i)
    points = [x - 2 * h, x - h, x + h, x + 2 * h]
    weights = [1 / (12 * h), -8 / (12 * h), 8 / (12 * h), -1 / (12 * h)]
    values = [program.of(_moved(program, i, t)) for t in points]
    estimate = math.fsum(w * v for w, v in zip(weights, values, strict=True))
    with mp.workdps(DIGITS):
        f = precise_root(program)
        errors = [float(v - f(*_moved(program, i, t))) for t, v in zip(points, values, strict=True)]
        curvature = max(_fifth_derivative(program, i, t) for t in (x - 2 * h, x, x + 2 * h))
    # Of the values, of our own sum, and of the points, which are off by half a unit in the last place.
    rounding = math.fsum(abs(w * e) for w, e in zip(weights, errors, strict=True))
    rounding += 4 * EPSILON * math.fsum(abs(w * v) for w, v in zip(weights, values, strict=True))
    rounding += abs(estimate) * math.fsum(abs(w) * math.ulp(t) for w, t in zip(weights, points, strict=True))
    return Estimate(estimate, 2 * curvature * h**4 / 30 + rounding)


def _moved(program: Program, i: int, t: float) -> list[float]:
    return [t if k == i else x for k, x in enumerate(program.leaves)]


def _step(program: Program, i: int) -> float:
    """A power of two near ``eps**(1/5)``, halved until two steps move no node by more than a tenth of the margin."""
    x = program.leaves[i]
    h = 2.0**-10
    here = program.run(program.leaves, _float)
    while True:
        moved = [program.run(_moved(program, i, t), _float) for t in (x - 2 * h, x + 2 * h)]
        if all(abs(b - a) <= MARGIN / 10 for there in moved for a, b in zip(here, there, strict=True)):
            return h
        h /= 2


def _float(name: str, operands: list[Any]) -> float:
    return float(precisely(name)(*map(mpf, operands)))


def _fifth_derivative(program: Program, i: int, t: float) -> float:
    return abs(float(derivative(precise_root(program), _moved(program, i, t), i, MARGIN, order=5)))


# ── Complex step ─────────────────────────────────────────────────────────────────────────────────────────────────────


def complex_step(program: Program, i: int) -> float:
    """Derivative with respect to leaf ``i`` as ``Im f(x + ih) / h``, which subtracts nothing.

    References
    ----------
    Squire and Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 40 (1998).
    """
    h = 1e-40
    leaves = [complex(x, h if k == i else 0.0) for k, x in enumerate(program.leaves)]
    return complex(program.run(leaves, lambda name, operands: COMPLEX[name](*operands))[-1]).imag / h
