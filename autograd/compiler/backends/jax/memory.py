"""The places of an array program in JAX, whose arrays do not change: where each slot's number is.

Writing puts nothing together, and reading takes no more than what is asked for. Numbers that are read as they were
written, or with their axes in another order, are that array again, not a copy by an index. Constants stay arrays of
NumPy, so that functions may look at them while JAX traces.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from math import prod
from typing import Any

import jax.numpy as jnp
import numpy as np

from autograd.compiler.matrices.schedule import is_batched
from autograd.compiler.matrices.views import Index, View, affine

__all__ = ["NOTHING", "Memory"]

Array = Any

# A slot that is never written.
NOTHING = -1
# Parts from so many arrays, one after the other along an axis, are put end to end; more are picked by an index.
FEW = 8


class Memory:
    """Numbers by place and slot.

    Parameters
    ----------
    sizes : mapping of int to int
        How many slots each place has.
    count : int
        How many examples there are: in a batched place each slot has a number for each, along a last axis.
    """

    def __init__(self, sizes: Mapping[int, int], count: int) -> None:
        self.count = count
        self.arrays: list[Array] = []  # flat
        # Which array, and which of its entries; -1 where nothing was written, which is 0.
        self.owner = {place: np.full(size + 1, -1) for place, size in sizes.items()}
        self.entry = {place: np.zeros(size + 1, dtype=np.int64) for place, size in sizes.items()}

    def _lanes(self, place: int) -> tuple[int, ...]:
        return (self.count,) if is_batched(place) else ()

    def write(self, place: int, slots: Index, numbers: Array) -> None:
        """Put numbers, in the shape of ``slots``, into them; or one number into all of them."""
        lanes = self._lanes(place)
        numbers = np.asarray(numbers) if isinstance(numbers, float) else numbers
        numbers = _library(numbers).broadcast_to(numbers, (*slots.shape, *lanes))
        self.owner[place][slots] = len(self.arrays)
        self.entry[place][slots] = np.arange(slots.size).reshape(slots.shape)
        self.arrays.append(numbers.reshape(slots.size, *lanes))

    def share(self, place: int, slots: Index, source: int, others: Index) -> None:
        """Let slots have the numbers that others have now, in a place with as many examples."""
        self.owner[place][slots], self.entry[place][slots] = self.owner[source][others], self.entry[source][others]

    def read(self, place: int, slots: Index) -> Array:
        """The numbers of slots, in their shape, with an axis of examples behind it if there are such."""
        return self._read(self.owner[place][slots], self.entry[place][slots], self._lanes(place))

    def _read(self, owners: Index, entries: Index, lanes: tuple[int, ...]) -> Array:
        if not owners.size:
            return np.zeros((*owners.shape, *lanes))
        if (owners == owners.flat[0]).all():
            return self._of_one(int(owners.flat[0]), entries, lanes)
        for axis in range(owners.ndim):
            along = np.moveaxis(owners, axis, 0).reshape(owners.shape[axis], -1)
            breaks = np.flatnonzero(np.diff(along[:, 0])) + 1
            if len(breaks) < FEW and (along == along[:, :1]).all():
                parts = zip(np.split(owners, breaks, axis), np.split(entries, breaks, axis), strict=True)
                found = [self._read(*part, lanes) for part in parts]
                return _library(*found).concatenate(found, axis)
        return self._mixed(owners, entries, lanes)

    def _mixed(self, owners: Index, entries: Index, lanes: tuple[int, ...]) -> Array:
        """Numbers of several arrays, picked from these end to end."""
        index, parts, start = np.empty_like(entries), [], 0
        for owner in np.unique(owners).tolist():
            chosen = owners == owner
            low, high = int(entries[chosen].min()), int(entries[chosen].max()) + 1
            parts.append(self.arrays[owner][low:high] if owner >= 0 else np.zeros((1, *lanes)))
            index[chosen] = entries[chosen] + (start - low)
            start += high - low
        return _picked(_library(*parts).concatenate(parts), index)

    def _of_one(self, owner: int, entries: Index, lanes: tuple[int, ...]) -> Array:
        """Numbers of one array: a part of it with its axes in some order, if they are evenly spaced."""
        shape = entries.shape
        if owner < 0:
            return np.zeros((*shape, *lanes))
        array, view = self.arrays[owner], affine(0, entries)
        if view is None:
            return _picked(array, entries)
        single = view.without(view.repeated)
        order = sorted(range(len(single.shape)), key=lambda k: -single.strides[k])
        part = _block(array, single.transposed(*order), lanes)
        if part is None:
            return _picked(array, entries)
        axes = [order.index(k) for k in range(len(order))]
        part = part.transpose((*axes, *range(len(axes), part.ndim)))
        kept = [1 if k in view.repeated else n for k, n in enumerate(shape)]
        return _library(part).broadcast_to(part.reshape((*kept, *lanes)), (*shape, *lanes))


def _block(array: Array, view: View, lanes: tuple[int, ...]) -> Array | None:
    """The entries of a view whose strides fall: a block out of the array, cut from a box that it is a part of."""
    shape, strides = [n for n in view.shape if n > 1], [s for s in view.strides if s]
    if min(strides, default=1) < 0:
        return None
    low = view.offset
    box = [shape[0] if shape else 1, *[a // b for a, b in pairwise(strides)], strides[-1] if strides else 1]
    width = strides[0] if strides else 1
    for begin in (low, low - low % width):
        corner = [0, *[(low - begin) % a // b for a, b in pairwise([*strides, 1])]]
        fits = all(o + n <= m for o, n, m in zip(corner, [*shape, 1], box, strict=False))
        if fits and prod(box) == box[0] * width and begin + box[0] * width <= len(array):
            part = array[begin : begin + box[0] * width].reshape((*box, *lanes))
            cut = part[tuple([slice(o, o + n) for o, n in zip(corner, [*shape, 1], strict=True)])]
            return cut.reshape((*view.shape, *lanes))
    return None


def _picked(array: Array, index: Index) -> Array:
    if isinstance(array, np.ndarray):
        return array[index]
    return array.at[index].get(mode="promise_in_bounds")


def _library(*arrays: Array) -> Any:
    """NumPy for constants, else JAX."""
    return np if all(isinstance(array, np.ndarray) for array in arrays) else jnp
