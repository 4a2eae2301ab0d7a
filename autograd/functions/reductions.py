"""Functions of any number of operands; each is one node, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, overload

from autograd import ops
from autograd.convert import describe
from autograd.errors import OperandError
from autograd.functions.elementary import exp
from autograd.value import Value, apply_many

# sum is imported by name: a star would replace the builtin.
__all__ = ["dot", "logsumexp", "mean", "norm", "prod", "softmax"]

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    # An array may be iterated over as anything, so one of Values is looked at before numbers, one of numbers before
    # Values. An empty list is one of numbers, and that is what it gives.
    Objects = NDArray[np.object_]
    Numbers = NDArray[np.floating[Any] | np.integer[Any] | np.bool_] | Iterable[float]

Scalars = Iterable[Value | float]


@overload
def sum(xs: Objects) -> Value: ...
@overload
def sum(xs: Numbers) -> float: ...
@overload
def sum(xs: Iterable[Value]) -> Value: ...
@overload
def sum(xs: Scalars) -> Value | float: ...
def sum(xs: Scalars) -> Value | float:
    """Sum of any number of operands; 0.0 for none."""
    return apply_many(ops.sum, _numbers(xs, "sum"))


@overload
def prod(xs: Objects) -> Value: ...
@overload
def prod(xs: Numbers) -> float: ...
@overload
def prod(xs: Iterable[Value]) -> Value: ...
@overload
def prod(xs: Scalars) -> Value | float: ...
def prod(xs: Scalars) -> Value | float:
    """Product of any number of operands; 1.0 for none.

    Each derivative is the product of the other operands, multiplied out and never divided, so zeros are no trouble.
    """
    return apply_many(ops.prod, _numbers(xs, "prod"))


@overload
def dot(xs: Objects, ys: Scalars) -> Value: ...
@overload
def dot(xs: Numbers, ys: Objects) -> Value: ...
@overload
def dot(xs: Numbers, ys: Numbers) -> float: ...
@overload
def dot(xs: Iterable[Value], ys: Scalars) -> Value: ...
@overload
def dot(xs: Numbers, ys: Iterable[Value]) -> Value: ...
@overload
def dot(xs: Scalars, ys: Scalars) -> Value | float: ...
def dot(xs: Scalars, ys: Scalars) -> Value | float:
    """Sum of products ``x₀y₀ + x₁y₁ + …``, one node.

    Parameters
    ----------
    xs, ys : iterables of Value or float
        Of the same length; for two empty ones the result is 0.0.

    Raises
    ------
    ValueError
        If the lengths differ.
    """
    xs, ys = _numbers(xs, "dot"), _numbers(ys, "dot")
    if len(xs) != len(ys):
        raise ValueError(f"dot takes two sequences of the same length, got {len(xs)} and {len(ys)} numbers")
    return apply_many(ops.dot, xs + ys)


@overload
def mean(xs: Objects) -> Value: ...
@overload
def mean(xs: Numbers) -> float: ...
@overload
def mean(xs: Iterable[Value]) -> Value: ...
@overload
def mean(xs: Scalars) -> Value | float: ...
def mean(xs: Scalars) -> Value | float:
    """Arithmetic mean of one or more operands."""
    xs = _some(xs, "mean")
    return sum(xs) / len(xs)


@overload
def norm(xs: Objects) -> Value: ...
@overload
def norm(xs: Numbers) -> float: ...
@overload
def norm(xs: Iterable[Value]) -> Value: ...
@overload
def norm(xs: Scalars) -> Value | float: ...
def norm(xs: Scalars) -> Value | float:
    """Euclidean length ``sqrt(x₀² + x₁² + …)`` without needless overflow; its derivatives are 0 at the origin."""
    return apply_many(ops.norm, _numbers(xs, "norm"))


@overload
def logsumexp(xs: Objects) -> Value: ...
@overload
def logsumexp(xs: Numbers) -> float: ...
@overload
def logsumexp(xs: Iterable[Value]) -> Value: ...
@overload
def logsumexp(xs: Scalars) -> Value | float: ...
def logsumexp(xs: Scalars) -> Value | float:
    """``log(exp(x₀) + exp(x₁) + …)`` without overflow; its derivatives are the softmax.

    Notes
    -----
    The derivatives ``exp(xᵢ - y)`` have the rounding of the result ``y`` in them, ``|y|`` units in the last place:
    nothing for logits of a usual size, all digits at 1e16, as in PyTorch. :func:`softmax` divides it out.

    Raises
    ------
    ValueError
        If there are no operands: the logarithm of an empty sum is -inf, which is nobody's intention.
    """
    return apply_many(ops.logsumexp, _some(xs, "logsumexp"))


@overload
def softmax(xs: Objects) -> list[Value]: ...
@overload
def softmax(xs: Numbers) -> list[float]: ...
@overload
def softmax(xs: Iterable[Value]) -> list[Value]: ...
@overload
def softmax(xs: Scalars) -> list[Value | float]: ...
def softmax(xs: Scalars) -> list[Any]:
    """``exp(xᵢ) / Σ exp(xⱼ)`` for each operand, without overflow: positive numbers that sum to 1."""
    xs = _some(xs, "softmax")
    largest = logsumexp(xs)
    terms = [exp(x - largest) for x in xs]
    total = sum(terms)  # 1, but for the rounding of a large logsumexp
    return [term / total for term in terms]


def _numbers(xs: Scalars, name: str) -> tuple[Value | float, ...]:
    try:
        return tuple(xs)
    except TypeError:
        if hasattr(xs, "__iter__") and getattr(xs, "ndim", None) != 0:  # it is its own error, in the middle
            raise
        raise OperandError(
            f"{name} takes a sequence of numbers, got {describe(xs)}; for instance {name}([x, y])"
        ) from None


def _some(xs: Scalars, name: str) -> tuple[Value | float, ...]:
    xs = _numbers(xs, name)
    if not xs:
        raise ValueError(f"{name} takes at least one number, got none")
    return xs
