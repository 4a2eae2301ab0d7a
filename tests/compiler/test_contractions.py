"""Which sums of products are entries of a matrix product: rows and columns are found by what they hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.compiler.matrices.contractions import WASTE, find_grid

TERMS = 3


def rows(numbers, terms=TERMS, side=0):
    """One row of operands for each number; equal numbers give equal rows, and no operand is in two of them."""
    return 1000 * side + np.array(numbers, dtype=np.int64)[:, None] * terms + np.arange(terms)


def products(pairs, terms=TERMS):
    """Left and right operands of the sums whose rows and columns these are."""
    return rows([i for i, _ in pairs], terms), rows([j for _, j in pairs], terms, side=1)


def cells(height, width, top=0, left=0):
    """Every entry of a matrix, line by line."""
    return [(top + i, left + j) for i in range(height) for j in range(width)]


def entry(grid, k):
    """The operands of the matrix entry that a member is."""
    return grid.left[grid.h[k], grid.i[k]], grid.right[grid.h[k], grid.j[k]]


CAUSAL = [(i, j) for i, j in cells(4, 4) if j <= i]
HEADS = cells(2, 4) + cells(2, 4, top=2, left=4) + cells(2, 4, top=4, left=8)
# The lowest number of the second block reaches its last row by way of another row: one round is not enough.
WINDING = [(i, j) for i, j in cells(4, 4) if j - i in (-1, 0, 1)]

GRIDS = {
    "matrix": (cells(2, 4), "(2, 3) @ (3, 4), 8 of 8 entries"),
    "matrix and vector": (cells(4, 1), "(4, 3) @ (3, 1), 4 of 4 entries"),
    "vector and matrix": (cells(1, 4), "(1, 3) @ (3, 4), 4 of 4 entries"),
    "columns first": ([(i, j) for j in range(4) for i in range(2)], "(2, 3) @ (3, 4), 8 of 8 entries"),
    "below the diagonal": (CAUSAL, "(4, 3) @ (3, 4), 10 of 16 entries"),
    "around the diagonal": (WINDING, "(4, 3) @ (3, 4), 10 of 16 entries"),
    "blocks": (HEADS, "3 × (2, 3) @ (3, 4), 24 of 24 entries"),
    "blocks of columns": (cells(3, 1) + cells(3, 1, top=3, left=1), "2 × (3, 3) @ (3, 1), 6 of 6 entries"),
    "blocks of rows": (cells(1, 3) + cells(1, 3, top=1, left=3), "2 × (1, 3) @ (3, 3), 6 of 6 entries"),
    "a single sum": ([(0, 0)], "(1, 3) @ (3, 1), 1 of 1 entries"),
}


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("order", ["as written", "shuffled"])
def test_grid_has_the_shape_of_its_matrices(name, order):
    """Whatever order the sums are written in."""
    pairs, shown = GRIDS[name]
    if order == "shuffled":
        pairs = [pairs[k] for k in np.random.default_rng(1).permutation(len(pairs))]
    left, right = products(pairs)
    grid = find_grid(left, right)
    assert str(grid) == shown
    for k in range(len(pairs)):
        a, b = entry(grid, k)
        assert np.array_equal(a, left[k])
        assert np.array_equal(b, right[k])


@pytest.mark.parametrize(
    "pairs",
    [
        [(0, 0), (1, 1), (2, 2)],
        [*cells(2, 2), *cells(3, 2, top=2, left=2)],
        [*cells(2, 2), *cells(2, 3, top=2, left=2)],
        [(0, 0), (0, 1), (1, 2), (1, 3), (2, 4)],
        [(i, j) for i, j in cells(4, 4) if (i + j) % 4 in (0, 1)][:7],
        [(i, j) for i, j in cells(20, 20) if i - j in (0, 1)],
    ],
    ids=["nothing shared", "blocks of two heights", "blocks of two widths", "rows of two widths", "holes", "staircase"],
)
def test_sums_that_share_too_little_are_no_matrix(pairs):
    """More than half of the entries would be computed for nothing, or the blocks cannot be stacked."""
    assert find_grid(*products(pairs)) is None


def test_number_times_a_vector_is_no_matrix_product():
    """One term, and one row or one column: an elementwise product says the same."""
    assert find_grid(*products(cells(1, 4), terms=1)) is None
    assert find_grid(*products(cells(4, 1), terms=1)) is None
    assert str(find_grid(*products(cells(2, 3), terms=1))) == "(2, 1) @ (1, 3), 6 of 6 entries"


def test_matrix_is_filled_when_every_entry_is_asked_for_once():
    """As many sums as entries are not enough: one entry may be missing, and another be asked for twice."""
    assert find_grid(*products(cells(2, 2))).filled
    grid = find_grid(*products([(0, 0), (0, 1), (1, 0), (0, 0)]))
    assert str(grid) == "(2, 3) @ (3, 2), 4 of 4 entries"
    assert grid.entries.tolist() == [0, 1, 2, 0]
    assert not grid.filled
    assert not find_grid(*products(CAUSAL)).filled


def test_entries_are_counted_row_by_row_and_block_by_block():
    """So that they say where to pick a member from the flat product."""
    assert find_grid(*products(HEADS)).entries.tolist() == list(range(24))
    assert find_grid(*products(CAUSAL)).entries.tolist() == [0, 4, 5, 8, 9, 10, 12, 13, 14, 15]


def test_matrix_is_computed_whole_for_as_little_as_the_limit_says():
    """A matrix of 44 entries for 20 of them, which is 2.2 times too much, and not for 19."""
    asked = [(i, j) for i, j in cells(4, 11) if i == 0 or j // 3 == i - 1]
    assert str(find_grid(*products(asked))) == "(4, 3) @ (3, 11), 20 of 44 entries"
    assert find_grid(*products([pair for pair in asked if pair != (3, 8)])) is None


def test_rows_and_columns_stay_in_the_order_they_appear_in():
    """Of every block: an operand in order needs no copy."""
    pairs = [(20 * block + i, 20 * block + j) for i, j in cells(20, 20) for block in range(2)]
    grid = find_grid(*products(pairs, terms=1))
    assert grid.left.ravel().tolist() == list(range(40))
    assert grid.right.ravel().tolist() == list(range(1000, 1040))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("pairs", [cells(3, 4), cells(3, 3) + cells(3, 3, top=3, left=3)], ids=["matrix", "blocks"])
def test_factors_in_either_order_make_one_matrix(pairs, seed):
    """``a·b`` here and ``b·a`` there: a row is told from a column by what it meets."""
    left, right = products(pairs)
    swap = np.random.default_rng(seed).integers(2, size=(len(pairs), 1)) > 0
    written = np.where(swap, right, left), np.where(swap, left, right)
    grid = find_grid(*written)
    assert grid.filled
    assert grid.cells == len(pairs)
    for k in range(len(pairs)):
        assert {a.tobytes() for a in entry(grid, k)} == {left[k].tobytes(), right[k].tobytes()}
    assert np.array_equal(entry(grid, 0)[0], written[0][0])  # what the first sum has on its left is a row


def test_factors_that_are_rows_and_columns_at_once_are_no_matrix():
    """Three vectors, each with each other: there is no way to call them rows and columns."""
    assert find_grid(rows([0, 1, 2]), rows([1, 2, 0])) is None


@given(
    pairs=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=16),
    shared=st.booleans(),
    terms=st.integers(1, 2),
)
def test_every_sum_of_products_is_the_entry_it_is_said_to_be(pairs, shared, terms):
    """Whichever sums there are, with vectors on one side only or on both."""
    left, right = rows([i for i, _ in pairs], terms), rows([j for _, j in pairs], terms, side=not shared)
    grid = find_grid(left, right)
    if grid is None:
        return
    assert grid.members == len(pairs)
    assert grid.cells <= WASTE * len(pairs)
    for k in range(len(pairs)):
        a, b = entry(grid, k)
        assert {a.tobytes(), b.tobytes()} == {left[k].tobytes(), right[k].tobytes()}
