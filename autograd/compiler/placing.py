"""Where derivatives of single examples stand among those of all, if what the examples hold is differentiated by."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.call import Call
from autograd.compiler.entries import Pattern

__all__ = ["AmongAll", "Layout", "layout"]

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]


class Layout(NamedTuple):
    """For each column of a program of entries its place in the order in which arguments are differentiated.

    Parameters
    ----------
    first : array of int
        Its place, for the first example.
    step : array of int
        How far from one example to the next: 0 for what all share.
    size : int
        How many places there are.
    """

    first: Index
    step: Index
    size: int


def layout(call: Call, of_all: bool) -> Layout:
    """The places of the numbers that a call differentiates by: those of all its examples, or of one."""
    first: dict[int, Index] = {}
    step: dict[int, Index] = {}
    start = 0
    for k in call.differentiated:
        if k in call.batches:
            own, many = prod(call.batches[k].shape[1:]), call.count if of_all else 1
            step[k] = np.full(own, own if of_all else 0)
        else:
            own, many = call.arguments[k].size, 1
            step[k] = np.zeros(own, dtype=np.int64)
        first[k] = np.arange(start, start + own)
        start += own * many
    columns = [*call.chosen, *call.inputs]
    return Layout(np.concatenate([first[k] for k in columns]), np.concatenate([step[k] for k in columns]), start)


class AmongAll:
    """The matrix of derivatives of what becomes of all examples, from one for each of them.

    Parameters
    ----------
    pattern : Pattern
        Of the matrix of an example.
    places : Layout
        Of all examples.
    is_square : bool
        Whether rows are numbers to differentiate by as well, as columns are.
    count : int
        How many examples there are.
    """

    def __init__(self, pattern: Pattern, places: Layout, is_square: bool, count: int) -> None:
        (rows, _), row, column, is_constant = pattern
        first, step, size = places
        begin, stride = (first[row], step[row]) if is_square else (row, np.zeros_like(row))
        self._own = own = (stride + step[column]) > 0
        example = np.arange(count)[:, None]

        def spread(begin: Index, stride: Index) -> Index:
            return np.concatenate([begin[~own], (begin[own] + stride[own] * example).ravel()])

        found = spread(begin, stride), spread(first[column], step[column])
        self._order = order = np.lexsort(found[::-1])
        constant = np.concatenate([is_constant[~own], np.tile(is_constant[own], count)])[order]
        shape = size if is_square else rows, size
        self.pattern = Pattern(shape, found[0][order], found[1][order], constant)

    def data(self, each: Array, weight: float) -> Array:
        """The entries, from those of each example: of what all examples share they are summed."""
        shared, own = each[:, ~self._own].sum(0), each[:, self._own].ravel()
        found: Array = np.concatenate([shared, own])[self._order] * weight
        return found
