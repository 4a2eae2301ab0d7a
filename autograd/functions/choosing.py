"""Functions that choose between numbers, where an ``if`` would not be recorded."""

from __future__ import annotations

from typing import overload

from autograd import ops
from autograd.value import Scalar, Value, apply_binary, apply_many, apply_unary

__all__ = ["clip", "compare", "maximum", "minimum", "mul_no_nan", "step", "stop_gradient", "where"]


@overload
def maximum(x: float, y: float) -> float: ...
@overload
def maximum(x: Value, y: Value | float) -> Value: ...
@overload
def maximum(x: float, y: Value) -> Value: ...
def maximum(x: Value | float, y: Value | float) -> Value | float:
    """The larger of two numbers; nan if either is. Equal numbers share the derivative, a half each."""
    return apply_binary(ops.maximum, x, y)


@overload
def minimum(x: float, y: float) -> float: ...
@overload
def minimum(x: Value, y: Value | float) -> Value: ...
@overload
def minimum(x: float, y: Value) -> Value: ...
def minimum(x: Value | float, y: Value | float) -> Value | float:
    """The smaller of two numbers; nan if either is. Equal numbers share the derivative, a half each."""
    return apply_binary(ops.minimum, x, y)


@overload
def clip(x: float, low: float, high: float) -> float: ...
@overload
def clip(x: Value, low: Value | float, high: Value | float) -> Value: ...
@overload
def clip(x: float, low: Value, high: Value | float) -> Value: ...
@overload
def clip(x: float, low: float, high: Value) -> Value: ...
def clip(x: Value | float, low: Value | float, high: Value | float) -> Value | float:
    """``x`` held between ``low`` and ``high``; at either end its derivative is 0.

    Notes
    -----
    PyTorch has 1 at the ends and JAX a half. The ends are kinks, one convex, one concave, and the subgradient of
    least norm is 0 at both. Where ``x`` has 0, the end it is held at has 1: the three sum to 1, so that
    ``clip(x, 0, x)`` has the derivative of ``x``. Ends that are equal share it, a half each, if ``x`` is below them;
    otherwise it is that of ``high``, the only subgradient there. Where ``low > high`` the result is ``high``, as in
    NumPy.
    """
    return apply_many(ops.clip, (x, low, high))


@overload
def where(condition: float, x: float, y: float) -> float: ...
@overload
def where(condition: Value, x: Value | float, y: Value | float) -> Value: ...
@overload
def where(condition: float, x: Value, y: Value | float) -> Value: ...
@overload
def where(condition: float, x: float, y: Value) -> Value: ...
def where(condition: Value | float, x: Value | float, y: Value | float) -> Value | float:
    """``x`` where ``condition`` is not zero, else ``y``; the branch not taken has derivative 0, whatever it holds.

    Examples
    --------
    >>> from autograd import Value, sqrt, where
    >>> x = Value(0.0)
    >>> y = where(x > 0, sqrt(x), 0.0)
    >>> y.backward()
    >>> x.grad
    0.0
    """
    return apply_many(ops.where, (condition, x, y))


def step(x: Scalar) -> Scalar:
    """1 above zero, 0 at zero and below, nan at nan; derivative 0."""
    return apply_unary(ops.step, x)


@overload
def compare(x: float, y: float) -> float: ...
@overload
def compare(x: Value, y: Value | float) -> Value: ...
@overload
def compare(x: float, y: Value) -> Value: ...
def compare(x: Value | float, y: Value | float) -> Value | float:
    """1, 0 or -1 as ``x`` is above, equal to or below ``y``; nan if either is; derivative 0."""
    return apply_binary(ops.compare, x, y)


def stop_gradient(x: Scalar) -> Scalar:
    """``x`` itself, held constant: its derivative is 0 by declaration, whatever that of ``x`` is.

    Inside a compiled function it takes the place of ``x.data``, which would freeze one call's number for all.

    Examples
    --------
    >>> from autograd import grad, stop_gradient
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    3.0
    """
    return apply_unary(ops.stop_gradient, x)


@overload
def mul_no_nan(x: float, y: float) -> float: ...
@overload
def mul_no_nan(x: Value, y: Value | float) -> Value: ...
@overload
def mul_no_nan(x: float, y: Value) -> Value: ...
def mul_no_nan(x: Value | float, y: Value | float) -> Value | float:
    """``x * y``, but 0 wherever ``x`` is 0, even if ``y`` is infinite or nan.

    Notes
    -----
    Where ``x`` is 0 and ``y`` infinite or nan, all its derivatives are 0: an adjoint of zero wins to every order. It
    also hides a genuine infinity, that of ``d²/dxdy`` of ``x * sqrt(y)`` at ``x = y = 0`` if ``y`` comes first.
    """
    return apply_binary(ops.mul_no_nan, x, y)
