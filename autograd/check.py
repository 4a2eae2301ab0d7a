"""Gradients against finite differences, with an error bound that is computed and not guessed."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograd.convert import as_float
from autograd.errors import GradientError, OperandError
from autograd.recorded import gradients
from autograd.value import Value

__all__ = ["GradientCheck", "central_difference", "check_gradient"]

EPSILON = sys.float_info.epsilon

# What rounding may do to a value of f, as a part of it, and to the differences that are made of four of them.
ROUNDING = 16 * EPSILON


@dataclass(frozen=True)
class GradientCheck:
    """What :func:`check_gradient` compared, one entry for each input.

    Attributes
    ----------
    gradient : tuple of float
        From the engine.
    difference : tuple of float
        The finite-difference estimates.
    bound : tuple of float
        How far each estimate may be from the true derivative.
    """

    gradient: tuple[float, ...]
    difference: tuple[float, ...]
    bound: tuple[float, ...]

    @property
    def error(self) -> float:
        """Largest distance between gradient and estimate."""
        return max((abs(g - d) for g, d in zip(self.gradient, self.difference, strict=True)), default=0.0)

    @property
    def wrong(self) -> list[int]:
        """Inputs whose gradient is outside the bound, or nan."""
        rows = zip(self.gradient, self.difference, self.bound, strict=True)
        return [i for i, (g, d, bound) in enumerate(rows) if not abs(g - d) <= bound]


def central_difference(f: Callable[[float], float], x: float, step: float | None = None) -> tuple[float, float]:
    """Derivative of ``f`` at ``x`` from values alone, and a bound on its error.

    Parameters
    ----------
    f : callable
        From float to float, smooth within two steps of ``x``.
    x : float
        Where.
    step : float, optional
        Distance ``h``; by default ``eps**(1/5) * max(1, |x|)``, which balances truncation against rounding.

    Returns
    -------
    estimate, bound : float

    Notes
    -----
    Central differences ``D(h)`` and ``D(2h)`` have errors ``f''' h**2 / 6`` and four times that, so their difference
    measures the truncation and ``(4 D(h) - D(2h)) / 3`` cancels it, leaving order 4 (Richardson 1911). The bound is
    that measured difference plus what rounding ``f`` to a few units in the last place does to a quotient by ``2h``.
    """
    h = step or EPSILON**0.2 * max(1.0, abs(x))
    h = (x + h) - x  # a step that floats can represent
    values = [f(x + k * h) for k in (-2, -1, 1, 2)]
    near, far = (values[2] - values[1]) / (2 * h), (values[3] - values[0]) / (4 * h)
    rounding = ROUNDING * (max(map(abs, values)) + abs(x) * abs(near)) / h
    return (4 * near - far) / 3, abs(near - far) + rounding


def check_gradient(f: Callable[..., Any], *inputs: float, step: float | None = None) -> GradientCheck:
    """Compare the engine's gradient of ``f`` with central differences.

    Parameters
    ----------
    f : callable
        Takes as many Values as there are inputs, gives one Value.
    *inputs : float
        Where; ``f`` must be smooth within two steps of it.
    step : float, optional
        See :func:`central_difference`.

    Returns
    -------
    GradientCheck
        Gradients, estimates and bounds.

    Raises
    ------
    GradientError
        If a gradient is outside the bound of its estimate; the message names the input, both numbers and the bound.

    Examples
    --------
    >>> from autograd import check_gradient, tanh
    >>> check_gradient(lambda x, y: tanh(x) * y**3, 0.5, -1.5).error < 1e-9
    True
    """
    point = [as_float(x, "check_gradient takes") for x in inputs]
    xs = [Value(x) for x in point]
    y = f(*xs)
    if not isinstance(y, Value):
        raise OperandError(f"check_gradient takes a function that gives a Value, got {y!r} from it")
    estimates = []
    for i, x in enumerate(point):

        def along(t: float, i: int = i) -> float:
            moved = f(*[Value(t if j == i else other) for j, other in enumerate(point)])
            return moved.data if isinstance(moved, Value) else float(moved)

        estimates.append(central_difference(along, x, step))
    result = GradientCheck(tuple(gradients(y, xs)), *map(tuple, zip(*estimates, strict=True)))
    if not all(map(math.isfinite, result.difference)):
        raise GradientError(f"the function is not finite near {point}; move the inputs into its domain")
    if result.wrong:
        i = result.wrong[0]
        raise GradientError(
            f"gradient of input {i} at {point[i]!r} is {result.gradient[i]!r}, but central differences give "
            f"{result.difference[i]!r} within {result.bound[i]:.2g}; check the partial derivative, or move the input "
            "if a kink is near"
        )
    return result
