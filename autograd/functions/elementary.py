"""Exponentials, logarithms, roots, and the error function."""

from __future__ import annotations

from typing import overload

from autograd import ops
from autograd.value import Scalar, Value, apply_binary, apply_unary

__all__ = ["erf", "erfc", "exp", "expm1", "hypot", "log", "log1p", "log2", "log10", "sqrt"]


def exp(x: Scalar) -> Scalar:
    """Exponential ``e ** x``.

    Parameters
    ----------
    x : Value or float
        Any real number. Above 709.78 the result is inf.

    Returns
    -------
    Value or float
        ``e ** x``, which is its own derivative.

    References
    ----------
    NIST DLMF 4.2(iii).
    """
    return apply_unary(ops.exp, x)


def expm1(x: Scalar) -> Scalar:
    """``exp(x) - 1`` without cancellation near 0; derivative ``exp(x)``."""
    return apply_unary(ops.expm1, x)


def log(x: Scalar) -> Scalar:
    """Natural logarithm, base e.

    Parameters
    ----------
    x : Value or float
        ``x > 0``.

    Returns
    -------
    Value or float
        ``ln x``, with derivative ``1 / x``; -inf at 0, and nan with derivative nan below.

    References
    ----------
    NIST DLMF 4.2, 4.7.
    """
    return apply_unary(ops.log, x)


def log1p(x: Scalar) -> Scalar:
    """``ln(1 + x)`` without cancellation near 0, for ``x > -1``; derivative ``1 / (1 + x)``."""
    return apply_unary(ops.log1p, x)


def log2(x: Scalar) -> Scalar:
    """Logarithm, base 2, for ``x > 0``; derivative ``1 / (x ln 2)``."""
    return apply_unary(ops.log2, x)


def log10(x: Scalar) -> Scalar:
    """Logarithm, base 10, for ``x > 0``; derivative ``1 / (x ln 10)``."""
    return apply_unary(ops.log10, x)


def sqrt(x: Scalar) -> Scalar:
    """Square root, for ``x >= 0``, nan below; derivative ``1 / (2 sqrt x)``, inf at 0."""
    return apply_unary(ops.sqrt, x)


@overload
def hypot(x: float, y: float) -> float: ...
@overload
def hypot(x: Value, y: Value | float) -> Value: ...
@overload
def hypot(x: float, y: Value) -> Value: ...
def hypot(x: Value | float, y: Value | float) -> Value | float:
    """``sqrt(x*x + y*y)`` without needless overflow; both derivatives are 0 at the kink ``(0, 0)``."""
    return apply_binary(ops.hypot, x, y)


def erf(x: Scalar) -> Scalar:
    """Error function; derivative ``2 / sqrt(pi) * exp(-x*x)``.

    References
    ----------
    NIST DLMF 7.2(i).
    """
    return apply_unary(ops.erf, x)


def erfc(x: Scalar) -> Scalar:
    """Complementary error function ``1 - erf(x)`` without cancellation for large ``x``.

    References
    ----------
    NIST DLMF 7.2(i).
    """
    return apply_unary(ops.erfc, x)
