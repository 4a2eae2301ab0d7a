"""``check_gradient``: what it accepts is right, what it refuses is wrong, and its bounds are true."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import GradientError, check_gradient, exp, floats, operation
from autograd.check import EPSILON, central_difference
from autograd.op import Op
from autograd.testing.expressions import record
from autograd.testing.oracles import derivative
from autograd.testing.references import DIGITS, precisely
from autograd.testing.strategies import DIFFERENTIABLE, MODERATE, arguments

SMOOTH = [op for op in DIFFERENTIABLE if not op.kinks and not op.ties and op.arity in (1, 2)]


@pytest.mark.parametrize("op", SMOOTH, ids=lambda op: op.name)
@given(data=st.data())
def test_bound_of_the_central_difference_holds(op: Op, data: st.DataObject) -> None:
    """The true derivative, known to 50 digits, is within the stated bound of the estimate."""
    args = data.draw(arguments(op, margin=0.05, smallest=1e-6, largest=8.0))
    i = next(k for k, domain in enumerate(op.domain) if not domain.whole)  # there is no derivative by an order
    with mp.workdps(DIGITS):
        exact = derivative(precisely(op.name), args, i, 0.05)
    estimate, bound = central_difference(lambda t: op.value(floats, *args[:i], t, *args[i + 1 :]), args[i])
    assert abs(mpf(estimate) - exact) <= bound


@pytest.mark.parametrize("step", [None, 1e-2, 1e-4])
@given(x=MODERATE)
def test_bound_follows_the_step(step: float | None, x: float) -> None:
    """A coarse step is bounded by truncation, a fine one by rounding; the bound covers both."""
    estimate, bound = central_difference(lambda t: math.exp(t) * math.sin(t), x, step)
    assert abs(estimate - math.exp(x) * (math.sin(x) + math.cos(x))) <= bound


@given(x=MODERATE)
def test_extrapolation_is_of_order_four(x: float) -> None:
    """For a polynomial of degree four nothing is truncated: only rounding is left."""
    estimate, _ = central_difference(lambda t: t**4 - 2 * t**3 + t, x, 2.0**-6)
    assert estimate == pytest.approx(4 * x**3 - 6 * x**2 + 1, abs=1e-10)


@given(x=MODERATE, y=MODERATE)
def test_right_gradients_are_accepted_with_what_was_compared(x: float, y: float) -> None:
    """The result holds the engine's gradient, the estimates, their bounds, and the largest distance."""
    result = check_gradient(lambda a, b: a * b + exp(a) * a, x, y)
    assert result.gradient == pytest.approx((y + math.exp(x) * (1 + x), x), rel=1e-12)
    distances = [abs(g - d) for g, d in zip(result.gradient, result.difference, strict=True)]
    assert result.error == max(distances)
    assert all(distance <= bound for distance, bound in zip(distances, result.bound, strict=True))
    assert result.wrong == []


FAULTS: dict[str, Callable[[float], float]] = {
    "sign": lambda p: -p,
    "factor": lambda p: 0.5 * p,
    "part": lambda p: p * (1.0 + 1e-5),
    "nan": lambda p: math.nan,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
@given(x=st.floats(0.5, 2.0))
def test_wrong_partial_is_refused(fault: Callable[[float], float], x: float) -> None:
    """A wrong sign, a lost factor, a hundred-thousandth part too much, and nan."""
    wrong = operation(lambda m, y, a: fault(m.exp(a)))(lambda m, a: m.exp(a))
    with pytest.raises(GradientError, match="gradient of input 0 at"):
        check_gradient(wrong, x)


def test_point_outside_the_domain_is_refused() -> None:
    """Where the function is not finite there is nothing to compare."""
    with pytest.raises(GradientError, match=r"the function is not finite near \[1e-05\]; move the input"):
        check_gradient(lambda x: record("log", [x]), 1e-5)


def test_function_that_ignores_an_input_has_gradient_zero_there() -> None:
    """No difference, no gradient, nothing wrong."""
    assert check_gradient(lambda x, y: x * 2.0, 1.0, 5.0).gradient == (2.0, 0.0)


def test_check_takes_what_a_value_takes() -> None:
    """Ints are numbers."""
    assert check_gradient(lambda x: x * x, 3).gradient == (6.0,)


@pytest.mark.parametrize(("x", "size"), [(0.0, 1.0), (-0.25, 1.0), (1.5, 1.5), (-40.0, 40.0)])
def test_default_step_is_the_fifth_root_of_epsilon_and_grows_with_the_point(x: float, size: float) -> None:
    """The function is asked for one and two steps to either side of ``x``, nowhere else."""
    asked: list[float] = []
    central_difference(lambda t: asked.append(t) or t, x)  # type: ignore[func-returns-value]
    h = EPSILON**0.2 * size
    assert asked == pytest.approx([x - 2 * h, x - h, x + h, x + 2 * h], abs=1e-15 * size)


@pytest.mark.parametrize("step", [None, 2.0**-4, 2.0**-12])
def test_check_makes_the_central_difference_of_that_step(step: float | None) -> None:
    """Estimate and bound of every input are those of ``central_difference`` along it."""
    result = check_gradient(lambda x, y: exp(x) * y, 0.5, 3.0, step=step)
    along = [lambda t: floats.exp(t) * 3.0, lambda t: floats.exp(0.5) * t]
    expected = [central_difference(f, x, step) for f, x in zip(along, (0.5, 3.0), strict=True)]
    assert list(zip(result.difference, result.bound, strict=True)) == expected


def test_branch_that_gives_a_plain_number_is_a_constant() -> None:
    """Near the point, though not at it, the function may give a float: here on the flat side of a smooth joint."""
    result = check_gradient(lambda x: x**3 if x > 0 else 0, 1e-4)
    assert result.gradient == (pytest.approx(3e-8),)


def test_check_takes_numbers_only() -> None:
    """Text is refused in the name of the check."""
    with pytest.raises(TypeError) as caught:
        check_gradient(exp, "1")  # type: ignore[arg-type]
    assert str(caught.value) == "check_gradient takes a real number, got str '1'; use float(text) to convert it"
