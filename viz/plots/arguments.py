"""What plots are handed, looked at before anything is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd.convert import as_float, describe
from nn.checks import as_finite

__all__ = ["as_above_zero", "as_bounds", "as_row", "as_threshold", "as_way", "is_model"]


def as_above_zero(x: Any, what: str) -> float:
    """A length or a time, or an error that begins with ``what``."""
    number = as_finite(x, f"{what} is")
    if number <= 0.0:
        raise ValueError(f"{what} is a number above 0, got {number}")
    return number


def as_bounds(low: Any, high: Any) -> tuple[float, float]:
    """The ends of an interval, whose length is a number too."""
    left, right = as_finite(low, "low is"), as_finite(high, "high is")
    if not (left < right and right - left < math.inf):
        raise ValueError(f"low is below high, and both are within 1e308, got {left} and {right}")
    return left, right


def as_threshold(x: Any) -> float | None:
    """From where on one output means the upper class, if that is said."""
    if x is None:
        return None
    number = as_float(x, "threshold is")
    if math.isnan(number):
        raise ValueError("threshold is a real number, got nan")
    return number


def as_row(things: Any, name: str, what: str) -> Sequence[Any]:
    """Things one after another, for the function called ``name``, which takes ``what``."""
    if isinstance(things, (str, bytes)) or not (hasattr(things, "__len__") and hasattr(things, "__getitem__")):
        raise TypeError(f"{name} takes {what}, got {describe(things)}")
    return things  # type: ignore[no-any-return]


def as_way(model: Any, name: str, what: str) -> Any:
    """A model or a function, for the function called ``name``; a class is neither as long as nothing is built of it."""
    if (not callable(model) and not hasattr(model, "predict")) or isinstance(model, type):
        raise TypeError(f"{name} takes {what}, or a function of inputs, got {describe(model)}")
    return model


def is_model(thing: Any) -> bool:
    """Whether it has parameters of its own."""
    return hasattr(thing, "named_parameters") and not isinstance(thing, type)
