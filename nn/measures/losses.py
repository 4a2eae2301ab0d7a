"""What a prediction costs: scalar code for one example, Values in, Value out; floats in, float out.

Every loss takes the prediction first and the target second. Where a model has several outputs both are sequences of
the same length, and ``reduce`` says whether their costs are added or averaged. What becomes of many examples is said
where they are: ``fit(..., reduce="mean")``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol, overload

from autograd import Value
from nn.checks import as_function, find
from nn.measures.classification import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    hinge,
    softmax_cross_entropy,
)
from nn.measures.outputs import Either, Mixed, Numbers, Values
from nn.measures.regression import half_squared_error, mean_squared_error, squared_error
from nn.measures.targets import SIGNS, UNIT_INTERVAL, Targets

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


class _OwnLoss(Protocol):
    """What every loss of the table is: a loss of Values is a Value, one of numbers a float."""

    @overload
    def __call__(self, prediction: Numbers, target: Numbers, /) -> float: ...
    @overload
    def __call__(self, prediction: Values, target: Either, /) -> Value: ...
    @overload
    def __call__(self, prediction: Numbers, target: Values, /) -> Value: ...
    @overload
    def __call__(self, prediction: Numbers | Mixed, target: Either, /) -> Value | float: ...


LOSSES: dict[LossName, _OwnLoss] = {
    "squared_error": squared_error,
    "half_squared_error": half_squared_error,
    "mean_squared_error": mean_squared_error,
    "mse": mean_squared_error,
    "binary_cross_entropy": binary_cross_entropy,
    "binary_cross_entropy_with_logits": binary_cross_entropy_with_logits,
    "softmax_cross_entropy": softmax_cross_entropy,
    "hinge": hinge,
}


_TARGETS: dict[Loss, Targets] = {
    hinge: SIGNS,
    binary_cross_entropy: UNIT_INTERVAL,
    binary_cross_entropy_with_logits: UNIT_INTERVAL,
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
