"""One derivative against estimates of the slope: in floats, in 150 digits, from the sides; right, wrong, or neither."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from autograd.testing.closer import closer
from autograd.testing.estimates import Estimate, slope, torn
from autograd.testing.outcomes import NOISY, RIGHT, WRONG, Entry, Outcome
from autograd.testing.points import Derivative, Point
from autograd.testing.precise import pace, precise_slope
from autograd.testing.sides import at_the_sides
from autograd.testing.windows import ON_THE_LEFT, ON_THE_RIGHT, Values

__all__ = ["judged"]

#: An error that "right" cannot hide, as a part of the steepest secant nearby.
RESOLUTION = 1e-6

# How many roundings of its own a derivative is off by at most, and how many are no more than it shows nearby.
ROUNDINGS, SHOWN = 8.0, 2.0

SIDES = (ON_THE_LEFT, ON_THE_RIGHT)


def judged(
    f: Callable[..., Any],
    grad: Callable[..., Any],
    point: Point,
    k: int,
    calls: tuple[Derivative, ...],
    closely: bool = True,
) -> Entry:
    """The worse of the entries that two calls of the gradient give for input ``k``; see ``checking.entries``."""
    first, second = calls
    question = _Question(f, grad, point, k)
    estimate = slope(question.along, question.x, first.value if math.isfinite(first.value) else 0.0)
    entry = question.entry(first, estimate)
    seen = estimate.scale > 0.0 and math.isfinite(estimate.bound) and not estimate.stairs
    if entry.outcome == NOISY and seen and closely:
        estimate = closer(question.along, question.x, estimate, _resolution(first) - first.allowance(1.0))
        entry = question.entry(first, estimate)
    if entry.outcome == WRONG or _same(first.value, second.value):
        return entry
    again = question.entry(second, estimate)
    if again.outcome == WRONG:
        return replace(again, reason=f"{again.reason}, in the second call; the first gave {first.value:.10g}")
    return again if again.outcome == NOISY else entry


@dataclass(frozen=True)
class _Question:
    """Whether a number is the derivative by input ``k``."""

    f: Callable[..., Any]
    grad: Callable[..., Any]
    point: Point
    k: int

    @cached_property
    def along(self) -> Callable[[float], float]:
        """The function of this input alone."""
        return self.point.along(self.f, self.k)

    @property
    def x(self) -> float:
        """The input."""
        return self.point.numbers[self.k]

    def _at(self, numbers: Sequence[Any]) -> Any:
        return self.point.call(self.f, numbers)

    def derivative(self, x: float) -> float:
        """The derivative in question elsewhere."""
        return self.point.moved(self.k, x).gradient(self.grad)[self.k].value

    def entry(self, derivative: Derivative, estimate: Estimate) -> Entry:
        """What is to be said of one number: floats first, and where these do not settle it, 150 digits."""
        g = derivative.value
        outcome = _compare(derivative, estimate)
        hidden = estimate.bound + derivative.allowance(estimate.scale)
        if outcome == RIGHT and hidden <= _resolution(derivative) / 2 * abs(g):
            return Entry(derivative.place, g, estimate.value, estimate.bound, RIGHT)
        settled = outcome == RIGHT and (g == 0.0 or estimate.bound <= _resolution(derivative) / 2 * abs(g))
        precise = None if settled else precise_slope(self._at, self.point.numbers, self.k)
        if precise is None:
            if outcome == RIGHT and self._by_itself(derivative, estimate, estimate.scale) == WRONG:
                outcome = WRONG
        elif abs(precise.value - estimate.value) <= estimate.bound + precise.bound:
            scale, estimate = estimate.scale, min(estimate, precise, key=lambda one: one.bound)
            known = precise.bound <= derivative.epsilon * max(scale, precise.scale)  # there is no kink
            alone = self._by_itself(derivative, estimate, scale) if outcome == RIGHT or known else None
            if outcome != WRONG and alone == NOISY:
                reason = f"it is {g:.10g}, f changes by {estimate.value:.10g}, and its own rounding may be that large"
                return Entry(derivative.place, g, estimate.value, estimate.bound, NOISY, reason)
            outcome = WRONG if WRONG in (outcome, alone) else RIGHT if RIGHT in (outcome, alone) else NOISY
        elif outcome == WRONG:
            allowed = _resolution(derivative) * max(estimate.scale, precise.scale)
            if abs(g - precise.value) + precise.bound <= allowed:
                reason = "in floats f has another slope"
                return Entry(derivative.place, g, precise.value, precise.bound, NOISY, reason)
        if outcome == NOISY:
            return at_the_sides(self.along, self.x, derivative, estimate)
        possible = any(wide.low <= g <= wide.high for wide in estimate.wider)
        if outcome == WRONG and ((possible and torn(self.along, self.x, estimate)) or self._is_at_a_step(g)):
            return Entry(
                derivative.place, g, estimate.value, estimate.bound, NOISY, "f moves in stairs, for it is rounded"
            )
        reason = _fault(g, estimate.value) if outcome == WRONG else ""
        return Entry(derivative.place, g, estimate.value, estimate.bound, outcome, reason)

    def _is_at_a_step(self, g: float) -> bool:
        """Whether a slope of 0 is that of stairs, seen from where one step meets the next."""
        return g == 0.0 and any(
            side.still or side.stairs for side in (slope(self.along, self.x, g, nodes) for nodes in SIDES)
        )

    def _by_itself(self, derivative: Derivative, estimate: Estimate, scale: float) -> Outcome:
        """Whether a derivative that is small beside the steepest secant nearby is off by a part of itself.

        That secant no longer covers what the gradient's own arithmetic leaves uncertain, as ``1 - y * y`` does where
        ``y`` is nearly 1. It is seen in how far the derivative strays from a smooth curve nearby; then it is right. It
        is not seen where ``y`` does not move: what may be rounding of that secant, or of the function's size over the
        distance in which its slope becomes another, cannot be told.
        """
        if not math.isfinite(derivative.value):
            return WRONG
        off = abs(derivative.value - estimate.value) - estimate.bound
        if off <= derivative.allowance(max(abs(derivative.value), abs(estimate.value))):
            return RIGHT
        size = max(abs(self.x), 1.0)
        nearby = Values(self.derivative, self.x).window(size / 4096)
        if nearby is None:
            return NOISY
        if off <= SHOWN * nearby.residual:
            return RIGHT
        rounding = derivative.epsilon * abs(self.along(self.x))
        if off <= ROUNDINGS * max(nearby.residual, derivative.epsilon * scale, rounding / size):
            return NOISY
        return NOISY if off <= ROUNDINGS * rounding * pace(self._at, self.point.numbers, self.k) else WRONG


def _resolution(derivative: Derivative) -> float:
    """The error that "right" cannot hide, as a part of the scale."""
    return max(RESOLUTION, derivative.allowance(4.0))


def _compare(derivative: Derivative, estimate: Estimate) -> Outcome:
    """Against an estimate alone."""
    g, allowance = derivative.value, derivative.allowance(estimate.scale)
    sharp = estimate.bound + allowance <= _resolution(derivative) * estimate.scale
    seen = estimate.bound < estimate.scale / 2 or (estimate.still and math.isfinite(estimate.bound))
    if g == 0.0 and (estimate.still or estimate.stairs):
        return NOISY if estimate.stairs else RIGHT
    if not math.isfinite(g):
        return WRONG if sharp else NOISY
    if seen and abs(g - estimate.value) > estimate.bound + allowance:
        return WRONG
    return RIGHT if sharp else NOISY


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
