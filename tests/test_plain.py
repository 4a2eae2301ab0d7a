"""What a Value refuses to become, and what has no derivative: in words, on numbers, arrays and while recording."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd import CompileError, OperandError, Value, compile
from tests.raised import raised

X, Y = Value(2.0, label="x"), Value(-3.0)
SHOWN = "Value(data=2.0, grad=0.0, label='x')"

ROUNDED: dict[str, Callable[[Any], Any]] = {
    "round": round,
    "math.floor": math.floor,
    "math.ceil": math.ceil,
    "math.trunc": math.trunc,
    "np.rint": np.rint,
}
STEPS: dict[str, Callable[[Any, Any], Any]] = {
    "%": lambda a, b: a % b,
    "//": lambda a, b: a // b,
    "divmod": divmod,
}


@pytest.mark.parametrize("name", ROUNDED)
def test_rounding_is_refused_and_names_the_way_out(name: str) -> None:
    """It has no derivative that anyone wants, and would lose the graph; what is said to do instead can be done."""
    assert raised(TypeError, lambda: ROUNDED[name](X)) == (
        f"{name}() of {SHOWN} would forget how it was made; use {name}(value.data)"
    )
    assert ROUNDED[name](X.data) == 2.0


@pytest.mark.parametrize("use", [lambda x: round(x, 2), lambda x: np.round([x]), lambda x: np.array([x, 1.0]).round()])
def test_rounding_to_digits_and_of_arrays_is_refused(use: Callable[[Any], Any]) -> None:
    """NumPy asks each entry."""
    assert "would forget how it was made; use " in raised(OperandError, lambda: use(X))


@pytest.mark.parametrize("other", [2, 2.0, True, Fraction(1, 2), Y])
@pytest.mark.parametrize("name", STEPS)
def test_whole_steps_are_refused_on_both_sides(name: str, other: Any) -> None:
    """Whatever number is on the other."""
    for a, b in ((X, other), (other, X)):
        said = raised(OperandError, lambda a=a, b=b: STEPS[name](a, b))  # type: ignore[misc]
        assert said.startswith(f"{name} counts whole steps, which have no derivative, got Value(data=")


@pytest.mark.parametrize("other", [2.0, np.float64(2.0), np.int32(2), Y, np.array([1.0, 2.0])])
@pytest.mark.parametrize("name", ["%", "//"])
def test_whole_steps_are_refused_by_every_entry_of_an_array(name: str, other: Any) -> None:
    """NumPy asks each entry."""
    for a, b in ((np.array([X]), other), (other, np.array([X]))):
        said = raised(OperandError, lambda a=a, b=b: STEPS[name](a, b))  # type: ignore[misc]
        assert said.startswith(f"{name} counts whole steps, which have no derivative, got Value(data=")


@pytest.mark.parametrize(("a", "b"), [(7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (-7.5, -2.0), (0.3, 0.1)])
def test_what_is_said_to_be_written_for_a_remainder_is_one(a: float, b: float) -> None:
    """Value and derivative, on each side of zero: of the divisor it is minus the number of whole steps."""

    def remainder(a: Any, b: Any) -> Any:
        return a - b * math.floor(a.data / b.data)

    x, y = Value(a), Value(b)
    z = remainder(x, y)
    z.backward()
    assert z.data == pytest.approx(a % b, abs=1e-15)
    assert (x.grad, y.grad) == (1.0, -math.floor(a / b))


@pytest.mark.parametrize("name", [*STEPS, *ROUNDED, "complex"])
def test_all_of_it_is_refused_while_a_function_is_recorded(name: str) -> None:
    """The number would be that of one call for all calls."""
    use: Any = {**STEPS, **ROUNDED, "complex": complex}[name]
    f = compile((lambda x: use(x, 2.0)) if name in STEPS else lambda x: use(x))
    assert "inside a compiled function would freeze" in raised(CompileError, lambda: f(1.5))


def test_complex_number_is_refused() -> None:
    """Its real part would be a number without a graph."""
    assert raised(TypeError, lambda: complex(X)) == (
        f"complex() of {SHOWN} would forget how it was made; real and imaginary part are two Values, and "
        "complex(value.data) is the number"
    )


def test_comparison_is_that_of_the_numbers_however_large() -> None:
    """Ints above all floats, and between two of them."""
    huge, big = 10**400, 2**53
    assert huge > X and huge >= X and not huge < X and not huge <= X and -huge < X < huge  # noqa: PT018
    assert Value(float(big)) < big + 1 and not Value(float(big)) >= big + 1  # noqa: PT018
    assert Fraction(5, 2) > X and np.float32(2.5) > X and np.int64(2) >= X and X > True  # noqa: PT018
    for other in ("a", None, 1j, Decimal(1)):
        with pytest.raises(TypeError, match="not supported between"):
            assert other > X
