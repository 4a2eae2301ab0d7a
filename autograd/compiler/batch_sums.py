"""Sums over the examples as array statements: products in which the batch is what is summed over, and totals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograd.compiler.contractions import Grid, find_grid
from autograd.compiler.memory import Memory
from autograd.compiler.normal import Normal, Sum
from autograd.compiler.statements import Linear, MatMul, Statement, Take, Total
from autograd.compiler.sums import Sums
from autograd.compiler.views import Index, View

__all__ = ["BatchSums"]


class BatchSums(Sums):
    """Sums over the examples, of one sort: ``Σₙ Σₖ left[k, n] right[k, n] + Σₙ Σ plus[n]``."""

    def __init__(self, normal: Normal, memory: Memory, members: list[int], batched: bool) -> None:
        totals = [normal.args[i] for i in members]
        if totals[0].__class__ is Sum:
            super().__init__(normal, memory, members, batched)
            self.pairs = None
        else:  # each the sum of one product
            self.memory, self.members, self.batched = memory, members, batched
            self.sign, self.started = 1, False
            self.pairs = np.array(totals)

    def write(self) -> None:
        """Append the statements, and settle where the sums live."""
        memory = self.memory
        products = self._products() if self.pairs is None else [(self.pairs[:, :1], self.pairs[:, 1:], False)]
        grids = [None if ragged else self._grid(left, right) for left, right, ragged in products]
        lead = next((k for k, g in enumerate(grids) if g is not None and g.filled), None)
        order = memory.order(np.array(self.members)) if lead is None else self._grid_order(grids[lead])  # type: ignore[arg-type]
        self.order = order
        self.target = memory.settle(np.array(self.members)[order], False)
        for k, (left, right, ragged) in enumerate(products):
            grid = grids[k]
            if grid is not None:
                self._matmul(grid, k == lead)
            elif ragged:
                self._segments(left, right, 1)
            else:
                self._rows(left[order], right[order])
        for terms, ragged in self._terms("plus") if self.pairs is None else ():
            if ragged:
                self._segments(terms, None, 1)
            else:
                self._add(memory.view(terms[order] if terms.shape[1] > 1 else terms[order, 0]))

    def _found(self, left: Index, right: Index) -> Grid | None:
        if left.shape[1] == 1 and len(left) > 1:  # weights: each row with each column, in any order
            (row, rows), (column, columns) = _numbered(left[:, 0]), _numbered(right[:, 0])
            if len(rows) * len(columns) == len(left) == len(np.unique(row * len(columns) + column)):
                h = np.zeros(len(left), dtype=np.int64)
                return Grid(left[rows][None], right[columns][None], h, row, column)
        return find_grid(left, right)

    def _add(self, source: View) -> None:
        axes = tuple(range(1, len(source.shape)))
        self.memory.statements.append(Total(self.target, self._mode(1), source, axes))

    def _rows(self, left: Index, right: Index) -> None:
        """Products example by example, which are summed then."""
        memory = self.memory
        if left.shape[1] == 1:
            shape, factors = memory.align([left[:, 0], right[:, 0]])
            product = memory.run(True, len(left))
            memory.statements.append(Linear(memory.reshape(product, shape), "=", ((1, tuple(factors)),)))
        else:
            product = memory.run(True, *left.shape)
            memory.statements.append(Linear(product, "=", ((1, (memory.view(left), memory.view(right))),)))
        self._add(product)

    def _into(self, batched: bool, sign: int, write: Callable[[View, str], Statement]) -> None:  # noqa: ARG002
        own = self.memory.run(True, len(self.members))  # of segments alone: they are summed along one axis at a time
        self.memory.statements.append(write(own, "="))
        self._add(own)

    def _matmul(self, grid: Grid, direct: bool) -> None:
        memory = self.memory
        blocks, rows = grid.left.shape[:2]
        columns = grid.right.shape[1]
        left, right = memory.view(grid.left), memory.view(grid.right)
        if direct:
            shape = (blocks, columns, rows) if self.by_columns else (blocks, rows, columns)
            target = memory.reshape(self.target, shape)
            target = target.transposed(0, 2, 1) if self.by_columns else target
            memory.statements.append(MatMul(target, self._mode(1), left, right))
            return
        whole = memory.run(False, blocks, rows, columns)
        memory.statements.append(MatMul(whole, "=", left, right))
        picked = memory.run(False, len(self.members))
        memory.statements.append(Take(picked, memory.reshape(whole, (grid.cells,)), grid.entries[self.order]))
        self._linear(((1, (picked,)),))


def _numbered(operands: Index) -> tuple[Index, Index]:
    """For each operand its number, counting distinct ones as they appear; and where those stand first."""
    _, first, label = np.unique(operands, return_index=True, return_inverse=True)
    order = np.argsort(first)
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    return number[label], first[order]
