"""Slopes that drown in rounding: seen from many places they are known, and what is not rounding is not taken for it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.testing import Estimate, check, slope
from autograd.testing.closer import closer
from autograd.testing.outcomes import NOISY, WRONG

RESOLUTION = 1e-6

#: Functions of some thousand roundings: 1 and a wave, whose slope is known.
waves = st.tuples(
    st.floats(1e-10, 1e-8), st.floats(0.3, 4.0), st.floats(-0.9, 0.9), st.floats(0.5, 40.0), st.sampled_from([-1, 1])
)


def seen(f: Callable[[float], float], x: float) -> tuple[Estimate, Estimate]:
    """What one window says, and what the closer look says."""
    first = slope(f, x)
    return first, closer(f, x, first, RESOLUTION)


@given(waves, st.floats(-3.0, 3.0))
def test_bound_contains_the_slope_and_is_smaller(wave: tuple[float, ...], x: float) -> None:
    """Of a small wave on a large number, whatever its frequency and phase."""
    height, frequency, phase, offset, sign = wave
    phase -= frequency * x
    f = lambda t: sign * offset + height * math.sin(frequency * t + phase)
    first, close = seen(f, x)
    true = height * frequency * math.cos(frequency * x + phase)
    assert abs(close.value - true) <= close.bound
    assert close.bound <= first.bound
    assert close == first or close.bound <= RESOLUTION * first.scale


def test_most_waves_are_known_to_a_millionth() -> None:
    """Which one window cannot know: 50 of 64."""
    known = before = 0
    for k in range(64):
        frequency, phase = 0.3 + k / 16, math.sin(k)
        first, close = seen(lambda t, a=frequency, b=phase: 2.0 + 1e-9 * math.sin(a * t + b), 0.25)
        assert abs(close.value - 1e-9 * frequency * math.cos(frequency * 0.25 + phase)) <= close.bound
        before += first.bound <= RESOLUTION * first.scale
        known += close.bound <= RESOLUTION * close.scale
    assert before == 0
    assert known >= 50


@pytest.mark.parametrize("shift", [0.0, 1e-3, 0.1])
@pytest.mark.parametrize("slant", [1e-9, 1e-7])
def test_kink_is_no_rounding(slant: float, shift: float) -> None:
    """A slope that changes, at the point or beside it, does not pass for noise: no half-way slope is called known."""
    f = lambda x: 1.0 + slant * abs(x - 0.5 - shift)
    _, close = seen(f, 0.5)
    assert close.bound > 1e-4 * slant or abs(close.value - (-slant if shift else math.nan)) <= close.bound


@pytest.mark.parametrize(
    ("slant", "height", "frequency"),
    [(1e-8, 2e-15, 100.0), (1e-8, 4e-16, 100.0), (1e-8, 3e-16, 200.0)],
)
def test_fast_wave_is_no_rounding(slant: float, height: float, frequency: float) -> None:
    """What looks like rounding, being as small or nearly, may be the function itself: its own slope is never wrong."""
    f = lambda x: 1.0 + (slant * math.sin(x) + height * math.sin(frequency * x))
    right = lambda x: slant * math.cos(x) + height * frequency * math.cos(frequency * x)
    for k in range(20):
        assert check(f, right, at=0.1 + k / 13).outcome != WRONG


def test_what_contradicts_the_first_look_is_not_believed() -> None:
    """A narrow window may have seen what a wide one does not."""
    f = lambda x: 2.0 + 1e-9 * math.sin(x)
    first = slope(f, 0.25)
    assert closer(f, 0.25, first, RESOLUTION) != first
    other = replace(first, value=first.value + 3 * first.bound)
    assert closer(f, 0.25, other, RESOLUTION) == other


def test_noise_above_rounding_is_not_averaged() -> None:
    """Whose it is, nobody knows: the function may move like that."""
    rough = lambda x: 2.0 + 1e-7 * math.sin(x) + random.Random(x).gauss(0.0, 1e-14)
    first, close = seen(rough, 0.25)
    assert close == first


def test_function_of_few_digits_stays_unknown() -> None:
    """Values that are rounded to a grid of their own are not the rounding of floats."""
    assert check(lambda x: round(x * x, 5), lambda x: 2 * x, at=0.5).outcome == NOISY


def test_few_values_are_looked_at_where_there_is_no_hope() -> None:
    """The costly last look is for those whom it can help."""
    calls = 0

    def f(x: float) -> float:
        nonlocal calls
        calls += 1
        return 1.0 + 1e-14 * math.sin(x)

    first = slope(f, 0.3)
    calls = 0
    assert closer(f, 0.3, first, RESOLUTION) == first
    assert calls < 700
