"""Going back when the loss grows."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograd import NonFiniteError
from nn import (
    Backtracking,
)

vectors = arrays(float, 3, elements=st.floats(-4.0, 4.0, allow_subnormal=False))


def parabola(p):
    """p² / 2 in every direction; steps above 2 overshoot more and more."""
    return 0.5 * float((p**2).sum()), p


def test_backtracking_restores_the_best_parameters_and_divides_the_rate():
    """A step that raised the loss is undone, to the bit, and the rate is a fifth."""
    optimizer = Backtracking(3.0)
    start = np.array([1.0, -2.0])
    overshot = optimizer.step(start, *parabola(start)[::-1])
    assert parabola(overshot)[0] > parabola(start)[0]
    restored = optimizer.step(overshot, *parabola(overshot)[::-1])
    assert restored.tolist() == start.tolist()
    assert optimizer.rate == pytest.approx(0.6, rel=1e-15)
    lower = optimizer.step(restored, *parabola(restored)[::-1])
    assert parabola(lower)[0] < parabola(start)[0]


@given(st.floats(0.1, 1000.0), vectors)
def test_backtracking_ends_at_the_minimum_from_any_rate(rate, p):
    """However large the first rate, it comes down until the loss does.

    A rate of exactly 2 goes from p to -p and back, which is no growth; the last rate is to be well below.
    """
    last = rate
    while last > 2.0:
        last /= 5.0
    assume(last < 1.9)
    optimizer = Backtracking(rate)
    for _ in range(200):
        loss, gradient = parabola(p)
        p = optimizer.step(p, gradient, loss)
    assert parabola(p)[0] < 1e-6


def test_backtracking_looks_every_so_many_steps():
    """Between its checks a growing loss is let pass, as in document 004; then the best of all steps comes back."""
    optimizer = Backtracking(3.0, every=4)
    p, seen = np.array([1.0]), []
    for _ in range(6):
        seen.append(p.item())
        p = optimizer.step(p, *parabola(p)[::-1])
    assert seen == [1.0, -2.0, 4.0, -8.0, 16.0, 1.0]


def test_backtracking_recovers_from_a_loss_that_is_not_finite():
    """A step into nan is undone at once, check or no check; the very first loss must be finite."""
    optimizer = Backtracking(1.0, every=100)
    start = np.array([2.0])
    moved = optimizer.step(start, np.array([1.0]), 1.0)
    assert optimizer.step(moved, np.array([math.nan]), math.nan).tolist() == [2.0]
    assert optimizer.rate == 0.2
    with pytest.raises(NonFiniteError, match=r"^the loss is nan; "):
        Backtracking(1.0).step(start, np.array([1.0]), math.nan)


@given(st.floats(1e-3, 1e300), st.floats(1.0, 1e300), vectors)
def test_no_step_leaves_the_numbers(rate, slope, p):
    """After the last step nobody would see it: what would be infinite goes back at once, to smaller steps."""
    optimizer, gradient = Backtracking(rate), np.array([0.0, slope, -slope])
    with np.errstate(over="ignore", invalid="ignore"):
        expected = p - rate * gradient
    finite = np.isfinite(expected).all()
    assert optimizer.step(p, gradient, 1.0).tolist() == (expected if finite else p).tolist()
    assert optimizer.rate == (rate if finite else rate / optimizer.factor)
    assert optimizer.steps == 1


def test_lists_are_parameters_too():
    """As for every optimiser."""
    assert Backtracking(0.5).step([1.0, 2.0], [2.0, 0.0], 1.0).tolist() == [0.0, 2.0]
