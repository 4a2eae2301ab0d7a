"""What a prediction costs, as scalar code: Values in, Value out; floats in, float out."""

from __future__ import annotations

from typing import Any

from autograd.functions import square, sum

__all__ = ["squared_error"]


def squared_error(prediction: Any, target: Any) -> Any:
    """``(prediction - target)**2``, summed over the outputs where there are several; document 001's error."""
    if isinstance(prediction, (list, tuple)):
        return sum([square(p - t) for p, t in zip(prediction, target, strict=True)])
    return square(prediction - target)
