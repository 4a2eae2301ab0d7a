"""Views: how the members of a group find their operands in memory, without copying where arithmetic allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from math import prod
from operator import mul
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.matrices.schedule import is_batched

__all__ = ["Index", "View", "affine", "common_shape", "factor", "refine", "strided"]

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class View:
    """Slots ``offset + i·strides[0] + j·strides[1] + …`` of a place; a stride of 0 repeats, a batch axis comes last.

    Parameters
    ----------
    place : int
        Where the numbers live.
    offset : int
        First slot.
    shape, strides : tuple of int
        Member axes.
    """

    place: int
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def __post_init__(self) -> None:
        # An axis of one member has no stride: equal views are then equal objects.
        strides = tuple([0 if n == 1 else s for n, s in zip(self.shape, self.strides, strict=True)])
        object.__setattr__(self, "strides", strides)

    def __str__(self) -> str:
        axes = "×".join([f"{n}:{s}" for n, s in zip(self.shape, self.strides, strict=True)])
        return f"place{self.place}[{self.offset} + {axes}]"

    @property
    def batched(self) -> bool:
        """Whether there is a batch axis."""
        return is_batched(self.place)

    @property
    def size(self) -> int:
        """Number of members, repeats included."""
        return prod(self.shape)

    @property
    def repeated(self) -> tuple[int, ...]:
        """Axes along which the same slot is read again and again."""
        return tuple([k for k, (n, s) in enumerate(zip(self.shape, self.strides, strict=True)) if s == 0 and n > 1])

    @property
    def contiguous(self) -> bool:
        """Whether the members lie one after the other, in order."""
        expected = 1
        for n, s in zip(reversed(self.shape), reversed(self.strides), strict=True):
            if n > 1 and s != expected:
                return False
            expected *= n
        return True

    @property
    def interval(self) -> bool:
        """Whether the members fill an interval once, with their axes in some order."""
        order = sorted(range(len(self.shape)), key=lambda k: -self.strides[k])
        return self.transposed(*order).contiguous

    def without(self, axes: tuple[int, ...]) -> View:
        """The view less some axes."""
        keep = [k for k in range(len(self.shape)) if k not in axes]
        return replace(self, shape=tuple([self.shape[k] for k in keep]), strides=tuple([self.strides[k] for k in keep]))

    def transposed(self, *order: int) -> View:
        """The view with its axes in another order."""
        return replace(
            self, shape=tuple([self.shape[k] for k in order]), strides=tuple([self.strides[k] for k in order])
        )

    def slots(self) -> Index:
        """Every slot, in the shape of the view."""
        index: Index = np.array(self.offset)
        for n, s in zip(self.shape, self.strides, strict=True):
            index = index[..., None] + s * np.arange(n)
        return index

    @property
    def start(self) -> int:
        """The lowest slot."""
        return self.offset + sum([min(s, 0) * (n - 1) for n, s in zip(self.shape, self.strides, strict=True)])

    @property
    def stop(self) -> int:
        """The highest slot, and 1."""
        return 1 + self.offset + sum([max(s, 0) * (n - 1) for n, s in zip(self.shape, self.strides, strict=True)])


def factor(index: Index) -> list[tuple[int, int]] | None:
    """Nested loops ``(count, stride)``, outermost first, that run through ``index``; None if there is no such nest."""
    dims: list[tuple[int, int]] = []
    while len(index) > 1:
        steps = np.diff(index)
        breaks = np.flatnonzero(steps != steps[0])
        inner = int(breaks[0]) + 1 if len(breaks) else len(index)
        if len(index) % inner:
            return None
        block = index.reshape(len(index) // inner, inner)
        index = block[:, 0]
        if not np.array_equal(block, index[:, None] + steps[0] * np.arange(inner)):
            return None
        dims.append((inner, int(steps[0])))
    return dims[::-1] or [(1, 0)]


def common_shape(nests: list[list[tuple[int, int]]]) -> tuple[int, ...] | None:
    """The coarsest loop counts that refine every nest; None if they do not fit into each other, or are too many."""
    cuts: set[int] = set()
    for dims in nests:
        cuts.update(accumulate([count for count, _ in reversed(dims)], mul))
    shape, last = [], 1
    for cut in sorted(cuts):
        if cut % last:
            return None
        shape.append(cut // last)
        last = cut
    return tuple(reversed(shape)) if len(shape) <= 4 else None


def refine(dims: list[tuple[int, int]], shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of a nest along the axes of a common shape."""
    remaining = list(dims)
    strides = []
    for count in reversed(shape):
        inner, stride = remaining.pop()
        strides.append(stride)
        if inner > count:
            remaining.append((inner // count, stride * count))
    return tuple(reversed(strides))


def affine(place: int, index: Index) -> View | None:
    """The view whose axes are exactly those of ``index``; None if one of them is not evenly spaced."""
    first = int(index.flat[0])
    strides = [int(index.take(1, axis, mode="clip").flat[0]) - first for axis in range(index.ndim)]
    view = View(place, first, index.shape, tuple(strides))
    return view if np.array_equal(view.slots(), index) else None


def strided(array: npt.NDArray[np.float64], offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> Any:
    """A view of the slots ``offset + Σ index·stride`` along the first axis of an array; emitted programs call it."""
    step = array.strides[0]
    return np.lib.stride_tricks.as_strided(
        array[offset:], (*shape, *array.shape[1:]), (*[s * step for s in strides], *array.strides[1:])
    )
