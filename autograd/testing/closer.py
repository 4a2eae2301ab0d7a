"""A closer look where rounding hides the slope: two thousand values, whose errors mostly cancel.

A value near 1 is rounded by up to 1e-16, and a slope of 1e-9 there drowns in that if it is seen from a few places.
Rounding is as good as random from one place to the next, so over many places it averages out, and the window may be
wider, since that many values carry polynomials of high degrees. Whether the errors are random is looked at: what a fit
leaves over must be no larger than rounding, and must not go on from one place to the next, as a kink would.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev as cheb

from autograd.testing.estimates import Estimate
from autograd.testing.windows import Array, Values

__all__ = ["closer"]

#: Each degree with a higher one: how far the slopes of both lie apart is what the lower one leaves out.
DEGREES = ((8, 12), (16, 24), (24, 36))

#: Values in a first look, by which the window is chosen, and in the last.
FEW, MANY = 129, 2049

#: Windows of the first look, by the width of what was found before.
STRETCHES = (8.0, 4.0, 2.0, 1.0, 0.5)

#: Standard deviations of a slope that count as its bound.
SAFETY = 8.0

#: A first look that is more than this many times too coarse is not made fine enough by more values.
HOPE = 8.0


def closer(f: Callable[[float], float], x: float, estimate: Estimate, resolution: float) -> Estimate:
    """The same slope with a smaller bound, if there is one below ``resolution`` of its scale; else as it was.

    Notes
    -----
    For errors of standard deviation ``s`` a least-squares slope, which is a sum of weights times values, has the
    standard deviation ``s`` times the norm of the weights. The bound is eight of these, and beside it the difference to
    the slope of a polynomial of half as many degrees more.
    """
    wanted = resolution * estimate.scale
    values = Values(f, x)
    widths = [stretch * estimate.width for stretch in STRETCHES]
    best = {width: min((look.bound for look in _looks(values, width, FEW)), default=math.inf) for width in widths}
    for width in sorted((width for width in widths if best[width] <= HOPE * wanted), key=best.__getitem__):
        look = min(_looks(values, width, MANY), key=lambda look: look.bound, default=estimate)
        if look.bound <= wanted and abs(look.value - estimate.value) <= look.bound + estimate.bound:
            return replace(estimate, value=look.value, bound=look.bound)
    return estimate


def _looks(values: Values, width: float, count: int) -> Iterator[Estimate]:
    """What polynomials of several degrees say in a window, where nothing but random errors is left over."""
    nodes = _nodes(count)
    found = np.array([values(t) for t in ((values.x + width * nodes) - values.x).tolist()])
    if not np.isfinite(found).all():
        return
    size, changes = float(np.abs(found).max()), found - values.here
    for degree, higher in DEGREES:
        fit = _fit(count, degree)
        rest = changes - fit.basis @ (fit.inverse @ changes)
        square = float(rest @ rest)
        spread = math.sqrt(square / (count - degree - 1))
        if 0.0 < spread <= values.grains(size) and abs(float(rest[1:] @ rest[:-1])) < 4.0 * square / math.sqrt(count):
            slope, other = float(fit.weights @ changes), float(_fit(count, higher).weights @ changes)
            bound = SAFETY * spread * float(np.linalg.norm(fit.weights)) + abs(other - slope)
            yield Estimate(slope / width, bound / width, width=width)


@dataclass(frozen=True)
class _Fit:
    """Least squares on the nodes of a window of half width 1, in Chebyshev's basis."""

    basis: Array
    inverse: Array
    weights: Array  # of the slope in the middle


@lru_cache(maxsize=4)
def _nodes(count: int) -> Array:
    return np.cos(np.pi * (np.arange(count) + 0.5) / count)[::-1]


@lru_cache(maxsize=16)
def _fit(count: int, degree: int) -> _Fit:
    basis = cheb.chebvander(_nodes(count), degree)
    inverse = np.linalg.pinv(basis)
    slopes = np.array([cheb.chebval(0.0, cheb.chebder(row)) for row in np.eye(degree + 1)])
    return _Fit(basis, inverse, slopes @ inverse)
