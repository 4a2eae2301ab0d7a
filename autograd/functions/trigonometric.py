"""Trigonometric and hyperbolic functions and their inverses; angles in radians."""

from __future__ import annotations

from typing import overload

from autograd import ops
from autograd.value import Scalar, Value, apply_binary, apply_unary

__all__ = ["acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cos", "cosh", "sin", "sinh", "tan", "tanh"]


def sin(x: Scalar) -> Scalar:
    """Sine of ``x`` radians; nan at infinity."""
    return apply_unary(ops.sin, x)


def cos(x: Scalar) -> Scalar:
    """Cosine of ``x`` radians; nan at infinity."""
    return apply_unary(ops.cos, x)


def tan(x: Scalar) -> Scalar:
    """Tangent of ``x`` radians; derivative ``1 + tan(x)**2``."""
    return apply_unary(ops.tan, x)


def asin(x: Scalar) -> Scalar:
    """Inverse sine in radians, for ``-1 <= x <= 1``, nan outside; derivative ``1 / sqrt(1 - x*x)``, inf at the ends."""
    return apply_unary(ops.asin, x)


def acos(x: Scalar) -> Scalar:
    """Inverse cosine in radians, for ``-1 <= x <= 1``, nan outside; derivative ``-1 / sqrt(1 - x*x)``."""
    return apply_unary(ops.acos, x)


def atan(x: Scalar) -> Scalar:
    """Inverse tangent in radians; derivative ``1 / (1 + x*x)``."""
    return apply_unary(ops.atan, x)


@overload
def atan2(y: float, x: float) -> float: ...
@overload
def atan2(y: Value, x: Value | float) -> Value: ...
@overload
def atan2(y: float, x: Value) -> Value: ...
def atan2(y: Value | float, x: Value | float) -> Value | float:
    """Angle of the point ``(x, y)`` in radians, in ``[-pi, pi]``; its derivatives are nan at the origin."""
    return apply_binary(ops.atan2, y, x)


def sinh(x: Scalar) -> Scalar:
    """Hyperbolic sine; derivative ``cosh(x)``."""
    return apply_unary(ops.sinh, x)


def cosh(x: Scalar) -> Scalar:
    """Hyperbolic cosine; derivative ``sinh(x)``."""
    return apply_unary(ops.cosh, x)


def tanh(x: Scalar) -> Scalar:
    """Hyperbolic tangent; derivative ``1 - tanh(x)**2``.

    Right at any size of ``x``, where the quotient of exponentials is nan from 710 on. The derivative is right to one
    unit in the last place of 1, as far as ``tanh(x)`` itself tells it: where that is nearly 1, to fewer of its own.
    """
    return apply_unary(ops.tanh, x)


def asinh(x: Scalar) -> Scalar:
    """Inverse hyperbolic sine; derivative ``1 / sqrt(1 + x*x)``."""
    return apply_unary(ops.asinh, x)


def acosh(x: Scalar) -> Scalar:
    """Inverse hyperbolic cosine, for ``x >= 1``, nan below; derivative ``1 / sqrt(x*x - 1)``, inf at 1."""
    return apply_unary(ops.acosh, x)


def atanh(x: Scalar) -> Scalar:
    """Inverse hyperbolic tangent, for ``-1 < x < 1``, infinite there, nan outside; derivative ``1 / (1 - x*x)``."""
    return apply_unary(ops.atanh, x)
