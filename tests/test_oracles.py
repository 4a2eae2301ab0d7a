"""The oracles themselves, where an answer is known in closed form."""

from __future__ import annotations

import math

import pytest
from mpmath import mp, mpf

from autograd.testing.expressions import Expression, Step
from autograd.testing.oracles import complex_step, derivative, finite_difference, high_precision
from autograd.testing.references import DIGITS

CUBE = Expression((1.5,), (Step("mul", (0, 0)), Step("mul", (1, 0))))


@pytest.mark.parametrize("x", [0.5, 5.0, 16.0, 27.0, 300.0])
def test_high_precision_derivative_survives_saturation(x: float) -> None:
    """Where erf and tanh are 1 to more digits than a float has, their tiny derivatives still have 49 right digits."""
    with mp.workdps(DIGITS):
        for f, slope in [(mp.tanh, mp.sech(x) ** 2), (mp.erf, 2 / mp.sqrt(mp.pi) * mp.exp(-(mpf(x) ** 2)))]:
            assert abs(derivative(f, [x], 0) - slope) <= mpf(10) ** -49 * slope + mpf(10) ** -330


def test_every_oracle_knows_the_derivative_of_a_cube() -> None:
    """At 3/2 the cube's derivative is 27/4, in high precision, by a complex step, and within a difference's bound."""
    estimate = finite_difference(CUBE, 0)
    assert abs(estimate.value - 6.75) <= estimate.bound < 1e-9
    assert complex_step(CUBE, 0) == pytest.approx(6.75, rel=4e-16)
    assert abs(high_precision(CUBE)[1][0] - 6.75) < mpf(10) ** -45


def test_error_bound_counts_rounding() -> None:
    """The sine of a large product has rounded values only, and the bound says how much that costs."""
    wave = Expression((1.0,), (Step("mul", (0, 90.0)), Step("sin", (1,))))
    estimate = finite_difference(wave, 0)
    assert 0.0 < estimate.bound < 1e-4
    assert abs(estimate.value - 90.0 * math.cos(90.0)) <= estimate.bound
