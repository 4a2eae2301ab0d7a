"""The functions of table rows on arrays and on floats: the same numbers, wherever IEEE 754 has something to say."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from autograd import arrays, floats
from tests.rows import EVERY_OP, SPECIAL


def test_namespaces_have_the_same_functions() -> None:
    """What a row may call on floats it may call on arrays."""
    assert arrays.__all__ == floats.__all__


def on_arrays(op: Any, rows: list[tuple[float, ...]]) -> list[Any]:
    """Value and partials of an operation at many places at once."""
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    with np.errstate(all="ignore"):
        y = op.value(arrays, *columns)
        return [y, *op.differentiate(arrays, y, columns)]


@EVERY_OP
def test_row_on_arrays_is_the_row_on_floats_at_every_special_number(op: Any) -> None:
    """Value and partials agree for each combination of zeros, infinities, nan and what overflows."""
    rows = list(product(SPECIAL, repeat=op.arity or 2))
    results = [op.value(floats, *row) for row in rows]
    alone = [(y, *op.differentiate(floats, y, row)) for y, row in zip(results, rows, strict=True)]
    for together, column in zip(on_arrays(op, rows), zip(*alone, strict=True), strict=True):
        np.testing.assert_allclose(np.broadcast_to(together, len(rows)), column, rtol=1e-13)


@EVERY_OP
def test_row_on_arrays_of_floats_gives_arrays_of_floats(op: Any) -> None:
    """No operation leaves float64, not for objects nor for bools."""
    for found in on_arrays(op, [(1.5, 0.5, 2.5)[: op.arity or 2]] * 3):
        assert np.asarray(found).dtype == np.float64


@pytest.mark.parametrize("m", [floats, arrays], ids=["floats", "arrays"])
@pytest.mark.parametrize(("name", "neutral"), [("sum", 0.0), ("prod", 1.0), ("dot", 0.0), ("norm", 0.0)])
def test_reduction_of_no_operands_is_the_neutral_float(m: Any, name: str, neutral: float) -> None:
    """The empty sum is 0.0, the empty product 1.0, and neither is an int."""
    found = getattr(m, name)()
    assert (found, type(found)) == (neutral, float)


@pytest.mark.parametrize(("name", "builtin"), [("maximum", max), ("minimum", min)])
def test_extreme_of_two_floats_is_that_of_python(name: str, builtin: Any) -> None:
    """Where there is no nan, the result is that of ``max`` and ``min``: of two zeros the first."""
    for a, b in product([x for x in SPECIAL if x == x], repeat=2):
        assert repr(getattr(floats, name)(a, b)) == repr(builtin(a, b))
