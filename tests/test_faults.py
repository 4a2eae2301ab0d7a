"""The suite is tested too: a wrong partial derivative of any operation is caught, in more than one independent way."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, floats
from autograd.op import Op
from autograd.testing import exact
from autograd.testing.expressions import Expression, Step
from autograd.testing.oracles import complex_step, finite_difference, high_precision
from autograd.testing.references import COMPLEX
from autograd.testing.strategies import MARGIN, arguments
from autograd.value import apply
from tests.rows import PLACES

FAULTS: dict[str, Callable[[float], float]] = {
    "wrong sign": lambda p: -p,
    "lost factor": lambda p: 0.5 * p,
    "lost altogether": lambda p: 0.0 * p,
    "constant too many": lambda p: p + 1.0,
    "nan": lambda p: math.nan * p,
}


@contextmanager
def broken(op: Op, place: int, fault: Callable[[float], float]) -> Iterator[None]:
    """The table with one partial derivative wrong."""
    right = op.partials

    def wrong_one(m: Any, y: Any, *args: Any) -> Any:
        return fault(right[place](m, y, *args))  # type: ignore[index]

    def wrong_many(m: Any, y: Any, *args: Any) -> list[Any]:
        return [fault(p) if i == place else p for i, p in enumerate(right(m, y, *args))]  # type: ignore[operator]

    wrong = (*right[:place], wrong_one, *right[place + 1 :]) if isinstance(right, tuple) else wrong_many
    object.__setattr__(op, "partials", wrong)
    try:
        yield
    finally:
        object.__setattr__(op, "partials", right)


def caught(op: Op, args: list[float], place: int) -> list[str]:
    """The independent ways that find the gradient of one operation wrong."""
    expression = Expression(tuple(args), (Step(op.name, tuple(range(len(args)))),))
    leaves = [Value(x) for x in args]
    apply(op, *leaves).backward()
    gradient = leaves[place].grad
    estimate = finite_difference(expression, place)
    ways = {
        "high precision": lambda: abs(gradient - high_precision(expression)[1][place]) <= 1e-10 * abs(gradient) + 1e-13,
        "finite difference": lambda: abs(gradient - estimate.value) <= estimate.bound + 1e-13,
        "complex step": lambda: abs(gradient - complex_step(expression, place)) <= 1e-10 * abs(gradient) + 1e-13,
        "fractions": lambda: abs(gradient - exact.forward(expression)[place]) <= 1e-10 * abs(gradient),
    }
    if op.name not in COMPLEX:
        del ways["complex step"]
    if op.name not in exact.RATIONAL:
        del ways["fractions"]
    return [name for name, agrees in ways.items() if not agrees()]


def draw_arguments(data: st.DataObject, op: Op) -> list[float]:
    return data.draw(arguments(op, margin=MARGIN, smallest=MARGIN, largest=3.0))


@pytest.mark.parametrize(("op", "place"), PLACES, ids=[f"{op.name}-{i}" for op, i in PLACES])
@given(data=st.data())
def test_right_partial_is_accepted_by_every_way(op: Op, place: int, data: st.DataObject) -> None:
    """No false alarm."""
    assert caught(op, draw_arguments(data, op), place) == []


@settings(max_examples=5)  # a fault shows at once, wherever one looks
@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
@pytest.mark.parametrize(("op", "place"), PLACES, ids=[f"{op.name}-{i}" for op, i in PLACES])
@given(data=st.data())
def test_wrong_partial_is_caught_in_at_least_two_ways(
    op: Op, place: int, fault: Callable[[float], float], data: st.DataObject
) -> None:
    """Wherever the fault changes the derivative at all, two independent oracles say so."""
    args = draw_arguments(data, op)
    right = op.differentiate(floats, op.value(floats, *args), args, [place])[0]
    changed = not abs(fault(right) - right) < 1e-3
    with broken(op, place, fault):
        assert len(caught(op, args, place)) >= 2 * changed
