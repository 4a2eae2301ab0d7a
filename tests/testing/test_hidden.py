"""What is narrower than the steps that look at it: waves and bells hidden in the gaps of a wide window.

A bell is zero wherever a wide window looks, its middle included, so that every wide window agrees on a slope that is
not the function's. A right gradient must not be called wrong for it, nor one that leaves the bell out right.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograd.testing import check, slope
from autograd.testing.outcomes import RIGHT, WRONG

Curve = Callable[[float], float]

#: Something hidden: its shape, and its slope in the middle. What is far from the middle is zero, or nearly.
SHAPES: dict[str, tuple[Curve, float]] = {
    "bell": (lambda u: u * math.exp(-u * u), 1.0),
    "packet": (lambda u: math.sin(3 * u + 1) * math.exp(-u * u), 3 * math.cos(1)),
    "resonance": (lambda u: u / (1 + u * u), 1.0),
    "wave": (math.sin, 1.0),
    "shifted wave": (lambda u: math.sin(u + 2), math.cos(2)),
}

#: What it is hidden in, its slope, and how large it is at most between -3 and 3.
PLACES: dict[str, tuple[Curve, Curve, float]] = {
    "a line": (lambda t: t, lambda t: 1.0, 4.0),
    "a sine": (math.sin, math.cos, 1.0),
    "an exponential": (math.exp, math.exp, 80.0),
    "a plain": (lambda t: 1 + 1e-8 * math.sin(t), lambda t: 1e-8 * math.cos(t), 2.0),
    "a constant": (lambda t: 3.0, lambda t: 0.0, 3.0),
}

#: Smaller is less than what the rounding of some hundred operations adds up to, and nobody sees it.
LEAST = 2e-13


@given(
    st.sampled_from(sorted(SHAPES)),
    st.sampled_from(sorted(PLACES)),
    st.floats(-3.0, 3.0, allow_subnormal=False),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
)
@example("bell", "a sine", 1.0, 0.5, 0.5)
@example("bell", "a line", 0.0, 0.9, 1.0)
@example("wave", "a plain", 0.5, 0.0, 0.2)
def test_hidden_slope_is_not_called_wrong_and_not_forgotten(
    shape: str, place: str, x: float, high: float, narrow: float
) -> None:
    """Of any height above rounding and of any width down to some hundred floats."""
    curve, inner = SHAPES[shape]
    f, df, size = PLACES[place]
    height = size * LEAST ** (1 - high)
    scale = (200 * max(math.ulp(x), 1e-20)) ** narrow
    g = lambda t: f(t) + height * curve((t - x) / scale)
    hidden, known = height * inner / scale, df(x)
    assert check(g, lambda t: known + hidden, at=x).outcome != WRONG
    if abs(hidden) > 1e-5 * max(abs(known), abs(known + hidden)):
        assert check(g, lambda t: known, at=x).outcome != RIGHT


@pytest.mark.parametrize("scale", [1e-3, 1e-5, 1e-7, 1e-9])
def test_bell_between_the_steps_is_found(scale: float) -> None:
    """It is not only that nothing is said: the slope is known, and leaving the bell out is wrong."""
    g = lambda t: math.sin(t) + 1e-3 * ((t - 1) / scale) * math.exp(-(((t - 1) / scale) ** 2))
    true = math.cos(1) + 1e-3 / scale
    found = slope(g, 1.0)
    assert abs(found.value - true) <= found.bound <= 1e-5 * true
    assert check(g, lambda t: true, at=1.0).outcome == RIGHT
    assert check(g, math.cos, at=1.0).outcome == WRONG


def test_looking_for_what_is_hidden_costs_less_than_two_windows_of_each_size() -> None:
    """Single steps look between the sizes: a smooth function is evaluated 150 times at most."""
    calls = 0

    def f(x: float) -> float:
        nonlocal calls
        calls += 1
        return math.sin(x)

    slope(f, 1.0)
    assert calls <= 150
