"""Sums as array statements: the matrix products among them, the other products, and the terms that are none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any

import numpy as np

from autograd.compiler.matrices.contractions import Grid, find_grid, find_outer
from autograd.compiler.matrices.memory import Memory
from autograd.compiler.matrices.schedule import Group, is_batched
from autograd.compiler.matrices.statements import Linear, MatMul, Operand, Segments, Statement, Take, Total
from autograd.compiler.matrices.views import Index, View
from autograd.compiler.scalars.normal import Normal, Sum, batch_sum

__all__ = ["FEW", "Sums"]

# Sums of products with no more terms than this are written out, term by term.
FEW = 3


class Sums:
    """Sums of one sort: the matrix products among them, the other products, and the terms that are none.

    A sum over the examples is one of them, whose target has no batch axis and whose terms have: ``Σₙ Σₖ left[k, n]
    right[k, n] + Σₙ Σ plus[n]``. A product of matrices, or a total, sums over that axis as it does over others.
    """

    def __init__(self, normal: Normal, memory: Memory, members: list[int], group: Group) -> None:
        self.memory = memory
        self.members = np.array(members)
        self.batched = group.batched
        self.over_batch = group.op is batch_sum
        self.totals: list[Any] = [normal.args[i] for i in members]  # over the examples perhaps but pairs
        self.sign = -1 if isinstance(self.totals[0], Sum) and self.totals[0].negative else 1
        self.started = False

    def write(self) -> None:
        """Append the statements, and settle where the sums live."""
        memory, few = self.memory, 0 if self.over_batch else FEW
        products = self._products()
        grids = [None if ragged else self._grid(left, right) for left, right, ragged in products]
        lead = next((k for k, g in enumerate(grids) if g is not None and self._whole(g)), None)
        order = memory.order(self.members) if lead is None else self._grid_order(grids[lead])  # type: ignore[arg-type]
        columns: list[tuple[int, tuple[Index, ...]]] = []
        pending: list[Callable[[], None]] = []
        for k, (left, right, ragged) in enumerate(products):
            grid = grids[k]
            if grid is not None:
                pending.append(partial(self._matmul, grid, k == lead))
            elif ragged:
                pending.append(partial(self._segments, left, right, self.sign))
            elif left.shape[1] <= few:
                columns += [(self.sign, (left[order, c], right[order, c])) for c in range(left.shape[1])]
            else:
                pending.append(partial(self._rows, left[order], right[order]))
        for sign, attribute in ((1, "plus"), (-1, "minus")):
            for terms, ragged in self._terms(attribute):
                if ragged:
                    pending.append(partial(self._segments, terms, None, sign))
                elif terms.shape[1] <= few and not self._adjacent(terms):
                    columns += [(sign, (terms[order, c],)) for c in range(terms.shape[1])]
                else:
                    pending.append(partial(self._total, terms[order], sign))
        self.order = order
        self.target = memory.settle(self.members[order], self.batched)
        for step in pending:
            step()
        if columns:
            self._columns(columns)

    def _adjacent(self, terms: Index) -> bool:
        """Whether a lone sum takes several numbers that lie side by side."""
        return terms.shape[0] == 1 < terms.shape[1] and bool((np.diff(self.memory.slot[terms[0]]) == 1).all())

    # ── What there is to add ─────────────────────────────────────────────────────────────────────────────────────────

    def _products(self) -> list[tuple[Index, Index, bool]]:
        """Left and right operands of the products, for each pair of places, and whether their rows differ in length."""
        if self.totals[0].__class__ is not Sum:
            pairs = np.array(self.totals)
            return [(pairs[:, :1], pairs[:, 1:], False)]
        if not any(total.left for total in self.totals):
            return []
        flat_left, lengths = _flatten([total.left for total in self.totals])
        flat_right, _ = _flatten([total.right for total in self.totals])
        place = self.memory.place
        kinds = (place[flat_left] << 32) + place[flat_right]
        return [
            (self._shaped(flat_left, lengths, mask)[0], *self._shaped(flat_right, lengths, mask))
            for mask in _kinds(kinds)
        ]

    def _terms(self, attribute: str) -> list[tuple[Index, bool]]:
        rows = [getattr(total, attribute, ()) for total in self.totals]
        if not any(rows):
            return []
        flat, lengths = _flatten(rows)
        return [self._shaped(flat, lengths, mask) for mask in _kinds(self.memory.place[flat])]

    def _shaped(self, flat: Index, lengths: Index, mask: Index | None) -> tuple[Index, bool]:
        """A matrix of operands, a row for each sum; or, if rows differ in length, an object array of rows."""
        if mask is not None:
            owner = np.repeat(np.arange(len(lengths)), lengths)[mask]
            flat, lengths = flat[mask], np.bincount(owner)
        if (lengths == lengths[0]).all():
            return flat.reshape(len(lengths), -1), False
        rows = np.empty(len(lengths), dtype=object)
        for k, row in enumerate(np.split(flat, np.cumsum(lengths)[:-1])):
            rows[k] = row
        return rows, True

    def _grid(self, left: Index, right: Index) -> Grid | None:
        """The matrices behind the sums; their terms may come in any order, as a walk backwards meets them."""
        grid = self._found(left, right)
        if grid is None or not grid.filled:
            for side in (left, right):
                order = np.argsort(self.memory.slot[side], axis=1, kind="stable")
                other = self._found(np.take_along_axis(left, order, 1), np.take_along_axis(right, order, 1))
                if other is not None and (other.filled or grid is None):
                    return other
        return grid

    def _found(self, left: Index, right: Index) -> Grid | None:
        grid = (find_outer(left, right) if self.over_batch else None) or find_grid(left, right)
        if not grid or self.over_batch:
            return grid
        if is_batched(int(self.memory.place[left.flat[0]])) and 1 in (grid.left.shape[1], grid.right.shape[1]):
            return None  # both sides differ from example to example, and share nothing: no product of matrices
        return grid

    def _whole(self, grid: Grid) -> bool:
        """Whether the product can be written to the target as it is."""
        batched = is_batched(int(self.memory.place[grid.right.flat[0]]))
        return grid.filled and (self.over_batch or self.batched == batched)

    # ── How it is added ──────────────────────────────────────────────────────────────────────────────────────────────

    def _mode(self, sign: int) -> str:
        if sign < 0 and not self.started:
            self.memory.statements.append(Linear(self.target, "=", ((1, (0.0,)),)))
        mode = "-=" if sign < 0 else "+=" if self.started else "="
        self.started = True
        return mode

    def _into(self, batched: bool, sign: int, write: Callable[[View, str], Statement]) -> None:
        """Let a statement add to the target; by way of a run of its own if only one of them has a batch axis."""
        if batched == self.batched:
            self.memory.statements.append(write(self.target, self._mode(sign)))
            return
        own = self.memory.run(batched, len(self.members))
        self.memory.statements.append(write(own, "="))
        if self.over_batch:
            self._sum_up(own, sign)
        else:
            self._linear(((sign, (own,)),))

    def _sum_up(self, source: View, sign: int) -> None:
        """Add what a view holds for each member, over the examples as well if it is they that are summed."""
        axes = tuple(range(1, len(source.shape)))
        if self.over_batch:
            self.memory.statements.append(Total(self.target, self._mode(sign), source, axes))
        else:
            self._into(source.batched, sign, lambda target, mode: Total(target, mode, source, axes))

    def _grid_order(self, grid: Grid) -> Index:
        """Members block by block, along rows or along columns, whichever is nearer to the order they are written in."""
        a_matrix_and_a_batch = self.batched and not is_batched(int(self.memory.place[grid.left.flat[0]]))
        # Each column is then a product of its own; otherwise the first two members say.
        self.by_columns = a_matrix_and_a_batch or bool(np.ptp(grid.i[:2]) > 0)
        return np.lexsort((grid.i, grid.j, grid.h) if self.by_columns else (grid.j, grid.i, grid.h))

    def _matmul(self, grid: Grid, direct: bool) -> None:
        memory = self.memory
        blocks, rows = grid.left.shape[:2]
        columns = grid.right.shape[1]
        left, right = memory.view(grid.left), memory.view(grid.right)
        if direct:
            if self.by_columns:
                target = memory.reshape(self.target, (blocks, columns, rows)).transposed(0, 2, 1)
            else:
                target = memory.reshape(self.target, (blocks, rows, columns))
            memory.statements.append(MatMul(target, self._mode(self.sign), left, right))
            return
        batched = self.batched and (left.batched or right.batched)
        whole = memory.run(batched, blocks, rows, columns)
        memory.statements.append(MatMul(whole, "=", left, right))
        index = grid.entries[self.order]
        picked = memory.run(batched, len(index))
        memory.statements.append(Take(picked, memory.reshape(whole, (grid.cells,)), index))
        self._linear(((self.sign, (picked,)),))

    def _rows(self, left: Index, right: Index) -> None:
        memory = self.memory
        if left.shape[1] == 1:  # over the examples: few others are summed by rows
            shape, factors = memory.align([left[:, 0], right[:, 0]])
            product = memory.run(True, len(left))
            memory.statements.append(Linear(memory.reshape(product, shape), "=", ((1, tuple(factors)),)))
        else:
            a, b = memory.view(left), memory.view(right)
            product = memory.run(a.batched or b.batched, *left.shape)
            memory.statements.append(Linear(product, "=", ((1, (a, b)),)))
        self._sum_up(product, self.sign)

    def _total(self, terms: Index, sign: int) -> None:
        self._sum_up(self.memory.view(terms if terms.shape[1] > 1 else terms[:, 0]), sign)

    def _segments(self, left: Index, right: Index | None, sign: int) -> None:
        """Sums of different lengths, end to end; sums of one sort have at least one term of each kind."""
        memory = self.memory
        lengths = [len(row) for row in left[self.order]]
        source = memory.view(np.concatenate(left[self.order]))
        if right is not None:
            other = memory.view(np.concatenate(right[self.order]))
            product = memory.run(source.batched or other.batched, sum(lengths))
            memory.statements.append(Linear(product, "=", ((1, (source, other)),)))
            source = product
        starts = np.cumsum([0, *lengths[:-1]])
        self._into(source.batched, sign, lambda target, mode: Segments(target, mode, source, starts))

    def _columns(self, columns: list[tuple[int, tuple[Index, ...]]]) -> None:
        flat = [operands for _, factors in columns for operands in factors]
        shape, views = self.memory.align(flat)
        found = iter(views)
        terms = tuple([(sign, tuple([next(found) for _ in factors])) for sign, factors in columns])
        self._linear(terms, shape)

    def _linear(self, terms: tuple[tuple[int, tuple[Operand, ...]], ...], shape: tuple[int, ...] = ()) -> None:
        target = self.memory.reshape(self.target, shape or self.target.shape)
        mode = "+=" if self.started else "="
        self.started = True
        self.memory.statements.append(Linear(target, mode, terms))


def _flatten(rows: list[tuple[int, ...]]) -> tuple[Index, Index]:
    return np.fromiter(chain.from_iterable(rows), dtype=np.int64), np.array([len(row) for row in rows])


def _kinds(kinds: Index) -> list[Index | None]:
    """A mask for each sort of operand; None if there is but one."""
    distinct = np.unique(kinds)
    return [None] if len(distinct) == 1 else [kinds == kind for kind in distinct]
