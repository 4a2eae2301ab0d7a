"""What the two sides of a point say of a derivative that both together do not: a kink, an end of the domain, noise."""

from __future__ import annotations

import math
from collections.abc import Callable

from autograd.testing.estimates import Estimate, slope
from autograd.testing.outcomes import NOISY, WRONG, Entry
from autograd.testing.points import Derivative
from autograd.testing.windows import ON_THE_LEFT, ON_THE_RIGHT

__all__ = ["at_the_sides"]

# One side of a kink is known where its bound is this part of its scale.
SIDE = 1e-3


def at_the_sides(along: Callable[[float], float], x: float, derivative: Derivative, estimate: Estimate) -> Entry:
    """What two sides that differ say of a derivative that both together do not."""
    g = derivative.value
    like = g if math.isfinite(g) else 0.0
    sides = [slope(along, x, like, nodes) for nodes in (ON_THE_LEFT, ON_THE_RIGHT)]
    known = [side.bound <= SIDE * side.scale or side.still for side in sides]
    left, right = sides
    if all(known) and (left.high < right.low or right.high < left.low):
        least, most = min(left.low, right.low), max(left.high, right.high)
        allowance = derivative.allowance(max(left.scale, right.scale))
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
