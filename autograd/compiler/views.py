"""Views: how the members of a group find their operands in memory, without copying where arithmetic allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.schedule import is_batched

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
    adjoint : bool
        The adjoints of these slots instead of their values.
    """

    place: int
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    adjoint: bool = False

    def __post_init__(self) -> None:
        if 1 in self.shape:  # an axis of one member has no stride: equal views are then equal objects
            strides = tuple([0 if n == 1 else s for n, s in zip(self.shape, self.strides, strict=True)])
            object.__setattr__(self, "strides", strides)

    def __str__(self) -> str:
        axes = "×".join([f"{n}:{s}" for n, s in zip(self.shape, self.strides, strict=True)])
        return f"{'∂' * self.adjoint}place{self.place}[{self.offset} + {axes}]"

    @property
    def batched(self) -> bool:
        """Whether there is a batch axis."""
        return is_batched(self.place)

    @property
    def size(self) -> int:
        """Number of members, repeats included."""
        return prod(self.shape)

    @property
    def gradient(self) -> View:
        """The adjoints of these slots."""
        return replace(self, adjoint=True)

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
        index = np.full((1,) * len(self.shape), self.offset, dtype=np.int64)
        for axis, (n, s) in enumerate(zip(self.shape, self.strides, strict=True)):
            index = index + (s * np.arange(n)).reshape((n,) + (1,) * (len(self.shape) - axis - 1))
        return np.broadcast_to(index, self.shape)

    @property
    def selection(self) -> slice | Index:
        """The slots as an index, in any order and shape: a slice where they are evenly spaced."""
        axes = [(s, n) for n, s in zip(self.shape, self.strides, strict=True) if s]
        if len(axes) < 2:
            step, count = axes[0] if axes else (1, 1)
            if step > 0:
                return slice(self.offset, self.offset + step * (count - 1) + 1, step)
        interval = self.interval
        return slice(*interval) if interval and not self.repeated else self.slots()

    @property
    def selection_start(self) -> int:
        """The lowest slot."""
        return self.offset + sum([min(s, 0) * (n - 1) for n, s in zip(self.shape, self.strides, strict=True)])

    @property
    def selection_end(self) -> int:
        """The highest slot, and 1."""
        return 1 + self.offset + sum([max(s, 0) * (n - 1) for n, s in zip(self.shape, self.strides, strict=True)])

    @property
    def injective(self) -> bool:
        """Whether no slot is read twice."""
        reach = 0  # the axes by rising stride: each must step over all that the ones before it can reach
        for s, n in sorted((abs(s), n) for n, s in zip(self.shape, self.strides, strict=True) if n > 1):
            if s <= reach:
                return False
            reach += s * (n - 1)
        return True

    @property
    def interval(self) -> tuple[int, int] | None:
        """First and last slot + 1, if the view is every slot between, once, in whatever order."""
        expected = 1
        for s, n in sorted((s, n) for n, s in zip(self.shape, self.strides, strict=True) if n > 1):
            if s != expected:
                return None
            expected *= n
        return self.offset, self.offset + self.size


def factor(index: Index, most: int = 4) -> list[tuple[int, int]] | None:
    """Nested loops ``(count, stride)``, outermost first, that run through ``index``; None if there is no short nest."""
    dims: list[tuple[int, int]] = []
    while len(index) > 1:
        steps = np.diff(index)
        breaks = np.flatnonzero(steps != steps[0])
        inner = int(breaks[0]) + 1 if len(breaks) else len(index)
        if len(index) % inner or len(dims) == most:
            return None
        block = index.reshape(-1, inner)
        index = block[:, 0]
        if len(block) > 1 and not np.array_equal(block, index[:, None] + steps[0] * np.arange(inner)):
            return None
        dims.append((inner, int(steps[0])))
    return dims[::-1]


def common_shape(nests: list[list[tuple[int, int]]], size: int) -> tuple[int, ...] | None:
    """The coarsest loop counts that refine every nest; None if they do not fit into each other."""
    cuts = {size}
    for dims in nests:
        inner = 1
        for count, _ in reversed(dims):
            cuts.add(inner)
            inner *= count
    ordered = sorted(cuts - {1})
    shape, last = [], 1
    for cut in ordered:
        if cut % last:
            return None
        shape.append(cut // last)
        last = cut
    return tuple(reversed(shape)) if len(shape) <= 4 else None


def refine(dims: list[tuple[int, int]], shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of a nest along the axes of a common shape."""
    remaining = [list(dim) for dim in dims]
    strides = []
    for count in reversed(shape):
        inner, stride = remaining[-1] if remaining else (count, 0)
        strides.append(stride)
        if remaining:
            remaining[-1] = [inner // count, stride * count]
            if remaining[-1][0] == 1:
                remaining.pop()
    return tuple(reversed(strides))


def affine(place: int, index: Index) -> View | None:
    """The view whose axes are exactly those of ``index``; None if one of them is not evenly spaced."""
    strides = []
    for axis, count in enumerate(index.shape):
        origin = [0] * index.ndim
        first = int(index[tuple(origin)])
        if count > 1:
            origin[axis] = 1
            strides.append(int(index[tuple(origin)]) - first)
        else:
            strides.append(0)
    view = View(place, int(index.flat[0]), index.shape, tuple(strides))
    return view if np.array_equal(view.slots(), index) else None


def strided(array: npt.NDArray[np.float64], offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> Any:
    """A view of the slots ``offset + Σ index·stride`` along the first axis of an array; emitted programs call it."""
    step = array.strides[0]
    return np.lib.stride_tricks.as_strided(
        array[offset:], (*shape, *array.shape[1:]), (*[s * step for s in strides], *array.strides[1:])
    )
