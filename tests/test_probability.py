"""The gamma function and the normal distribution where other programs lose digits: poles, tails, high derivatives."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import (
    OperandError,
    Value,
    compile,
    digamma,
    floats,
    grad,
    gradients,
    hessian,
    lgamma,
    log_ndtr,
    mills,
    ndtr,
    polygamma,
)  # fmt: skip
from autograd.testing.oracles import EPSILON, TINY
from autograd.testing.references import precisely

BELOW = st.floats(-40.0, -1e-3).filter(lambda x: abs(x - round(x)) > 1e-3)


@pytest.mark.parametrize("order", range(-1, 5))
@given(x=BELOW)
@example(x=-0.5040830082644554)  # a root of the digamma function
def test_gamma_functions_are_right_between_their_poles_below_zero(order: int, x: float) -> None:
    """As far as ``x`` is: its last digit moves the result by as much as the next derivative says."""
    found = lgamma(x) if order < 0 else polygamma(order, x)
    with mp.workdps(50):
        a = mpf(x)
        exact = mp.log(abs(mp.gamma(a))) if order < 0 else mp.polygamma(order, a)
        assert abs(found - exact) <= 8 * EPSILON * (1 + abs(exact) + abs(a * mp.polygamma(order + 1, a)))


@given(order=st.integers(0, 100), x=st.floats(1e-2, 1e6))
@example(order=100, x=1e4)  # where neither the factorial nor the power is a float
@example(order=80, x=243657.60404202863)  # below the normal numbers
def test_orders_reach_as_far_as_they_say(order: int, x: float) -> None:
    """Up to the hundredth derivative."""
    with mp.workdps(50):
        exact = mp.polygamma(order, mpf(x))
        slack = 8 * EPSILON * (1 + order) * (abs(exact) + (1 if order == 0 else 0))
        found = polygamma(order, x)
        assert (math.isinf(found) and abs(exact) > 1.7e308) or abs(found - exact) <= slack + TINY


@given(order=st.integers(0, 100), x=st.floats(0.1, 1e150))
@example(order=100, x=3.5)  # where the fraction has to go on for long after the last order
def test_the_ratio_of_mills_keeps_its_digits_however_far_out(order: int, x: float) -> None:
    """Where the density and the tail are both 0 to a float."""
    with mp.workdps(50):
        exact = precisely("mills")(order, mpf(x))
        assert abs(mills(order, x) - exact) <= 4 * (1 + order) * EPSILON * exact + TINY


@given(x=st.floats(-1e7, -1.0))
@example(x=-1.0)
@example(x=-1e7)
def test_derivatives_of_log_ndtr_keep_their_digits_however_far_out(x: float) -> None:
    """The slope is about ``-x`` and the curvature about -1, in which naive formulas have no digit left at -1e5."""
    v = Value(x)
    slope = gradients(log_ndtr(v), v, create_graph=True)
    with mp.workdps(60):
        zero, one = [precisely("mills")(k, -mpf(x)) for k in (0, 1)]
        assert abs(slope.data - 1 / zero) <= 8 * EPSILON / zero
        assert abs(gradients(slope, v) + one / zero**2) <= 16 * EPSILON * one / zero**2


@given(x=st.floats(30.0, 38.5))
def test_slope_of_log_ndtr_fades_as_the_density_does(x: float) -> None:
    """Down to the smallest float there is."""
    with mp.workdps(50):
        exact = mp.npdf(mpf(x))
        assert abs(grad(log_ndtr)(x) - exact) <= 8 * EPSILON * x * x * exact + 2 * TINY


def test_derivatives_are_the_same_compiled_on_either_side_of_every_seam() -> None:
    """Up to the second, example by example, where each side of a choice is finite on the other."""
    points = np.array([-1e5, -40.0, -1.0, math.nextafter(-1.0, 0.0), 0.0, 2.0, 40.0, 1e5])

    def f(w, x):
        return log_ndtr(w * x) + ndtr(w * x) + w * lgamma(3.0 + w) + mills(1, w)

    fast = compile(lambda w: sum(f(w, x) for x in points))
    whole = lambda w: sum(f(w, x) for x in points)
    for derive in (grad, hessian):
        assert derive(fast)(1.5) == pytest.approx(derive(whole)(1.5), rel=1e-12)


def test_derivatives_of_lgamma_have_every_order() -> None:
    """Each of them is a row of the table: ``(-1)ⁿ n! ζ(n + 1)`` at 1."""
    f, expected = lgamma, [-0.5772156649015329]
    expected += [(-1) ** (n + 1) * math.factorial(n) * float(mp.zeta(n + 1)) for n in range(1, 5)]
    for n in range(5):
        f = grad(f)
        assert f(1.0) == pytest.approx(expected[n], rel=1e-14)


@pytest.mark.parametrize("n", [-1, 0.5, 101, math.nan, math.inf])
def test_order_is_a_whole_number(n: float) -> None:
    """Whatever it is said with; a Value that is none gives nan, as a logarithm below 0 does."""
    for name, f in (("polygamma", polygamma), ("mills", mills)):
        message = f"{name} takes an order that is a whole number from 0 to 100, got {n!r}; give an int"
        with pytest.raises(OperandError, match=f"^{re.escape(message)}$"):
            f(n, 2.0)
        assert math.isnan(f(Value(n), 2.0).data)


def test_there_is_no_derivative_by_an_order() -> None:
    """It is nan, which is not taken for a number; the derivative by the other operand is as ever."""
    n, x = Value(1.0), Value(2.0)
    assert math.isnan(polygamma(n, x).partials[0])
    assert polygamma(n, x).partials[1] == polygamma(2, 2.0)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (lgamma(-2.0), math.inf), (lgamma(1e306), math.inf), (lgamma(-math.inf), math.inf), (digamma(0.0), -math.inf),
        (digamma(-0.0), math.inf), (digamma(-3.0), math.nan), (digamma(-math.inf), math.nan),
        (digamma(math.inf), math.inf), (polygamma(2, 0.0), -math.inf), (polygamma(1, -0.0), math.inf),
        (polygamma(1, -2.0), math.nan), (polygamma(3, math.inf), 0.0), (mills(0, -1e200), math.inf),
        (mills(3, math.inf), 0.0), (mills(2, math.nan), math.nan), (ndtr(math.inf), 1.0), (ndtr(-math.inf), 0.0),
        (log_ndtr(-1e200), -math.inf), (log_ndtr(math.inf), 0.0), (log_ndtr(math.nan), math.nan),
    ],
)  # fmt: skip
def test_value_at_an_edge(found: float, expected: float) -> None:
    """A pole is infinite where both sides are, of the sign of the zero at 0, else nan."""
    assert found == expected or (math.isnan(found) and math.isnan(expected))


@pytest.mark.parametrize("order", [*range(8), 99, 100])
@pytest.mark.parametrize("size", [5e-324, 1e-310, 1e-308, 1e-200, 1e-30])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_beside_the_pole_at_zero_it_is_the_pole(order: int, size: float, sign: float) -> None:
    """``(-1)ⁿ⁺¹ n! / xⁿ⁺¹``, which overflows on the side it is on."""
    x = sign * size
    pole = (-1) ** (order + 1) * mp.factorial(order) / mpf(x) ** (order + 1)
    expected = float(pole) if abs(pole) < 1.7e308 else math.copysign(math.inf, pole)
    assert polygamma(order, x) == pytest.approx(expected, rel=1e-13)
    assert order or digamma(x) == polygamma(0, x)


def test_roots_are_exact() -> None:
    """``Γ(1) = Γ(2) = 1``."""
    assert lgamma(1.0) == lgamma(2.0) == 0.0
    assert abs(floats.digamma(1.4616321449683623)) < 1e-15
