"""Any library's gradient against what the function itself does: right, wrong, or too noisy to tell."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.testing.closer import closer
from autograd.testing.estimates import Estimate, roughness, slope, torn
from autograd.testing.outcomes import NOISY, RIGHT, WRONG, Check, Entry, Outcome
from autograd.testing.points import Derivative, Point
from autograd.testing.precise import precise_slope
from autograd.testing.windows import ON_THE_LEFT, ON_THE_RIGHT

__all__ = ["check", "entries"]

#: An error that "right" cannot hide, as a part of the steepest secant nearby.
RESOLUTION = 1e-6

# One side of a kink is known where its bound is this part of its scale.
SIDE = 1e-3


def check(f: Callable[..., Any], grad: Callable[..., Any], at: Any) -> Check:
    """Whether ``grad`` is the gradient of ``f`` at a point.

    Parameters
    ----------
    f : callable
        From a point to one number. Any library will do: only numbers go in and come out, among them an array, tensor or
        scalar object with one entry.
    grad : callable
        From a point to its derivatives, in the shape of the point. ``None`` for a part stands for zeros.
    at : float, list, array or dict, or a tuple of several arguments
        Where. A tuple is several arguments, ``f(*at)``, and ``grad(*at)`` gives as many parts. Ints become floats.

    Returns
    -------
    Check
        Its ``outcome`` is ``"right"``, ``"wrong"`` or ``"too noisy to tell"``; printed, it is one line.

    Raises
    ------
    GradientError
        If the gradient has another shape than the point.

    Notes
    -----
    *Wrong*: outside the bound of :func:`autograd.testing.slope`, on which noise, rounding, kinks and the width of the
    windows are measured, and half the digits of the gradient's own number type beside it; at a kink, outside the slopes
    to its two sides; and no run in 150 digits says otherwise. *Right*: inside, where bound and allowance together are
    less than a millionth of the steepest secant nearby (a thousandth for single precision). *Too noisy to tell*: the
    rest, with the reason. ``grad`` is called twice, and each call must be right, since some libraries add up what
    earlier calls left behind.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd.testing import check
    >>> f = lambda x: np.sum(np.sin(x) * x)
    >>> check(f, lambda x: np.sin(x) + x * np.cos(x), at=np.array([0.5, 2.0])).outcome
    'right'
    >>> print(check(lambda x, y: x * y**2, lambda x, y: (y**2, -2 * x * y), at=(3.0, 0.5)))
    wrong: the derivative by y at (3.0, 0.5) is -3, but f changes by 3 ± 2e-16: the sign is wrong
    """
    return Check(at, tuple(entries(f, grad, Point(at, f))))


def entries(f: Callable[..., Any], grad: Callable[..., Any], point: Point) -> Iterator[Entry]:
    """What :func:`check` finds, one derivative after the other."""
    derivatives = [point.gradient(grad), point.gradient(grad)]
    for k, pair in enumerate(zip(*derivatives, strict=True)):
        with np.errstate(all="ignore"):  # a step may leave the domain
            entry = _judged(f, grad, point, k, pair)
        yield entry


def _judged(
    f: Callable[..., Any], grad: Callable[..., Any], point: Point, k: int, calls: tuple[Derivative, ...]
) -> Entry:
    """The worse of the entries that two calls of the gradient give."""
    first, second = calls
    like = first.value if math.isfinite(first.value) else 0.0
    estimate = slope(point.along(f, k), point.numbers[k], like)
    entry = _entry(f, grad, point, k, first, estimate)
    if entry.outcome == NOISY and estimate.scale > 0.0 and math.isfinite(estimate.bound) and not estimate.stairs:
        resolution = _resolution(first) - math.sqrt(first.epsilon)
        estimate = closer(point.along(f, k), point.numbers[k], estimate, resolution)
        entry = _entry(f, grad, point, k, first, estimate)
    if entry.outcome == WRONG or _same(first.value, second.value):
        return entry
    again = _entry(f, grad, point, k, second, estimate)
    if again.outcome == WRONG:
        return replace(again, reason=f"{again.reason}, in the second call; the first gave {first.value:.10g}")
    return again if again.outcome == NOISY else entry


def _entry(
    f: Callable[..., Any],
    grad: Callable[..., Any],
    point: Point,
    k: int,
    derivative: Derivative,
    estimate: Estimate,
) -> Entry:
    """What is to be said of one number: floats first, and where they do not say "right", 150 digits."""
    g = derivative.value
    outcome = _compare(derivative, estimate)
    precise = None if outcome == RIGHT else precise_slope(lambda xs: point.call(f, xs), point.numbers, k)
    if precise is not None:
        allowed = _resolution(derivative) * max(estimate.scale, precise.scale)
        near = abs(g - precise.value) + precise.bound
        agree = abs(precise.value - estimate.value) <= estimate.bound + precise.bound
        if outcome == WRONG and agree:
            estimate = min(estimate, precise, key=lambda one: one.bound)
        elif outcome == WRONG and near <= allowed:
            return Entry(derivative.place, g, precise.value, precise.bound, NOISY, "in floats f has another slope")
        elif outcome == NOISY and agree and near <= max(allowed, _own_rounding(f, grad, point, k)):
            return Entry(derivative.place, g, precise.value, precise.bound, RIGHT)
    if outcome == NOISY:
        return _at_the_sides(point.along(f, k), point.numbers[k], derivative, estimate)
    possible = any(wide.low <= g <= wide.high for wide in estimate.wider)
    if outcome == WRONG and possible and torn(point.along(f, k), point.numbers[k], estimate):
        return Entry(derivative.place, g, estimate.value, estimate.bound, NOISY, "f moves in stairs, for it is rounded")
    reason = _fault(g, estimate.value) if outcome == WRONG else ""
    return Entry(derivative.place, g, estimate.value, estimate.bound, outcome, reason)


def _own_rounding(f: Callable[..., Any], grad: Callable[..., Any], point: Point, k: int) -> float:
    """What the gradient's own arithmetic leaves uncertain, as ``1 - y * y`` does where ``y`` is nearly 1; or 0.

    It is seen in how far the derivative strays from a smooth curve nearby. More than rounding of the function's size
    explains is no excuse.
    """
    x, y = point.numbers[k], point.value(f, point.numbers)
    size = max(abs(x), 1.0)
    stray = roughness(lambda t: point.moved(k, t).gradient(grad)[k].value, x, size / 64)
    return 8.0 * stray if stray <= 2.0**-40 * abs(y) / size else 0.0


def _resolution(derivative: Derivative) -> float:
    """The error that "right" cannot hide, as a part of the scale."""
    return max(RESOLUTION, 4 * math.sqrt(derivative.epsilon))


def _compare(derivative: Derivative, estimate: Estimate) -> Outcome:
    """Against an estimate alone."""
    g = derivative.value
    allowance = math.sqrt(derivative.epsilon) * estimate.scale
    sharp = estimate.bound + allowance <= _resolution(derivative) * estimate.scale
    seen = estimate.bound < estimate.scale / 2 or (estimate.still and math.isfinite(estimate.bound))
    if g == 0.0 and (estimate.still or estimate.stairs):
        return NOISY if estimate.stairs else RIGHT
    if not math.isfinite(g):
        return WRONG if sharp else NOISY
    if seen and abs(g - estimate.value) > estimate.bound + allowance:
        return WRONG
    return RIGHT if sharp else NOISY


def _at_the_sides(along: Callable[[float], float], x: float, derivative: Derivative, estimate: Estimate) -> Entry:
    """What two sides that differ say of a derivative that both together do not."""
    g = derivative.value
    like = g if math.isfinite(g) else 0.0
    sides = [slope(along, x, like, nodes) for nodes in (ON_THE_LEFT, ON_THE_RIGHT)]
    known = [side.bound <= SIDE * side.scale or side.still for side in sides]
    left, right = sides
    if all(known) and (left.high < right.low or right.high < left.low):
        least, most = min(left.low, right.low), max(left.high, right.high)
        allowance = math.sqrt(derivative.epsilon) * max(left.scale, right.scale)
        slopes = f"the slope is {left.value:.6g} on the left and {right.value:.6g} on the right"
        if g < least - allowance or g > most + allowance:
            nearer = min(left.value, right.value, key=lambda side: abs(side - g))
            bound = max(left.bound, right.bound)
            return Entry(derivative.place, g, nearer, bound, WRONG, f"at a kink, where {slopes}")
        return Entry(derivative.place, g, estimate.value, estimate.bound, NOISY, f"f has a kink there; {slopes}")
    if not math.isfinite(estimate.bound):
        missing = [name for name, side in zip(("left", "right"), sides, strict=True) if math.isinf(side.bound)]
        where = f"to the {missing[0]} of it" if len(missing) == 1 else "there" if missing else "next to it"
        reason = f"f is not finite {where}; move the point into its domain"
    elif estimate.bound < estimate.scale / 2:
        reason = (
            f"it is {g:.10g}, and f changes by {estimate.value:.10g} ± {estimate.bound:.1g}, "
            "for its values are rounded or noisy"
        )
    else:
        reason = f"it is {g:.10g}, and f has no slope there that can be seen: a kink, a jump, or noise"
    return Entry(derivative.place, g, estimate.value, estimate.bound, NOISY, reason)


def _fault(g: float, value: float) -> str:
    """How a wrong number is wrong."""
    if not math.isfinite(g) or value == 0.0:
        return f"it is {g}" if not math.isfinite(g) else f"it is off by {g:.3g}"
    ratio = g / value
    if ratio == 0.0:
        return "it is missing"
    if abs(ratio + 1.0) < 1e-6:
        return "the sign is wrong"
    if abs(ratio - 1.0) < 0.2:
        return f"it is off by {abs(ratio - 1.0):.2g} of its size"
    return f"it is {ratio:.4g} times what it should be"


def _same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))
