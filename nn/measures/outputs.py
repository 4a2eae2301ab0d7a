"""What a loss compares: one output or several, Values or numbers; and how the costs of several are put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from autograd import Value
from autograd.functions import mean, sum
from nn.checks import find

__all__ = ["REDUCTIONS", "Either", "Mixed", "Numbers", "Reduce", "Values", "each", "is_sequence"]

# A loss of Values is a Value, one of numbers a float. What a model gives is one output or several, and no type tells
# which: so a list of such outputs, one an example, is taken as one of Values, and looked at when the loss is called.
Values = Value | Sequence[Value | list[Value]] | NDArray[np.object_]
Numbers = float | Sequence[float] | NDArray[np.floating[Any] | np.integer[Any] | np.bool_]
Mixed = list[Value | float]
Either = Values | Numbers | Mixed

Reduce = Literal["sum", "mean"]
REDUCTIONS: dict[Reduce, Callable[[list[Any]], Any]] = {"sum": sum, "mean": mean}


def each(cost: Callable[[Any, Any], Any], prediction: Any, target: Any, reduce: str) -> Any:
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
    """Whether these are several outputs, not one."""
    return isinstance(x, (list, tuple)) or getattr(x, "ndim", 0) == 1
