"""Where derivatives of single examples stand among those of all, if what the examples hold is differentiated by."""

from __future__ import annotations

from functools import cached_property
from math import prod
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.calls.call import Call
from autograd.compiler.program.entries import Pattern

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
            step[k] = np.full(own, own)
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
        (rows, _), row, column, self._is_constant = pattern
        first, step, size = places
        # Where an entry stands for the first example, and how far from one to the next.
        self._row, self._down = (first[row], step[row]) if is_square else (row, np.zeros_like(row))
        self._column, self._right = first[column], step[column]
        self._own = (self._down + self._right) > 0
        self._shape, self._count = (size if is_square else rows, size), count

    def matrix(self, each: Array) -> Array:
        """The whole matrix, from the entries of each example: of what all examples share they are summed."""
        width = self._shape[1]
        found = np.zeros(self._shape)
        flat = found.ravel()
        start, step = self._row * width + self._column, self._down * width + self._right
        flat[start[~self._own]] = each[:, ~self._own].sum(0)
        for k in np.flatnonzero(self._own).tolist():
            flat[start[k] :: step[k]][: self._count] = each[:, k]
        return found

    def data(self, each: Array) -> Array:
        """Its entries that are not always zero, row by row."""
        shared, own = each[:, ~self._own].sum(0), each[:, self._own].ravel()
        found: Array = np.concatenate([shared, own])[self._order]
        return found

    @cached_property
    def pattern(self) -> Pattern:
        """Where these are."""
        own, order = self._own, self._order
        constant = np.concatenate([self._is_constant[~own], np.tile(self._is_constant[own], self._count)])
        return Pattern(self._shape, self._rows[order], self._columns[order], constant[order])

    @cached_property
    def _rows(self) -> Index:
        return self._spread(self._row, self._down)

    @cached_property
    def _columns(self) -> Index:
        return self._spread(self._column, self._right)

    @cached_property
    def _order(self) -> Index:
        return np.lexsort((self._columns, self._rows))

    def _spread(self, begin: Index, step: Index) -> Index:
        own, example = self._own, np.arange(self._count)[:, None]
        return np.concatenate([begin[~own], (begin[own] + step[own] * example).ravel()])
