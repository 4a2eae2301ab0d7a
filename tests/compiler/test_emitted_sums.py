"""Sums and gathers of the array program, alone: what is emitted computes what the statement says."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from autograd import ops
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.matrices.statements import Linear, Reduce, Segments, Take, Total
from autograd.compiler.scalars.tape import PARAMETER
from autograd.op import REAL, Op
from tests.compiler.statements import MODES, PLACE, agree, view

# A row of any number of operands that no ufunc of NumPy reduces.
MEAN_SQUARE = Op(
    "mean_square", "ms", lambda m, *args: m.div(m.dot(*args, *args), 3.0), lambda m, y, *args: args, (REAL,)
)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("batched", [False, True])
def test_total_of_any_axes_is_their_sum(mode: str, batched: bool):
    """Of one axis or several, beside a batch axis that stays, of numbers spaced or repeated."""
    place = PLACE[batched]
    target = view(place, 50, 2)
    for source, axes in (
        (view(place, 1, 2, 3), (1,)),
        (view(place, 1, 3, 2), (0,)),
        (view(place, 1, 2, 3, strides=(6, 2)), (1,)),
        (view(place, 1, 2, 3, strides=(1, 0)), (1,)),
        (view(place, 1, 2, 3, 4), (1, 2)),
        (view(place, 1, 3, 2, 4), (0, 2)),
    ):
        agree(Total(target, mode, source, axes))
    agree(Total(view(place, 50, 2, strides=(3,)), mode, view(place, 1, 2, 3), (1,)))
    agree(Total(view(place, 50, 2, 2), mode, view(place, 1, 2, 2, 3), (2,)))


@pytest.mark.parametrize("mode", MODES)
def test_total_without_a_batch_axis_sums_over_the_batch(mode: str):
    """Alone, and together with axes of members."""
    for target, source, axes in (
        (view(RESULT, 7, 4), view(BATCHED, 1, 4), ()),
        (view(RESULT, 7, 4, strides=(2,)), view(BATCHED, 1, 4), ()),
        (view(RESULT, 7, 4), view(BATCHED, 1, 4, strides=(2,)), ()),
        (view(RESULT, 7, 2, 3), view(BATCHED, 1, 2, 3), ()),
        (view(RESULT, 7, 2), view(BATCHED, 1, 2, 3), (1,)),
        (view(RESULT, 7, 1), view(BATCHED, 1, 1, 3, 4), (1, 2)),
    ):
        agree(Total(target, mode, source, axes))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("batched", [False, True])
def test_segments_are_sums_of_different_lengths(mode: str, batched: bool):
    """Of one, three and two numbers, side by side, spaced or repeated."""
    place = PLACE[batched]
    for source in (view(place, 1, 6), view(place, 1, 6, strides=(2,)), view(place, 1, 6, strides=(0,))):
        agree(Segments(view(place, 50, 3), mode, source, np.array([0, 1, 4])))


@pytest.mark.parametrize("op", [ops.logsumexp, ops.norm, MEAN_SQUARE], ids=lambda op: op.name)
@pytest.mark.parametrize("batched", [False, True])
def test_reduction_takes_the_last_axis_of_members(op: ops.Op, batched: bool):
    """One operation with three operands, several, and several with the same ones."""
    place = PLACE[batched]
    agree(Reduce(view(place, 50, 1), op, view(place, 1, 1, 3)))
    agree(Reduce(view(place, 50, 4), op, view(place, 1, 4, 3)))
    agree(Reduce(view(place, 50, 4), op, view(place, 1, 4, 3, strides=(1, 0))))


SIGNED = [((sign, n),) for sign in (1, -1) for n in (1, 2)]
# Every row of one to three terms, each with a sign and a number of factors.
TERMS = [sum(chosen, ()) for count in (1, 2, 3) for chosen in product(SIGNED, repeat=count)]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("batched", [False, True])
def test_signed_products_are_added_up(mode: str, batched: bool):
    """In any order of signs and lengths; of spaced operands, repeated ones and numbers."""
    a, b = view(PLACE[batched], 1, 2, 3), view(PARAMETER, 4, 2, 3, strides=(1, 2))
    c, d = view(PLACE[batched], 9, 2, 3, strides=(4, 0)), 2.5
    factors = [(a, b), (c, a), (d, c)]
    for terms in TERMS:
        chosen = tuple([(sign, factors[k][:n]) for k, (sign, n) in enumerate(terms)])
        agree(Linear(view(PLACE[batched], 50, 2, 3), mode, chosen))


def test_negative_may_be_taken_in_place():
    """Where a number stands is where it may be negated."""
    x = view(UNBATCHED, 3, 4)
    agree(Linear(x, "=", ((-1, (x,)),)))


@pytest.mark.parametrize("batched", [False, True])
def test_take_chooses_and_may_repeat(batched: bool):
    """For every slot of the target, or for some of them."""
    index, place = np.array([4, 0, 0, 2]), PLACE[batched]
    agree(Take(view(place, 50, 4), view(place, 1, 5), index))
    agree(Take(view(place, 50, 6), view(place, 1, 5), index, np.array([5, 0, 3, 2])))
    agree(Take(view(BATCHED, 50, 6), view(PARAMETER, 1, 5), index, np.array([5, 0, 3, 2])))


@pytest.mark.parametrize("value", [0.0, 2.5])
def test_a_number_alone_is_written_everywhere(value: float):
    """To some slots."""
    agree(Linear(view(BATCHED, 3, 5), "=", ((1, (value,)),)))
