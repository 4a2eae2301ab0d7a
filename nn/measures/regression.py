"""What a wrong number costs: squared errors."""

from __future__ import annotations

from typing import Any, overload

from autograd import Value
from autograd.functions import square
from nn.measures.outputs import Either, Mixed, Numbers, Reduce, Values, each

__all__ = ["half_squared_error", "mean_squared_error", "squared_error"]


@overload
def squared_error(prediction: Numbers, target: Numbers, reduce: Reduce = ...) -> float: ...
@overload
def squared_error(prediction: Values, target: Either, reduce: Reduce = ...) -> Value: ...
@overload
def squared_error(prediction: Numbers, target: Values, reduce: Reduce = ...) -> Value: ...
@overload
def squared_error(prediction: Numbers | Mixed, target: Either, reduce: Reduce = ...) -> Value | float: ...
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
    return each(lambda p, t: square(p - t), prediction, target, reduce)


@overload
def half_squared_error(prediction: Numbers, target: Numbers, reduce: Reduce = ...) -> float: ...
@overload
def half_squared_error(prediction: Values, target: Either, reduce: Reduce = ...) -> Value: ...
@overload
def half_squared_error(prediction: Numbers, target: Values, reduce: Reduce = ...) -> Value: ...
@overload
def half_squared_error(prediction: Numbers | Mixed, target: Either, reduce: Reduce = ...) -> Value | float: ...
def half_squared_error(prediction: Any, target: Any, reduce: Reduce = "sum") -> Any:
    """``(prediction - target)**2 / 2``, the cost of documents 000 and 003; derivative ``prediction - target``."""
    return 0.5 * squared_error(prediction, target, reduce)


@overload
def mean_squared_error(prediction: Numbers, target: Numbers) -> float: ...
@overload
def mean_squared_error(prediction: Values, target: Either) -> Value: ...
@overload
def mean_squared_error(prediction: Numbers, target: Values) -> Value: ...
@overload
def mean_squared_error(prediction: Numbers | Mixed, target: Either) -> Value | float: ...
def mean_squared_error(prediction: Any, target: Any) -> Any:
    """The mean of ``(prediction - target)**2`` over the outputs."""
    return squared_error(prediction, target, "mean")
