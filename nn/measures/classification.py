"""What a wrong class costs: cross-entropies, and the hinge loss."""

from __future__ import annotations

from typing import Any, overload

from autograd import Value
from autograd.convert import describe
from autograd.functions import dot, log, log1p, logsumexp, mul_no_nan, relu, softplus, sum
from nn.measures.outputs import Either, Mixed, Numbers, Reduce, Values, each, is_sequence
from nn.measures.targets import SIGNS, UNIT_INTERVAL

__all__ = ["binary_cross_entropy", "binary_cross_entropy_with_logits", "hinge", "softmax_cross_entropy"]


@overload
def binary_cross_entropy(probability: Numbers, target: Numbers, reduce: Reduce = ...) -> float: ...
@overload
def binary_cross_entropy(probability: Values, target: Either, reduce: Reduce = ...) -> Value: ...
@overload
def binary_cross_entropy(probability: Numbers, target: Values, reduce: Reduce = ...) -> Value: ...
@overload
def binary_cross_entropy(probability: Numbers | Mixed, target: Either, reduce: Reduce = ...) -> Value | float: ...
def binary_cross_entropy(probability: Any, target: Any, reduce: Reduce = "sum") -> Any:
    """``-t log p - (1 - t) log(1 - p)``, the cross-entropy of document 002.

    Parameters
    ----------
    probability : Value or float, or a sequence of them
        In (0, 1), as ``sigmoid`` gives it. At 0 and 1 the loss is infinite if the target is the other end, else 0.
    target : float, or a sequence of them
        In [0, 1]; 0 or 1 for a class.
    reduce : {"sum", "mean"}
        How the costs of several outputs are put together.

    Returns
    -------
    Value or float
        With derivative ``(p - t) / (p (1 - p))``. That is not the ``p - t`` of document 002, which is the derivative
        with respect to the logit, ``p`` being its sigmoid.
    """

    def cost(p: Any, t: Any) -> Any:
        UNIT_INTERVAL.check(t)
        return -(mul_no_nan(t, log(p)) + mul_no_nan(1.0 - t, log1p(-p)))

    return each(cost, probability, target, reduce)


@overload
def binary_cross_entropy_with_logits(logit: Numbers, target: Numbers, reduce: Reduce = ...) -> float: ...
@overload
def binary_cross_entropy_with_logits(logit: Values, target: Either, reduce: Reduce = ...) -> Value: ...
@overload
def binary_cross_entropy_with_logits(logit: Numbers, target: Values, reduce: Reduce = ...) -> Value: ...
@overload
def binary_cross_entropy_with_logits(logit: Numbers | Mixed, target: Either, reduce: Reduce = ...) -> Value | float: ...
def binary_cross_entropy_with_logits(logit: Any, target: Any, reduce: Reduce = "sum") -> Any:
    """Cross-entropy of ``sigmoid(logit)``, right where the sigmoid itself is 0 or 1 within rounding.

    Parameters
    ----------
    logit : Value or float, or a sequence of them
        Any real number, as a linear last layer gives it; above 0 means class 1.
    target : float, or a sequence of them
        In [0, 1].
    reduce : {"sum", "mean"}
        How the costs of several outputs are put together.

    Returns
    -------
    Value or float
        ``t softplus(-z) + (1 - t) softplus(z)``, with derivative ``sigmoid(z) - t``.
    """

    def cost(z: Any, t: Any) -> Any:
        UNIT_INTERVAL.check(t)
        return t * softplus(-z) + (1.0 - t) * softplus(z)

    return each(cost, logit, target, reduce)


@overload
def softmax_cross_entropy(logits: Numbers, target: Numbers) -> float: ...
@overload
def softmax_cross_entropy(logits: Values, target: Either) -> Value: ...
@overload
def softmax_cross_entropy(logits: Numbers, target: Values) -> Value: ...
@overload
def softmax_cross_entropy(logits: Numbers | Mixed, target: Either) -> Value | float: ...
def softmax_cross_entropy(logits: Any, target: Any) -> Any:
    """``-log softmax(logits)`` at the target class, the loss of document 004.

    Parameters
    ----------
    logits : sequence of Value or float
        One for each class, as a linear last layer gives them.
    target : int, or a sequence of float
        The class, from 0; or the probability of each class (one-hot for a certain one).

    Returns
    -------
    Value or float
        ``log Σ exp(zⱼ) - z_target``, without overflow, with derivative ``softmax(z)ⱼ - 1[j = target]``.
    """
    if not is_sequence(logits):
        raise TypeError(
            f"softmax_cross_entropy takes a sequence of logits, one for each class, got {describe(logits)}; "
            "a single output goes with binary_cross_entropy_with_logits"
        )
    if is_sequence(target):
        if len(target) != len(logits):
            raise ValueError(
                f"softmax_cross_entropy takes a target for each of {len(logits)} logits, got {len(target)}"
            )
        return sum(target) * logsumexp(logits) - dot(target, logits)
    if not (0 <= target < len(logits) and target == int(target)):
        raise ValueError(f"a target of {len(logits)} classes is an int from 0 to {len(logits) - 1}, got {target!r}")
    return logsumexp(logits) - logits[int(target)]


@overload
def hinge(score: Numbers, target: Numbers, reduce: Reduce = ...) -> float: ...
@overload
def hinge(score: Values, target: Either, reduce: Reduce = ...) -> Value: ...
@overload
def hinge(score: Numbers, target: Values, reduce: Reduce = ...) -> Value: ...
@overload
def hinge(score: Numbers | Mixed, target: Either, reduce: Reduce = ...) -> Value | float: ...
def hinge(score: Any, target: Any, reduce: Reduce = "sum") -> Any:
    """``relu(1 - target * score)``, the loss of micrograd's demo.

    Parameters
    ----------
    score : Value or float, or a sequence of them
        Its sign is the class.
    target : float, or a sequence of them
        -1 or 1.
    reduce : {"sum", "mean"}
        How the costs of several outputs are put together.

    References
    ----------
    Cortes and Vapnik, "Support-vector networks", Machine Learning 20 (1995).
    """

    def cost(s: Any, t: Any) -> Any:
        SIGNS.check(t)
        return relu(1.0 - t * s)

    return each(cost, score, target, reduce)
