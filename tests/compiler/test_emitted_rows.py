"""Rows of the op table in the array program, alone: what is emitted computes the row's value."""

from __future__ import annotations

from typing import Any

import pytest

from autograd import ops
from autograd.compiler.matrices.schedule import BATCHED
from autograd.compiler.matrices.statements import Map
from autograd.compiler.scalars.tape import CONSTANT, PARAMETER
from tests.compiler.statements import ARGUMENT, agree, agree_at_edges, view

FIXED_ARITY = [op for op in ops.TABLE.values() if op.arity]


def operands(op: ops.Op) -> list[tuple[Any, ...]]:
    """Vectors with a batch axis; some without one; numbers among them, first or last."""
    a, b, c = [view(BATCHED, offset, 12) for offset in (1, 15, 30)]
    mixed = view(ARGUMENT, 1, 12), view(PARAMETER, 15, 12), view(CONSTANT, 30, 12)
    all_kinds = [(a, b, c), mixed, (a, 0.5, 2.0), (a, 2.0, b), (0.5, a, b), (1.0, 2.0, c)]
    chosen = dict.fromkeys(args[: op.arity] for args in all_kinds)
    return [args for args in chosen if not all(isinstance(x, float) for x in args)]


@pytest.mark.parametrize("op", FIXED_ARITY, ids=lambda op: op.name)
def test_map_is_the_value_of_its_row(op: ops.Op):
    """At zeros, poles, infinities and nan too."""
    for args in operands(op):
        agree(Map(view(BATCHED, 45, 12), op, args))
        agree_at_edges(Map(view(BATCHED, 45, 12), op, args))
