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


def spread(x: Any, block: Array, axis: int, then: Callable[[Any], Any] | None = None) -> Any:
    """The numbers along one axis of ``block``, in the structure of ``x``.

    Parameters
    ----------
    x : number, array, sequence, dict or module
    block : array
        As long in ``axis`` as there are numbers in ``x``.
    axis : int
        It becomes the axes of an array, and is gone in the place of a number.
    then : callable, optional
        What to make of each part.
    """
    return _Spread(block, axis, then).part(x)


class _Spread:
    """Where it is among the numbers. Functions in a function that call each other would keep these until collected."""

    def __init__(self, block: Array, axis: int, then: Callable[[Any], Any] | None) -> None:
        self.block, self.axis, self.then = block, axis, then or (lambda part: part)
        self.plain = then is None and block.ndim == 1 and isinstance(block, np.ndarray)
        self.place = 0

    def part(self, x: Any) -> Any:
        """The next numbers, in the structure of a part."""
        if x.__class__ is float:  # the commonest comes first
            return self._number()
        if isinstance(x, np.ndarray) and x.ndim:
            found, axis = self._take(x.size), self.axis
            return self.then(found.reshape(*found.shape[:axis], *x.shape, *found.shape[axis + 1 :]))
        if isinstance(x, Mapping):
            return refill(x)((key, self.part(entry)) for key, entry in x.items())
        if isinstance(x, list | tuple):
            if self.plain and x and set(map(type, x)) == {float}:
                return refill(x)(self._take(len(x)).tolist())
            return refill(x)(map(self.part, x))
        if is_module(x):
            return self.then(self._take(len(list(x.parameters()))))
        if isinstance(x, str | bytes | type(None)):
            return x
        return self._number()

    def _take(self, size: int) -> Array:
        self.place += size
        return self.block[(slice(None),) * self.axis + (slice(self.place - size, self.place),)]

    def _number(self) -> Any:
        self.place += 1
        # An item() of JAX's would be cut off from what JAX follows.
        if self.block.ndim == 1 and isinstance(self.block, np.ndarray):
            return self.then(self.block.item(self.place - 1))
        return self.then(self.block[(slice(None),) * self.axis + (self.place - 1,)])
