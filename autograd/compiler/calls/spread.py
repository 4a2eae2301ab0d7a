"""Derivatives in the shape of an argument: an axis of numbers becomes the structure that holds those numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.trees import refill

__all__ = ["is_module", "spread"]

Array = npt.NDArray[np.float64]


def is_module(x: Any) -> bool:
    """Whether an argument is a module, whose numbers are its parameters."""
    return hasattr(x, "parameters") and callable(x.parameters)


def spread(x: Any, block: Array, axis: int, then: Callable[[Any], Any] = lambda part: part) -> Any:
    """The numbers along one axis of ``block``, in the structure of ``x``.

    Parameters
    ----------
    x : number, array, sequence, dict or module
    block : array
        As long in ``axis`` as there are numbers in ``x``.
    axis : int
        It becomes the axes of an array, and is gone in the place of a number.
    then : callable
        What to make of each part.
    """
    place = 0

    def take(size: int) -> Array:
        nonlocal place
        place += size
        return block[(slice(None),) * axis + (slice(place - size, place),)]

    def number() -> Any:
        nonlocal place
        place += 1
        if block.ndim == 1 and isinstance(block, np.ndarray):  # JAX's item() would be cut off from what JAX follows
            return then(block.item(place - 1))
        return then(block[(slice(None),) * axis + (place - 1,)])

    def part(x: Any) -> Any:
        if x.__class__ is float:  # the commonest comes first
            return number()
        if isinstance(x, np.ndarray) and x.ndim:
            return then(take(x.size).reshape(*block.shape[:axis], *x.shape, *block.shape[axis + 1 :]))
        if isinstance(x, Mapping):
            return refill(x)((key, part(entry)) for key, entry in x.items())
        if isinstance(x, list | tuple):
            return refill(x)(map(part, x))
        if is_module(x):
            return then(take(len(list(x.parameters()))))
        if isinstance(x, str | bool | bytes | type(None)):
            return x
        return number()

    return part(x)
