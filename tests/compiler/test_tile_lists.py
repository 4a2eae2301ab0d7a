"""Lists of slots in the C runtime: runs are what they list, sums of chosen products are those of four statements."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.compiler.backends.c.arrays import TileCode
from autograd.compiler.backends.c.gathered import SumsOfProducts, gathered, runs_of
from autograd.compiler.backends.c.tiles import RUNS, SUMS
from autograd.compiler.matrices.schedule import RESULT, UNBATCHED
from autograd.compiler.matrices.statements import Linear, Segments, Take
from autograd.compiler.matrices.views import View
from autograd.compiler.scalars.tape import PARAMETER
from tests.compiler.runtime import needs_runtime
from tests.compiler.statements import ARGUMENT, PLACE, meant, numbers, program, view
from tests.compiler.test_tile_statements import agree, ran

STEPS = st.sampled_from([-7, -1, 0, 1, 1, 1, 2, 16])
PIECES = st.lists(st.tuples(st.integers(1, 12), st.sampled_from([1, 1, 1, 2, -1, 0]), STEPS), min_size=1, max_size=8)


@given(pieces=PIECES)
def test_runs_are_the_pairs_that_they_list(pieces: list[tuple[int, int, int]]):
    """In their order; and where they are short pairs stay."""
    parts = [np.arange(n)[:, None] * (apart, step) + (100 * k, 200 * k) for k, (n, apart, step) in enumerate(pieces)]
    pairs = np.concatenate(parts)
    runs = runs_of(pairs)
    if runs is None:
        assert any(n < 4 or apart != 1 for n, apart, _ in pieces)
        return
    listed = [(target + k, source + k * step) for target, source, count, step in runs.tolist() for k in range(count)]
    assert listed == [*map(tuple, pairs.tolist())]
    assert 3 * len(runs) <= len(pairs)


@needs_runtime
@given(data=st.data(), batched=st.booleans(), count=st.integers(1, 17))
def test_copied_runs_are_what_was_chosen(data: Any, batched: bool, count: int):
    """Side by side, apart, backwards and the same again, of what has examples and what has none."""
    index: list[int] = []
    while len(index) < 40:
        n, step = data.draw(st.integers(3, 12)), data.draw(st.sampled_from([-2, -1, 0, 1, 1, 1, 3]))
        start = data.draw(st.integers(25, 60))
        index += range(start, start + n * step, step) if step else [start] * n
    source = view(data.draw(st.sampled_from([PARAMETER, ARGUMENT][: 1 + batched])), 0, 100)
    target = view(PLACE[batched], 10, len(index))
    take = Take(target, source, np.array(index))
    agree(take, count=count, room=150)


@st.composite
def chosen_products(draw: Any) -> tuple[list[Any], bool]:
    """Factors that are chosen, or lie where they are; their products, and sums of pieces of these."""
    batched, n = draw(st.booleans()), draw(st.integers(2, 20))
    place, places = PLACE[batched], [PARAMETER, RESULT, ARGUMENT][: 2 + batched]
    statements: list[Any] = []
    factors = []
    for k in range(2):
        source = view(draw(st.sampled_from(places)), draw(st.integers(0, 9)), 20)
        if draw(st.integers(0, 3)):
            index = np.array(draw(st.lists(st.integers(0, 19), min_size=n, max_size=n)))
            positions = np.array(draw(st.permutations(range(n)))) if draw(st.booleans()) else None
            statements.append(Take(view(place, 30 * k, n), source, index, positions))
            factors.append(statements[-1].target)
        else:
            factors.append(View(source.place, source.offset, (n,), (draw(st.sampled_from([0, 1])),)))
    is_chosen = bool(statements)
    statements.append(Linear(view(place, 60, n), "=", ((1, tuple(factors)),)))
    starts = np.array([0, *sorted(draw(st.sets(st.integers(1, n - 1))))])
    mode = draw(st.sampled_from(["=", "+=", "-="]))
    target = view(draw(st.sampled_from([place, RESULT][: 2 - batched])), 90, len(starts))
    statements.append(Segments(target, mode, statements[-1].target, starts))
    return statements, is_chosen


@needs_runtime
@given(drawn=chosen_products(), count=st.integers(1, 17))
def test_sums_of_chosen_products_are_one_statement(drawn: tuple[list[Any], bool], count: int):
    """With the same results; only what nothing else reads is not written."""
    wanted, is_chosen = drawn
    memory = numbers(examples=count, room=150)
    body, target = replace(program(room=150), outputs=view(RESULT, 149, 1)), wanted[-1].target
    is_one = len(gathered(body.sizes, wanted, body.outputs)) == 1
    reads_what_it_writes = any(v.place == target.place for s in wanted[:-1] for v in s.operands if v.offset < 30)
    assert is_one == is_chosen or reads_what_it_writes
    expected = meant(memory, *wanted)[target.place][target.slots()]
    assert np.allclose(ran(memory, *wanted)[target.place][target.slots()], expected, rtol=1e-13, atol=1e-13)


def chain(*, first: int = 30) -> list[Any]:
    """Two choices, their products, and sums."""
    source, n = view(PARAMETER, 0, 20), 12
    takes = [Take(view(UNBATCHED, first + 20 * k, n), source, np.arange(n)[:: 1 - 2 * k] % 5 + k) for k in range(2)]
    product = Linear(view(UNBATCHED, 70, n), "=", ((1, (takes[0].target, takes[1].target)),))
    return [*takes, product, Segments(view(UNBATCHED, 100, 3), "=", product.target, np.array([0, 2, 7]))]


def sums_in(statements: list[Any]) -> list[Any]:
    body = program(room=150)
    return [s for s in gathered(body.sizes, statements, body.outputs) if isinstance(s, SumsOfProducts)]


@needs_runtime
def test_four_statements_become_one():
    """Which the encoder writes down as such; and a choice of what lies in a row becomes a run."""
    body = program(room=150)
    (found,) = gathered(body.sizes, chain(), body.outputs)
    assert isinstance(found, SumsOfProducts)
    code = TileCode(replace(body, passes=((), tuple(chain()))))
    assert code.tiles[1].statements["kind"].tolist() == [SUMS]
    code = TileCode(replace(body, passes=((), (Take(view(UNBATCHED, 30, 12), view(PARAMETER, 0, 20), np.arange(12)),))))
    assert code.tiles[1].statements["kind"].tolist() == [RUNS]


a = view(UNBATCHED, 120, 3)
STAY = {
    "a factor is read again": lambda s: [*s, Linear(a, "=", ((1, (view(UNBATCHED, 30, 3),)),))],
    "the product is read again": lambda s: [*s, Linear(a, "=", ((1, (view(UNBATCHED, 72, 3),)),))],
    "a factor is what the program gives": lambda s: chain(first=0),
    "a source is written before the sums": lambda s: [
        *s[:3], Linear(view(PARAMETER, 2, 1), "+=", ((1, (2.0,)),)), s[3],
    ],
    "a factor is chosen when it has been read": lambda s: [*s[1:], s[0]],
    "the product is computed when it has been read": lambda s: [*s[:2], s[3], s[2]],
    "a factor is written again": lambda s: [*s[:2], Linear(view(UNBATCHED, 33, 2), "+=", ((1, (2.0,)),)), *s[2:]],
    "the product is written again": lambda s: [*s[:3], Linear(view(UNBATCHED, 73, 2), "-=", ((1, (2.0,)),)), s[3]],
    "products are subtracted": lambda s: [*s[:2], Linear(s[2].target, "=", ((-1, s[2].terms[0][1]),)), s[3]],
    "there are more terms": lambda s: [*s[:2], Linear(s[2].target, "=", (*s[2].terms, (1, (2.0,)))), s[3]],
    "there are three factors": lambda s: [
        *s[:2], Linear(s[2].target, "=", ((1, (*s[2].terms[0][1], s[0].target)),)), s[3],
    ],
    "a factor is a number": lambda s: [*s[:2], Linear(s[2].target, "=", ((1, (s[0].target, 2.0)),)), s[3]],
    "products are added to what is there": lambda s: [*s[:2], Linear(s[2].target, "+=", s[2].terms), s[3]],
}  # fmt: skip


@needs_runtime
@pytest.mark.parametrize("name", STAY)
def test_what_is_needed_elsewhere_is_written(name: str):
    """Where one statement would not do, all of them run."""
    wanted = STAY[name](chain())
    memory, found = numbers(room=150), sums_in(wanted)
    assert [v.place for sums in found for v in sums.operands].count(UNBATCHED) == len(found)  # that factor stays
    if not found:
        agree(*wanted, room=150)
    after, expected = ran(memory, *wanted), meant(memory, *wanted)
    for slots in (np.arange(100, 103), a.slots(), np.arange(1)):
        assert np.allclose(after[UNBATCHED][slots], expected[UNBATCHED][slots], rtol=1e-13)
    assert np.allclose(after[PARAMETER], expected[PARAMETER], rtol=1e-13)
