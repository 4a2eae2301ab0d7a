"""Arithmetic as functions, for code that passes operations around; ``+ - * / ** abs`` are the same."""

from __future__ import annotations

from typing import overload

from autograd import ops
from autograd.value import Scalar, Value, apply_binary, apply_unary

# abs and pow are imported by name: a star would replace the builtins.
__all__ = ["add", "div", "mul", "neg", "square", "sub"]


@overload
def add(x: float, y: float) -> float: ...
@overload
def add(x: Value, y: Value | float) -> Value: ...
@overload
def add(x: float, y: Value) -> Value: ...
def add(x: Value | float, y: Value | float) -> Value | float:
    """``x + y``."""
    return apply_binary(ops.add, x, y)


@overload
def sub(x: float, y: float) -> float: ...
@overload
def sub(x: Value, y: Value | float) -> Value: ...
@overload
def sub(x: float, y: Value) -> Value: ...
def sub(x: Value | float, y: Value | float) -> Value | float:
    """``x - y``."""
    return apply_binary(ops.sub, x, y)


@overload
def mul(x: float, y: float) -> float: ...
@overload
def mul(x: Value, y: Value | float) -> Value: ...
@overload
def mul(x: float, y: Value) -> Value: ...
def mul(x: Value | float, y: Value | float) -> Value | float:
    """``x * y``."""
    return apply_binary(ops.mul, x, y)


@overload
def div(x: float, y: float) -> float: ...
@overload
def div(x: Value, y: Value | float) -> Value: ...
@overload
def div(x: float, y: Value) -> Value: ...
def div(x: Value | float, y: Value | float) -> Value | float:
    """``x / y``; infinite or nan at ``y = 0``, as in IEEE 754, with derivatives ``1 / y`` and ``-(x / y) / y``.

    Notes
    -----
    The second derivative is not written ``-x / y**2``, whose square overflows and underflows first.
    """
    return apply_binary(ops.div, x, y)


def neg(x: Scalar) -> Scalar:
    """``-x``."""
    return apply_unary(ops.neg, x)


@overload
def pow(x: float, y: float) -> float: ...
@overload
def pow(x: Value, y: Value | float) -> Value: ...
@overload
def pow(x: float, y: Value) -> Value: ...
def pow(x: Value | float, y: Value | float) -> Value | float:
    """``x ** y``, never complex: nan for a negative base and a fractional exponent.

    Notes
    -----
    ``x ** 0`` is 1 for every ``x``, nan included, with derivative 0. Integral floats count as integers. At ``x = 0``
    the derivative with respect to ``y`` is 0 for ``y >= 0`` and -inf below; at ``x < 0`` it is nan.

    References
    ----------
    C99 Annex F.9.4.4 for the special values.
    """
    return apply_binary(ops.pow, x, y)


def abs(x: Scalar) -> Scalar:
    """Absolute value; at the kink 0 its derivative is 0, the subgradient of least norm."""
    return apply_unary(ops.abs, x)


def square(x: Scalar) -> Scalar:
    """``x * x``, one operation."""
    return apply_unary(ops.square, x)
