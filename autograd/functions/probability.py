"""Of the gamma function and the normal distribution: what likelihoods are made of."""

from __future__ import annotations

from typing import Any, overload

from autograd import ops
from autograd.convert import as_float
from autograd.errors import OperandError
from autograd.op import ORDER, Op
from autograd.value import Scalar, Value, apply_binary, apply_unary

__all__ = ["digamma", "lgamma", "log_ndtr", "mills", "ndtr", "polygamma"]


def lgamma(x: Scalar) -> Scalar:
    """Natural logarithm of the absolute value of the gamma function.

    Parameters
    ----------
    x : Value or float
        Any real number; ``lgamma(n + 1)`` is ``log(n!)``.

    Returns
    -------
    Value or float
        ``log |Γ(x)|``, inf at the poles 0, -1, -2, ..., with derivative ``digamma(x)``.

    References
    ----------
    NIST DLMF 5.2, 5.4.
    """
    return apply_unary(ops.lgamma, x)


def digamma(x: Scalar) -> Scalar:
    """The derivative of :func:`lgamma`; its own derivative is ``polygamma(1, x)``.

    Infinite at 0, with the sign that a limit from the side of that zero has; nan at -1, -2, ..., where it has none.

    References
    ----------
    NIST DLMF 5.2.2, 5.5, 5.11.
    """
    return apply_unary(ops.digamma, x)


@overload
def polygamma(n: float, x: float) -> float: ...
@overload
def polygamma(n: Value, x: Value | float) -> Value: ...
@overload
def polygamma(n: float, x: Value) -> Value: ...
def polygamma(n: Value | float, x: Value | float) -> Value | float:
    """The derivative of order ``n`` of :func:`digamma`; its own derivative is ``polygamma(n + 1, x)``.

    Parameters
    ----------
    n : int
        The order, 0 to 100. There is no derivative with respect to it: of a Value it is nan.
    x : Value or float
        Any real number; inf or nan at the poles 0, -1, -2, ...

    Examples
    --------
    >>> round(polygamma(1, 1.0), 12)  # π²/6
    1.644934066848

    References
    ----------
    NIST DLMF 5.15.
    """
    return apply_binary(ops.polygamma, _order(ops.polygamma, n), x)


def ndtr(x: Scalar) -> Scalar:
    """The standard normal distribution function ``Φ(x)``: how likely a standard normal number is below ``x``.

    Named as in SciPy. Its derivative is the density ``exp(-x*x/2) / sqrt(2 pi)``. The lower tail keeps its digits.

    References
    ----------
    NIST DLMF 7.18.
    """
    return apply_unary(ops.ndtr, x)


def log_ndtr(x: Scalar) -> Scalar:
    """``log(ndtr(x))``, exact also where ``ndtr(x)`` underflows; derivative ``1 / mills(0, -x)``.

    Notes
    -----
    Derivatives are quotients of :func:`mills`, in which nothing cancels far out: the first two are right to the last
    digits anywhere.
    """
    return apply_unary(ops.log_ndtr, x)


@overload
def mills(n: float, x: float) -> float: ...
@overload
def mills(n: Value, x: Value | float) -> Value: ...
@overload
def mills(n: float, x: Value) -> Value: ...
def mills(n: Value | float, x: Value | float) -> Value | float:
    """Mills' ratio ``(1 - Φ(x)) / φ(x)`` of the normal distribution, and ``(-1)ⁿ`` times its derivative of order n.

    Parameters
    ----------
    n : int
        The order, 0 to 100. There is no derivative with respect to it: of a Value it is nan.
    x : Value or float
        Any real number; about ``1 / x`` for large ones, inf from -38 down.

    Returns
    -------
    Value or float
        ``∫ sⁿ exp(-s x - s²/2) ds`` from 0 to infinity, with derivative ``-mills(n + 1, x)``.

    References
    ----------
    NIST DLMF 7.8, 7.9.2, 7.18.
    """
    return apply_binary(ops.mills, _order(ops.mills, n), x)


def _order(op: Op, n: Any) -> Any:
    """An order that can be one, as far as it is known."""
    if isinstance(n, Value):
        return n
    order = as_float(n, f"{op.name} takes as its order")
    if order not in ORDER:
        raise OperandError(f"{op.name} takes an order that is a whole number from 0 to 100, got {n!r}; give an int")
    return order
