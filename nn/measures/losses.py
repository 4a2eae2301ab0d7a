"""What a prediction costs: scalar code for one example, Values in, Value out; floats in, float out.

Every loss takes the prediction first and the target second. Where a model has several outputs both are sequences of
the same length, and ``reduce`` says whether their costs are added or averaged. What becomes of many examples is said
where they are: ``fit(..., reduce="mean")``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograd import Value
from autograd.convert import describe
from autograd.functions import dot, log, log1p, logsumexp, mean, mul_no_nan, relu, softplus, square, sum
from nn.checks import as_function, find

__all__ = [
    "LOSSES",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "half_squared_error",
    "hinge",
    "mean_squared_error",
    "softmax_cross_entropy",
    "squared_error",
]

Loss = Callable[[Any, Any], Any]
LossName = Literal[
    "squared_error",
    "half_squared_error",
    "mean_squared_error",
    "mse",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "softmax_cross_entropy",
    "hinge",
]
Reduce = Literal["sum", "mean"]
REDUCTIONS: dict[Reduce, Callable[[list[Any]], Any]] = {"sum": sum, "mean": mean}


@dataclass(frozen=True)
class _Targets:
    """Which targets a loss takes: a rule in words and in code, for one number or an array of them."""

    rule: str
    allowed: Callable[[Any], Any]
    advice: str

    def check(self, target: Any) -> None:
        if isinstance(target, Value):
            return
        allowed = self.allowed(target)
        if allowed is not True and not np.all(allowed):
            wrong = np.asarray(target)[~np.asarray(allowed)].flat[0]
            raise ValueError(f"this loss takes targets {self.rule}, got {wrong:g}; {self.advice}")


_SIGNS = _Targets("-1 and 1", lambda t: (t == -1.0) | (t == 1.0), "from 0 and 1 they are 2 * y - 1")
_UNIT_INTERVAL = _Targets("from 0 to 1", lambda t: (t >= 0.0) & (t <= 1.0), "from -1 and 1 they are (y + 1) / 2")


def squared_error(prediction: Any, target: Any, reduce: Reduce = "sum") -> Any:
    """``(prediction - target)**2``, the error of document 001.

    Parameters
    ----------
    prediction, target : Value or float, or sequences of them
    reduce : {"sum", "mean"}
        How the costs of several outputs are put together.

    Returns
    -------
    Value or float
        With derivative ``2 (prediction - target)``.
    """
    return _each(lambda p, t: square(p - t), prediction, target, reduce)


def half_squared_error(prediction: Any, target: Any, reduce: Reduce = "sum") -> Any:
    """``(prediction - target)**2 / 2``, the cost of documents 000 and 003; derivative ``prediction - target``."""
    return 0.5 * squared_error(prediction, target, reduce)


def mean_squared_error(prediction: Any, target: Any) -> Any:
    """The mean of ``(prediction - target)**2`` over the outputs."""
    return squared_error(prediction, target, "mean")


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
        _UNIT_INTERVAL.check(t)
        return -(mul_no_nan(t, log(p)) + mul_no_nan(1.0 - t, log1p(-p)))

    return _each(cost, probability, target, reduce)


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
        _UNIT_INTERVAL.check(t)
        return t * softplus(-z) + (1.0 - t) * softplus(z)

    return _each(cost, logit, target, reduce)


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
        _SIGNS.check(t)
        return relu(1.0 - t * s)

    return _each(cost, score, target, reduce)


LOSSES: dict[LossName, Loss] = {
    "squared_error": squared_error,
    "half_squared_error": half_squared_error,
    "mean_squared_error": mean_squared_error,
    "mse": mean_squared_error,
    "binary_cross_entropy": binary_cross_entropy,
    "binary_cross_entropy_with_logits": binary_cross_entropy_with_logits,
    "softmax_cross_entropy": softmax_cross_entropy,
    "hinge": hinge,
}


_TARGETS: dict[Loss, _Targets] = {
    hinge: _SIGNS,
    binary_cross_entropy: _UNIT_INTERVAL,
    binary_cross_entropy_with_logits: _UNIT_INTERVAL,
}


def check_targets(loss: Loss, y: Any) -> None:
    """Refuse an array of targets that ``loss`` would refuse one by one, where it is not called one by one."""
    if loss in _TARGETS:
        _TARGETS[loss].check(y)


def as_loss(loss: Any) -> Loss:
    """The loss meant by a name or a function."""
    if isinstance(loss, str):
        return find(LOSSES, loss, "loss")
    return as_function(loss, "loss", "a name or a function of (prediction, target)")  # type: ignore[no-any-return]


def _each(cost: Loss, prediction: Any, target: Any, reduce: str) -> Any:
    """``cost`` of the one output, or of each of several, put together."""
    put_together = find(REDUCTIONS, reduce, "reduce")
    several = is_sequence(prediction)
    if several != is_sequence(target) or (several and len(prediction) != len(target)):
        sizes = [f"{len(x)} numbers" if is_sequence(x) else "a single number" for x in (prediction, target)]
        raise ValueError(f"a loss compares as many predictions as targets, got {sizes[0]} and {sizes[1]}")
    if not several:
        return cost(prediction, target)
    return put_together([cost(p, t) for p, t in zip(prediction, target, strict=True)])


def is_sequence(x: Any) -> bool:
    return isinstance(x, (list, tuple)) or getattr(x, "ndim", 0) == 1
