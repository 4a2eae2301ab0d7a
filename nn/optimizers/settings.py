"""The numbers an optimiser is built with, checked."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd.convert import as_float, kind_of

__all__ = ["learning_rate_of", "scheduled", "setting"]


def learning_rate_of(rate: Any, owner: object) -> Any:
    """A learning rate: a positive number, or a function of the number of steps."""
    name = type(owner).__name__
    if isinstance(rate, (list, tuple)) or hasattr(rate, "parameters"):
        raise TypeError(
            f"{name} takes a learning rate first, got {kind_of(rate)}; write {name}(0.1) and give the model to "
            "fit(model, ...) or optimizer.update(model)"
        )
    if callable(rate):
        return rate
    number = as_float(rate, f"learning_rate of {name} takes")
    if not 0.0 < number < math.inf:
        raise ValueError(f"learning_rate of {name} is a positive finite number, got {number}")
    return number


def scheduled(schedule: Callable[[int], Any], step: int) -> float:
    """The learning rate that a schedule gives for a step."""
    number = as_float(schedule(step), "the learning rate of a schedule is")
    if not 0.0 <= number < math.inf:
        raise ValueError(f"the learning rate of a schedule is finite and at least 0, got {number} for step {step}")
    return number


def setting(number: Any, owner: object, what: str, high: float = math.inf) -> float:
    """A number in [0, high)."""
    name = type(owner).__name__
    number = as_float(number, f"{what} of {name} takes")
    if not 0.0 <= number < high:
        rule = "finite and at least 0" if high == math.inf else f"at least 0 and below {high:g}"
        raise ValueError(f"{what} of {name} is {rule}, got {number}")
    return float(number)
