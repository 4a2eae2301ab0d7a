"""What must hold between derivatives, whoever computed them: no value of the function is differenced for it."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from autograd.testing.estimates import slope
from autograd.testing.outcomes import NOISY, RIGHT, WRONG, Check, Entry, Outcome
from autograd.testing.points import Point, number

__all__ = ["check_forward", "check_symmetry", "remainder_order"]


def check_forward(forward: Callable[..., Any], grad: Callable[..., Any], at: Any) -> Check:
    """Whether a forward mode and a reverse mode agree.

    Parameters
    ----------
    forward : callable
        From a point and a direction of its shape to the derivative along it, ``forward(at, along)``.
    grad : callable
        The gradient, as :func:`autograd.testing.check` takes it.
    at : float, list, array, dict or tuple
        Where. A tuple is one argument of ``forward`` and several of ``grad``.

    Returns
    -------
    Check
        An entry is wrong if the two differ by more than half the digits of their number type.
    """
    point = Point(at, grad)
    entries = []
    for k, derivative in enumerate(point.gradient(grad)):
        along = point.rebuild([float(i == k) for i in range(len(point.numbers))])
        found = number(forward(point.rebuild(point.numbers), along), "forward")
        allowed = math.sqrt(derivative.epsilon) * max(abs(found), abs(derivative.value))
        agree = abs(found - derivative.value) <= allowed
        reason = "" if agree else "forward and reverse mode differ"
        entries.append(Entry(derivative.place, derivative.value, found, allowed, RIGHT if agree else WRONG, reason))
    return Check(point.at, tuple(entries))


def check_symmetry(grad: Callable[..., Any], at: Any) -> Check:
    """Whether a gradient is the gradient of anything: its own derivatives must be symmetric.

    Parameters
    ----------
    grad : callable
        The gradient, as :func:`autograd.testing.check` takes it. The function itself is not needed.
    at : float, list, array, dict or tuple
        Where.

    Returns
    -------
    Check
        An entry for each pair of inputs: of the change of one's derivative with the other, against the reverse.
    """
    point = Point(at, grad)
    count = len(point.numbers)
    here = point.gradient(grad)
    entries = []
    with np.errstate(all="ignore"):
        for i in range(count):
            for k in range(i):
                one, other = (_change(point, grad, *pair) for pair in ((i, k), (k, i)))
                bound = one.bound + other.bound
                scale = max(one.scale, other.scale)
                allowed = math.sqrt(here[i].epsilon) * scale
                differ = bound < scale / 2 and abs(one.value - other.value) > bound + allowed
                sharp = bound + allowed <= max(1e-6, 4 * math.sqrt(here[i].epsilon)) * scale or bound == 0.0
                outcome: Outcome = WRONG if differ else RIGHT if sharp else NOISY
                reason = "second derivatives that do not commute" if differ else "" if sharp else "second derivatives"
                entries.append(
                    Entry(f"{here[i].place} and {here[k].place}", one.value, other.value, bound, outcome, reason)
                )
    return Check(point.at, tuple(entries))


def _change(point: Point, grad: Callable[..., Any], i: int, k: int) -> Any:
    """How the derivative by entry ``i`` changes with entry ``k``."""

    def derivative(x: float) -> float:
        return point.moved(k, x).gradient(grad)[i].value

    return slope(derivative, point.numbers[k], like=1.0)


def remainder_order(f: Callable[..., Any], grad: Callable[..., Any], at: Any, along: Any = None) -> float:
    """The power of ``h`` with which ``f(x + h v) - f(x) - h v·grad(x)`` falls: 2 for a gradient, 1 for anything else.

    Parameters
    ----------
    f, grad : callable
        As :func:`autograd.testing.check` takes them.
    at : float, list, array, dict or tuple
        Where.
    along : same shape as ``at``, optional
        The direction ``v``; by default every input moves, each by another amount.

    Returns
    -------
    float
        Measured while the remainder is far above its rounding; more than 2 where the curvature is zero, and inf for a
        function whose remainder is nothing but rounding, as of a linear one.

    Examples
    --------
    >>> from autograd.testing import remainder_order
    >>> f = lambda p: p[0] ** 2 * p[1]
    >>> round(remainder_order(f, lambda p: [2 * p[0] * p[1], p[0] ** 2], [1.0, 2.0]), 2)
    2.0
    >>> round(remainder_order(f, lambda p: [2 * p[0] * p[1], p[0]], [3.0, 2.0]), 1)
    1.0
    """
    point = Point(at, f)
    count = len(point.numbers)
    direction = [math.cos(k + 1.0) for k in range(count)] if along is None else Point(along, f).numbers
    derivative = math.fsum(v * g.value for v, g in zip(direction, point.gradient(grad), strict=True))
    here = point.value(f, point.numbers)
    sizes = []
    for k in range(4, 30):
        h = 2.0**-k
        there = point.value(f, [x + h * v for x, v in zip(point.numbers, direction, strict=True)])
        remainder = abs(there - here - h * derivative)
        if remainder <= 1e3 * 2.0**-52 * max(abs(here), abs(there)):
            break
        sizes.append(remainder)
    falls = [math.log2(a / b) for a, b in pairwise(sizes)]
    return falls[-1] if falls else math.inf
