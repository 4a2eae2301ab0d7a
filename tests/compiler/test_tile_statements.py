"""Statements run alone by the C runtime: each is what its docstring reads, at any number of examples in a tile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autograd.compiler.backends import UnsupportedProgramError
from autograd.compiler.backends.c import arrays
from autograd.compiler.backends.c.given import Taken
from autograd.compiler.backends.c.parts import Cut
from autograd.compiler.matrices.schedule import BATCHED, RESULT, UNBATCHED
from autograd.compiler.matrices.statements import Linear, MatMul
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.tape import CONSTANT, FIXED, PARAMETER
from tests.compiler.runtime import needs_runtime
from tests.compiler.statements import ARGUMENT, ROOM, meant, numbers, program
from tests.compiler.test_c_arrays import statements


def ran(memory: dict[int, Any], *wanted: Any) -> dict[int, Any]:
    """Memory after the runtime has run some statements on it, all examples in one tile with lanes to spare."""
    room = len(memory[CONSTANT])
    body = replace(program(room=room), constants=memory[CONSTANT], passes=((), wanted))
    code = arrays.TileCode(body)
    rows = np.ascontiguousarray(memory[ARGUMENT].T)
    count = len(rows)
    lanes = count // 8 * 8 + 8
    held = {place: array.copy() for place, array in memory.items()} | {CONSTANT: code.constants}
    for place in (BATCHED, ARGUMENT):  # what is in a lane without an example is nobody's
        held[place] = np.pad(memory[place], ((0, 0), (0, lanes - count)), constant_values=np.nan).copy()
    taken = Taken(held[PARAMETER], held[FIXED], body.arguments, count)
    arrays._function(code, code.tiles[1], held, taken, Cut(lanes, lanes, [0, count], [0, 1]))(rows)
    return {place: held[place][..., :count] if place in (BATCHED, ARGUMENT) else held[place] for place in memory}


def agree(*wanted: Any, count: int = 3, room: int = ROOM) -> None:
    """Compare what is run with what is meant, in every slot that a program writes; or it is refused."""
    memory = numbers(examples=count, room=room)
    try:
        found = ran(memory, *wanted)
    except UnsupportedProgramError:
        return
    expected = meant(memory, *wanted)
    for place in (PARAMETER, UNBATCHED, BATCHED, RESULT):
        assert np.allclose(found[place], expected[place], rtol=1e-13, atol=1e-13), place


@needs_runtime
@given(statement=statements(), count=st.integers(1, 17))
def test_every_statement_is_what_it_says(statement: Any, count: int):
    """Of every kind, over views of any shape and stride."""
    agree(statement, count=count)


@st.composite
def matrices(draw: Any, place: int, *shape: int) -> View:
    """A view of two axes, of which either may lie side by side, with room between its rows or none."""
    inner = draw(st.integers(0, 1))
    row = shape[inner] + draw(st.integers(0, 2))
    return View(place, draw(st.integers(0, 3)), (1, *shape), (0, 1, row) if inner == 0 else (0, row, 1))


@needs_runtime
@given(sizes=st.tuples(*[st.integers(1, 20)] * 3), mode=st.sampled_from(["=", "+=", "-="]), data=st.data())
def test_products_of_what_examples_share_are_sums_of_products(sizes: tuple[int, int, int], mode: str, data: Any):
    """Rows and columns in whole vectors and not, in either order; few and many."""
    height, width, depth = sizes
    target = data.draw(matrices(RESULT, height, width))
    agree(
        MatMul(
            target, mode, data.draw(matrices(PARAMETER, height, depth)), data.draw(matrices(UNBATCHED, width, depth))
        ),
        room=500,
    )


@needs_runtime
@given(
    sizes=st.tuples(*[st.integers(1, 9)] * 3), mode=st.sampled_from(["=", "+=", "-="]), count=st.integers(1, 17),
    data=st.data(),
)  # fmt: skip
def test_products_may_be_summed_over_examples(sizes: tuple[int, int, int], mode: str, count: int, data: Any):
    """And over what they are summed over besides; of two matrices that have examples, or one."""
    height, width, depth = sizes
    left = data.draw(matrices(data.draw(st.sampled_from([BATCHED, BATCHED, PARAMETER])), height, depth))
    agree(
        MatMul(data.draw(matrices(RESULT, height, width)), mode, left, data.draw(matrices(ARGUMENT, width, depth))),
        count=count,
    )


@needs_runtime
@given(n=st.integers(100, 300), apart=st.sampled_from([-2, -1, 0, 1, 3]), mode=st.sampled_from(["=", "+=", "-="]))
def test_long_rows_of_numbers_are_computed_in_pieces(n: int, apart: int, mode: str):
    """Side by side, apart, backwards, and one number again and again."""
    read = View(PARAMETER, 2 * n if apart < 0 else 0, (n,), (apart,))
    for step in (1, 2):
        target = View(RESULT, 0, (n,), (step,))
        agree(Linear(target, mode, ((-1, (read, read)), (1, (View(UNBATCHED, 0, (n,), (1,)), 0.5)))), room=1000)


@needs_runtime
@given(data=st.data(), sizes=st.tuples(*[st.integers(1, 9)] * 3), mode=st.sampled_from(["=", "+="]))
def test_what_is_added_to_a_product_may_be_added_on_the_way(data: Any, sizes: tuple[int, int, int], mode: str):
    """Numbers that all examples share, along rows or columns or both, or else something that has to wait."""
    height, width, depth = sizes
    strides = data.draw(st.sampled_from([(0, width, 1), (0, 1, height)]))
    target = View(data.draw(st.sampled_from([BATCHED, BATCHED, RESULT])), 60, (1, height, width), strides)
    left = data.draw(matrices(data.draw(st.sampled_from([PARAMETER, ARGUMENT])), height, depth))
    right = data.draw(matrices(ARGUMENT if left.place == PARAMETER else UNBATCHED, width, depth))
    product = MatMul(target, data.draw(st.sampled_from(["=", "+=", "-="])), left, right)
    shown = target.transposed(*data.draw(st.permutations(range(3))))
    place = data.draw(st.sampled_from([FIXED, PARAMETER, ARGUMENT][: 2 + target.batched]))
    shift = View(place, 0, shown.shape, tuple([data.draw(st.sampled_from([0, 1, 3])) for _ in range(3)]))
    terms = data.draw(st.sampled_from([((1, (shift,)),), ((-1, (shift,)),), ((1, (shift, shift)),)]))
    agree(product, Linear(shown, mode, terms), count=9, room=300)
