"""What must hold between derivatives: forward and reverse, symmetry, the order of a remainder."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograd.testing import check_forward, check_symmetry, remainder_order


def f(p: np.ndarray) -> float:
    return float(p[0] ** 2 * np.sin(p[1]))


def gradient(p: np.ndarray) -> np.ndarray:
    return np.array([2 * p[0] * np.sin(p[1]), p[0] ** 2 * np.cos(p[1])])


def faulty(p: np.ndarray) -> np.ndarray:
    return gradient(p) * [1.0, 1.001]


AT = np.array([0.7, 1.3])


def test_forward_mode_that_agrees_is_right() -> None:
    """A directional derivative is the gradient times the direction."""
    assert check_forward(lambda p, v: gradient(p) @ v, gradient, AT).outcome == "right"
    assert str(check_forward(lambda p, v: gradient(p) @ v, faulty, AT)).endswith("forward and reverse mode differ")


def test_second_derivatives_have_no_order() -> None:
    """A vector field with curl is nobody's gradient."""
    assert check_symmetry(gradient, AT).outcome == "right"
    found = check_symmetry(faulty, AT)
    assert found.outcome == "wrong"
    assert found.entries[0].place == "p[1] and p[0]"


def test_symmetry_at_a_kink_cannot_be_told() -> None:
    """Where the gradient has a kink, its derivative is no number."""
    bent = lambda p: np.array([abs(p[1]), p[0] / 2])
    assert check_symmetry(bent, np.array([0.5, 0.0])).outcome == "too noisy to tell"


@pytest.mark.parametrize("along", [None, np.array([0.3, -1.0])])
def test_remainder_of_a_gradient_falls_with_the_square(along: np.ndarray | None) -> None:
    """Slope 2 for the gradient, slope 1 for one that is a thousandth off."""
    assert remainder_order(f, gradient, AT, along) == pytest.approx(2.0, abs=0.01)
    assert remainder_order(f, faulty, AT, along) == pytest.approx(1.0, abs=0.1)


def test_linear_function_has_no_remainder() -> None:
    """There is nothing left but rounding."""
    assert math.isinf(remainder_order(lambda x: 3 * x, lambda x: 3.0, 0.5))
