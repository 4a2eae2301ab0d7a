"""Lists of slots for the runtime: runs of them, and sums of products whose factors are chosen from anywhere.

A program chooses the factors into arrays, multiplies these and sums up pieces of the product: four statements, each of
which writes as many numbers as the next one reads again. The runtime has one statement for all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.matrices.schedule import BATCHED, UNBATCHED
from autograd.compiler.matrices.statements import Linear, Segments, Statement, Take
from autograd.compiler.matrices.views import Index, View

__all__ = ["SumsOfProducts", "Written", "gathered", "runs_of"]

# Runs are listed in place of pairs of slots if they are so long on the average.
LONG = 3


class SumsOfProducts(NamedTuple):
    """``target[k] (mode) Σ left[pairs[j, 0]] right[pairs[j, 1]]`` for j from starts[k] to starts[k + 1]; of slots."""

    target: View
    mode: str
    left: View
    right: View
    pairs: Index
    starts: Index

    @property
    def operands(self) -> list[View]:
        """The views that it reads."""
        return [self.left, self.right]


def gathered(sizes: dict[int, int], statements: Sequence[Statement], outputs: View) -> list[Statement | SumsOfProducts]:
    """The same statements, less those that only choose factors and multiply them for sums that others take.

    What they would have written, nothing reads.
    """
    if not any(isinstance(s, Segments) for s in statements):
        return [*statements]
    return _Gathering(sizes, statements, outputs).statements()


class Written:
    """Who writes and who reads the slots of a program's arrays.

    Parameters
    ----------
    sizes : dict of int
        How many slots each place has.
    given : sequence of statements
    outputs : View
        What is read at last.
    """

    def __init__(self, sizes: dict[int, int], given: Sequence[Statement | SumsOfProducts], outputs: View) -> None:
        self.given = given
        self.readers = {place: np.zeros(size, dtype=np.int64) for place, size in sizes.items()}
        self.last = {place: np.full(size, -1) for place, size in sizes.items()}  # which statement wrote it last
        for k, s in enumerate(given):
            for view in s.operands:
                slots = view.slots()
                self.readers[view.place][np.unique(slots[s.index] if isinstance(s, Take) else slots)] += 1
            self.last[s.target.place][_written(s)] = k
        self.readers[outputs.place][outputs.slots()] += 1  # whoever asks for them

    def only_for(self, view: View, reader: int) -> int:
        """Which statement writes a view for that reader alone, who reads all that it writes or some of it; or -1."""
        if view.place not in (UNBATCHED, BATCHED):
            return -1
        wrote = self.last[view.place][view.slots()]
        k = int(wrote.flat[0])
        if not 0 <= k < reader or (wrote != k).any():
            return -1
        return k if (self.readers[view.place][_written(self.given[k])] <= 1).all() else -1

    def changes(self, view: View, slots: Index, since: int) -> bool:
        """Whether any of these slots of a view is written after that statement."""
        return int(self.last[view.place][slots].max(initial=-1)) > since

    def members(self, s: Statement) -> Index:
        """Of each slot that a statement writes which number it is of those."""
        written = _written(s)
        found = np.full(len(self.last[s.target.place]), -1)
        found[written] = np.arange(len(written))
        return found


class _Gathering(Written):
    def statements(self) -> list[Statement | SumsOfProducts]:
        found: list[Statement | SumsOfProducts | None] = [*self.given]
        for k, s in enumerate(self.given):
            if isinstance(s, Segments):
                sums, unneeded = self._sums(k, s)
                if sums:
                    found[k] = sums
                    for i in unneeded:
                        found[i] = None
        return [s for s in found if s is not None]

    def _sums(self, k: int, s: Segments) -> tuple[SumsOfProducts | None, list[int]]:
        """The sums of a statement as those of products, and which statements they replace; else none."""
        nothing: tuple[None, list[int]] = None, []
        j = self.only_for(s.source, k)
        product = self.given[j] if j >= 0 else None
        if not isinstance(product, Linear) or product.mode != "=" or s.source.batched != s.target.batched:
            return nothing
        (sign, factors), *more = product.terms
        if more or sign < 0 or len(factors) != 2:
            return nothing
        views, slots, chosen = [], [], [j]
        order = self.members(product)[s.source.slots().reshape(s.source.shape[0], -1)]
        for factor in factors:
            if not isinstance(factor, View):
                return nothing
            at = np.broadcast_to(factor.slots(), product.target.shape).ravel()
            i = self.only_for(factor, j)
            take = self.given[i] if i >= 0 else None
            if isinstance(take, Take):
                at = np.ravel(take.source.slots()[take.index])[self.members(take)[at]]
                factor = take.source
                chosen.append(i)
            views.append(factor)
            slots.append(at[order])
        first = min(chosen)
        if len(chosen) == 1 or any(
            int(self.last[v.place][at].max()) > first for v, at in zip(views, slots, strict=True)
        ):
            return nothing  # nothing to gain, or it would be read too late
        pieces = np.split(np.stack(slots, axis=-1), s.starts[1:])
        lengths = [len(piece) for piece in pieces for _ in range(order.shape[1])]
        pairs = np.concatenate([piece[:, c] for piece in pieces for c in range(order.shape[1])])
        starts = np.cumsum([0, *lengths])
        return SumsOfProducts(s.target, s.mode, views[0], views[1], pairs, starts), chosen


def _written(s: Statement | SumsOfProducts) -> Index:
    """The slots that a statement writes."""
    slots = s.target.slots()
    return np.ravel(slots[s.positions] if isinstance(s, Take) and s.positions is not None else slots)


def runs_of(pairs: Index) -> npt.NDArray[np.int32] | None:
    """Pairs of target and source as runs: the first of each, how many, and how far apart the sources are.

    None if they are short.
    """
    steps = np.diff(pairs, axis=0)
    found, start = [], 0
    ends = [*(np.flatnonzero((np.diff(steps, axis=0) != 0).any(axis=1)) + 1).tolist(), len(steps)] if len(steps) else []
    for end in ends:  # where the steps are others
        if end > start and steps[start, 0] != 1:
            found += [(*pairs[k], 1, 0) for k in range(start, end)]
            start = end
        elif end > start:
            found.append((*pairs[start], end - start + 1, steps[start, 1]))
            start = end + 1
    found += [(*pairs[k], 1, 0) for k in range(start, len(pairs))]
    return np.array(found, dtype=np.int32) if len(found) * LONG <= len(pairs) else None
