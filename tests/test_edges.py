"""Where functions stop being smooth or finite, the engine gives what the table says."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from autograd import NonFiniteError, Value, softmax
from tests.edges import EDGES
from tests.edges.rows import near


@pytest.mark.parametrize(("f", "operands", "value", "gradient"), EDGES)
def test_edge_has_the_stated_value_and_derivatives(
    f: Callable[..., Value], operands: Sequence[float], value: float, gradient: Sequence[Any]
) -> None:
    """Nothing is raised on the way; value and every derivative are those of the row."""
    xs = [Value(x) for x in operands]
    y = f(*xs)
    y.backward(check=False)
    assert (y.data, *(x.grad for x in xs)) == (near(value), *map(near, gradient))


@pytest.mark.parametrize(("f", "operands", "value", "gradient"), EDGES)
def test_backward_refuses_an_edge_whose_value_is_not_finite(
    f: Callable[..., Value], operands: Sequence[float], value: float, gradient: Sequence[Any]
) -> None:
    """Without ``check=False`` a root that is not finite raises and leaves gradients alone; no other root raises."""
    xs = [Value(x) for x in operands]
    y = f(*xs)
    if math.isfinite(value):
        y.backward()
        assert [x.grad for x in xs] == [*map(near, gradient)]
    else:
        with pytest.raises(NonFiniteError):
            y.backward()
        assert [x.grad for x in xs] == [0.0] * len(xs)


@pytest.mark.parametrize("c", [0.0, -1000.0, 1e6, 1e16, 1e308])
def test_softmax_shares_equally_among_equal_numbers_of_any_size(c: float) -> None:
    """The rounding of a large logsumexp is divided out: shares add up to 1."""
    assert softmax([c, c]) == [0.5, 0.5]
