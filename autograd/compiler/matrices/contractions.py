"""Pass 5, find the matrices: which sums of products are entries of one matrix product, or of several."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograd.compiler.matrices.views import Index

__all__ = ["Grid", "find_grid", "find_outer"]

# A grid of which some entries are not asked for is computed whole and picked from, up to this many times too much.
WASTE = 2.2
# A block is as wide as it is because its rows meet its columns: few rounds of looking, or no block.
ROUNDS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """``result[h, i, j] = Σₖ left[h, i, k] right[h, j, k]``, and the entry that each member is.

    Parameters
    ----------
    left, right : array of int, shapes (blocks, rows, terms) and (blocks, columns, terms)
        Operands.
    h, i, j : array of int, shape (members,)
        Block, row and column of each member.
    """

    left: Index
    right: Index
    h: Index
    i: Index
    j: Index

    def __str__(self) -> str:
        blocks, rows, terms = self.left.shape
        columns = self.right.shape[1]
        times = f"{blocks} × " if blocks > 1 else ""
        return f"{times}({rows}, {terms}) @ ({terms}, {columns}), {self.members} of {self.cells} entries"

    @property
    def members(self) -> int:
        """Entries that are asked for."""
        return len(self.h)

    @property
    def cells(self) -> int:
        """Entries there are."""
        return int(np.prod(self.left.shape[:2]) * self.right.shape[1])

    @property
    def entries(self) -> Index:
        """Which entry each member is, counting row by row and block by block."""
        entries: Index = (self.h * self.left.shape[1] + self.i) * self.right.shape[1] + self.j
        return entries

    @property
    def filled(self) -> bool:
        """Whether every entry is asked for, and once."""
        return self.members == self.cells == len(np.unique(self.entries))


def find_grid(left: Index, right: Index) -> Grid | None:
    """The matrices behind sums of products, if there are any.

    Parameters
    ----------
    left, right : array of int, shape (members, terms)
        Operands of the products of each sum.
    """
    grid = _grid(left, right)
    if grid and grid.filled:
        return grid
    sides = _sides(left, right)
    return _grid(*sides) or grid if sides else grid


def find_outer(left: Index, right: Index) -> Grid | None:
    """The one matrix whose entries are products of one term, each row with each column, in any order: weights, mostly.

    What :func:`find_grid` would find as well, and later; and a row or a column alone.
    """
    if left.shape[1] > 1 or len(left) == 1:
        return None
    (row, rows), (column, columns) = _numbered(left[:, 0]), _numbered(right[:, 0])
    if not len(rows) * len(columns) == len(left) == len(np.unique(row * len(columns) + column)):
        return None
    return Grid(left[rows][None], right[columns][None], np.zeros(len(left), dtype=np.int64), row, column)


def _numbered(operands: Index) -> tuple[Index, Index]:
    """For each operand its number, counting distinct ones as they appear; and where those stand first."""
    _, first, label = np.unique(operands, return_index=True, return_inverse=True)
    order = np.argsort(first)
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    return number[label], first[order]


def _grid(left: Index, right: Index) -> Grid | None:
    """Separate blocks of rows and columns that meet, all of one shape; most often there is but one block."""
    row, left_first = _distinct(left)
    column, right_first = _distinct(right)
    terms = left.shape[1]
    if terms == 1 and 1 in (len(left_first), len(right_first)):
        return None  # a number times a vector
    block = np.arange(len(left_first))
    for _ in range(ROUNDS):
        of_column = np.full(len(right_first), len(block))
        np.minimum.at(of_column, column, block[row])
        lowest = block.copy()
        np.minimum.at(lowest, row, of_column[column])
        if np.array_equal(lowest, block):
            break
        block = lowest
    else:
        return None
    _, block_of_row = np.unique(block, return_inverse=True)
    block_of_column = np.zeros(len(right_first), dtype=np.int64)
    block_of_column[column] = block_of_row[row]
    heights, widths = np.bincount(block_of_row), np.bincount(block_of_column)
    blocks, height, width = len(heights), int(heights[0]), int(widths[0])
    if (heights != height).any() or (widths != width).any() or height == width == 1 < blocks:
        return None
    if blocks * height * width > WASTE * len(left):
        return None
    row_order, column_order = np.argsort(block_of_row, kind="stable"), np.argsort(block_of_column, kind="stable")
    within_row, within_column = np.empty_like(row_order), np.empty_like(column_order)
    within_row[row_order] = np.tile(np.arange(height), blocks)
    within_column[column_order] = np.tile(np.arange(width), blocks)
    return Grid(
        left[left_first[row_order]].reshape(blocks, height, terms),
        right[right_first[column_order]].reshape(blocks, width, terms),
        block_of_row[row], within_row[row], within_column[column],
    )  # fmt: skip


def _distinct(matrix: Index) -> tuple[Index, Index]:
    """For each row the number of its first equal, counting distinct rows as they appear; and where those stand."""
    numbers: dict[bytes, int] = {}
    first: list[int] = []
    label = np.empty(len(matrix), dtype=np.int64)
    for k, row in enumerate(np.ascontiguousarray(matrix)):
        n = numbers.setdefault(row.tobytes(), len(first))
        if n == len(first):
            first.append(k)
        label[k] = n
    return label, np.array(first)


def _sides(left: Index, right: Index) -> tuple[Index, Index] | None:
    """Rows and columns told apart where ``a·b`` and ``b·a`` are mixed: the two colours of the graph of products."""
    members = len(left)
    label, _ = _distinct(np.concatenate([left, right]))
    a, b = label[:members].tolist(), label[members:].tolist()
    if not set(a) & set(b):
        return None
    meets: dict[int, list[int]] = {}
    for x, y in zip(a, b, strict=True):
        meets.setdefault(x, []).append(y)
        meets.setdefault(y, []).append(x)
    colour: dict[int, bool] = {}
    for start in a:
        if start in colour:
            continue
        colour[start] = False
        stack = [start]
        while stack:
            x = stack.pop()
            for y in meets[x]:
                if y not in colour:
                    colour[y] = not colour[x]
                    stack.append(y)
                elif colour[y] == colour[x]:
                    return None
    swap = np.array([colour[x] for x in a])[:, None]
    return np.where(swap, right, left), np.where(swap, left, right)
