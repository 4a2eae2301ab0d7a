"""The slope of a function of one number from its values alone, with a bound that is computed and not guessed.

No step size suits every function. Here a polynomial is fitted to the values in windows of many sizes around the point,
and what each fit leaves over says how far its slope can be off, whatever the cause: a window too wide for the
polynomial, rounding, noise, a kink. A narrower window knows better than a wider one that it contradicts or whose
residual it shows to be the function's form; of those that agree, the one with the smallest bound is taken. What lies in
the gaps between the places of a window is looked for by single steps of every size down to the next float.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from autograd.testing.windows import NODES, OUTSIDE, RATIO, Array, Values, Window

__all__ = ["Estimate", "slope", "torn"]

# How far a slope may be off, in units of the largest residual times the slope of the first polynomial left out. A kink
# in the middle needs 4, see the tests; the rest is for noise that happens to look like a polynomial.
SAFETY = 6.0

# From one single step to the next: one of them meets what is narrower than every window at more than half its height.
STEP = 4.0

# Next to 0 floats have no end. So many times narrower than the widest window, noise is no more than noise, and nothing
# hidden is looked for.
DEEP = 1e-18

# A residual so many times that of a narrower window is the function's form. It is less than the ratio of the windows:
# a window with such a residual has a larger bound than the narrower one anyway, unless it is blind to that form.
FORM = 16.0

# A window on the scale of the number itself counts where its bound is this part of its steepest secant.
SHARP = 1e-9


@dataclass(frozen=True)
class Estimate:
    """A derivative found without differentiating, and how far the true one can be.

    Attributes
    ----------
    value, bound : float
        The derivative is within ``bound`` of ``value``; an infinite bound says that nothing was found.
    scale : float
        The steepest secant from the point to a place in the window: what an error is small or large beside.
    still : bool
        Whether no value differed from another.
    stairs : bool
        Whether the function moves in stairs: there is no slope next to the point, and there is one in a wider window.
    width : float
        Half the width of the window.
    wider : tuple of Estimate
        What wider windows say, which the narrower ones contradict.
    """

    value: float
    bound: float
    scale: float = 0.0
    still: bool = False
    stairs: bool = False
    width: float = 0.0
    wider: tuple[Estimate, ...] = ()

    @property
    def low(self) -> float:
        """The least it can be."""
        return self.value - self.bound

    @property
    def high(self) -> float:
        """The most it can be."""
        return self.value + self.bound


NOTHING = Estimate(math.nan, math.inf)


def slope(f: Callable[[float], float], x: float, like: float = 0.0, nodes: Array = NODES) -> Estimate:
    """Derivative of ``f`` at ``x`` from values of ``f``, and how far the true one can be.

    Parameters
    ----------
    f : callable
        From float to float. It may give nan, or raise an ``ArithmeticError`` or ``ValueError``, outside its domain.
    x : float
        Where; ``f`` must be finite there.
    like : float
        The size of the derivative that is in question: windows in which it would drown in noise are not looked at.
    nodes : array
        Where in a window to look: by default on both sides of ``x``.

    Returns
    -------
    Estimate
        With an infinite bound where no window lies inside the domain.

    Notes
    -----
    In a window of half width ``h`` the function is ``p + e`` with a polynomial ``p`` of degree 8. The first polynomial
    left out has slope ``9 / h`` for a residual of 1, so the slope of ``p`` is off by about ``9 r / h`` for a residual
    ``r``; the bound is six times that, plus what rounding can do. This is Richardson's extrapolation of order 8 with
    the noise measured beside it.

    Every window is blind to a narrow wave that changes the values by no more than a hundred roundings, 1e-13 of their
    size.

    References
    ----------
    Moré and Wild, "Estimating derivatives of noisy simulations", ACM Transactions on Mathematical Software 38 (2012);
    Lyness and Moler, "Van der Monde systems and numerical differentiation", Numerische Mathematik 8 (1966).
    """
    values = Values(f, x)
    if not math.isfinite(values.here):
        return NOTHING
    widest = max(abs(x), 1.0) / 4
    windows = _downwards(values, widest, like, nodes) or _downwards(values, abs(x) / 4, like, nodes)
    if windows and windows[0].width == widest:
        windows = [*_upwards(values, windows[0], nodes), *windows]
    best = _choose(windows, values)
    if windows and 0.0 < abs(x) / 4 < windows[-1].width:  # as 1e-150 is, beside which all these windows are immense
        own = _choose([window for window in [values.window(abs(x) / 4, nodes)] if window], values)
        if own.bound < min(best.bound, SHARP * own.scale):
            return own
    return best


def torn(f: Callable[[float], float], x: float, estimate: Estimate) -> bool:
    """Whether ``f`` jumps to both sides of ``x``, a little further away than the window of an estimate.

    A part of ``f`` is then rounded to stairs, as ``cos(x)`` is next to 0, and the slope of one step says nothing.
    """
    return all(_jump(f, x, side * estimate.width, estimate.value) for side in (-1.0, 1.0))


def _jump(f: Callable[[float], float], x: float, width: float, slope: float) -> bool:
    """Whether ``f`` jumps between two floats near ``x``; halving finds those with more than their share of a change."""

    def departure(gap: tuple[tuple[float, float], ...]) -> float:
        (a, fa), (b, fb) = gap
        return abs(fb - fa - slope * (b - a))

    try:
        low, high = max(pairwise([(t, f(t)) for t in (x, *(x + width * 3.0**k for k in range(9)))]), key=departure)
        size, wide = departure((low, high)), abs(high[0] - low[0])
        if size <= 64 * math.ulp(max(abs(low[1]), abs(high[1]))):
            return False  # nothing but the rounding of the values themselves, which the bound contains
        while low[0] != (middle := (low[0] + high[0]) / 2) != high[0]:
            place = (middle, f(middle))
            low, high = max((low, place), (place, high), key=departure)
        return departure((low, high)) > 100 * size * abs(high[0] - low[0]) / wide
    except OUTSIDE:
        return False


def _downwards(values: Values, widest: float, like: float, nodes: Array) -> list[Window]:
    """Windows from the widest on, until one narrower than a good one agrees with it, or only noise is left.

    Two that agree may both be blind to what is narrower still, so single steps of every size below look for that. Where
    one finds something, windows of that size follow.
    """
    narrowest = max(2.0**6 * math.ulp(values.x), widest * 1e-36)
    found: list[Window] = []
    width, good = widest / RATIO, 0
    while width > narrowest:
        width = max(narrowest, width * RATIO)
        window = values.window(width, nodes)
        if window is None:
            continue
        found.append(window)
        estimate = _estimate(window, values)
        exact = window.residual <= 4 * values.rounding(window)
        good = good + 1 if exact else 0
        quiet = values.noise == 0.0 and width > widest * DEEP
        if not (exact or quiet) and estimate.bound > 1e3 * max(abs(like), abs(estimate.value)):
            break  # a slope of that size would not rise out of the noise of a narrower window
        if good >= 2:
            step = _departure(values, window, nodes)
            if step is None:
                break
            width, good = min(width, STEP * step / RATIO), 0
    return found


def _departure(values: Values, window: Window, nodes: Array) -> float | None:
    """The largest step, of all sizes below a window, at which the function leaves the window's polynomial."""
    finest = max(math.ulp(values.x), window.width * DEEP)
    count = math.ceil(math.log(window.width / finest) / math.log(STEP))
    sides = [side for side in (-1.0, 1.0) if side in np.sign(nodes)]  # in turn, for what is narrow shows on both
    steps = (values.x + window.width * STEP ** -np.arange(count) * np.resize(sides, count)) - values.x
    with np.errstate(all="ignore"):
        changes = np.array([values(float(t)) for t in steps]) - values.here
        stray = np.abs(changes - window.polynomial(steps))
    allowed = 2 * window.residual + 4 * values.rounding(window)
    return max(np.abs(steps[stray > allowed]).tolist(), default=None)


def _upwards(values: Values, window: Window, nodes: Array) -> list[Window]:
    """Wider windows, while only rounding stands in the way of a better bound."""
    found: list[Window] = []
    for _ in range(3):
        estimate = _estimate(window, values)
        if window.residual > 4 * values.rounding(window) or estimate.bound <= 1e-9 * window.scale or window.still:
            break
        wider = values.window(window.width / RATIO, nodes)
        if wider is None:
            break
        found.insert(0, wider)
        window = wider
    return found


def _estimate(window: Window, values: Values, noise: float = 0.0) -> Estimate:
    """The slope in a window, give or take what the residual and rounding can do to it."""
    bound = SAFETY * window.pull * max(noise, window.residual) + window.weight * values.rounding(window)
    return Estimate(window.slope, bound, window.scale, window.still, width=window.width)


def _choose(windows: list[Window], values: Values) -> Estimate:
    """The estimate with the smallest bound among those that no narrower window contradicts."""
    accepted: list[Estimate] = []
    noise, stairs = 0.0, False
    wider: list[Window] = []
    for k, window in enumerate(reversed(windows)):
        form = window.residual > FORM * max(noise, values.rounding(window)) and not all(one.still for one in accepted)
        noise = max(noise, window.residual)  # what a narrow window shows is in a wide one too
        estimate = _estimate(window, values, noise)
        against = [other for other in accepted if _contradict(estimate, other)]
        if form or not all(other.still for other in against):
            wider = windows[: len(windows) - k]
            break
        stairs |= bool(against)  # nothing moves nearby, since the function rounds its argument
        accepted = [*(other for other in accepted if other not in against), estimate]
    best = min(accepted, key=lambda estimate: estimate.bound, default=NOTHING)
    others = [_estimate(window, values, noise) for window in wider]
    return replace(best, stairs=stairs, wider=tuple(other for other in others if _contradict(best, other)))


def _contradict(one: Estimate, other: Estimate) -> bool:
    return one.low > other.high or one.high < other.low
