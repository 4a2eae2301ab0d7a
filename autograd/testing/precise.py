"""Fifty digits and more for a function that is generic in its numbers.

:class:`Precise` has the operators of Python and the methods that NumPy's functions look for, and nothing that would let
digits go: no ``float()``, no ``round``, no remainder. A function that runs on it has been computed to 150 digits all
the way, and so has its difference quotient; one that does not, raises.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from mpmath import MPContext

from autograd.testing.estimates import Estimate

__all__ = ["Precise", "pace", "precise_slope"]

DIGITS = 150

_mp: Any = MPContext()  # of its own: nobody else's precision changes
_mp.dps = DIGITS

# The step, as a part of the number: a third of the digits is lost to the subtraction, 50 are right with room to spare.
STEP = _mp.mpf(10) ** -45

# The same for second and third derivatives, to which more digits are lost.
WIDE_STEP = _mp.mpf(10) ** -25

# What the digits of a value may be off by, in units of the last.
ROUNDINGS = 100

# A kink shows as slopes from left and right that differ by more than a step this small can explain.
JUMP = _mp.mpf(10) ** -20


class Precise:
    """A real number of 150 digits."""

    __slots__ = ("number",)
    number: Any

    def __init__(self, x: Any) -> None:
        if isinstance(x, Precise):
            self.number = x.number
        elif isinstance(x, float | int | np.floating | np.integer):
            self.number = _mp.mpf(int(x) if isinstance(x, int | np.integer) else float(x))
        elif hasattr(x, "_mpf_"):  # of any context of mpmath
            self.number = _mp.make_mpf(x._mpf_)
        else:
            raise TypeError(f"not a real number of {type(x).__name__}")

    def __bool__(self) -> bool:
        return bool(self.number)

    def __hash__(self) -> int:
        return hash(self.number)

    def __neg__(self) -> Precise:
        return Precise(-self.number)

    def __pos__(self) -> Precise:
        return self

    def __abs__(self) -> Precise:
        return Precise(abs(self.number))

    fabs = __abs__

    def conjugate(self) -> Precise:
        """The number itself, for it is real."""
        return self


def _operator(name: str) -> Callable[[Precise, Any], Any]:
    def apply(self: Precise, other: Any) -> Any:
        try:
            other = Precise(other)
        except TypeError:
            return NotImplemented
        result = getattr(self.number, name)(other.number)
        return result if isinstance(result, bool) else Precise(result)

    return apply


def _function(f: Callable[..., Any]) -> Callable[..., Precise]:
    return lambda *args: Precise(f(*(Precise(x).number for x in args)))


for _name in ("add", "sub", "mul", "truediv", "pow"):
    setattr(Precise, f"__{_name}__", _operator(f"__{_name}__"))
    setattr(Precise, f"__r{_name}__", _operator(f"__r{_name}__"))
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Precise, f"__{_name}__", _operator(f"__{_name}__"))

# NumPy calls these methods of the entries of an object array.
for _name, _mine in {
    "exp": "exp", "expm1": "expm1", "log": "log", "log1p": "log1p", "log10": "log10", "sqrt": "sqrt", "cbrt": "cbrt",
    "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "hypot": "hypot",
}.items():  # fmt: skip
    setattr(Precise, _name, _function(getattr(_mp, _mine)))
Precise.log2 = _function(lambda x: _mp.log(x) / _mp.log(2))  # type: ignore[attr-defined]
Precise.exp2 = _function(lambda x: _mp.mpf(2) ** x)  # type: ignore[attr-defined]


def precise_slope(f: Callable[[Sequence[Any]], Any], numbers: Sequence[float], k: int) -> Estimate | None:
    """Derivative by entry ``k``, right to more digits than a float has; None where ``f`` does not take such numbers.

    Notes
    -----
    At a kink the slopes from left and right differ, and the bound reaches from one to the other.
    """
    step = STEP * _size(numbers[k])
    values = _beside(f, numbers, k, step)
    if values is None:
        return None
    far_left, left, here, right, far_right = values
    near, far = (right - left) / (2 * step), (far_right - far_left) / (4 * step)
    jump = abs(right - 2 * here + left) / step
    rounding = _mp.eps * max(map(abs, values)) / step
    bound = abs(near - far) + ROUNDINGS * rounding + (jump if jump > JUMP * max(abs(near), _mp.mpf(1)) else 0)
    if not (_mp.isfinite(near) and _mp.isfinite(bound)):
        return None
    value = float(near)
    return Estimate(value, float(bound) + math.ulp(value) / 2, abs(value))


def pace(f: Callable[[Sequence[Any]], Any], numbers: Sequence[float], k: int) -> float:
    """How fast the derivative by entry ``k`` changes, as a part of itself for a unit of ``numbers[k]``.

    The lesser of what the second derivative says of the first and the third of the second: where a function is level
    but bent, as at its minimum, the first has no size that could change.
    """
    step = WIDE_STEP * _size(numbers[k])
    values = _beside(f, numbers, k, step)
    if values is None:
        return 0.0
    far_left, left, here, right, far_right = values
    first = (right - left) / (2 * step)
    second = (right - 2 * here + left) / step**2
    third = (far_right - 2 * right + 2 * left - far_left) / (2 * step**3)
    if not (first and second and _mp.isfinite(first) and _mp.isfinite(third)):
        return 0.0
    return float(min(abs(second / first), abs(third / second)))


def _size(x: float) -> Any:
    """What a step is small beside."""
    return abs(_mp.mpf(x) or _mp.mpf(10) ** -10)


def _beside(f: Callable[[Sequence[Any]], Any], numbers: Sequence[float], k: int, step: Any) -> list[Any] | None:
    """Values two steps and one step to the left, here, and to the right; None where there are none in such numbers."""
    point = [Precise(x) for x in numbers]

    def moved(steps: int) -> Any:
        y = f([*point[:k], Precise(point[k].number + steps * step), *point[k + 1 :]])
        y = y.item() if isinstance(y, np.ndarray) and y.size == 1 else y
        if not isinstance(y, Precise):
            raise TypeError("not generic")
        return y.number

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [moved(steps) for steps in (-2, -1, 0, 1, 2)]
    except Exception:  # whatever it is that such a function cannot do
        return None
