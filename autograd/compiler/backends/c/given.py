"""Numbers that C reads where a caller keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.backends.c.entry import entry

__all__ = ["Given", "Taken", "aligned"]

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


class _Examples:
    """A batched argument where C reads it: few numbers are copied there, many are read where they lie."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.moves = prod(shape) > COPIED
        self.array: Array = _NOTHING if self.moves else aligned(prod(shape)).reshape(shape)

    def take(self, x: Any) -> None:
        """Have the examples of this call."""
        if (x.shape if x.__class__ is np.ndarray else np.shape(x)) != self.shape:
            raise ValueError(f"the program is bound to examples of shape {self.shape}, got {np.shape(x)}; bind anew")
        if not self.moves:
            self.array[...] = x
        elif x.__class__ is np.ndarray and x.dtype == np.float64 and x.flags.c_contiguous and x.flags.aligned:
            self.array = x  # which require finds out in ten times the time
        else:
            self.array = np.require(x, np.float64, ["C", "A"])

    def release(self) -> None:
        """Keep nobody's array after the call."""
        self.array = _NOTHING


def _is_none(*batch: Any) -> bool:
    """Whether there is nothing to read."""
    return not batch


class Taken:
    """All that a program is given, where C reads it: the parameters, other numbers, and examples.

    Parameters
    ----------
    parameters, fixed : array
        Read where they lie, if they do so in a row.
    arguments : sequence of (str, shape)
        Of each batched argument the shape of one example.
    count : int
        How many examples there are.

    Attributes
    ----------
    addresses : array of intp
        Where the examples of each argument are, in this call.
    widths : array of int64
        How many numbers an example has of each.
    """

    def __init__(
        self, parameters: Array, fixed: Array, arguments: Sequence[tuple[str, tuple[int, ...]]], count: int
    ) -> None:
        given = [Given(parameters), Given(fixed)]
        self.parameters, self.fixed = [g.array for g in given]
        self._moved = [g for g in given if g.moved]
        self._examples = [_Examples((count, *shape)) for _, shape in arguments]
        # What is read where it lies has no shape to be quick for.
        self._quick = [(e, e.array, None if e.moves else e.shape) for e in self._examples]
        found = entry()
        self._read: Callable[..., bool] = found.arrays_to([e.array for e in self._examples]) if found else _is_none
        self._moving = [(k, e) for k, e in enumerate(self._examples) if e.moves]
        self.addresses = np.array([e.array.ctypes.data for e in self._examples], dtype=np.intp)
        self.widths = np.array([prod(shape) for _, shape in arguments], dtype=np.int64)

    def take(self, batch: Sequence[Any]) -> None:
        """Have the numbers of this call."""
        if self._moving or not self._read(*batch):
            for (e, array, shape), x in zip(self._quick, batch, strict=True):
                if x.__class__ is np.ndarray and x.shape == shape:
                    array[...] = x
                else:
                    e.take(x)
        for k, e in self._moving:
            self.addresses[k] = e.array.__array_interface__["data"][0]
        for g in self._moved:
            g.copy()

    def release(self) -> None:
        """Keep nobody's array after the call."""
        for _, e in self._moving:
            e.release()


def aligned(size: int) -> Array:
    """Zeros that begin with a cache line."""
    array = np.zeros(size + LINE // 8)
    start = -array.ctypes.data % LINE // 8
    return array[start : start + size]
