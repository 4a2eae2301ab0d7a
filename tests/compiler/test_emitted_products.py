"""Matrix products of the array program, alone: what is emitted computes what the statement says."""

from __future__ import annotations

from itertools import product

import pytest

from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.matrices.statements import MatMul
from autograd.compiler.scalars.tape import CONSTANT, PARAMETER
from tests.compiler.statements import ARGUMENT, MODES, PLACE, agree, agree_at_edges, view

# Blocks, rows, columns and terms, one and several of each.
SIZES = [(h, i, j, k) for h in (1, 2) for i in (1, 2) for j in (1, 3) for k in (1, 2)]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("batched", [(False, False), (False, True), (True, True)], ids=["none", "right", "both"])
def test_product_of_every_shape_is_the_sum_over_its_terms(mode: str, batched: tuple[bool, bool]):
    """Written row by row, or column by column."""
    left, right = batched
    for (h, i, j, k), by_columns in product(SIZES, (False, True)):
        strides = (i * j, 1, i) if by_columns else ()
        target = view(PLACE[right], 80, h, i, j, strides=strides)
        agree(MatMul(target, mode, view(PLACE[left], 3, h, i, k), view(PLACE[right], 20, h, j, k)))


@pytest.mark.parametrize("mode", MODES)
def test_product_without_a_batch_axis_sums_over_the_batch(mode: str):
    """The gradient of weights."""
    for (h, i, j, k), by_columns in product(SIZES, (False, True)):
        strides = (i * j, 1, i) if by_columns else ()
        target = view(RESULT, 2, h, i, j, strides=strides)
        agree(MatMul(target, mode, view(BATCHED, 0, h, i, k), view(ARGUMENT, 5, h, j, k)))


@pytest.mark.parametrize("examples", [1, 2])
@pytest.mark.parametrize("mode", MODES)
def test_zero_in_a_product_hides_neither_nan_nor_infinity(mode: str, examples: int):
    """For any shape and number of examples: BLAS leaves out a column that is multiplied by the number zero."""
    for (h, i, j, k), seed in product(SIZES, range(6)):
        for left, right in ((False, False), (False, True), (True, True)):
            target = view(PLACE[right], 80, h, i, j)
            statement = MatMul(target, mode, view(PLACE[left], 3, h, i, k), view(PLACE[right], 20, h, j, k))
            agree_at_edges(statement, examples, seed)
        weights = MatMul(view(RESULT, 2, h, i, j), mode, view(BATCHED, 0, h, i, k), view(ARGUMENT, 5, h, j, k))
        agree_at_edges(weights, examples, seed)


def test_product_reads_repeated_and_turned_operands():
    """One matrix for every block, overlapping windows, a transposed matrix."""
    shared = view(PARAMETER, 1, 2, 3, 4, strides=(0, 4, 1))
    windows = view(ARGUMENT, 0, 2, 2, 4, strides=(3, 1, 1))
    turned = view(PARAMETER, 0, 1, 3, 4, strides=(0, 1, 3))
    agree(MatMul(view(BATCHED, 80, 2, 3, 2), "=", shared, windows))
    agree(MatMul(view(UNBATCHED, 0, 1, 3, 2), "=", turned, view(CONSTANT, 9, 1, 2, 4)))
