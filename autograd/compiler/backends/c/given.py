"""Numbers that C reads where a caller keeps them."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Examples", "Given", "aligned"]

Array = npt.NDArray[np.float64]

# Examples of so many numbers are copied, which is quicker than to find out where they lie.
COPIED = 10_000

# Bytes of a cache line.
LINE = 64

_NOTHING: Array = np.zeros(0)


class Given:
    """Numbers of the caller, for C to read where they lie; or copied each time, if they do not lie in a row."""

    def __init__(self, array: Array) -> None:
        self.source = array
        self.moved = array.dtype != np.float64 or not (array.flags.c_contiguous and array.flags.aligned)
        self.array = np.array(array, dtype=np.float64) if self.moved else array

    def copy(self) -> None:
        """Have them as they are now."""
        self.array[:] = self.source


class Examples:
    """A batched argument where C reads it: few numbers are copied there, many are read where they lie."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.moves = prod(shape) > COPIED
        self.array: Array = _NOTHING if self.moves else np.zeros(shape)

    def take(self, x: Any) -> None:
        """Have the examples of this call."""
        if np.shape(x) != self.shape:
            raise ValueError(f"the program is bound to examples of shape {self.shape}, got {np.shape(x)}; bind anew")
        if self.moves:
            self.array = np.require(x, np.float64, ["C", "A"])
        else:
            self.array[...] = x

    def release(self) -> None:
        """Keep nobody's array after the call."""
        if self.moves:
            self.array = _NOTHING


def aligned(size: int) -> Array:
    """Zeros that begin with a cache line."""
    array = np.zeros(size + LINE // 8)
    start = -array.ctypes.data % LINE // 8
    return array[start : start + size]
