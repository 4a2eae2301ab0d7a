"""Functions of any number of operands; each is one node, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd import ops
from autograd.convert import describe
from autograd.errors import OperandError
from autograd.functions.elementary import exp
from autograd.value import Value, apply_many

# sum is imported by name: a star would replace the builtin.
__all__ = ["dot", "logsumexp", "mean", "norm", "prod", "softmax"]

Scalars = Iterable[Value | float]


def sum(xs: Scalars) -> Any:
    """Sum of any number of operands; 0.0 for none."""
    return apply_many(ops.sum, _numbers(xs, "sum"))


def prod(xs: Scalars) -> Any:
    """Product of any number of operands; 1.0 for none.

    Each derivative is the product of the other operands, multiplied out and never divided, so zeros are no trouble.
    """
    return apply_many(ops.prod, _numbers(xs, "prod"))


def dot(xs: Scalars, ys: Scalars) -> Any:
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


def mean(xs: Scalars) -> Any:
    """Arithmetic mean of one or more operands."""
    xs = _some(xs, "mean")
    return sum(xs) / len(xs)


def norm(xs: Scalars) -> Any:
    """Euclidean length ``sqrt(x₀² + x₁² + …)`` without needless overflow; its derivatives are 0 at the origin."""
    return apply_many(ops.norm, _numbers(xs, "norm"))


def logsumexp(xs: Scalars) -> Any:
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
