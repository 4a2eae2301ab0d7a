"""A function of one number in windows around a point: its values there, and the polynomial that is nearest to them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev as cheb

__all__ = ["NODES", "ON_THE_LEFT", "ON_THE_RIGHT", "OUTSIDE", "RATIO", "Array", "Values", "Window"]

Array = np.ndarray[Any, np.dtype[Any]]

DEGREE = 8

# Where a window is looked at, as parts of its half width: 16 nodes of Chebyshev and the middle. Eight of the 17 are
# more than the polynomial needs, so that what is left over is no accident.
NODES = np.sort(np.append(np.cos(np.pi * (np.arange(16) + 0.5) / 16), 0.0))

#: The same to one side of the point only.
ON_THE_RIGHT = (NODES - NODES[0]) / (NODES[-1] - NODES[0])
ON_THE_LEFT = -ON_THE_RIGHT

# From one window to the next; no ratio that a period of the function is likely to share.
RATIO = 1 / 17.3

# Rounding of a value: this many units of its number type, or this many grains.
ROUNDINGS = 4.0

DOUBLE, SINGLE = 2.0**-53, 2.0**-24

# What a function may raise outside its domain, where NumPy would give nan.
OUTSIDE = (ArithmeticError, ValueError)


@dataclass(frozen=True)
class Window:
    """Values around a point, and the polynomial through them."""

    width: float
    slope: float
    residual: float
    pull: float  # how far a residual of 1 can move the slope
    weight: float  # how far errors of 1 in all values can move it
    size: float  # of the largest value
    scale: float
    still: bool
    polynomial: Callable[[Array], Array]  # what it makes of steps: how far the function changes over each


class Values:
    """A function near a point: nan wherever it is not defined, and how finely its values are rounded.

    Two things tell: whether all values fit into single precision, and the largest power of two of which all are
    multiples, which is the rounding of whatever large numbers they are differences of.
    """

    def __init__(self, f: Callable[[float], float], x: float) -> None:
        self.f, self.x = f, x
        self.unit, self.grain = SINGLE, math.inf
        self.here = f(x)
        self.noise = abs(self._note(f(x)) - self._note(self.here))

    def _note(self, y: float) -> float:
        if math.isfinite(y) and y != 0.0:
            digits, exponent = math.frexp(y)
            whole = int(digits * 2**53)
            self.grain = min(self.grain, math.ldexp(float(whole & -whole), exponent - 53))
            if float(np.float32(digits)) != digits:
                self.unit = DOUBLE  # more digits than single precision has
        return y

    def rounding(self, window: Window) -> float:
        """How far off a value in a window may be."""
        if window.size == 0.0:
            return ROUNDINGS * DOUBLE  # it may be the logarithm of a number that is 1 to all digits
        varied = 0.0 if window.still and self.unit == SINGLE else self.grain
        return self._rounding(window.size, varied)

    def grains(self, size: float) -> float:
        """The same for values of some size that vary."""
        return self._rounding(size, self.grain)

    def _rounding(self, size: float, grain: float) -> float:
        return ROUNDINGS * max(self.unit * size, grain / 2)

    def __call__(self, t: float) -> float:
        """The value ``t`` further on."""
        try:
            return self._note(self.f(self.x + t))
        except OUTSIDE:
            return math.nan

    def window(self, width: float, nodes: Array = NODES) -> Window | None:
        """The polynomial in a window, or None where the function is not finite all over it."""
        steps = (self.x + width * nodes) - self.x  # that floats can represent
        values = np.array([self.here if t == 0.0 else self(float(t)) for t in steps])
        if not np.isfinite(values).all():
            return None
        changes = values - self.here  # exact where it matters: a large offset must not cost digits
        coarse = width > 2.0**44 * math.ulp(self.x)  # then the steps are the nodes to 13 digits
        fit = _fit(tuple(nodes)) if coarse else _fit(tuple(steps / width), tuple(nodes))
        residual = float(np.abs(fit.rest @ changes).max()) * math.sqrt(len(nodes) / (len(nodes) - DEGREE - 1))
        moved = steps != 0.0
        return Window(
            width=width,
            slope=float(fit.weights @ changes) / width,
            residual=max(residual, 2 * self.noise),
            pull=fit.pull / width,
            weight=float(np.abs(fit.weights).sum()) / width,
            size=float(np.abs(values).max()),
            scale=float((np.abs(changes[moved]) / np.abs(steps[moved])).max()),
            still=bool((changes == 0.0).all()),
            polynomial=lambda steps: fit.basis(steps / width) @ (fit.inverse @ changes),
        )


@dataclass(frozen=True)
class _Fit:
    """What makes the slope of a polynomial, and what it leaves over, out of values at some nodes."""

    basis: Callable[[Array], Array]
    inverse: Array
    weights: Array
    rest: Array
    pull: float


@lru_cache(maxsize=8)
def _fit(nodes: tuple[float, ...], frame: tuple[float, ...] = ()) -> _Fit:
    """The least-squares polynomial through values at ``nodes``, in Chebyshev's basis over the ``frame`` around them."""
    low, high = min(frame or nodes), max(frame or nodes)
    stretch = 2 / (high - low)
    basis: Callable[[Array], Array] = lambda steps: cheb.chebvander((steps - low) * stretch - 1, DEGREE)
    inverse = np.linalg.pinv(basis(np.array(nodes)))
    slopes = stretch * np.array([cheb.chebval(-low * stretch - 1, cheb.chebder(row)) for row in np.eye(DEGREE + 2)])
    columns = np.linalg.qr(basis(np.array(nodes)))[0]  # of length 1, so that rounding stays that of the values
    rest = columns @ columns.T - np.eye(len(nodes))
    return _Fit(basis, inverse, slopes[:-1] @ inverse, rest, float(np.abs(slopes).max()))
